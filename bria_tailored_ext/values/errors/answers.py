"""What went wrong with one request."""

from __future__ import annotations

from collections.abc import Mapping

from bria_tailored_ext.values.errors.roots import BriaError


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
        retry_after: Seconds after which Bria wants to be asked again, where it said so.
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
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.method = method
        self.path = path
        self.status = status
        self.request_id = request_id
        self.words = words
        self.fields: dict[str, str] = dict(fields or {})
        self.attempts = attempts
        self.retry_after = retry_after


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
    """Too many requests a minute (429)."""


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
    """A file could not be fetched whole. Nothing new stands under the target name.

    Attributes:
        path: Where it was to stand.
        status: What its URL answered, if that was the reason.
    """

    def __init__(self, message: str, *, path: str = "", status: int | None = None) -> None:
        super().__init__(message)
        self.path = path
        self.status = status
