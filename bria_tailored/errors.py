# Generated, do not edit: make generate
"""What the facades raise, unless their client was given an `explain` of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .types import Response


class UnexpectedAnswer(Exception):
    """An answer that is not a documented success.

    Attributes:
        status_code: The HTTP status.
        body: The parsed error body, or `None` where it could not be read.
    """

    def __init__(self, message: str, status_code: int, body: Any = None) -> None:
        super().__init__(message, status_code, body)
        self.status_code = status_code
        self.body = body

    def __str__(self) -> str:
        return str(self.args[0])


def explain(response: Response[Any]) -> UnexpectedAnswer:
    """The error for an answer that is not a documented success."""
    request = response.raw.request
    asked = f"{request.method} {request.url.path}"
    if 200 <= response.status_code < 300:
        message = f"{asked} answered {response.status_code} with an undocumented body: {response.problem!r}"
    else:
        message = f"{asked} answered {response.status_code}"
    return UnexpectedAnswer(message, response.status_code, response.parsed)


__all__ = ["UnexpectedAnswer", "explain"]
