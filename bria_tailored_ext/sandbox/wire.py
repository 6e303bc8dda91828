"""The wire itself: what an answer can do to its connection, with a socket and without."""

import asyncio
import socket
import struct
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final, Protocol, cast

import anyio
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

_EXTENSION: Final = "bria.wire"
# No lingering: what is unsent is dropped, and the peer gets a reset in place of an end.
_RESET_ON_CLOSE: Final = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class Wire(Protocol):
    """The connection under a request."""

    async def reset(self, receive: Receive, /) -> None:
        """Reset the connection."""
        ...

    async def close(self, receive: Receive, /) -> None:
        """Send what was written so far, and end the connection."""
        ...

    async def pause(self, seconds: float | None, receive: Receive, /) -> bool:
        """Wait, but no longer than client and server are there, and tell whether they still are.

        Args:
            seconds: Real seconds; `None` for as long as they are.
            receive: Tells when the client is gone.
        """
        ...


class _Socket:
    """A connection of the server's."""

    def __init__(self, protocol: H11Protocol, closing: asyncio.Event) -> None:
        self._protocol = protocol
        self._closing = closing

    async def reset(self, receive: Receive, /) -> None:
        transport = self._protocol.transport
        raw = cast("socket.socket", transport.get_extra_info("socket"))
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        transport.abort()
        await _gone(receive)

    async def close(self, receive: Receive, /) -> None:
        self._protocol.transport.close()
        await _gone(receive)

    async def pause(self, seconds: float | None, receive: Receive, /) -> bool:
        wait = anyio.sleep_forever if seconds is None else partial(anyio.sleep, seconds)
        return await _first_of(wait, partial(_gone, receive), self._closing.wait) == 0


class _NoSocket:
    """An application that is called without a server, as some tests do."""

    async def reset(self, _receive: Receive, /) -> None:
        raise ConnectionResetError("Reset by a fault of the sandbox")

    async def close(self, _receive: Receive, /) -> None:
        raise ConnectionAbortedError("Closed by a fault of the sandbox")

    async def pause(self, seconds: float | None, _receive: Receive, /) -> bool:
        await (anyio.sleep_forever() if seconds is None else anyio.sleep(seconds))
        return True


_NO_SOCKET: Final = _NoSocket()


def wire_of(scope: Scope) -> Wire:
    """Give the connection that a request came over."""
    found: Wire = scope.get("extensions", {}).get(_EXTENSION, _NO_SOCKET)
    return found


def protocol_with_wire(closing: asyncio.Event) -> type[H11Protocol]:
    """Make uvicorn's protocol tell the application its connection, as an ASGI extension.

    Args:
        closing: Set when the server begins to stop; pauses end then.
    """

    class WithWire(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self.app = _with_extension(self.app, _Socket(self, closing))

    return WithWire


def _with_extension(app: ASGIApp, wire: Wire) -> ASGIApp:
    async def extended(scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("extensions", {})[_EXTENSION] = wire
        await app(scope, receive, send)

    return extended


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _first_of(*waits: Callable[[], Awaitable[object]]) -> int:
    """Wait until one of these ends, and give its place."""
    ended: list[int] = []
    async with anyio.create_task_group() as group:

        async def until(place: int, wait: Callable[[], Awaitable[object]]) -> None:
            await wait()
            ended.append(place)
            group.cancel_scope.cancel()

        for place, wait in enumerate(waits):
            group.start_soon(until, place, wait)
    return ended[0]
