"""What an error means for a request of a batch, and for the batch."""

from __future__ import annotations

from enum import Enum

from bria_tailored_ext.values.errors import (
    AuthenticationError,
    BriaError,
    InvalidInputError,
    JobFailed,
    JobNotFound,
    ModerationError,
    NoAnswerError,
    PlanError,
    QuotaExceededError,
    RateLimitedError,
    SubmitOutcomeUnknown,
    UnexpectedAnswerError,
)


class Verdict(Enum):
    """What to do about an error."""

    FAILED = "failed"
    """It is over for this request; nothing else is affected."""

    UNKNOWN = "unknown"
    """It may have been billed."""

    UNREACHABLE = "unreachable"
    """It never arrived: trying again is safe."""

    TOO_MANY = "too many"
    """Bria takes it later: trying again is safe, however often."""

    ACCOUNT = "account"
    """The account will take no request at all."""


REFUSED_BY_THE_ACCOUNT = (AuthenticationError, QuotaExceededError, PlanError)


def of_submit(error: BriaError) -> Verdict:
    """What the error of a submit means."""
    if isinstance(error, REFUSED_BY_THE_ACCOUNT):
        return Verdict.ACCOUNT
    # A success that cannot be read was a success all the same.
    if isinstance(error, SubmitOutcomeUnknown | UnexpectedAnswerError):
        return Verdict.UNKNOWN
    if isinstance(error, RateLimitedError):
        return Verdict.TOO_MANY
    if isinstance(error, NoAnswerError):
        return Verdict.UNREACHABLE
    return Verdict.FAILED


def ends_job(error: BriaError) -> bool:
    """Whether the error of a wait says that the job will never have a result."""
    return isinstance(error, JobFailed | JobNotFound)


def counts_as_failure(error: BriaError | None) -> bool:
    """Whether an error counts towards the limit on consecutive failures.

    What a prompt brings upon itself says nothing about the next one.
    """
    if isinstance(error, JobFailed) and error.code in (422, "422"):
        return False
    return error is not None and not isinstance(error, ModerationError | InvalidInputError)


def may_try_again(kind: str) -> bool:
    """Whether `retry_failed` takes up a failure of that class again.

    Moderation refuses the same prompt again, and an invalid request stays so.
    """
    return kind not in (ModerationError.__name__, InvalidInputError.__name__)
