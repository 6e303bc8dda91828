"""The environment's proxies, for backends that httpx's client does not choose itself."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from urllib.request import getproxies, proxy_bypass

import httpx


class ProxiedTransport(httpx.AsyncBaseTransport):
    """Sends each request over the proxy that the environment names for it, or over none.

    The environment is read once. The standard library reads it: `HTTP_PROXY`, `HTTPS_PROXY`,
    `ALL_PROXY`, `NO_PROXY`, and the settings of macOS and Windows.

    Args:
        open_one: Opens a transport over a proxy, or over none.
    """

    def __init__(self, open_one: Callable[[str | None], httpx.AsyncBaseTransport]) -> None:
        self._open_one = open_one
        self._proxies = getproxies()
        self._transports: dict[str | None, httpx.AsyncBaseTransport] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request the way the environment says."""
        proxy = self._proxy_for(request.url) if self._proxies else None
        transport = self._transports.get(proxy)
        if transport is None:
            transport = self._open_one(proxy)
            self._transports[proxy] = transport
        return await transport.handle_async_request(request)

    async def aclose(self) -> None:
        """Close every transport that was opened."""
        async with AsyncExitStack() as closing:
            for transport in self._transports.values():
                closing.push_async_callback(transport.aclose)

    def _proxy_for(self, url: httpx.URL) -> str | None:
        proxy = self._proxies.get(url.scheme) or self._proxies.get("all")
        if not proxy or _is_bypassed(url):
            return None
        return proxy if "://" in proxy else f"http://{proxy}"


def _is_bypassed(url: httpx.URL) -> bool:
    # `NO_PROXY` may name a host alone, or one of its ports.
    return bool(proxy_bypass(url.host) or proxy_bypass(url.netloc.decode("ascii")))
