"""JSON bodies with files in them: read, encoded and sent piece by piece, off the event loop.

httpx makes one string of a JSON body: ten pictures of 8 MB cost it 331 MB and hold the event loop
for 0.65 s.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any, cast

import anyio.to_thread
import attrs
import httpx

from bria_tailored_ext.edge.contents import Content
from bria_tailored_ext.values.errors import FileChangedError

_AT_ONCE = 3 * 2**16
"""Bytes that are read at once; a multiple of 3, so that base64 needs no padding in between."""


@attrs.frozen
class LazyBase64:
    """A file in a JSON body, as raw base64 that is made while it is sent.

    It stands where the generated client takes a `str` and is none: whatever would serialise it
    without streaming it, `json.dumps` or a plain httpx client, raises a TypeError.

    Args:
        content: Where it comes from.
        digest: The SHA-256 of that content, in hexadecimal; it is checked again on the way.
    """

    content: Content
    digest: str

    def as_text(self) -> str:
        """Itself, typed as the generated client's fields are."""
        return cast("str", self)

    @property
    def encoded_size(self) -> int:
        """In bytes, as base64."""
        return (self.content.size + 2) // 3 * 4

    def pieces(self) -> Iterator[bytes]:
        """Its base64, piece by piece. Reading blocks.

        Raises:
            FileChangedError: It is not what was checked. The last piece is then not given, so
                that the request around it is never complete.
        """
        seen, size = hashlib.sha256(), self.content.size
        for start in range(0, size, _AT_ONCE):
            data = self.content.read(start, min(_AT_ONCE, size - start))
            seen.update(data)
            if start + len(data) == size and seen.hexdigest() != self.digest:
                raise FileChangedError(
                    f"{self.content.name} changed after it was checked. Send it again."
                )
            yield b64encode(data)


class JsonBody(httpx.AsyncByteStream):
    """A JSON body that is made while it is sent. Each pass makes it anew, so it can be replayed.

    Attributes:
        size: In bytes.
        is_replayable: Whether another attempt may send it.
    """

    is_replayable = True

    def __init__(self, parts: Sequence[bytes | LazyBase64]) -> None:
        self._parts = tuple(parts)
        self.size: int = sum(
            part.encoded_size if isinstance(part, LazyBase64) else len(part) for part in parts
        )

    def __aiter__(self) -> AsyncIterator[bytes]:
        return _Pass(_pieces(self._parts))


class _Pass:
    """One pass over a body. It holds nothing open, and may be dropped at any moment."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        piece = await anyio.to_thread.run_sync(next, self._pieces, None)
        if piece is None:
            raise StopAsyncIteration
        return piece


def _pieces(parts: Sequence[bytes | LazyBase64]) -> Iterator[bytes]:
    for part in parts:
        if isinstance(part, LazyBase64):
            yield from part.pieces()
        else:
            yield part


def encode(body: Any) -> bytes | JsonBody:
    """A JSON body as httpx would encode it; one that holds files, as a stream.

    Raises:
        TypeError: It holds something that JSON does not know.
        ValueError: It holds NaN or an infinity, or itself.
    """
    files: list[LazyBase64] = []
    # Drawn anew each time: no text in the body can be mistaken for it.
    stand_in = uuid.uuid4().hex

    def stand_in_for(value: object) -> str:
        if not isinstance(value, LazyBase64):
            raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")
        files.append(value)
        return stand_in

    text = json.dumps(
        body,
        ensure_ascii=False,
        separators=(",", ":"),
        allow_nan=False,
        default=stand_in_for,
    )
    if not files:
        return text.encode()
    first, *rest = (part.encode() for part in text.split(stand_in))
    parts: list[bytes | LazyBase64] = [first]
    for file, part in zip(files, rest, strict=True):
        parts += [file, part]
    return JsonBody(parts)
