"""What a request may not do: last for ever, be forgotten when cancelled, tell the token again."""

from __future__ import annotations

import gc
import json
import pickle
import weakref
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest

from bria_tailored_ext import (
    ApiError,
    Attempt,
    BriaTimeoutError,
    ConflictError,
    NotFoundError,
    RetryPolicy,
    SubmitOutcomeUnknown,
    TailoredClient,
    Timeouts,
)
from bria_tailored_ext.edge import guard
from bria_tailored_ext.edge.http_client import HttpClient
from bria_tailored_ext.values.errors import ConfigurationError

if TYPE_CHECKING:
    from tests.conftest import Script
    from tests.edge.conftest import Hostile

pytestmark = pytest.mark.anyio

ONCE = RetryPolicy(attempts=1)
LONG = "a-token-of-some-length-7c2f"


def on(pair: tuple[str, str], server: Hostile, **settings: Any) -> TailoredClient:
    backend: Any = pair[1]
    return TailoredClient(
        api_token=LONG, base_url=server.url, plan=None, http_backend=backend, **settings
    )


@pytest.mark.parametrize("trickled", ["the head", "the body"])
def test_a_trickle_ends_with_the_time_for_the_whole(
    on_sockets: tuple[str, str], hostile: Hostile, trickled: str
) -> None:
    """Each piece comes in time, and the answer never does."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n"
    slow = b"X-Slow: " + b"a" * 9999 if trickled == "the head" else b"\r\n" + b" " * 9999
    hostile.script(hostile.trickles(head + slow))

    async def ask() -> None:
        timeouts = Timeouts(read=5, whole=0.3)
        async with on(on_sockets, hostile, retry=ONCE, timeouts=timeouts) as bria:
            with pytest.raises(BriaTimeoutError, match=r"in full after 0\.3 s"):
                await bria.projects.get_projects()

    anyio.run(ask, backend=on_sockets[0])


async def test_a_cancelled_attempt_is_counted_and_shown(script: Script) -> None:
    """It left, and may be billed: who keeps accounts must hear of it."""

    class Stalling(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await anyio.sleep_forever()
            raise AssertionError

    seen: list[Attempt] = []
    async with script.client(Stalling(), hooks=[seen.append]) as bria:
        with anyio.move_on_after(0.02):
            await bria.projects.get_projects()

        assert [(each.status, each.failure) for each in seen] == [(None, None)]
        assert bria.statistics().total.attempts == 1


@pytest.mark.parametrize(
    "answer",
    [
        {"body": {"message": f"no rights for {LONG}"}},
        {"body": {"error": {"code": 1, "message": "no", "details": LONG}}},
        {"body": LONG.encode()},
        {"body": {"message": "see the header"}, "X-Token": LONG},
    ],
)
async def test_a_token_that_the_server_repeats_goes_no_further(
    script: Script, answer: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """Not into the message, the facts, the pickle, the answer, or a log of ours."""
    caplog.set_level("DEBUG")
    network = script.network(script.answer(401, **answer))

    async with script.client(network, api_token=LONG) as bria:
        with pytest.raises(ApiError) as caught:
            await bria.projects.get_projects()
        raw = await bria.api.get_async_httpx_client().get("/v1/tailored-gen/projects")

    told = [str(caught.value), repr(vars(caught.value)), raw.text, repr(raw.headers), caplog.text]
    assert all(LONG not in each for each in told)
    assert LONG.encode() not in pickle.dumps(caught.value)
    assert "[api_token]" in raw.text + str(raw.headers)


async def test_a_short_token_takes_nothing_out_of_an_answer(script: Script) -> None:
    """Its letters are everywhere."""
    network = script.network(script.answer(200, b'[{"id": 1, "project_name": "tart"}]'))

    async with script.client(network, api_token="t") as bria:
        answer = await bria.api.get_async_httpx_client().get("/v1/tailored-gen/projects")

    assert json.loads(answer.content)[0]["project_name"] == "tart"


@pytest.mark.parametrize(("status", "kind"), [(404, NotFoundError), (409, ConflictError)])
async def test_a_repeated_delete_says_that_it_may_have_done_it_itself(
    script: Script, status: int, kind: type[ApiError]
) -> None:
    """The first answer was lost; the second says that nothing is there any more."""
    network = script.network(script.fail(httpx.ReadError), script.answer(status, "Not found"))

    async with script.client(network) as bria:
        with pytest.raises(kind, match="whose answer was lost, may have done it"):
            await bria.projects.delete_project(7)


async def test_a_first_delete_says_nothing_of_an_earlier_one(script: Script) -> None:
    """There was none."""
    async with script.client(script.network(script.answer(404, "Not found"))) as bria:
        with pytest.raises(NotFoundError) as caught:
            await bria.projects.delete_project(7)

    assert "whose answer was lost" not in str(caught.value)


async def test_no_cookie_is_kept(script: Script) -> None:
    """What a load balancer sets is not sent back."""
    network = script.network(script.answer(200, [], set_cookie="who=you; Path=/"))

    async with script.client(network) as bria:
        await bria.projects.get_projects()
        await bria.projects.get_projects()

    assert all("cookie" not in each.headers for each in network.seen)


async def test_an_answer_is_gone_with_its_last_user(hostile: Hostile) -> None:
    """Left for the garbage collector, each would cost a pipeline a seventh of its time."""
    hostile.script(hostile.json())
    async with TailoredClient(base_url=hostile.url, api_token=LONG, plan=None) as bria:
        http = bria.api.get_async_httpx_client()
        gc.disable()
        try:
            answer: httpx.Response | None = await http.get("/v2/status/1")
            seen = weakref.ref(answer)
            answer = None
            assert seen() is None
        finally:
            gc.enable()


async def test_a_path_is_laid_on_the_base() -> None:
    """As httpx does it, a query included."""
    base = "https://bria.example/api/"
    async with HttpClient(base_url=base) as ours, httpx.AsyncClient(base_url=base) as theirs:
        for path in ("/v2/status/1?x=1", "v2/status/1", "https://else.example/v2", "/ä ö"):
            assert ours.build_request("GET", path).url == theirs.build_request("GET", path).url


async def test_the_guard_looks_behind_a_proxy(hostile: Hostile) -> None:
    """A proxy on loopback leads anywhere."""
    assert guard.is_set()
    for origin in ("http://bria.example", "https://bria.example"):
        client = TailoredClient(api_token=LONG, base_url=origin, plan=None, proxy=hostile.url)
        async with client as bria:
            with pytest.raises(ConfigurationError, match="may be billed"):
                await bria.projects.get_projects()

    assert hostile.requests == []


async def test_a_dated_pause_is_counted_from_the_answers_own_date(script: Script) -> None:
    """The clock here may be wrong by hours."""
    network = script.network(
        script.answer(
            429,
            "slow down",
            date="Thu, 01 Jan 2015 12:00:00 GMT",
            retry_after="Thu, 01 Jan 2015 12:00:09 GMT",
        ),
        script.answer(200, []),
    )
    async with script.client(network) as bria:
        before = bria.clock.monotonic()
        await bria.projects.get_projects()

        assert 9 <= bria.clock.monotonic() - before < 30


async def test_a_submit_that_is_not_answered_in_full_is_unknown(script: Script) -> None:
    """The time for the whole ends it, and it may have been carried out."""

    class Stalling(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await anyio.sleep_forever()
            raise AssertionError

    from bria_tailored_ext import ImageRequest

    async with script.client(Stalling(), timeouts=Timeouts(whole=0.02)) as bria:
        with pytest.raises(SubmitOutcomeUnknown):
            await bria.submit(ImageRequest(tailored_model_id="7", prompt="a cup"))
