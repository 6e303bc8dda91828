"""A handle on one job: one piece of paid work at Bria."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar, cast

import attrs

from bria_tailored_ext.client.waiting import Expired, wait_until
from bria_tailored_ext.rules import jobs, pace
from bria_tailored_ext.values.clock import Clock
from bria_tailored_ext.values.errors import JobNotFound, JobStateUnknown, NotFoundError, WaitTimeout
from bria_tailored_ext.values.jobs import ImageResult, JobKind, JobState, Result, VideoResult

if TYPE_CHECKING:
    from bria_tailored.api.status import Status

R = TypeVar("R", bound=Result, covariant=True)

_UNKNOWN_LOOKS = 5
"""UNKNOWN is documented as an internal error: so many looks in a row make it final for a wait."""

_NOT_FOUND_LOOKS = 3
"""Just after a submit a 404 may be lag."""


class JobSource(Protocol):
    """What a job needs of the client that it came from."""

    clock: Clock

    @property
    def status(self) -> Status:
        """The facade of the Status Service."""
        ...

    async def download(self, url: str, path: str | Path) -> None:
        """Fetch a result URL into a file."""
        ...


class Job(Generic[R]):
    """A job at Bria. It goes on there whether or not anybody waits for it.

    Attributes:
        request_id: Its id, under the wire's name; empty where an answer to `sync` named none.
        kind: What it makes; `None` for a job taken up by its id alone, until it is completed.
        submitted_at: When this client submitted it, in UTC; `None` if another did.
    """

    def __init__(
        self,
        client: JobSource,
        request_id: str,
        *,
        kind: JobKind | None = None,
        submitted_at: datetime | None = None,
        look: jobs.Look | None = None,
    ) -> None:
        self._client = client
        self.request_id = request_id
        self.kind = kind
        self.submitted_at = submitted_at
        self._look = look or jobs.Look(state=JobState.IN_PROGRESS, status="IN_PROGRESS")

    @property
    def state(self) -> JobState:
        """Its state at the last look."""
        return self._look.state

    def __repr__(self) -> str:
        age = ""
        if self.submitted_at is not None:
            seconds = (self._client.clock.now() - self.submitted_at).total_seconds()
            age = f", submitted {seconds:.0f} s ago"
        kind = self.kind.value if self.kind else "of unknown kind"
        return f"<Job {self.request_id or 'without an id'}: {kind}, {self.state.value}{age}>"

    async def poll(self) -> JobState:
        """Look once, unless the job is known to be final.

        Raises:
            JobNotFound: Bria knows no job of this id.
            ApiError: The Status Service answered with an error.
            NoAnswerError: The Status Service did not answer.
        """
        if not self.state.is_final:
            try:
                status = await self._client.status.get_status(request_id=self.request_id)
            except NotFoundError as error:
                raise JobNotFound(
                    f"Job {self.request_id} is not known to Bria, or no longer. "
                    "Check the id, and that it was submitted with this organisation's token.",
                    request_id=self.request_id,
                ) from error
            self._look = jobs.read_status(status.to_dict())
            if self.state is JobState.COMPLETED:
                self.kind = self.kind or jobs.kind_of(self._look)
        return self.state

    async def wait(self, *, timeout: float | None = 600.0) -> JobState:
        """Poll until the job can no longer change, and return its last state.

        Pending is not failure. A look that fails because the network or the Status Service is
        down is followed by another. Cancelling stops the waiting, not the job.

        Args:
            timeout: Seconds from this call; `None` waits for ever.

        Raises:
            WaitTimeout: Still open. Wait again, do not submit again.
            JobNotFound: Bria knows no job of this id, at several looks.
            JobStateUnknown: Bria says UNKNOWN, at several looks.
        """
        patience = _Patience(self)
        try:
            return await wait_until(
                lambda state: state.is_final,
                patience.look,
                pace=pace.JOB,
                clock=self._client.clock,
                timeout=timeout,
            )
        except Expired as expired:
            if missing := patience.missing:
                # Nobody can say of a job that Bria does not know that it goes on.
                raise missing from missing.__cause__
            raise WaitTimeout(
                self._still_open(expired),
                request_id=self.request_id,
                status=self._look.status,
                seconds=expired.seconds,
                polls=expired.looks,
            ) from expired.last_failure

    async def result(self, *, timeout: float | None = 600.0) -> R:
        """Wait for the job and return what it made.

        Args:
            timeout: Seconds from this call; `None` waits for ever.

        Raises:
            JobFailed: The job ended without a result.
            UnexpectedAnswerError: It is completed, but what came is not a result.
            WaitTimeout, JobNotFound, JobStateUnknown: As for `wait`.
        """
        state = await self.wait(timeout=timeout)
        if state is JobState.FAILED:
            raise jobs.failure(self.kind, self.request_id, self._look)
        result = jobs.read_result(self.kind, self.request_id, self._look)
        if isinstance(result, ImageResult | VideoResult):
            result = attrs.evolve(result, download=self._client.download)
        return cast("R", result)

    def _still_open(self, expired: Expired) -> str:
        kind = f" ({self.kind.value})" if self.kind else ""
        failed = f" The last look failed: {expired.last_failure}" if expired.last_failure else ""
        return (
            f"Job {self.request_id}{kind} is still {self._look.status} after "
            f"{expired.seconds:.0f} s and {expired.looks} polls.{failed} It goes on at Bria and is "
            f"already paid for. To go on: `await bria.job({self.request_id!r}).wait()`. "
            "Submitting again buys a second job."
        )


class _Patience:
    """Looks at a job, bearing UNKNOWN and 404 a few times in a row."""

    def __init__(self, job: Job[Result]) -> None:
        self._job = job
        self._unknown = 0
        self._not_found = 0
        self.missing: JobNotFound | None = None
        """What the last answer said, if it was a 404."""

    async def look(self) -> JobState:
        try:
            state = await self._job.poll()
        except JobNotFound as error:
            self.missing = error
            self._not_found += 1
            if self._not_found >= _NOT_FOUND_LOOKS:
                raise
            return JobState.IN_PROGRESS
        self.missing = None
        self._not_found = 0
        self._unknown = self._unknown + 1 if state is JobState.UNKNOWN else 0
        if self._unknown >= _UNKNOWN_LOOKS:
            raise JobStateUnknown(
                f"Bria says UNKNOWN of job {self._job.request_id}, {self._unknown} times in a row. "
                "It may have been billed: keep the id and ask Bria, or wait again later.",
                request_id=self._job.request_id,
            )
        return state
