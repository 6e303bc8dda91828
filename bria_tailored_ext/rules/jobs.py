"""What the Status Service's answers mean, and how a result is read.

Source: https://docs.bria.ai/status
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import attrs

from bria_tailored_ext.rules.answers import cut
from bria_tailored_ext.values import wire
from bria_tailored_ext.values.errors import (
    InvalidInputError,
    JobFailed,
    SubmitOutcomeUnknown,
    UnexpectedAnswerError,
)
from bria_tailored_ext.values.jobs import (
    ImageResult,
    JobKind,
    JobState,
    Result,
    StructuredPromptResult,
    VideoResult,
)

_STATES = {
    "in_progress": JobState.IN_PROGRESS,
    "completed": JobState.COMPLETED,
    "error": JobState.FAILED,
    # Sibling documents of Bria's use this word for ERROR.
    "failed": JobState.FAILED,
    "unknown": JobState.UNKNOWN,
}

SUBMIT_PATHS: Mapping[JobKind, str] = {
    JobKind.IMAGE: "/v2/image/generate/tailored",
    JobKind.STRUCTURED_PROMPT: "/v2/structured_prompt/generate/tailored",
    JobKind.VIDEO: "/v2/video/generate/tailored/image-to-video",
}

_AROUND = ("result", "request_id")
"""What stands around a result even where that is flat."""

_SEED = re.compile(r"\s*([+-]?[0-9]+)(?:\.0*)?\s*")
_LONGEST_ID = 1000
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
"""What JSON can name and no URL can carry."""


@attrs.frozen(kw_only=True)
class Look:
    """What one look at a job has shown.

    Attributes:
        state: Its state. A word that no documentation knows counts as still open.
        status: The wire's word.
        result: The raw result of a completed job.
        warning: Something that Bria wants said about the result.
        error: The raw error of a failed job.
        extra: What stood beside these, or under their names and could not be read.
    """

    state: JobState
    status: str
    result: Mapping[str, Any] = attrs.field(factory=dict[str, Any])
    warning: str | None = None
    error: Mapping[str, Any] = attrs.field(factory=dict[str, Any])
    extra: Mapping[str, Any] = attrs.field(factory=dict[str, Any])


def is_known(status: str) -> bool:
    """Whether a status is a word that some documentation knows."""
    return status.lower() in _STATES


class Vocabulary:
    """The words that no documentation knows and that were met, each told of once."""

    def __init__(self) -> None:
        self._met: set[str] = set()

    def is_new(self, word: str) -> bool:
        """Whether a word is unknown, and met for the first time."""
        if is_known(word) or word in self._met or len(self._met) >= 100:
            return False
        self._met.add(word)
        return True


def read_status(body: Mapping[str, Any]) -> Look:
    """One answer of the Status Service."""
    status = str(body.get("status", ""))
    result, warning = wire.mapping(body.get("result")), wire.text(body.get("warning"))
    return Look(
        state=_STATES.get(status.lower(), JobState.IN_PROGRESS),
        status=status,
        result=result or {},
        warning=warning,
        error=_error(body.get("error")),
        # The error and the id stay: what of them a result takes over, only it knows.
        extra=_left(
            body, status=status, result=result, warning=warning, error=None, request_id=None
        ),
    )


def read_sync(body: Mapping[str, Any]) -> Look:
    """The 200 answer to `sync=true`: flat as documented, or enveloped as running code has it."""
    result, warning = wire.mapping(body.get("result")), wire.text(body.get("warning"))
    beside = _left(body, result=result, warning=warning, error=None, request_id=None)
    if result is None:
        result = {name: beside.pop(name) for name in list(beside) if name not in _AROUND}
    return Look(
        state=JobState.COMPLETED, status="COMPLETED", result=result, warning=warning, extra=beside
    )


def kind_named(kind: JobKind | str | None) -> JobKind | None:
    """A kind by itself or by its word.

    Raises:
        InvalidInputError: There is no such kind.
    """
    try:
        return kind if kind is None else JobKind(kind)
    except ValueError:
        words = ", ".join(repr(each.value) for each in JobKind)
        raise InvalidInputError(
            f"There is no kind of job {kind!r}. Pass a JobKind or its word: {words}."
        ) from None


def kind_of(look: Look) -> JobKind | None:
    """What a completed job has made, by the fields of its result; `None` if they do not tell."""
    if look.result.get("video_url"):
        return JobKind.VIDEO
    # A picture comes with the structured prompt that it was drawn from.
    if look.result.get("image_url"):
        return JobKind.IMAGE
    return JobKind.STRUCTURED_PROMPT if look.result.get("structured_prompt") else None


def check_time(submitted_at: datetime | None) -> None:
    """Check when something was submitted, if that is known.

    Raises:
        InvalidInputError: The time is naive.
    """
    if submitted_at is not None and submitted_at.tzinfo is None:
        raise InvalidInputError("submitted_at has no time zone. Pass an aware datetime.")


def is_askable(request_id: str) -> bool:
    """Whether an id can stand in the path of an URL, so that somebody can ask for its job."""
    fits = 0 < len(request_id) <= _LONGEST_ID and request_id not in (".", "..")
    return fits and not _HALF_CHARACTER.search(request_id)


def read_request_id(kind: JobKind, value: object) -> str:
    """The id in the answer to a submit.

    Raises:
        SubmitOutcomeUnknown: There is none, so that nobody can ask for the job.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, str) and is_askable(value):
        return value
    path = SUBMIT_PATHS[kind]
    said = (
        "without the id of the job"
        if not value
        else f"with an id ({ascii(value)[:80]}) that is none"
    )
    raise SubmitOutcomeUnknown(
        f"POST {path} answered 202 {said}. It may have been carried out and "
        "billed: look at Bria before you send it again.",
        method="POST",
        path=path,
        status=202,
    )


def read_result(kind: JobKind | None, request_id: str, look: Look) -> Result:
    """The result of a completed job. Without a kind, the answer's own fields decide it.

    Raises:
        UnexpectedAnswerError: The field that makes this kind of result is not there.
    """
    raw = look.result
    kind = kind or kind_of(look) or JobKind.STRUCTURED_PROMPT
    common: dict[str, Any] = {
        "seed": read_seed(raw.get("seed")),
        "prompt": wire.text(raw.get("prompt")),
        "refined_prompt": wire.text(raw.get("refined_prompt")),
        "warning": look.warning or wire.text(raw.get("warning")),
    }
    structured = _structured_prompt(raw.get("structured_prompt"))
    match kind:
        case JobKind.VIDEO if url := wire.text(raw.get("video_url")):
            made: dict[str, Any] = common | {"video_url": url}
            return VideoResult(request_id=request_id, extra=_extra(request_id, look, made), **made)
        case JobKind.IMAGE if url := wire.text(raw.get("image_url")):
            made = common | {"image_url": url, "structured_prompt": structured}
            return ImageResult(request_id=request_id, extra=_extra(request_id, look, made), **made)
        case JobKind.STRUCTURED_PROMPT if structured is not None:
            made = common | {"structured_prompt": structured}
            extra = _extra(request_id, look, made)
            return StructuredPromptResult(request_id=request_id, extra=extra, **made)
        case _:
            odd = look.extra.get("result")
            held = "nothing" if odd is None else f"a value of type {type(odd).__name__}"
            raise UnexpectedAnswerError(
                f"Job {request_id} is COMPLETED, but its result holds "
                f"{', '.join(sorted(raw)) or held}, and not what a job of this kind makes. "
                "It is paid for: keep its id and ask Bria.",
                method="GET",
                path=f"/v2/status/{request_id}",
                status=200,
                request_id=request_id,
            )


def failure(kind: JobKind | None, request_id: str, look: Look) -> JobFailed:
    """The error for a job that ended without a result."""
    code = look.error.get("code")
    words = ": ".join(
        part if isinstance(part, str) else json.dumps(part)
        for part in (look.error.get("message"), look.error.get("details"))
        if part
    )
    what = f"Job {request_id}" + (f" ({kind.value})" if kind else "")
    words = cut(words)
    said = f": {words.rstrip('.')}" if words else ", without saying why"
    return JobFailed(
        f"{what} ended as {look.status}{f' {code}' if code is not None else ''}{said}. It will "
        "have no result: submit another, changed where Bria complains of the request.",
        request_id=request_id,
        code=code if isinstance(code, int | str) else None,
        words=words,
    )


def _structured_prompt(value: Any) -> str | None:
    # Documented as a JSON string; an object would say the same, so it is not lost.
    return json.dumps(value) if isinstance(value, Mapping) else wire.text(value)


def _left(body: Mapping[str, Any], /, **taken: object) -> dict[str, Any]:
    """What of an answer was not taken over: of what is taken as `None`, all but `null`."""
    return {
        name: value
        for name, value in body.items()
        if name not in taken or (value is not None and taken[name] is None)
    }


def _extra(request_id: str, look: Look, made: Mapping[str, Any]) -> dict[str, Any]:
    """What the answer held that a result does not say under its own names."""
    raw = look.result
    # A result's own warning gives way to the answer's.
    taken = {**made, "warning": made["warning"] if made["warning"] == raw.get("warning") else None}
    extra = _left(raw, **taken)
    for name, value in look.extra.items():
        if name == "request_id" and str(value) == request_id:
            continue
        free = name
        while free in extra:
            free = f"answer.{free}"
        extra[free] = value
    return extra


def read_seed(value: object) -> int | None:
    """A seed as the wire has it: an integer, or one written as a string or with a fraction of 0."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        if isinstance(value, str):
            written = _SEED.fullmatch(value)
            return int(written[1]) if written else None
        return int(value) if value == int(value) else None
    except (OverflowError, ValueError):
        # Infinite, not a number, or of more digits than Python reads.
        return None


def _error(value: object) -> Mapping[str, Any]:
    words = wire.text(value)
    return {"message": words} if words else wire.mapping(value) or {}
