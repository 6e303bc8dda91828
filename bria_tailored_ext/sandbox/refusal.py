"""Refusals: an answer other than success, in one of the shapes that Bria uses."""

from collections.abc import Mapping, Sequence

import attrs


@attrs.frozen
class Problem:
    """What is wrong with one field of a body."""

    msg: str
    field_name: str
    field_input: str


class Refusal(Exception):
    """The request is answered with an error.

    Attributes:
        status: The HTTP status code.
        body: What is sent as JSON.
        headers: Sent along, such as `Retry-After`.
    """

    def __init__(
        self,
        status: int,
        body: str | dict[str, object],
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body
        self.headers: dict[str, str] = dict(headers or {})


def sentence(status: int, text: str) -> Refusal:
    """Refuse with a bare JSON string, as v1 does for 403, 404 and some 400."""
    return Refusal(status, text)


def message(status: int, text: str) -> Refusal:
    """Refuse with `{"message": ...}`, as v1 does for most conflicts."""
    return Refusal(status, {"message": text})


def field_errors(problems: Sequence[Problem]) -> Refusal:
    """Refuse with 400 `{"errors": [...]}`, as v1 does for fields out of range."""
    return Refusal(400, {"errors": [attrs.asdict(problem) for problem in problems]})


def envelope(status: int, text: str, details: str) -> Refusal:
    """Refuse with `{"error": {"code", "message", "details"}}`, as v2 does.

    The request id is added where the request is known.
    """
    return Refusal(status, {"error": {"code": status, "message": text, "details": details}})


def invalid_parameters(problems: Sequence[Problem]) -> Refusal:
    """Refuse the fields of a v2 body with 400 in the v2 envelope."""
    told = "; ".join(f"{problem.field_name}: {problem.msg}" for problem in problems)
    return envelope(400, "Invalid parameters", told)


def failure(status: int, text: str, details: str, *, enveloped: bool) -> Refusal:
    """Refuse in the shape that Bria has for a status, in v2 or in v1."""
    if enveloped:
        return envelope(status, text, details)
    told = f"{text}. {details}"
    return sentence(status, told) if status in (403, 404) else message(status, told)


def not_found(what: str) -> Refusal:
    """Refuse an id that leads nowhere: 404 `"Dataset not found"`."""
    return sentence(404, f"{what} not found")
