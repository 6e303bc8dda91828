# Generated, do not edit: make generate
"""What the generated modules share: absent values, answers, timestamps."""

from __future__ import annotations

import datetime
from collections.abc import Callable, MutableMapping
from typing import IO, Any, BinaryIO, Generic, Literal, TypeAlias, TypeVar

import httpx
from attrs import define

T = TypeVar("T")

FileTypes: TypeAlias = tuple[str | None, IO[bytes] | bytes | str, str | None]
RequestFiles: TypeAlias = list[tuple[str, FileTypes]]


class Unset:
    """The type of `UNSET`: a value that is absent, and so not sent.

    There is one instance. It stays that one through `copy`, `deepcopy` and `pickle`, so that a
    model sent to another process still leaves out what was never set.
    """

    _instance: Unset | None = None

    def __new__(cls) -> Unset:
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def __reduce__(self) -> str:
        return "UNSET"

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Unset = Unset()


@define
class File:
    """A file that is sent or received, outside of JSON."""

    payload: BinaryIO
    file_name: str | None = None
    mime_type: str | None = None

    def to_tuple(self) -> FileTypes:
        """The file as httpx takes it."""
        return self.file_name, self.payload, self.mime_type


@define
class Response(Generic[T]):
    """An answer: what came, and what could be made of it.

    Attributes:
        status_code: The HTTP status; not always one that `http.HTTPStatus` knows.
        content: The raw body.
        headers: The headers.
        parsed: The body as the type that is documented for this status; `None` where there is no
            body, or where `problem` says why it could not be read.
        problem: Why the body is not what the document says, or `None`.
        raw: The answer as httpx gave it, with the request that it answers.
    """

    status_code: int
    content: bytes
    headers: MutableMapping[str, str]
    parsed: T | None
    problem: Exception | None
    raw: httpx.Response

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx and the body is what the document says."""
        return 200 <= self.status_code < 300 and self.problem is None


def read_answer(response: httpx.Response, parse: Callable[[httpx.Response], T]) -> Response[T]:
    """Parse an answer. A body that is not what was documented is kept as `problem`, not raised."""
    parsed, problem = None, None
    try:
        parsed = parse(response)
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        problem = error
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=parsed,
        problem=problem,
        raw=response,
    )


def expect(kind: type[T], value: Any) -> T:
    """The value, if it is of that JSON kind; else a `TypeError` that names both."""
    if not isinstance(value, kind):
        raise TypeError(f"expected a JSON {kind.__name__}, got {type(value).__name__}")
    return value


def parse_timestamp(text: str) -> datetime.datetime:
    """A timestamp of Bria's. Some end in `Z` and some are naive: those are read as UTC."""
    timestamp = datetime.datetime.fromisoformat(text)
    return timestamp if timestamp.tzinfo else timestamp.replace(tzinfo=datetime.UTC)


__all__ = [
    "UNSET",
    "File",
    "FileTypes",
    "RequestFiles",
    "Response",
    "Unset",
    "expect",
    "parse_timestamp",
    "read_answer",
]
