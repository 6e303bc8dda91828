"""httpcore's connections, handed out in constant time.

httpx's own pool recounts every connection for every request, and loses places for good when
waiting requests are cancelled. Nothing waits here: the gate above lets no more through than there
may be connections.
"""

from __future__ import annotations

import ssl
import time
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Generator
from contextlib import contextmanager
from typing import Any, Self, TypeAlias, cast

import anyio
import httpcore
import httpx

from bria_tailored_ext.edge.opening import TidyNetwork

_Key: TypeAlias = tuple[bytes, bytes, int | None]

_BETWEEN_LOOKS = 1.0
"""Seconds from one look for expired connections to the next: a look asks the system."""


def flat(transport: httpx.AsyncHTTPTransport, connections: int) -> httpx.AsyncHTTPTransport:
    """The same transport, over a pool of ours that opens the same connections.

    Args:
        transport: As httpx makes it, through a proxy or not.
        connections: At most so many, idle ones included.
    """
    # httpx has no argument for it: it lays its words for requests and failures over any pool.
    maker = vars(transport)["_pool"]
    maker._network_backend = TidyNetwork(maker._network_backend)
    vars(transport)["_pool"] = Pool(maker, connections)
    return transport


class Pool:
    """Connections by origin, the one used last first.

    Args:
        maker: Makes connections, and is used for nothing else.
        connections: At most so many, idle ones included, while no more requests are under way.
    """

    def __init__(self, maker: httpcore.AsyncConnectionPool, connections: int) -> None:
        self._maker = maker
        self._most = connections
        self._idle: dict[_Key, deque[httpcore.AsyncConnectionInterface]] = {}
        self._open: dict[httpcore.AsyncConnectionInterface, _Key] = {}
        self._looked = 0.0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request over an idle connection, or a new one."""
        _check_scheme(request)
        while True:
            connection = await self._connection(request.url.origin)
            try:
                with _told_as_broken():
                    response = await connection.handle_async_request(request)
            except httpcore.ConnectionNotAvailable:
                # The server closed it while it lay idle; nothing was sent.
                await self._discard(connection)
                continue
            except BaseException:
                await self._discard(connection)
                raise
            # httpcore types them only in part.
            extensions: dict[str, Any] = vars(response)["extensions"]
            return httpcore.Response(
                status=response.status,
                headers=response.headers,
                content=_Body(response, self, connection),
                extensions=extensions,
            )

    async def aclose(self) -> None:
        """Close every connection."""
        self._idle.clear()
        while self._open:
            await _close(self._open.popitem()[0])

    async def _connection(self, origin: httpcore.Origin) -> httpcore.AsyncConnectionInterface:
        key = origin.scheme, origin.host, origin.port
        idle = self._idle.get(key)
        while idle:
            connection = idle.pop()
            if connection.is_available() and not connection.has_expired():
                return connection
            await self._discard(connection)
        surplus = self._longest_idle() if len(self._open) >= self._most else None
        connection = self._maker.create_connection(origin)
        # Counted before anything is awaited: another request may come here in between.
        self._open[connection] = key
        if surplus is not None:
            try:
                await self._discard(surplus)
            except BaseException:
                # Cancelled by asyncio itself, which knows no shields: nobody will have it.
                del self._open[connection]
                raise
        return connection

    async def release(self, connection: httpcore.AsyncConnectionInterface) -> None:
        """Take a connection back, to be used again if that is possible."""
        key = self._open.get(connection)
        if key is None or not connection.is_idle():
            await self._discard(connection)
            return
        idle = self._idle.setdefault(key, deque())
        idle.append(connection)
        now = time.monotonic()
        if now - self._looked < _BETWEEN_LOOKS:
            return
        self._looked = now
        # Those that have lain idle longest: in time, none is kept too long.
        while idle and idle[0].has_expired():
            await self._discard(idle.popleft())

    def _longest_idle(self) -> httpcore.AsyncConnectionInterface | None:
        for key, idle in self._idle.items():
            if idle:
                longest = idle.popleft()
                if not idle:
                    del self._idle[key]
                return longest
        return None

    async def _discard(self, connection: httpcore.AsyncConnectionInterface) -> None:
        self._open.pop(connection, None)
        await _close(connection)


class _Body:
    """The body of an answer, which gives its connection back when it is closed."""

    def __init__(
        self, response: httpcore.Response, pool: Pool, connection: httpcore.AsyncConnectionInterface
    ) -> None:
        self._stream: Any = response.stream
        self._pool = pool
        self._connection: httpcore.AsyncConnectionInterface | None = connection

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            with _told_as_broken():
                async for part in cast("AsyncIterable[bytes]", self._stream):
                    yield part
        except BaseException:
            await self.aclose()
            raise

    async def aclose(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        with anyio.CancelScope(shield=True):
            try:
                if hasattr(self._stream, "aclose"):
                    await self._stream.aclose()
            finally:
                await self._pool.release(connection)


async def _close(connection: httpcore.AsyncConnectionInterface) -> None:
    with anyio.CancelScope(shield=True):
        await connection.aclose()


@contextmanager
def _told_as_broken() -> Generator[None]:
    """What is no TLS, in the middle of a connection: on asyncio httpcore lets that error through.

    While a connection is being opened it does not, so that here something may have arrived.
    """
    try:
        yield
    except ssl.SSLError as error:
        raise httpcore.ReadError(str(error)) from error


def _check_scheme(request: httpcore.Request) -> None:
    scheme = request.url.scheme
    if scheme not in (b"http", b"https"):
        raise httpcore.UnsupportedProtocol(
            f"Request URL has an unsupported protocol '{scheme.decode()}://'."
            if scheme
            else "Request URL is missing an 'http://' or 'https://' protocol."
        )
