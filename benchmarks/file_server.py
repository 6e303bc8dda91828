"""A server of large files, in a process of its own: blocking sockets, a thread for each connection.

`GET /{size}?cut={n}` answers with so many bytes, and after n of them it hangs up. Ranges and
`If-Range` are honoured. The byte at each place is that of a block whose length fits no other, so
that a byte in a wrong place is found.
"""

from __future__ import annotations

import multiprocessing
import random
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection

BLOCK = random.Random(7).randbytes(2**20 + 7)  # noqa: S311 - no secret
ETAG = '"seven"'
_TWICE = memoryview(BLOCK + BLOCK)
_ASKED = re.compile(rb"GET /(\d+)(?:\?cut=(\d+))? ")
_RANGE = re.compile(rb"\r\nrange: bytes=(\d+)-\r\n", re.IGNORECASE)


def _send(connection: socket.socket, start: int, count: int) -> None:
    while count:
        at = start % len(BLOCK)
        piece = _TWICE[at : at + min(count, len(BLOCK))]
        connection.sendall(piece)
        start += len(piece)
        count -= len(piece)


def _answer(connection: socket.socket, request: bytes) -> bool:
    found = _ASKED.match(request)
    if found is None:
        return False
    size, cut = int(found[1]), int(found[2] or 0)
    part = _RANGE.search(request)
    start = int(part[1]) if part else 0
    status = "206 Partial Content" if part else "200 OK"
    headers = f"Content-Range: bytes {start}-{size - 1}/{size}\r\n" if part else ""
    head = f"HTTP/1.1 {status}\r\nETag: {ETAG}\r\n{headers}Content-Length: {size - start}\r\n\r\n"
    connection.sendall(head.encode())
    # Each cut falls behind the former one, so that so many of them make a whole.
    count = min(size - start, cut) if cut else size - start
    _send(connection, start, count)
    return count == size - start


def _serve(connection: socket.socket) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    pending = b""
    with connection, suppress(OSError):
        while True:
            while b"\r\n\r\n" not in pending:
                received = connection.recv(65536)
                if not received:
                    return
                pending += received
            request, _, pending = pending.partition(b"\r\n\r\n")
            if not _answer(connection, request + b"\r\n"):
                return


def _run(tell: Connection) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        tell.send(listener.getsockname()[1])
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=_serve, args=(connection,), daemon=True).start()


@contextmanager
def serving_files() -> Iterator[str]:
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
