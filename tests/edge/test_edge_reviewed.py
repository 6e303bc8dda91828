"""What a review found, so that it does not come back."""

from __future__ import annotations

import gc
import json
import pickle
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import anyio
import httpx
import pytest

from bria_tailored_ext import (
    BriaConnectionError,
    ImageRequest,
    Plan,
    RetryPolicy,
    SubmitOutcomeUnknown,
    TailoredClient,
)
from bria_tailored_ext.edge.limiter import limiter_for
from bria_tailored_ext.rules.answers import Answer, error_for
from bria_tailored_ext.values.configuration import Account

if TYPE_CHECKING:
    from tests.conftest import Script, VirtualClock

IMAGE = ImageRequest(tailored_model_id="7", prompt="a cup")


@pytest.mark.anyio
async def test_the_window_outlives_the_client(script: Script, clock: VirtualClock) -> None:
    """A client for each call is ordinary use, and the plan holds over all of them."""
    starts: list[float] = []

    def answer(_request: httpx.Request) -> httpx.Response:
        starts.append(clock.monotonic())
        return httpx.Response(200, json=[])

    for _ in range(12):
        network = httpx.MockTransport(answer)
        async with script.client(network, clock=clock, plan="free") as bria:
            await bria.models.get_models()
        del bria
        gc.collect()
    assert starts[10] - starts[0] >= 60


def test_one_host_has_one_limiter_however_it_is_spelled(clock: VirtualClock) -> None:
    """Case and the scheme's own port make no other host."""
    spellings = ("http://x.test", "http://X.test", "http://x.test:80")
    assert len({limiter_for(Account(url, "t"), clock) for url in spellings}) == 1


@pytest.mark.parametrize("depth", range(900, 1000, 3))
def test_an_error_nested_however_deeply_is_an_error_of_ours(depth: int) -> None:
    """What can just be decoded cannot always be encoded again."""
    body = b'{"message": ' + b"[" * depth + b"]" * depth + b"}"
    assert error_for(Answer(method="GET", path="/v1/x", status=400, body=body)).status == 400


@pytest.mark.anyio
@pytest.mark.parametrize("status", [201, 503])
async def test_the_id_of_what_may_have_been_bought_is_not_lost(script: Script, status: int) -> None:
    """It is in the sentence and an attribute, in another process too."""
    body = {"request_id": "abc-paid", "message": "hm"}
    async with script.client(script.network(script.answer(status, body))) as bria:
        with pytest.raises(SubmitOutcomeUnknown, match="abc-paid") as caught:
            await bria.submit(IMAGE)
    there = pickle.loads(pickle.dumps(caught.value))  # noqa: S301
    assert (there.request_id, there.status) == ("abc-paid", status)


@pytest.fixture
def hangs_up() -> Iterator[tuple[str, list[str]]]:
    """A server that answers the first request of a connection and hangs up on the second."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        answered = False

        def do_GET(self) -> None:
            asked.append(self.path)
            if self.answered:
                self.close_connection = True
                return
            self.answered = True
            body = json.dumps([]).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_aiohttp_repeats_nothing_by_itself(hangs_up: tuple[str, list[str]]) -> None:
    """A repetition is ours to decide, to pace and to count."""
    url, asked = hangs_up
    async with TailoredClient(
        api_token="t", base_url=url, http_backend="aiohttp", retry=RetryPolicy(attempts=1)
    ) as bria:
        await bria.models.get_models()
        with pytest.raises(BriaConnectionError):
            await bria.models.get_models()
        assert len(asked) == bria.statistics().total.attempts == 2


@pytest.mark.anyio
async def test_what_waited_for_its_place_in_flight_leaves_at_the_plans_pace(
    script: Script, clock: VirtualClock
) -> None:
    """A slow server fills every place; when it answers, those who waited do not leave at once."""
    released, left = anyio.Event(), list[float]()

    async def answer(_request: httpx.Request) -> httpx.Response:
        left.append(clock.monotonic())
        if len(left) <= 8:
            await released.wait()
        return httpx.Response(200, json=[])

    network = httpx.MockTransport(answer)
    plan = Plan(requests_per_minute=20)
    async with (
        script.client(network, clock=clock, plan=plan, max_in_flight=10) as bria,
        anyio.create_task_group() as tasks,
    ):
        for _ in range(60):
            tasks.start_soon(bria.models.get_models)
        while clock.monotonic() < 61:
            await clock.sleep(1)
        released.set()
    assert len(left) == 60
    assert all(later - first >= 60 for first, later in zip(left, left[20:], strict=False))
