"""A handle on one job: one piece of paid work at Bria."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol, cast

import attrs

from bria_tailored_ext.client.handle import Handle, R, read_description
from bria_tailored_ext.client.looking import Lookings
from bria_tailored_ext.client.poller import Poller
from bria_tailored_ext.client.record import Record
from bria_tailored_ext.client.saving import Source, saver
from bria_tailored_ext.rules import jobs
from bria_tailored_ext.values.clock import Clock
from bria_tailored_ext.values.errors import InvalidInputError
from bria_tailored_ext.values.events import JobEvent
from bria_tailored_ext.values.jobs import ImageResult, JobKind, JobState, Result, VideoResult

__all__ = ["Job"]


@attrs.frozen(kw_only=True)
class JobSource:
    """What a job needs of the client that it came from.

    Attributes:
        client: Saves results.
        clock: Tells the time.
        poller: Shared by all jobs.
        looking: Looks, with the client's own retries or without.
    """

    client: Source
    clock: Clock
    poller: Poller
    looking: Lookings


class JobTaker(Protocol):
    """A client that can take up a job."""

    def job(
        self,
        request_id: str,
        kind: JobKind | None = ...,
        *,
        submitted_at: datetime | None = ...,
    ) -> Job[Result]:
        """A handle on a job submitted earlier."""
        ...


class Job(Handle[R]):
    """A job at Bria. It goes on there whether or not anybody waits for it.

    All handles on one job share what is known of it, and all who wait for it share its looks.
    `await job` is `await job.result()`.
    """

    __slots__ = ("__weakref__", "_record", "_source")

    def __init__(self, source: JobSource, record: Record) -> None:
        self._source = source
        self._record = record

    @property
    def request_id(self) -> str:
        """Its id, under the wire's name; empty where an answer to `sync` named none."""
        return self._record.request_id

    @property
    def kind(self) -> JobKind | None:
        """What it makes; `None` for a job taken up by its id alone, until it is completed."""
        return self._record.kind

    @property
    def submitted_at(self) -> datetime | None:
        """When it was submitted, in UTC; `None` where nobody said."""
        return self._record.submitted_at

    @property
    def state(self) -> JobState:
        """Its state at the last look."""
        return self._record.state

    @property
    def _name(self) -> str:
        return self.request_id or "without an id"

    @property
    def _clock(self) -> Clock:
        return self._source.clock

    def to_dict(self) -> dict[str, str]:
        """What `from_dict` needs to go on elsewhere, days later: values that JSON knows, no token.

        Raises:
            InvalidInputError: Bria named no id, so that nobody can ask for the job again.
        """
        if not self.request_id:
            raise InvalidInputError(
                "This job has no id: Bria answers some `sync` requests without one. "
                "Keep its result instead."
            )
        return {"request_id": self.request_id} | self._facts()

    @staticmethod
    def from_dict(bria: JobTaker, known: Mapping[str, str]) -> Job[Result]:
        """A handle on the job that `to_dict` described. Nothing is sent.

        Raises:
            InvalidInputError: It is no description of a job.
        """
        found = read_description(known, "request_id", "job")
        return bria.job(found.key, found.kind, submitted_at=found.submitted_at)

    async def poll(self) -> JobState:
        """Look once, unless the job is known to be final. A look that fails is retried by policy.

        Raises:
            JobNotFound: Bria knows no job of this id.
            ApiError: The Status Service answered with an error.
            NoAnswerError: The Status Service did not answer.
        """
        if not self.state.is_final:
            await self._source.poller.poll(self._record, self._source.looking(patient=True))
        return self.state

    async def wait(self, *, timeout: float | None = 600.0) -> JobState:
        """Wait until the job can no longer change, and return its last state.

        Pending is not failure: looks are paced by the plan, and by how long such jobs take. A look
        that fails because the network or the Status Service is down is followed by another.
        Cancelling stops the waiting, not the job.

        Args:
            timeout: Seconds from this call; `None` waits for ever.

        Raises:
            WaitTimeout: Still open. Wait again, do not submit again.
            JobNotFound: Bria knows no job of this id, at several looks.
            JobStateUnknown: Bria says UNKNOWN, at several looks.
            ApiError: A look was refused for good, such as by a 401.
            RuntimeError: The client was closed meanwhile.
        """
        await self._source.poller.wait(self._record, self._source.looking, timeout=timeout)
        return self.state

    async def result(self, *, timeout: float | None = 600.0) -> R:
        """Wait for the job and return what it made.

        Args:
            timeout: Seconds from this call; `None` waits for ever.

        Raises:
            JobFailed: The job ended without a result.
            UnexpectedAnswerError: It is completed, but what came is not a result.
            WaitTimeout, JobNotFound, JobStateUnknown, ApiError, RuntimeError: As for `wait`.
        """
        await self._source.poller.wait(self._record, self._source.looking, timeout=timeout)
        look = self._record.look
        if self.state is JobState.FAILED:
            raise jobs.failure(self.kind, self.request_id, look)
        result = jobs.read_result(self.kind, self.request_id, look)
        if isinstance(result, ImageResult | VideoResult):
            result = attrs.evolve(result, download=saver(self._source.client, result))
        return cast("R", result)

    async def _changed(self, told: int, timeout: float | None) -> tuple[int, JobEvent]:
        record, source = self._record, self._source
        await source.poller.wait(record, source.looking, told=told, timeout=timeout)
        return record.changes, JobEvent(
            request_id=self.request_id,
            state=self.state,
            status=record.look.status,
            seen_at=source.clock.now(),
        )
