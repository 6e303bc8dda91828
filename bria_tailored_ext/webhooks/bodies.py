"""Reading the body of a request that anybody may have sent."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, TypeAlias

import anyio

Message: TypeAlias = MutableMapping[str, Any]
Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
RawHeaders: TypeAlias = Iterable[tuple[bytes, bytes]]

TOO_SLOW = 10.0
"""Seconds. Bria gives up on a delivery that is not answered by then."""


class Refused(Exception):
    """A request that is not taken.

    Attributes:
        status: What to answer; `None` where nobody is there any more.
        reason: Why, for the log; nothing of the body.
    """

    def __init__(self, status: int | None, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Bodies:
    """Reads bodies, none larger than a limit, and all that are under way at once within another.

    Args:
        most: The bytes of one.
        most_together: The bytes of all that are being read.
        patience: The seconds that one may take to arrive.
    """

    def __init__(self, *, most: int, most_together: int, patience: float) -> None:
        self._most = most
        self._most_together = most_together
        self._patience = patience
        self._held = 0
        self._lock = threading.Lock()

    async def read(self, headers: RawHeaders, receive: Receive) -> bytes:
        """Read one whole.

        Raises:
            Refused: It is too large, too slow, or broke off; or too many are being read.
        """
        if _announced(headers) > self._most:
            raise self._too_large()
        body = bytearray()
        try:
            with anyio.fail_after(self._patience):
                await self._fill(body, receive)
        except TimeoutError:
            raise Refused(408, f"its body took more than {self._patience:.0f} s") from None
        finally:
            self._hold(-len(body))
        return bytes(body)

    async def _fill(self, body: bytearray, receive: Receive) -> None:
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Refused(None, "the sender hung up before all of its body had come")
            piece: bytes = message.get("body", b"")
            if len(body) + len(piece) > self._most:
                raise self._too_large()
            body += piece
            if self._hold(len(piece)) > self._most_together:
                raise Refused(503, "too many deliveries are being read at once")
            if not message.get("more_body", False):
                return

    def _hold(self, change: int) -> int:
        with self._lock:
            self._held += change
            return self._held

    def _too_large(self) -> Refused:
        return Refused(413, f"its body is larger than {self._most} bytes")


def _announced(headers: RawHeaders) -> int:
    for name, value in headers:
        # A number that no int can be read from is refused by the server, or is simply too long.
        if name.lower() == b"content-length" and value.isdigit():
            return int(value[:19])
    return 0


async def respond(send: Send, status: int, headers: RawHeaders = ()) -> None:
    """Answer without a body; a sender that is gone is no failure of ours."""
    start = [(b"content-length", b"0"), *headers]
    try:
        await send({"type": "http.response.start", "status": status, "headers": start})
        await send({"type": "http.response.body", "body": b""})
    except OSError:
        pass
