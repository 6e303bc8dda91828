"""Connections that are closed when they are given up while they are being opened.

On asyncio httpcore leaves a socket open whose TLS handshake is cancelled, for the garbage collector
to find and to warn of.
"""

from __future__ import annotations

from ssl import SSLContext
from typing import Any

import anyio
import httpcore


class TidyNetwork(httpcore.AsyncNetworkBackend):
    """Opens what another opens, and leaves nothing behind.

    Args:
        inner: The other.
    """

    def __init__(self, inner: httpcore.AsyncNetworkBackend) -> None:
        self._inner = inner

    async def connect_tcp(
        self, host: str, *rest: Any, **options: Any
    ) -> httpcore.AsyncNetworkStream:
        """Open a connection."""
        return _Opened(await self._inner.connect_tcp(host, *rest, **options))

    async def connect_unix_socket(
        self, path: str, *rest: Any, **options: Any
    ) -> httpcore.AsyncNetworkStream:
        """Open a connection within this machine."""
        return _Opened(await self._inner.connect_unix_socket(path, *rest, **options))

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._inner.sleep(seconds)


class _Opened(httpcore.AsyncNetworkStream):
    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner
        # The way of every request: nothing is to stand in between.
        for name in ("read", "write", "aclose", "get_extra_info"):
            setattr(self, name, getattr(inner, name))

    async def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            return _Opened(await self._inner.start_tls(ssl_context, server_hostname, timeout))
        except BaseException:
            with anyio.CancelScope(shield=True):
                await self._inner.aclose()
            raise
