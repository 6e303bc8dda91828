"""httpx-aiohttp, with failures that say what happened.

By itself it reports "sent in full, then the server hung up" as `ConnectTimeout`, as if nothing had
been sent, and lets some of aiohttp's own errors through.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from ssl import SSLContext
from typing import Any, cast

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from bria_tailored_ext.edge import guard

# The first that fits counts: a class stands above its bases.
_MEANINGS: tuple[tuple[type[BaseException], type[httpx.TransportError]], ...] = (
    (aiohttp.ClientProxyConnectionError, httpx.ProxyError),
    (aiohttp.ClientHttpProxyError, httpx.ProxyError),
    (aiohttp.ClientConnectorError, httpx.ConnectError),
    (aiohttp.ConnectionTimeoutError, httpx.ConnectTimeout),
    (aiohttp.ServerTimeoutError, httpx.ReadTimeout),
    (TimeoutError, httpx.ReadTimeout),
    (aiohttp.InvalidURL, httpx.UnsupportedProtocol),
    (aiohttp.ClientPayloadError, httpx.ReadError),
    (aiohttp.ClientOSError, httpx.ReadError),
    (aiohttp.ClientError, httpx.RemoteProtocolError),
)

_ONE_PIECE = 2**16
"""Bytes of a body that is sent as it is; a larger one is sent piece by piece."""

_AT_ONCE = 2**18
"""Bytes of an answer that are handed up at once, if they are there."""


class HonestAiohttpTransport(httpx.AsyncBaseTransport):
    """A transport over aiohttp.

    Args:
        context: For TLS.
        connections: At most so many at once.
        proxy: For every request, or none.
    """

    def __init__(self, context: SSLContext, connections: int, proxy: httpx.Proxy | None) -> None:
        if proxy is not None and proxy.url.scheme not in ("http", "https"):
            raise ValueError("aiohttp knows no SOCKS")

        self._session = _Session(context, connections)
        options: Any = {"verify": context, "client": self._session, "proxy": proxy}
        self._inner = AiohttpTransport(**options)
        self._proxy = proxy

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; its failures are httpx's, and mean what httpx means by them."""
        guard.check(request.url.host)
        if self._proxy is not None:
            guard.check(self._proxy.url.host)
        with _honest(request):
            response = await _patiently(self._inner, request)
        response.request = request
        # A constant of its class, of 16 kB: aiohttp has more than that ready of a large body.
        vars(response.stream)["CHUNK_SIZE"] = _AT_ONCE
        response.stream = _HonestStream(cast("httpx.AsyncByteStream", response.stream), request)
        return response

    async def aclose(self) -> None:
        """Close the session and its connections."""
        await self._session.aclose()


class _Session:
    """aiohttp's session, opened when it is first used, for URLs as they are.

    By itself it re-quotes them, which a signature may not survive.
    """

    def __init__(self, context: SSLContext, connections: int) -> None:
        self._context = context
        self._connections = connections
        self._opened: aiohttp.ClientSession | None = None

    def __call__(self) -> _Session:
        return self

    def request(self, *, url: str, **options: Any) -> Any:
        return self._open().request(url=URL(url, encoded=True), **options)

    async def aclose(self) -> None:
        if self._opened is not None:
            await self._opened.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._opened is None:
            connector = aiohttp.TCPConnector(
                ssl=self._context, limit=self._connections, keepalive_timeout=15.0
            )
            # No cookies: a token is all that Bria wants to know a caller by.
            self._opened = aiohttp.ClientSession(
                connector=connector, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
            )
            # Else it repeats a GET, PUT or DELETE by itself, past the plan, the budget and the
            # counts. The attribute has no argument; a test watches over it.
            vars(self._opened)["_retry_connection"] = False
        return self._opened


async def _patiently(inner: AiohttpTransport, request: httpx.Request) -> httpx.Response:
    """Send a request under its write timeout, of which aiohttp has none."""
    if isinstance(request.stream, httpx.ByteStream) and len(request.read()) <= _ONE_PIECE:
        return await inner.handle_async_request(request)
    body = cast("httpx.AsyncByteStream", request.stream)
    try:
        async with asyncio.timeout(None) as patience:
            seconds = request.extensions.get("timeout", {}).get("write")
            upload = _Upload(body, patience, seconds)
            sent = httpx.Request(
                request.method,
                request.url,
                headers=request.headers,
                stream=upload,
                extensions=request.extensions,
            )
            try:
                return await inner.handle_async_request(sent)
            except Exception:
                if upload.failure is None:
                    raise
                # aiohttp tells only that the sending failed, as if it had been the network.
                failure = upload.failure
            finally:
                upload.is_watched = False
            # Out here, else aiohttp's error would hang on it, whose frames hold the headers.
            raise failure
    except TimeoutError:
        raise httpx.WriteTimeout("the request was not taken", request=request) from None


class _Upload(httpx.AsyncByteStream):
    """A body in small pieces, each of which must be taken in time.

    In one piece it would block the event loop, and aiohttp warns of it.
    """

    def __init__(
        self, body: httpx.AsyncByteStream, patience: asyncio.Timeout, seconds: float | None
    ) -> None:
        self._body = body
        self._patience = patience
        self._seconds = seconds
        self.is_watched = True
        self.failure: Exception | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        body = aiter(self._body)
        while (chunk := await self._next(body)) is not None:
            for start in range(0, len(chunk), _ONE_PIECE):
                self._watch(self._seconds)
                yield chunk[start : start + _ONE_PIECE]
                self._watch(None)

    async def _next(self, body: AsyncIterator[bytes]) -> bytes | None:
        try:
            return await anext(body, None)
        except Exception as failure:
            self.failure = failure
            raise

    def _watch(self, seconds: float | None) -> None:
        # The answer may come before the whole request was taken.
        if self.is_watched and not self._patience.expired():
            now = asyncio.get_running_loop().time()
            self._patience.reschedule(None if seconds is None else now + seconds)


class _HonestStream(httpx.AsyncByteStream):
    def __init__(self, inner: httpx.AsyncByteStream, request: httpx.Request) -> None:
        self._inner = inner
        self._request = request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _honest(self._request):
            async for chunk in self._inner:
                yield chunk

    async def aclose(self) -> None:
        with _honest(self._request):
            await self._inner.aclose()


def _without_headers(cause: BaseException) -> BaseException:
    # Its repr would show the request's headers, the token among them.
    if isinstance(cause, aiohttp.ClientResponseError):
        asked = cause.request_info
        cause.request_info = aiohttp.RequestInfo(
            asked.url, asked.method, CIMultiDictProxy(CIMultiDict[str]()), asked.real_url
        )
        cause.args, cause.history = (cause.request_info, ()), ()
    return cause


@contextmanager
def _honest(request: httpx.Request) -> Generator[None]:
    try:
        yield
    except (httpx.TransportError, aiohttp.ClientError, TimeoutError) as error:
        cause = error.__cause__ if isinstance(error, httpx.TransportError) else error
        for kind, meaning in _MEANINGS:
            if isinstance(cause, kind):
                raise meaning(str(cause), request=request) from _without_headers(cause)
        raise
