"""What all tests share: both backends, a clock without waiting, a scripted network."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import anyio.lowlevel
import attrs
import httpx
import pytest
from hypothesis import settings

from bria_tailored_ext.client.tailored_client import TailoredClient

# A busy machine is slow now and then; what a test takes says nothing of what it tests.
settings.register_profile("bria-tailored", deadline=None)
settings.load_profile("bria-tailored")

TOKEN = "secret-token-of-the-tests"
ORIGIN = "https://bria.test"


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    backend: str = request.param
    return backend


@pytest.fixture(autouse=True)
def _no_account_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("BRIA_"):
            monkeypatch.delenv(name)


class VirtualClock:
    """A clock that only sleeping moves, and that never really waits.

    Attributes:
        slept: The length of each sleep, in seconds.
        on_sleep: Called with the seconds of each sleep, to move other clocks along.
    """

    def __init__(self) -> None:
        self._seconds = 5000.0
        self.slept: list[float] = []
        self.on_sleep: list[Callable[[float], None]] = []

    def monotonic(self) -> float:
        return self._seconds

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self._seconds)

    def advance(self, seconds: float) -> None:
        self._seconds += seconds
        for moved in self.on_sleep:
            moved(seconds)

    async def sleep(self, seconds: float) -> None:
        assert 0 <= seconds < 1e9, f"a sleep of {seconds} seconds"
        self.slept.append(seconds)
        self.advance(seconds)
        await anyio.lowlevel.checkpoint()


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@attrs.frozen
class Seen:
    """One request as it would have left the machine."""

    method: str
    url: httpx.URL
    headers: httpx.Headers
    body: bytes


class ScriptedNetwork(httpx.AsyncBaseTransport):
    """A network that answers by a list; its last step answers all that follows."""

    def __init__(self, *steps: Callable[[httpx.Request], httpx.Response]) -> None:
        self._steps = list(steps)
        self.seen: list[Seen] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        self.seen.append(Seen(request.method, request.url, httpx.Headers(request.headers), body))
        await anyio.lowlevel.checkpoint()
        step = self._steps.pop(0) if len(self._steps) > 1 else self._steps[0]
        return step(request)

    @property
    def asked(self) -> list[str]:
        """What was asked for, as `GET /path`."""
        return [f"{each.method} {each.url.path}" for each in self.seen]


Step = Callable[[httpx.Request], httpx.Response]


class Script:
    """The words that a scripted network is written in."""

    token = TOKEN
    origin = ORIGIN

    def network(self, *steps: Step) -> ScriptedNetwork:
        return ScriptedNetwork(*steps)

    def answer(self, status: int, body: object = None, **headers: str) -> Step:
        """Answer with JSON, or with bytes as they are."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if isinstance(body, bytes):
            return lambda _request: httpx.Response(status, content=body, headers=named)
        return lambda _request: httpx.Response(status, json=body, headers=named)

    def fail(self, kind: type[httpx.TransportError], words: str = "it broke") -> Step:
        """Fail as httpx does."""

        def failing(request: httpx.Request) -> httpx.Response:
            raise kind(words, request=request)

        return failing

    def client(self, network: httpx.AsyncBaseTransport, **settings: Any) -> TailoredClient:
        """A client over that network."""
        given = {"api_token": TOKEN, "base_url": ORIGIN, "clock": VirtualClock(), **settings}
        return TailoredClient(transport=network, **given)


@pytest.fixture
def script() -> Script:
    return Script()


class Misbehaving(Protocol):
    """Starts a server that sends these bytes to every request and closes."""

    def __call__(self, raw: bytes) -> str: ...


@contextmanager
def _serving(raw: bytes) -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)
    stopped = threading.Event()

    def serve() -> None:
        while not stopped.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            with connection:
                connection.settimeout(5)
                _read_request(connection)
                if raw:
                    connection.sendall(raw)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stopped.set()
        thread.join()
        listener.close()


def _read_request(connection: socket.socket) -> None:
    received = b""
    while b"\r\n\r\n" not in received:
        chunk = connection.recv(65536)
        if not chunk:
            return
        received += chunk
    head, _, body = received.partition(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    while len(body) < length:
        body += connection.recv(65536)


@pytest.fixture
def misbehaving() -> Iterator[Misbehaving]:
    with ExitStack() as running:

        def start(raw: bytes) -> str:
            return running.enter_context(_serving(raw))

        yield start


@pytest.fixture
def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
