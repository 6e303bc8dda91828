"""What a wait bears, for how long, and what it says when it bears no more.

Source: https://docs.bria.ai/status: UNKNOWN is an internal error, and a 5xx says that the Status
Service is down, not that the job failed.
"""

from __future__ import annotations

from math import inf

from bria_tailored_ext.rules.limits import LONGEST_RETRY_AFTER
from bria_tailored_ext.values.errors import (
    ApiError,
    BriaError,
    JobNotFound,
    JobStateUnknown,
    NoAnswerError,
    RateLimitedError,
    ServerError,
    UnexpectedAnswerError,
    WaitTimeout,
)
from bria_tailored_ext.values.jobs import JobKind

UNKNOWN_LOOKS = 5
"""So many UNKNOWNs in a row end a wait."""

GRACE = 10.0
"""Seconds that a wait outlasts its deadline for an answer that is on its way."""

_NOT_FOUND_LOOKS = 3
_YOUNG = 120.0
"""Seconds: a job that was submitted longer ago is not missing because of lag."""

_LONGEST_PAUSE = 30.0
"""Seconds between looks while the Status Service is down."""

_PASSING = (NoAnswerError, RateLimitedError, ServerError)
_PASSING_STATUSES = (200, 408, 425)
"""Of answers that are undocumented: a gateway's page in place of a status passes too."""


def passes(error: BriaError) -> bool:
    """Whether a look that failed like this says nothing of the job."""
    if isinstance(error, UnexpectedAnswerError):
        return error.status in _PASSING_STATUSES
    return passes_by_itself(error)


def passes_by_itself(error: BriaError) -> bool:
    """Whether a failure is one of the way or the server, who is expected to recover."""
    return isinstance(error, _PASSING)


def asked_for(error: Exception) -> float:
    """Seconds that an answer asks to be left in peace, an hour at most; 0 if it does not."""
    seconds = error.retry_after if isinstance(error, ApiError) else None
    return min(seconds or 0.0, LONGEST_RETRY_AFTER)


class Health:
    """How the Status Service does, as far as looks tell.

    Attributes:
        failure: Why the last look failed, if it did and that says nothing of its job.
        paused_until: Until when nothing is looked at, on the monotonic clock.
    """

    def __init__(self) -> None:
        self.failure: BriaError | None = None
        self.paused_until: float = -inf
        self._failures = 0

    def answered(self, *, ends: float | None = None) -> None:
        """A look was answered.

        Args:
            ends: The pause that was known when the look left, which it ends; `None` for none.
        """
        self.failure, self._failures = None, 0
        if self.paused_until == ends:
            self.paused_until = -inf

    def failed(self, error: BriaError, now: float) -> None:
        """A look failed in a way that says nothing of its job.

        One failure alone may be about one job, and stops no other.
        """
        self.failure = error
        self._failures += 1
        if self._failures > 1:
            self.pause(now + min(_LONGEST_PAUSE, 2.0 ** min(self._failures - 2, 10)))

    def pause(self, until: float) -> None:
        """Nothing is looked at until then; a pause is lengthened, never shortened."""
        self.paused_until = max(self.paused_until, until)


def not_found_looks(age: float | None) -> int:
    """How many 404s in a row end a wait for a job of an age, in seconds; `None` if unknown.

    Just after a submit a 404 may be lag.
    """
    return 1 if age is not None and age > _YOUNG else _NOT_FOUND_LOOKS


def not_found(request_id: str) -> JobNotFound:
    """The error for a job that Bria does not know."""
    return JobNotFound(
        f"Job {request_id} is not known to Bria, or no longer. "
        "Check the id, and that it was submitted with this organisation's token.",
        request_id=request_id,
    )


def state_unknown(request_id: str, looks: int) -> JobStateUnknown:
    """The error for a job of which Bria says UNKNOWN."""
    return JobStateUnknown(
        f"Bria says UNKNOWN of job {request_id}, {looks} times in a row. "
        "It may have been billed: keep the id and ask Bria, or wait again later.",
        request_id=request_id,
    )


def still_open(
    request_id: str,
    *,
    kind: JobKind | None,
    status: str,
    seconds: float,
    polls: int,
    failure: BriaError | None,
) -> WaitTimeout:
    """The error for a job that was waited for in vain.

    Args:
        request_id: Its id.
        kind: What it makes, if that is known.
        status: The wire's word at the last look that had an answer.
        seconds: How long it was waited for.
        polls: How many looks there were meanwhile.
        failure: Why the last look failed, if it did.
    """
    named = f" ({kind.value})" if kind else ""
    failed = f" The last look failed: {failure}" if failure else ""
    return WaitTimeout(
        f"Job {request_id}{named} is still {status} after {seconds:.0f} s and {polls} polls."
        f"{failed} It goes on at Bria and is already paid for. "
        f"To go on: `await bria.job({request_id!r}).wait()`. "
        "Submitting again buys a second job.",
        request_id=request_id,
        status=status,
        seconds=seconds,
        polls=polls,
    )
