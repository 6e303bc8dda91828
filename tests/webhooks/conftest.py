"""Deliveries as Bria signs them, and a receiver that is reached in one step or over a socket."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

import attrs
import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bria_tailored_ext.rules.signatures import SigningKey
from bria_tailored_ext.webhooks import WebhookReceiver

if TYPE_CHECKING:
    from tests.conftest import VirtualClock

PATH = "/bria/webhooks"
URL = f"https://hooks.test{PATH}"
TOKEN = "secret-token-of-the-tests"


@attrs.frozen(kw_only=True)
class Delivery:
    """One request as Bria would send it."""

    headers: dict[str, str]
    body: bytes

    def but(self, **changed: str | None) -> Delivery:
        """With other headers; `None` leaves one out."""
        named = {f"Bria-Webhook-{name.title()}": value for name, value in changed.items()}
        headers = {**self.headers, **named}
        return attrs.evolve(
            self, headers={name: value for name, value in headers.items() if value is not None}
        )


@attrs.frozen
class Bria:
    """Signs deliveries, at the time of the test's clock."""

    clock: VirtualClock

    def sends(
        self,
        request_id: str = "7f3c",
        body: object = None,
        *,
        token: str = TOKEN,
        age: float = 0.0,
    ) -> Delivery:
        """A delivery; without a body, of a finished picture."""
        if body is None:
            result = {"image_url": f"https://cdn.test/{request_id}.png", "seed": 3}
            body = {"status": "COMPLETED", "request_id": request_id, "result": result}
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        timestamp = str(int(self.clock.now().timestamp() - age))
        signature = SigningKey.of(token).sign(request_id, timestamp, raw)
        headers = {
            "Bria-Webhook-Id": request_id,
            "Bria-Webhook-Timestamp": timestamp,
            "Bria-Webhook-Signature": f"v1={signature}",
        }
        return Delivery(headers=headers, body=raw)


@pytest.fixture
def sent_by_bria(clock: VirtualClock) -> Bria:
    return Bria(clock)


@pytest.fixture
def receiver(clock: VirtualClock) -> WebhookReceiver:
    return WebhookReceiver(URL, tokens=TOKEN, clock=clock)


@attrs.define
class Answer:
    """What the application answered, and how much of the request it read."""

    status: int | None = None
    headers: Mapping[bytes, bytes] = attrs.field(factory=dict)
    messages_read: int = 0


async def ask(
    app: WebhookReceiver,
    delivery: Delivery,
    *,
    pieces: list[bytes] | None = None,
    hang_up: bool = False,
    **scope: Any,
) -> Answer:
    """One request, without a server around it."""
    answer = Answer()
    sent = [delivery.body] if pieces is None else pieces
    messages = [{"type": "http.request", "body": each, "more_body": True} for each in sent]
    if hang_up:
        messages.append({"type": "http.disconnect"})
    else:
        messages[-1]["more_body"] = False

    async def receive() -> dict[str, Any]:
        answer.messages_read += 1
        return messages[answer.messages_read - 1]

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            assert answer.status is None
            answer.status = message["status"]
            answer.headers = dict(message["headers"])

    headers = [(name.lower().encode(), value.encode()) for name, value in delivery.headers.items()]
    whole = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "path": PATH,
        "root_path": "",
        **scope,
        "headers": [*headers, *scope.get("headers", ())],
    }
    await app(whole, receive, send)
    return answer


Ask: TypeAlias = Callable[..., Any]


@pytest.fixture(name="ask")
def _ask() -> Ask:
    return ask


@contextmanager
def _serving(app: Any, port: int) -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", port))
    config = uvicorn.Config(
        app, log_config=None, access_log=False, ws="none", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.002)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


class Serve(Protocol):
    """Serves an application and gives its address."""

    def __call__(self, app: Any, port: int = 0) -> str: ...


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serves an application with uvicorn, in a thread and an event loop of its own."""
    with ExitStack() as running:

        def start(app: Any, port: int = 0) -> str:
            return running.enter_context(_serving(app, port))

        yield start


When: TypeAlias = Literal["before the answer", "after the answer", "twice", "never"]


class Calling:
    """A Bria that carries jobs out, says nothing in its status, and calls back.

    Attributes:
        when: When it calls back.
        polls: The jobs that it was asked about.
        answers: What its deliveries were answered.
        base_url: Where it listens.
    """

    def __init__(self) -> None:
        self.when: When = "after the answer"
        self.polls: list[str] = []
        self.answers: list[int] = []
        self.base_url = ""
        self._count = 0
        self._calls: set[asyncio.Task[None]] = set()
        self.app = Starlette(
            lifespan=self._lifespan,
            routes=[
                Route("/v2/image/generate/tailored", self._submit, methods=["POST"]),
                Route("/v2/status/{request_id}", self._status),
            ],
        )

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        async with httpx.AsyncClient() as self._http:
            yield

    async def _submit(self, request: Request) -> JSONResponse:
        self._count += 1
        request_id = f"job-{self._count}"
        url = (await request.json())["webhook_url"]
        if self.when == "before the answer":
            await self._call(url, request_id)
        elif self.when != "never":
            call = asyncio.create_task(self._call(url, request_id, after=0.05))
            self._calls.add(call)
            call.add_done_callback(self._calls.discard)
        accepted = {
            "request_id": request_id,
            "status_url": f"{self.base_url}/v2/status/{request_id}",
        }
        return JSONResponse(accepted, 202)

    async def _status(self, request: Request) -> JSONResponse:
        self.polls.append(request.path_params["request_id"])
        return JSONResponse({"status": "IN_PROGRESS", "request_id": self.polls[-1]})

    async def _call(self, url: str, request_id: str, after: float = 0.0) -> None:
        await asyncio.sleep(after)
        body = json.dumps(
            {
                "status": "COMPLETED",
                "request_id": request_id,
                "result": {"image_url": f"https://cdn.test/{request_id}.png"},
            }
        ).encode()
        timestamp = str(int(time.time()))
        signature = SigningKey.of(TOKEN).sign(request_id, timestamp, body)
        headers = {
            "Bria-Webhook-Id": request_id,
            "Bria-Webhook-Timestamp": timestamp,
            "Bria-Webhook-Signature": f"v1={signature}",
        }
        for _ in range(2 if self.when == "twice" else 1):
            sent = await self._http.post(url, content=body, headers=headers)
            self.answers.append(sent.status_code)


@pytest.fixture
def calling(serve: Serve) -> Calling:
    server = Calling()
    server.base_url = serve(server.app)
    return server
