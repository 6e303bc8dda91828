"""From an answer that is not a success to the error that says why.

Source: Bria's answers come in five shapes, collected in `_words`, and there is HTML or nothing at
all from the load balancer in front of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import attrs

from bria_tailored_ext.values import errors, wire

_BY_STATUS: dict[int, tuple[type[errors.ApiError], str]] = {
    400: (errors.ValidationError, "Change the request as it says."),
    401: (errors.AuthenticationError, "Check the token; Bria's console shows the valid ones."),
    403: (errors.AccessDeniedError, "Check that this belongs to the token's organisation."),
    404: (errors.NotFoundError, "Check the id, and that it belongs to the token's organisation."),
    409: (errors.ConflictError, "Look at the state that it is in."),
    412: (errors.PreconditionError, "Do first what it asks for."),
    413: (errors.TooLargeError, "Make the file smaller: 12 MB for a picture, 5 GB for a zip."),
    415: (errors.UnsupportedMediaError, "Send JPEG, PNG or WEBP."),
    422: (errors.ValidationError, "Change the request as it says."),
    429: (errors.RateLimitedError, "Ask less often: limits are per endpoint and minute."),
    460: (errors.ImageNotFetchedError, "Make the URL public, or send the picture itself."),
    506: (errors.UnsupportedInputError, "Change the input as it says."),
}

_QUOTA = re.compile(r"quota exceeded", re.IGNORECASE)
_PLAN = re.compile(r"access denied|upgrade your plan", re.IGNORECASE)
_MODERATION = re.compile(r"moderat", re.IGNORECASE)

_MOST_WORDS = 300
_PERHAPS_DONE = "It may have been carried out and billed: look before you repeat it."


@attrs.frozen(kw_only=True)
class Answer:
    """What the classification needs of an answer.

    Attributes:
        method: Of the request.
        path: Of the request, without host and query.
        status: The HTTP status, known or not.
        body: The raw body.
        content_type: The header, lower case.
        retry_after: The header, in seconds.
        attempts: How often it was asked.
    """

    method: str
    path: str
    status: int
    body: bytes = b""
    content_type: str = ""
    retry_after: float | None = None
    attempts: int = 1


def error_for(answer: Answer, problem: Exception | None = None) -> errors.ApiError:
    """The error for an answer.

    Args:
        answer: What came.
        problem: For a success, why its body could not be read.
    """
    words, fields, request_id = _words(answer)
    kind, remedy = _kind(answer.status, words)
    asked = f"{answer.method} {answer.path}"
    if 200 <= answer.status < 300:
        remedy = "Try again." if answer.method == "GET" else _PERHAPS_DONE
        message = (
            f"{asked} answered {answer.status} with a body that no documentation describes"
            f" ({cut(str(problem))}). {remedy}"
        )
    else:
        said = f": {words}" if words else ", without a word"
        if kind is errors.ServerError and answer.method == "POST":
            # A gateway that gave up says nothing of the server behind it.
            remedy = _PERHAPS_DONE
        if answer.attempts > 1 and answer.status in (404, 409) and answer.method != "GET":
            remedy += " An attempt before this one, whose answer was lost, may have done it."
        message = f"{asked} answered {answer.status}{said.rstrip('.')}. {remedy}"
    return kind(
        message,
        method=answer.method,
        path=answer.path,
        status=answer.status,
        request_id=request_id,
        words=words,
        fields=fields,
        attempts=answer.attempts,
        retry_after=answer.retry_after,
    )


def _kind(status: int, words: str) -> tuple[type[errors.ApiError], str]:
    if status == 403 and _QUOTA.search(words):
        return errors.QuotaExceededError, "Repeating does not help; the plan must be raised."
    if status == 403 and _PLAN.search(words):
        return errors.PlanError, "The account's plan must include this."
    if status in (400, 422) and _MODERATION.search(words):
        return errors.ModerationError, "Change the prompt or the picture."
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if 500 <= status < 600:
        return errors.ServerError, "Something broke at Bria; try again later."
    return errors.UnexpectedAnswerError, "No documentation knows this status."


def _words(answer: Answer) -> tuple[str, dict[str, str], str | None]:
    """Bria's words, the fields it names, and the request id, out of any of the five shapes."""
    try:
        body = json.loads(answer.body) if answer.body else None
    except (ValueError, RecursionError):
        return cut(_plain(answer)), {}, None
    if isinstance(body, str):
        return cut(body), {}, None
    known = wire.mapping(body)
    if known is None:
        return "", {}, None
    fields = _fields(known.get("errors"))
    return cut(_message(known, fields)), fields, wire.text(known.get("request_id"))


def _message(body: Mapping[str, Any], fields: Mapping[str, str]) -> str:
    error = wire.mapping(body.get("error"))
    if error is not None:
        parts = (error.get("message"), error.get("details"))
        said = ": ".join(_text(part) for part in parts if part)
        if said or error.get("code") is not None:
            return said or _text(error["code"])
    for key in ("error", "message", "detail", "status"):
        if body.get(key):
            return _text(body[key])
    return "; ".join(f"{name}: {said}" for name, said in fields.items())


def _fields(listed: object) -> dict[str, str]:
    known = [each for each in map(wire.mapping, wire.array(listed)) if each is not None]
    return {
        cut(_text(each.get("field_name") or "?")): cut(_text(each.get("msg") or ""))
        for each in known
    }


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, default=str)
    except (RecursionError, ValueError):
        return "something nested beyond reading"


def _plain(answer: Answer) -> str:
    if "html" in answer.content_type or answer.body.lstrip()[:1] == b"<":
        return "an HTML page"
    return answer.body[: 4 * _MOST_WORDS].decode("utf-8", "replace")


def cut(words: str) -> str:
    """Words of Bria's as a message may repeat them: one line, not long, fit for a terminal."""
    words = "".join(each if each.isprintable() else " " for each in words[: 4 * _MOST_WORDS])
    words = " ".join(words.split())
    return words if len(words) <= _MOST_WORDS else words[: _MOST_WORDS - 1] + "…"
