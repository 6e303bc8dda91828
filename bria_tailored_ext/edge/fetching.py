"""Requests for signed URLs: without the token, and without their signatures in any log."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import cast

import anyio
import attrs
import httpx

from bria_tailored_ext.edge.gate import STREAM
from bria_tailored_ext.edge.origin import ANONYMOUS
from bria_tailored_ext.values.errors import DownloadError

MOST_REDIRECTS = 5

_SECRET_QUERY = re.compile(r"(https?://[^\s?]*)\?\S*", re.IGNORECASE)
_is_fetching: ContextVar[bool] = ContextVar("bria_tailored_is_fetching", default=False)


def without_queries(text: str) -> str:
    """The text, its URLs without their queries, where signatures are."""
    return _SECRET_QUERY.sub(r"\1", text)


def has_query(text: str) -> bool:
    """Whether there is an URL with a query in the text."""
    return _SECRET_QUERY.search(text) is not None


def checked(url: str) -> httpx.URL:
    """The URL, if it is one that can be fetched.

    Raises:
        DownloadError: It is not.
    """
    try:
        parsed = httpx.URL(url)
        # Some hosts are found to be none only when they are read.
        is_fetchable = parsed.scheme in ("http", "https") and bool(parsed.host)
    except (httpx.InvalidURL, ValueError):
        parsed, is_fetchable = httpx.URL(), False
    if not is_fetchable:
        # httpx would take a bare path for one at the API.
        raise DownloadError(f"{url.partition('?')[0][:80]!r} is no URL of a file")
    return parsed


@attrs.frozen(kw_only=True)
class Fetcher:
    """Fetches URLs that others have signed.

    It sends through the transport itself, because `httpx.AsyncClient` logs whole URLs.

    Attributes:
        transport: The stack of a client.
        headers: Of every request.
        timeouts: As httpx's transports take them.
    """

    transport: httpx.AsyncBaseTransport
    headers: Mapping[str, str]
    timeouts: Mapping[str, float | None]

    @asynccontextmanager
    async def get(self, url: str, headers: Mapping[str, str]) -> AsyncGenerator[httpx.Response]:
        """The answer to a GET, its body unread, after a few redirects at most.

        Raises:
            DownloadError: The URL is none, or leads nowhere.
            NoAnswerError: No answer came.
        """
        token = _is_fetching.set(True)
        try:
            response = await self._follow(checked(url), headers)
        finally:
            _is_fetching.reset(token)
        try:
            yield response
        finally:
            await _close(response)

    async def _follow(self, url: httpx.URL, headers: Mapping[str, str]) -> httpx.Response:
        for _ in range(MOST_REDIRECTS + 1):
            request = httpx.Request(
                "GET",
                url,
                headers={**self.headers, **headers},
                extensions={"timeout": dict(self.timeouts), STREAM: True, ANONYMOUS: True},
            )
            response = await self.transport.handle_async_request(request)
            response.request = request
            if not response.has_redirect_location:
                return response
            await _close(response)
            target = url.join(response.headers["location"])
            if url.scheme == "https" and target.scheme == "http":
                raise DownloadError("its URL leads from https to http")
            url = checked(str(target))
        raise DownloadError(f"its URL leads on more than {MOST_REDIRECTS} times")


async def _close(response: httpx.Response) -> None:
    with anyio.CancelScope(shield=True):
        # Not `response.aclose`, which does nothing for one that a caller's transport has read.
        await cast("httpx.AsyncByteStream", response.stream).aclose()


class _WithoutQueries(logging.Filter):
    """Takes signatures out of what httpcore logs of a redirect's headers, at level DEBUG."""

    def filter(self, record: logging.LogRecord) -> bool:
        if _is_fetching.get():
            record.msg, record.args = without_queries(record.getMessage()), ()
        return True


for _name in ("httpcore.http11", "httpcore.http2"):
    logging.getLogger(_name).addFilter(_WithoutQueries())
