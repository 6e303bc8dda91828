"""What all tests share: both backends, a clock without waiting, a scripted network."""

from __future__ import annotations

import functools
import gc
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol, get_args

import anyio.lowlevel
import attrs
import certifi
import httpx
import pytest
import uvicorn
from hypothesis import settings

from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.edge import limiter
from bria_tailored_ext.sandbox import Sandbox, pictures
from bria_tailored_ext.sandbox.durations import Kind
from bria_tailored_ext.values.clock import SystemClock

# A busy machine is slow now and then; what a test takes says nothing of what it tests.
settings.register_profile("bria-tailored", deadline=None)
settings.load_profile("bria-tailored")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that runs the tests in the background makes all their children deaf to Ctrl-C too.
    signal.signal(signal.SIGINT, signal.default_int_handler)

TOKEN = "secret-token-of-the-tests"
ORIGIN = "https://bria.test"


def pytest_collection_finish() -> None:
    """Spare the garbage collector, which many tests run, the thousands of collected tests."""
    gc.collect()
    gc.freeze()


def pytest_runtest_teardown() -> None:
    """Forget all limiters: on a clock that stands still they would be kept, and looked through."""
    limiter._busy.clear()


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    backend: str = request.param
    return backend


@pytest.fixture(autouse=True)
def _no_account_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("BRIA_"):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True, scope="session")
def _quick_reading() -> Iterator[None]:
    """Remember what the sandbox read from a picture: a pure function, but a slow one."""
    with pytest.MonkeyPatch.context() as patch:
        quick = functools.lru_cache(maxsize=256)(pictures.read_picture)
        patch.setattr("bria_tailored_ext.sandbox.intake.read_picture", quick)
        yield


@pytest.fixture(autouse=True, scope="session")
def _few_authorities(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Trust one authority: reading all of them takes 25 ms per client, and no test meets any."""
    end = "-----END CERTIFICATE-----\n"
    first = Path(certifi.where()).read_text(encoding="utf-8").partition(end)[0] + end
    path = tmp_path_factory.mktemp("trust") / "authorities.pem"
    path.write_text(first, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(certifi, "where", lambda: str(path))
        yield


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
    listener.settimeout(0.02)
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


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's clock, hurried along: who sleeps an hour wakes at once, an hour later.

    For whole programs, which make their own clients.
    """
    ahead = [0.0]

    async def sleep(_clock: SystemClock, seconds: float) -> None:
        await anyio.sleep(min(seconds, 0.002))
        ahead[0] += seconds

    monkeypatch.setattr(SystemClock, "sleep", sleep)
    monkeypatch.setattr(SystemClock, "monotonic", lambda _clock: time.monotonic() + ahead[0])


@pytest.fixture
def ready_sandbox(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free_port: int
) -> Iterator[Sandbox]:
    """A sandbox in which everything is ready at once, for programs that read the environment.

    They run in an empty folder, and find in `WEBHOOK_URL` and `PORT` where they may listen.
    """
    kinds: tuple[Kind, ...] = get_args(Kind)
    with Sandbox(durations=dict.fromkeys(kinds, 0.0)) as sandbox:
        monkeypatch.setenv("BRIA_BASE_URL", sandbox.base_url)
        monkeypatch.setenv("BRIA_API_TOKEN", sandbox.api_token)
        monkeypatch.setenv("WEBHOOK_URL", f"http://127.0.0.1:{free_port}/bria/webhooks")
        monkeypatch.setenv("PORT", str(free_port))
        monkeypatch.chdir(tmp_path)
        yield sandbox


@pytest.fixture
def quick_sandbox(hurried: None, ready_sandbox: Sandbox) -> Sandbox:
    """The same, for programs that look at jobs: they do not wait before they look."""
    return ready_sandbox


class Serving(Protocol):
    """Serves an ASGI application by uvicorn, in a thread of its own, until the test ends."""

    def __call__(self, app: Any, port: int) -> str: ...


@contextmanager
def _served(app: Any, port: int) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def serving() -> Iterator[Serving]:
    with ExitStack() as running:

        def start(app: Any, port: int) -> str:
            return running.enter_context(_served(app, port))

        yield start
