"""The first bytes behind an URL, to see what it gives before it is handed on. Without the token."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import cast

import attrs
import httpx

from bria_tailored_ext.edge.fetching import Fetcher, without_queries
from bria_tailored_ext.values.errors import BriaConnectionError, BriaError, DownloadError

__all__ = ["FirstBytes"]

_SHORT = 2**16
"""Bytes of a part that are read although fewer were asked for; a server may send more."""


@attrs.frozen(kw_only=True)
class FirstBytes:
    """What an URL answered.

    Attributes:
        status: The HTTP status.
        head: The first bytes of the body, or fewer.
        size: Of the whole, in bytes; `None` where the server did not say.
    """

    status: int
    head: bytes
    size: int | None


async def first_bytes(fetcher: Fetcher, url: str, count: int) -> FirstBytes:
    """Ask for so many bytes, following redirects, and read no more than that.

    Raises:
        BriaError: There was no answer.
    """
    headers = {"Range": f"bytes=0-{count - 1}", "Accept-Encoding": "identity"}
    try:
        async with fetcher.get(url, headers) as answer:
            head = await _head(answer, count)
            return FirstBytes(status=answer.status_code, head=head, size=_size(answer))
    except DownloadError as error:
        raise DownloadError(
            f"{without_queries(url)} cannot be fetched: {error}. Check the URL."
        ) from error
    except BriaError:
        raise
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
        # Neither its words nor a cause, which may repeat the URL with its signature.
        raise BriaConnectionError(
            f"{without_queries(url)} gave no answer ({type(error).__name__}). Try again."
        ) from None


async def _head(answer: httpx.Response, count: int) -> bytes:
    if answer.is_stream_consumed:
        # A transport of the caller's may have read it.
        return answer.content[:count]
    head, received = b"", 0
    # What was asked for is read to its end, so that every iterator below ends too.
    enough = _SHORT if answer.status_code == 206 else count
    stream = cast("httpx.AsyncByteStream", answer.stream)
    async with aclosing(cast("AsyncGenerator[bytes]", aiter(stream))) as pieces:
        async for piece in pieces:
            head = (head + piece)[:count]
            received += len(piece)
            if received >= enough:
                break
    return head


def _size(answer: httpx.Response) -> int | None:
    name = "content-range" if answer.status_code == 206 else "content-length"
    told = answer.headers.get(name, "").rpartition("/")[2]
    return int(told) if told.isascii() and told.isdecimal() else None
