"""What became of one job."""

from __future__ import annotations

from bria_tailored_ext.values.errors.roots import BriaError


class JobError(BriaError):
    """Something about one job.

    Attributes:
        request_id: The job's id: `bria.job(request_id)` takes it up again.
    """

    def __init__(self, message: str, *, request_id: str) -> None:
        super().__init__(message)
        self.request_id = request_id


class JobFailed(JobError):
    """The job ended without a result.

    Attributes:
        code: Bria's code of the failure, a number or a word, where it gave one.
        words: What Bria said, in its own words.
    """

    def __init__(
        self, message: str, *, request_id: str, code: int | str | None = None, words: str = ""
    ) -> None:
        super().__init__(message, request_id=request_id)
        self.code = code
        self.words = words


class JobNotFound(JobError):
    """Bria knows no job of that id, or no longer."""


class JobStateUnknown(JobError):
    """Bria itself does not know what became of the job (status UNKNOWN)."""


class WaitTimeout(JobError):
    """The job is still open. It goes on at Bria: wait again, do not submit again.

    Attributes:
        status: The wire's word at the last look that had an answer.
        seconds: How long it was waited.
        polls: How many looks there were, failed ones included.
    """

    def __init__(
        self,
        message: str,
        *,
        request_id: str,
        status: str = "",
        seconds: float = 0.0,
        polls: int = 0,
    ) -> None:
        super().__init__(message, request_id=request_id)
        self.status = status
        self.seconds = seconds
        self.polls = polls
