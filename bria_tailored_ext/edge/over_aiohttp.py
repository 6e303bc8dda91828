"""httpx-aiohttp, with failures that say what happened.

By itself it reports "sent in full, then the server hung up" as `ConnectTimeout`, as if nothing had
been sent, and lets some of aiohttp's own errors through.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from ssl import SSLContext
from typing import Any, cast

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport
from multidict import CIMultiDict, CIMultiDictProxy

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

        def session() -> aiohttp.ClientSession:
            connector = aiohttp.TCPConnector(ssl=context, limit=connections, keepalive_timeout=15.0)
            # No cookies: a token is all that Bria wants to know a caller by.
            return aiohttp.ClientSession(
                connector=connector, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
            )

        options: Any = {"verify": context, "client": session, "proxy": proxy}
        self._inner = AiohttpTransport(**options)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; its failures are httpx's, and mean what httpx means by them."""
        guard.check(request.url.host)
        with _honest(request):
            response = await self._inner.handle_async_request(request)
        response.stream = _HonestStream(cast("httpx.AsyncByteStream", response.stream), request)
        return response

    async def aclose(self) -> None:
        """Close the session and its connections."""
        await self._inner.aclose()


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
            asked.url, asked.method, CIMultiDictProxy(CIMultiDict()), asked.real_url
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
