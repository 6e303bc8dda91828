"""A server of jobs that keeps books, as thin as asyncio allows.

It serves loads that a sandbox, which checks every request, could not keep up with.
`POST /v2/image/generate/tailored` takes a job, whose length is drawn; `GET /v2/status/{id}` tells
of it. There is no limit.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

_JOB = "HTTP/1.1 {} \r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n"


class Books:
    """What was asked for and told; instants are those of the machine's monotonic clock."""

    def __init__(self, low: float, high: float, seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 - no secret
        self._length = partial(chance.uniform, low, high)
        self.ready: list[float] = []
        self.told: set[int] = set()
        self.looks = 0

    def submit(self) -> dict[str, Any]:
        """Take a job."""
        number = len(self.ready)
        self.ready.append(time.monotonic() + self._length())
        return {"request_id": f"{number:08x}"}

    def look(self, request_id: str) -> dict[str, Any]:
        """Tell of a job."""
        self.looks += 1
        number = int(request_id, 16)
        if self.ready[number] > time.monotonic():
            return {"status": "IN_PROGRESS", "request_id": request_id}
        self.told.add(number)
        result = {"image_url": f"http://127.0.0.1:9/{request_id}.png", "seed": number}
        return {"status": "COMPLETED", "result": result, "request_id": request_id}

    def judge(self, finished: dict[str, float]) -> dict[str, Any]:
        """What the books say of a contestant's run.

        Args:
            finished: When the contestant had each result, by request id.
        """
        lags = [at - self.ready[int(request_id, 16)] for request_id, at in finished.items()]
        return {"submits": len(self.ready), "looks": self.looks, "refused": 0, "lags": lags}


class _Jobs(asyncio.Protocol):
    """HTTP/1.1, no more of it than clients of jobs use."""

    def __init__(self, books: Books, origin: list[str]) -> None:
        self._books, self._origin = books, origin
        self._pending = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._pending += data
        while b"\r\n\r\n" in self._pending:
            head, _, rest = self._pending.partition(b"\r\n\r\n")
            _, found, length = head.lower().partition(b"content-length:")
            size = int(length.split(b"\r\n")[0]) if found else 0
            if len(rest) < size:
                return
            self._pending = rest[size:]
            self._answer(*head.split(b" ", 2)[:2])

    def _answer(self, method: bytes, path: bytes) -> None:
        if method == b"POST":
            status, told = "202 Accepted", self._books.submit()
            told["status_url"] = f"{self._origin[0]}/v2/status/{told['request_id']}"
        else:
            status, told = "200 OK", self._books.look(path.rsplit(b"/", 1)[-1].decode())
        body = json.dumps(told)
        if isinstance(self._transport, asyncio.Transport):
            self._transport.write((_JOB.format(status, len(body)) + body).encode())


async def _serve(tell: Connection, low: float, high: float, seed: int) -> None:
    loop = asyncio.get_running_loop()
    books, origin = Books(low, high, seed), [""]
    server = await loop.create_server(lambda: _Jobs(books, origin), "127.0.0.1", 0, backlog=4096)
    origin[0] = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    tell.send({"origin": origin[0], "token": "benchmark", "model": "7"})
    finished = await asyncio.to_thread(tell.recv)
    tell.send(books.judge(finished))
    server.close()


def serve_jobs(tell: Connection, low: float, high: float, seed: int) -> None:
    """Serve in this process until what was finished is received, then send the judgement."""
    asyncio.run(_serve(tell, low, high, seed))
