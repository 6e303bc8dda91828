"""What the tests of the edge share: time that several tasks live in, and a hostile server."""

from __future__ import annotations

import gc
import heapq
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import count

import anyio
import anyio.lowlevel
import pytest

SETTLING = 60
"""Turns of the event loop after which every task has done what it can do now."""


@pytest.fixture(autouse=True, scope="session")
def _what_was_before() -> None:
    """Spare the garbage collector, which these tests call often, what earlier tests left."""
    gc.collect()
    gc.freeze()


class Timeline:
    """A clock for several tasks: when all of them sleep, it jumps to the next that wakes."""

    def __init__(self) -> None:
        self._seconds = 1000.0
        self._sleepers: list[tuple[float, int, anyio.Event]] = []
        self._numbers = count()

    def monotonic(self) -> float:
        return self._seconds

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self._seconds)

    async def sleep(self, seconds: float) -> None:
        woken = anyio.Event()
        heapq.heappush(self._sleepers, (self._seconds + seconds, next(self._numbers), woken))
        await woken.wait()

    async def settle(self) -> None:
        """Let every task do what it can do without more time."""
        for _ in range(SETTLING):
            await anyio.lowlevel.checkpoint()

    async def run(self, tasks: Callable[[], int]) -> None:
        """Pass the time until no task is left, as `tasks` counts them."""
        await self.settle()
        while tasks():
            assert self._sleepers, "everybody waits, and nobody for the time"
            at, _, woken = heapq.heappop(self._sleepers)
            self._seconds = max(self._seconds, at)
            woken.set()
            await self.settle()

    async def together(self, *calls: Callable[[], Awaitable[object]]) -> None:
        """Start these in their order, and pass the time until all are done."""
        left = len(calls)

        async def one(call: Callable[[], Awaitable[object]]) -> None:
            nonlocal left
            try:
                await call()
            finally:
                left -= 1

        async with anyio.create_task_group() as group:
            for call in calls:
                group.start_soon(one, call)
                await anyio.lowlevel.checkpoint()
                await anyio.lowlevel.checkpoint()
            await self.run(lambda: left)


@pytest.fixture
def timeline() -> Timeline:
    return Timeline()


class FastClock:
    """Real time, a thousand times faster: for the tests where threads meet."""

    def monotonic(self) -> float:
        return time.monotonic() * 1000

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await anyio.sleep(seconds / 1000)


@pytest.fixture
def fast_clock() -> FastClock:
    return FastClock()


Answer = Callable[[socket.socket], bool]
"""Answers one request; whether the connection may serve another."""


class Hostile:
    """A server of threads that does what it is told with each request.

    Attributes:
        url: Where it listens.
        requests: The heads of the requests that arrived whole, with their bodies.
    """

    def __init__(self, listener: socket.socket) -> None:
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self.requests: list[bytes] = []
        self.stopped = threading.Event()
        self._answers: list[Answer] = []

    def script(self, *answers: Answer) -> None:
        """Answer by this list; its last step answers all that follows."""
        self._answers = list(answers)

    def next_answer(self) -> Answer:
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]

    def says(self, raw: bytes, *, keep: bool = False) -> Answer:
        """Send these bytes, and close unless told to keep the connection."""

        def answer(connection: socket.socket) -> bool:
            connection.sendall(raw)
            return keep

        return answer

    def json(self, body: bytes = b"[]", status: str = "200 OK", headers: str = "") -> Answer:
        """A sound answer on a connection that is kept."""
        head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{headers}"
        return self.says(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body, keep=True)

    def resets(self, first: bytes = b"") -> Answer:
        """Send these bytes, then a reset."""

        def answer(connection: socket.socket) -> bool:
            if first:
                connection.sendall(first)
                time.sleep(0.02)
            linger = b"\1\0\0\0\0\0\0\0"
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            return False

        return answer

    def stalls(self, first: bytes = b"") -> Answer:
        """Send these bytes, then nothing more."""

        def answer(connection: socket.socket) -> bool:
            if first:
                connection.sendall(first)
            self.stopped.wait(5)
            return False

        return answer

    def trickles(self, raw: bytes) -> Answer:
        """Send these bytes one by one."""

        def answer(connection: socket.socket) -> bool:
            for byte in raw:
                connection.sendall(bytes([byte]))
                time.sleep(0.001)
            return True

        return answer


def read_request(connection: socket.socket) -> bytes:
    """One whole request, or what came before the connection ended."""
    received = b""
    while b"\r\n\r\n" not in received:
        chunk = connection.recv(65536)
        if not chunk:
            return b""
        received += chunk
    head, _, body = received.partition(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    while len(body) < length:
        chunk = connection.recv(65536)
        if not chunk:
            return b""
        body += chunk
    return head + b"\r\n\r\n" + body


def _serve(hostile: Hostile, connection: socket.socket) -> None:
    connection.settimeout(10)
    with connection, suppress(OSError):
        while not hostile.stopped.is_set() and (request := read_request(connection)):
            hostile.requests.append(request)
            if not hostile.next_answer()(connection):
                return


def _accept(
    hostile: Hostile, listener: socket.socket, wrap: Callable[[socket.socket], socket.socket]
) -> None:
    served: list[threading.Thread] = []
    while not hostile.stopped.is_set():
        try:
            connection = wrap(listener.accept()[0])
        except OSError:
            continue
        served.append(threading.Thread(target=_serve, args=(hostile, connection), daemon=True))
        served[-1].start()


@contextmanager
def running(wrap: Callable[[socket.socket], socket.socket] = lambda raw: raw) -> Iterator[Hostile]:
    """A hostile server, and its end."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
        listener.settimeout(0.02)
        hostile = Hostile(listener)
        thread = threading.Thread(target=_accept, args=(hostile, listener, wrap))
        thread.start()
        try:
            yield hostile
        finally:
            hostile.stopped.set()
            thread.join()


@pytest.fixture
def hostile() -> Iterator[Hostile]:
    with running() as server:
        yield server


@pytest.fixture
def stranger() -> Iterator[Hostile]:
    """Another origin."""
    with running() as server:
        yield server


@pytest.fixture(
    params=[("asyncio", "httpx"), ("trio", "httpx"), ("asyncio", "aiohttp")],
    ids=lambda each: "-".join(each),
)
def on_sockets(request: pytest.FixtureRequest) -> tuple[str, str]:
    """An event loop and an HTTP backend that fit each other."""
    pair: tuple[str, str] = request.param
    return pair
