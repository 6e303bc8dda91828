"""The receiver behind a real server: what the internet sends, and what it costs."""

from __future__ import annotations

import socket
import time
import tracemalloc
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

import anyio
import anyio.to_thread
import httpx
import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from bria_tailored_ext.webhooks import WebhookReceiver

if TYPE_CHECKING:
    from tests.conftest import VirtualClock
    from tests.webhooks.conftest import Bria, Delivery, Serve

pytestmark = pytest.mark.anyio

PATH = "/bria/webhooks"
URL = f"https://hooks.test{PATH}"
TOKEN = "secret-token-of-the-tests"
MEGABYTE = 2**20


class Poster(Protocol):
    """Posts a delivery and gives the status of the answer."""

    async def __call__(self, url: str, delivery: Delivery) -> int: ...


@pytest.fixture
async def post() -> AsyncIterator[Poster]:
    async with httpx.AsyncClient() as http:

        async def posted(url: str, delivery: Delivery) -> int:
            sent = await http.post(url, content=delivery.body, headers=delivery.headers)
            return sent.status_code

        yield posted


def by_hand(base: str, delivery: Delivery, length: int | None, body: bytes) -> socket.socket:
    """A request that says what it likes about its length; without one it is chunked."""
    parts = urlsplit(base)
    connection = socket.create_connection((parts.hostname, parts.port or 0), timeout=5)
    how = f"Content-Length: {length}" if length is not None else "Transfer-Encoding: chunked"
    headers = "".join(f"{name}: {value}\r\n" for name, value in delivery.headers.items())
    head = f"POST {PATH} HTTP/1.1\r\nHost: hooks.test\r\n{headers}{how}\r\n\r\n"
    connection.sendall(head.encode() + body)
    return connection


def status_of(connection: socket.socket) -> int:
    """The status that is answered; 0 if the server hangs up instead."""
    try:
        line = connection.recv(65536).split(b"\r\n")[0]
    except ConnectionResetError:
        return 0
    return int(line.split()[1]) if line else 0


async def test_it_is_served_alone(
    receiver: WebhookReceiver, serve: Serve, sent_by_bria: Bria, post: Poster
) -> None:
    """By uvicorn, with nothing around it; at its own path alone."""
    base = serve(receiver)

    assert await post(base + PATH, sent_by_bria.sends("7f3c")) == 200
    assert await post(base, sent_by_bria.sends("8a4d")) == 404
    assert await post(base + "/elsewhere", sent_by_bria.sends("9b5e")) == 404
    assert await post(base + PATH, sent_by_bria.sends("9b5e", token="another")) == 401
    assert receiver.delivered("7f3c") is not None
    assert receiver.delivered("8a4d") is None
    assert receiver.delivered("9b5e") is None


def starlette_mount(receiver: WebhookReceiver) -> Any:
    return Starlette(routes=[Mount("/sub", receiver)])


def starlette_deep(receiver: WebhookReceiver) -> Any:
    return Starlette(routes=[Mount("/api", routes=[Mount("/sub", receiver)])])


def starlette_route(receiver: WebhookReceiver) -> Any:
    return Starlette(routes=[Route(PATH, receiver)])


def fastapi_mount(receiver: WebhookReceiver) -> Any:
    app = FastAPI()
    app.mount("/sub", receiver)
    return app


def fastapi_route(receiver: WebhookReceiver) -> Any:
    app = FastAPI()
    app.router.routes.append(Route(PATH, receiver))
    return app


@pytest.mark.parametrize(
    ("mounted", "path"),
    [
        (starlette_mount, "/sub/"),
        (starlette_mount, "/sub" + PATH),
        (starlette_deep, "/api/sub/"),
        (starlette_route, PATH),
        (fastapi_mount, "/sub/"),
        (fastapi_route, PATH),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
async def test_it_is_mounted_in_an_application(
    receiver: WebhookReceiver,
    serve: Serve,
    sent_by_bria: Bria,
    post: Poster,
    mounted: Any,
    path: str,
) -> None:
    """Wherever the application has it, without more settings."""
    base = serve(mounted(receiver))

    assert await post(base + path, sent_by_bria.sends("7f3c")) == 200
    assert await post(base + path, sent_by_bria.sends("8a4d", token="another")) == 401
    assert receiver.delivered("7f3c") is not None


async def test_a_flood_of_bad_signatures_does_not_hide_the_good(
    receiver: WebhookReceiver, serve: Serve, sent_by_bria: Bria, post: Poster
) -> None:
    """Each is refused, none is remembered, and what Bria sends in between is taken at once."""
    base = serve(receiver)
    forged = sent_by_bria.sends("7f3c", token="guessed")
    answers: list[int] = []
    seconds: list[float] = []

    async def flood() -> None:
        for _ in range(15):
            answers.append(await post(base + PATH, forged))

    async with anyio.create_task_group() as tasks:
        for _ in range(10):
            tasks.start_soon(flood)
        for number in range(20):
            good = sent_by_bria.sends(f"job {number}")
            begin = time.perf_counter()
            assert await post(base + PATH, good) == 200
            seconds.append(time.perf_counter() - begin)

    assert answers == [401] * 150
    assert receiver.delivered("7f3c") is None
    assert all(receiver.delivered(f"job {number}") is not None for number in range(20))
    # Bria waits for 10 s. This is all of it: connecting, and the flood's share of this process.
    assert max(seconds) < 10


async def test_replays_are_answered_until_they_are_stale(
    receiver: WebhookReceiver, serve: Serve, sent_by_bria: Bria, post: Poster, clock: VirtualClock
) -> None:
    """Within the window a replay cannot be told from Bria's own repetition, and does nothing."""
    base = serve(receiver)
    heard: list[str] = []
    receiver.attach(lambda request_id, _body: heard.append(request_id))
    captured = sent_by_bria.sends("7f3c")

    within = [await post(base + PATH, captured) for _ in range(20)]
    clock.advance(301)
    after = [await post(base + PATH, captured) for _ in range(5)]
    await anyio.sleep(0.01)

    assert (within, after, heard) == ([200] * 20, [401] * 5, ["7f3c"])


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_truncated_delivery_is_nothing(
    receiver: WebhookReceiver, serve: Serve, sent_by_bria: Bria, post: Poster, chunked: bool
) -> None:
    """The connection broke in the middle of it: Bria will try again."""
    base = serve(receiver)
    delivery = sent_by_bria.sends("7f3c")
    half = delivery.body[: len(delivery.body) // 2]
    if chunked:
        by_hand(base, delivery, None, b"%x\r\n%b\r\n" % (len(half), half)).close()
    else:
        by_hand(base, delivery, len(delivery.body), half).close()

    assert receiver.delivered("7f3c") is None
    assert await post(base + PATH, delivery) == 200
    assert receiver.delivered("7f3c") is not None


async def test_a_body_of_100_megabytes_is_refused_in_little_memory(
    receiver: WebhookReceiver, serve: Serve, sent_by_bria: Bria, post: Poster
) -> None:
    """Whether it says so beforehand or not, nobody keeps it."""
    base = serve(receiver)
    delivery = sent_by_bria.sends()
    piece = b" " * 65536
    chunk = b"10000\r\n" + piece + b"\r\n"

    def send(length: int | None) -> int:
        with by_hand(base, delivery, length, b"") as connection:
            try:
                for _ in range(1600):
                    connection.sendall(chunk if length is None else piece)
            except (BrokenPipeError, ConnectionResetError):
                pass
            return status_of(connection)

    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        answers = [await anyio.to_thread.run_sync(send, length) for length in (None, 104857600)]
        peak = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()

    # 0: it hung up while the body was still coming, which the sender may see first.
    assert set(answers) <= {413, 0}
    assert peak < 5 * MEGABYTE
    assert await post(base + PATH, delivery) == 200


async def test_slow_bodies_hold_nobody_up(
    receiver: WebhookReceiver, serve: Serve, sent_by_bria: Bria, post: Poster
) -> None:
    """A hundred that never end, and the next delivery is answered at once."""
    base = serve(receiver)
    forged = sent_by_bria.sends("7f3c", token="guessed")
    slow = [by_hand(base, forged, 1000, b"{") for _ in range(100)]
    try:
        begin = time.perf_counter()
        assert await post(base + PATH, sent_by_bria.sends("8a4d")) == 200
        assert time.perf_counter() - begin < 10
    finally:
        for connection in slow:
            connection.close()
