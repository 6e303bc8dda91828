"""Under pytest, nothing leaves loopback unless a test says so: a test must never bill anybody.

The guard stands below httpx's pool, where mocking libraries have had their say: what they answer
never comes here. `bria_tailored_ext.pytest_plugin` sets it, by a variable of the environment, so
that it holds in the processes that a test starts too.
"""

from __future__ import annotations

import ipaddress
import os
from typing import Any

import httpcore
import httpx

from bria_tailored_ext.values.errors import ConfigurationError

VARIABLE = "PYTEST_BRIA_LOOPBACK_ONLY"


def is_set() -> bool:
    """Whether connections that are opened now must stay on loopback."""
    return VARIABLE in os.environ


def check(host: str) -> None:
    """Let a connection to a host pass, or refuse it.

    Raises:
        ConfigurationError: The guard is set and the host is not this machine.
    """
    if is_set() and not _is_loopback(host):
        raise ConfigurationError(
            f"A test wanted to reach {host}, where every call may be billed. Point it at the "
            "sandbox, mock it, or mark the test with @pytest.mark.bria_network."
        )


def watch(transport: httpx.AsyncHTTPTransport) -> None:
    """Check the connections of a transport where they are opened."""
    # httpx has no argument for it; the attribute is httpcore's, and a test watches over it.
    pool: Any = getattr(transport, "_pool")  # noqa: B009
    pool._network_backend = _GuardedNetwork(pool._network_backend)


class GuardedTransport(httpx.AsyncBaseTransport):
    """Lets requests through to loopback alone, however they would get there."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request to loopback.

        Raises:
            ConfigurationError: It goes elsewhere.
        """
        check(request.url.host)
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the transport below."""
        await self._inner.aclose()


class _GuardedNetwork(httpcore.AsyncNetworkBackend):
    def __init__(self, inner: httpcore.AsyncNetworkBackend) -> None:
        self._inner = inner

    async def connect_tcp(
        self, host: str, *rest: Any, **options: Any
    ) -> httpcore.AsyncNetworkStream:
        check(host)
        return await self._inner.connect_tcp(host, *rest, **options)

    async def connect_unix_socket(
        self, path: str, *rest: Any, **options: Any
    ) -> httpcore.AsyncNetworkStream:
        return await self._inner.connect_unix_socket(path, *rest, **options)

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


def _is_loopback(host: str) -> bool:
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
