"""Servers that answer every request alike and at once, in a process of their own.

They are as thin as asyncio allows, so that what is measured is the client.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from multiprocessing.connection import Connection


def _ok(body: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
    return head + str(len(body)).encode() + b"\r\n\r\n" + body


_LOOK = _ok(b'{"status":"IN_PROGRESS","request_id":"0123456789abcdef"}')
_TAKEN = _ok(b'{"id":1,"dataset_id":1,"visual_schema":"{}"}')


class _Answering(asyncio.Protocol):
    """Answers requests without bodies."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._pending = b""

    def data_received(self, data: bytes) -> None:
        *heads, self._pending = (self._pending + data).split(b"\r\n\r\n")
        if heads and isinstance(self._transport, asyncio.Transport):
            self._transport.write(_LOOK * len(heads))


class _Taking(asyncio.Protocol):
    """Takes requests with bodies of a known length, counts their bytes, and forgets them."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._head = b""
        self._left = 0

    def data_received(self, data: bytes) -> None:
        if not self._left:
            head, end, data = (self._head + data).partition(b"\r\n\r\n")
            self._head = b"" if end else head
            if not end:
                return
            self._left = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        self._left -= len(data)
        if not self._left and isinstance(self._transport, asyncio.Transport):
            self._transport.write(_TAKEN)


async def _serve(protocol: type[asyncio.Protocol], tell: Connection) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(protocol, "127.0.0.1", 0, backlog=4096)
    tell.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def _run(protocol: type[asyncio.Protocol], tell: Connection) -> None:
    asyncio.run(_serve(protocol, tell))


@contextmanager
def _running(protocol: type[asyncio.Protocol]) -> Iterator[str]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(protocol, theirs), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()
        process.join()


def answering() -> AbstractContextManager[str]:
    """The origin of a running server for requests without bodies."""
    return _running(_Answering)


def taking() -> AbstractContextManager[str]:
    """The origin of a running server for uploads."""
    return _running(_Taking)
