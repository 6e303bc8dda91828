"""A server that answers every request alike and at once, in a process of its own.

It is as thin as asyncio allows, so that what is measured is the client.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

_BODY = b'{"status":"IN_PROGRESS","request_id":"0123456789abcdef"}'
_ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
    + str(len(_BODY)).encode()
    + b"\r\n\r\n"
    + _BODY
)


class _Answering(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._pending = b""

    def data_received(self, data: bytes) -> None:
        *heads, self._pending = (self._pending + data).split(b"\r\n\r\n")
        if heads and isinstance(self._transport, asyncio.Transport):
            self._transport.write(_ANSWER * len(heads))


async def _serve(tell: Connection) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Answering, "127.0.0.1", 0, backlog=4096)
    tell.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def _run(tell: Connection) -> None:
    asyncio.run(_serve(tell))


@contextmanager
def answering() -> Iterator[str]:
    """The origin of a running server."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(theirs,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()
        process.join()
