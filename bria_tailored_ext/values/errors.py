"""The errors, by cause.

BriaError
├── ConfigurationError            the client itself was set up wrongly; nothing was sent
│   └── MissingTokenError
├── InvalidInputError             refused here, before anything was sent or spent
├── ApiError                      Bria answered, and the answer is not a success
│   ├── AuthenticationError       401
│   ├── AccessDeniedError         403
│   │   ├── QuotaExceededError        the account's requests are used up
│   │   └── PlanError                 the plan does not include this
│   ├── NotFoundError             404
│   ├── ConflictError             409  e.g. a completed dataset is frozen
│   ├── PreconditionError         412  e.g. the dataset is not completed
│   ├── ValidationError           400, 422
│   │   └── ModerationError           content moderation refused the input
│   ├── TooLargeError             413
│   ├── UnsupportedMediaError     415
│   ├── ImageNotFetchedError      460  Bria could not fetch an image URL
│   ├── UnsupportedInputError     506
│   ├── RateLimitedError          429
│   ├── ServerError               any other 5xx
│   └── UnexpectedAnswerError     anything undocumented, a malformed success included
├── NoAnswerError                 no answer came, and asking again does no harm
│   ├── BriaConnectionError
│   └── BriaTimeoutError
├── SubmitOutcomeUnknown          a POST may or may not have been carried out, and billed
├── DownloadError                 a result could not be fetched whole
├── JobError                      one job; carries `request_id`
│   ├── JobFailed
│   ├── JobNotFound
│   ├── JobStateUnknown
│   └── WaitTimeout                   the job goes on and is already paid for
├── DatasetIncomplete             lists everything that is missing
└── TrainingError                 one training; carries `model_id`
    ├── TrainingFailed
    ├── TrainingStopped
    └── TrainingTimeout               the training goes on and is already paid for
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class BriaError(Exception):
    """The root of every error that this package raises on purpose.

    The message says what happened and what to do; the same facts are attributes. Errors pickle.
    """

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.args, dict(self.__dict__))


def _rebuild(kind: type[BriaError], args: tuple[Any, ...], facts: dict[str, Any]) -> BriaError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(facts)
    return error


class ConfigurationError(BriaError, ValueError):
    """The client was set up wrongly. Nothing was sent."""


class MissingTokenError(ConfigurationError):
    """No token was given, as an argument or in the environment."""


class InvalidInputError(BriaError, ValueError):
    """The input breaks a rule of Bria's that can be known beforehand. Nothing was sent."""


class ApiError(BriaError):
    """Bria answered, and the answer is not a success.

    Attributes:
        method: The HTTP method.
        path: The path, without host and query.
        status: The HTTP status.
        request_id: Bria's id of the request, where the answer named one.
        words: What Bria said, in its own words.
        fields: The fields it complained of, by name, with its words on each.
        attempts: How often it was asked.
    """

    def __init__(
        self,
        message: str,
        *,
        method: str,
        path: str,
        status: int,
        request_id: str | None = None,
        words: str = "",
        fields: Mapping[str, str] | None = None,
        attempts: int = 1,
    ) -> None:
        super().__init__(message)
        self.method = method
        self.path = path
        self.status = status
        self.request_id = request_id
        self.words = words
        self.fields = dict(fields or {})
        self.attempts = attempts


class AuthenticationError(ApiError):
    """The token is missing or wrong (401)."""


class AccessDeniedError(ApiError):
    """The organisation may not do this (403)."""


class QuotaExceededError(AccessDeniedError):
    """The account's requests are used up (403, by its text). Repeating does not help."""


class PlanError(AccessDeniedError):
    """The account's plan does not include this (403, by its text)."""


class NotFoundError(ApiError):
    """There is no such thing, or it belongs to another organisation (404)."""


class ConflictError(ApiError):
    """The thing is not in a state that allows this (409)."""


class PreconditionError(ApiError):
    """Something else must be done first (412)."""


class ValidationError(ApiError):
    """Bria refused a value (400, 422). `fields` names the ones it named."""


class ModerationError(ValidationError):
    """Content moderation refused the input or the result (422)."""


class TooLargeError(ApiError):
    """A picture or file is too large (413)."""


class UnsupportedMediaError(ApiError):
    """A file is of a format that Bria does not read (415)."""


class ImageNotFetchedError(ApiError):
    """Bria could not fetch an image from the URL that it was given (460)."""


class UnsupportedInputError(ApiError):
    """Bria does not support this input (506)."""


class RateLimitedError(ApiError):
    """Too many requests a minute (429).

    Attributes:
        retry_after: Seconds after which Bria wants to be asked again, where it said so.
    """

    retry_after: float | None = None


class ServerError(ApiError):
    """Something broke at Bria (5xx)."""


class UnexpectedAnswerError(ApiError):
    """An answer that no documentation describes; a success with a malformed body included."""


class NoAnswerError(BriaError):
    """No answer came, and asking again does no harm.

    It never arrived, or it was not a POST: a PUT or a DELETE may have been carried out.

    Attributes:
        method: The HTTP method.
        path: The path, without host and query.
        attempts: How often it was asked.
    """

    def __init__(
        self, message: str, *, method: str = "", path: str = "", attempts: int = 1
    ) -> None:
        super().__init__(message)
        self.method = method
        self.path = path
        self.attempts = attempts


class BriaConnectionError(NoAnswerError):
    """The connection failed, or broke while something was asked that may be asked again."""


class BriaTimeoutError(NoAnswerError):
    """No answer in time to something that may be asked again."""


class SubmitOutcomeUnknown(BriaError):
    """A POST ended so that it may have been carried out, and billed, or not.

    Attributes:
        method: The HTTP method.
        path: The path, without host and query.
        status: Of the answer; `None` where none came. A 5xx may come from in front of the API.
        attempts: How often it was asked; only attempts that never arrived were repeated.
        request_id: The id of what it started, where the answer named one: look it up by that.
        words: What Bria said, in its own words.
    """

    def __init__(
        self,
        message: str,
        *,
        method: str,
        path: str,
        status: int | None = None,
        attempts: int = 1,
        request_id: str | None = None,
        words: str = "",
    ) -> None:
        super().__init__(message)
        self.method = method
        self.path = path
        self.status = status
        self.attempts = attempts
        self.request_id = request_id
        self.words = words


class DownloadError(BriaError):
    """A result could not be fetched whole. Nothing stands under the target name."""


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


class DatasetIncomplete(BriaError):
    """A dataset cannot be completed yet.

    Attributes:
        dataset_id: The dataset.
        missing: Everything that is missing, a sentence each.
    """

    def __init__(self, message: str, *, dataset_id: int, missing: tuple[str, ...]) -> None:
        super().__init__(message)
        self.dataset_id = dataset_id
        self.missing = missing


class TrainingError(BriaError):
    """Something about one training.

    Attributes:
        model_id: The model.
    """

    def __init__(self, message: str, *, model_id: int) -> None:
        super().__init__(message)
        self.model_id = model_id


class TrainingFailed(TrainingError):
    """The training failed at Bria. It cannot be started again."""


class TrainingStopped(TrainingError):
    """The training was stopped. It cannot be resumed."""


class TrainingTimeout(TrainingError):
    """The training is still running. It goes on at Bria: wait again, by the same model id."""
