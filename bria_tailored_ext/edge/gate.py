"""A gate in front of the connection pool.

Everything that must wait for a connection waits here, where waiting and cancelling cost nothing: no
more is let through than the pool behind it has connections.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
from math import inf
from types import TracebackType
from typing import cast

import anyio
import httpx

from bria_tailored_ext.edge import guard

LARGEST_ANSWER = 256 * 2**20
"""Bytes, unpacked, of an answer that is read whole. What is larger is no answer of Bria's."""

LEAVE = "leave"
"""The request extension to be awaited by a request that had to wait here, before it leaves."""

WHOLE = "whole"
"""The request extension with the seconds in which the answer must be here.

The whole of it; of one that is streamed, its headers.
"""

STREAM = "stream"
"""The request extension that leaves the answer's body to the caller."""


class Gate:
    """Lets so many through at once, first come, first served."""

    def __init__(self, limit: int) -> None:
        self._free = limit
        self._waiting: deque[anyio.Event] = deque()

    @property
    def is_open(self) -> bool:
        """Whether the next to come need not wait."""
        return self._free > 0 and not self._waiting

    async def __aenter__(self) -> None:
        """Come in, after those who came before."""
        if self.is_open:
            self._free -= 1
            return
        turn = anyio.Event()
        self._waiting.append(turn)
        try:
            await turn.wait()
        except BaseException:
            if turn.is_set():
                # The place was already given to this waiter: hand it on.
                self.leave()
            else:
                self._waiting.remove(turn)
            raise

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Go out, and let the next in."""
        self.leave()

    def leave(self) -> None:
        """Give the place to the next in line, or back."""
        if self._waiting:
            self._waiting.popleft().set()
        else:
            self._free += 1


def looks_at_once(max_in_flight: int) -> int:
    """How many of the requests in flight may be looks at jobs."""
    return max(1, max_in_flight // 5)


class GatedTransport(httpx.AsyncBaseTransport):
    """Holds a place of a gate from the start of a request to the end of its answer.

    Looks at jobs pass a gate of their own, so that slow uploads never hold them up.

    Args:
        inner: The backend.
        max_in_flight: Requests at once, both gates together; 2 at least.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, max_in_flight: int) -> None:
        self._inner = inner
        looks = looks_at_once(max_in_flight)
        self._looks = Gate(looks)
        self._others = Gate(max_in_flight - looks)
        self._is_closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; unless it is streamed, its answer is read whole before this returns."""
        is_look = request.method == "GET" and request.url.path.startswith("/v2/status/")
        gate = self._looks if is_look else self._others
        had_to_wait = not gate.is_open
        await gate.__aenter__()
        try:
            if had_to_wait and LEAVE in request.extensions:
                await request.extensions[LEAVE]()
            if self._is_closed:
                # A backend would open a connection that nobody closes any more.
                raise RuntimeError("The client was closed before this request could leave.")
            response = await self._answer(request)
        except BaseException:
            gate.leave()
            raise
        if request.extensions.get(STREAM):
            body = cast("httpx.AsyncByteStream", response.stream)
            response.stream = _HeldStream(body, gate)
        else:
            gate.leave()
        return response

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        seconds: float = request.extensions.get(WHOLE, inf)
        guard.watch(request, self._inner)
        with anyio.move_on_after(seconds):
            response = await self._inner.handle_async_request(request)
            if not request.extensions.get(STREAM):
                await _read(response)
            return response
        raise httpx.ReadTimeout(f"not answered in full after {seconds:g} s", request=request)

    async def aclose(self) -> None:
        """Close the backend. What still waits does not leave any more."""
        self._is_closed = True
        await self._inner.aclose()


class _HeldStream(httpx.AsyncByteStream):
    """A streamed body that gives its place back when it is closed."""

    def __init__(self, inner: httpx.AsyncByteStream, gate: Gate) -> None:
        self._inner = inner
        self._gate: Gate | None = gate

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._inner:
            yield chunk

    async def aclose(self) -> None:
        gate, self._gate = self._gate, None
        try:
            await self._inner.aclose()
        finally:
            if gate is not None:
                gate.leave()


async def _read(response: httpx.Response) -> None:
    try:
        pieces: list[bytes] = []
        size = 0
        async for piece in response.aiter_bytes():
            size += len(piece)
            if size > LARGEST_ANSWER:
                raise httpx.DecodingError(f"the answer is larger than {LARGEST_ANSWER} bytes")
            pieces.append(piece)
        content = b"".join(pieces)
        # What `aread` does, which knows no bounds.
        vars(response)["_content"] = content
        # The backend's is done with, and holds what belongs to the connection.
        response.stream = httpx.ByteStream(content)
    except BaseException:
        # Else its connection would stay taken: nobody above has seen this response.
        with anyio.CancelScope(shield=True):
            await response.aclose()
        raise
