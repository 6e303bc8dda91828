"""Opening, closing, opening again."""

from __future__ import annotations

import gc
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from bria_tailored_ext import ConfigurationError, ImageRequest, MissingTokenError, TailoredClient

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Misbehaving, Script

pytestmark = pytest.mark.anyio

USES: dict[str, Callable[[TailoredClient], Awaitable[Any]]] = {
    "a facade": lambda bria: bria.models.get_model(7),
    "the generated client": lambda bria: bria.api.get_async_httpx_client().get("/v1"),
    "submit": lambda bria: bria.submit(ImageRequest(tailored_model_id="7", prompt="a cup")),
    "poll": lambda bria: bria.job("7f3c").poll(),
    "wait": lambda bria: bria.job("7f3c").wait(),
    "download": lambda bria: bria.download("https://cdn.test/a.png", "a.png"),
}


@pytest.mark.parametrize("name", USES)
async def test_a_client_that_is_not_open_says_so(
    script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Before `async with`: one sentence with the remedy, and no AttributeError."""
    monkeypatch.chdir(tmp_path)
    network = script.network(script.answer(200, []))

    with pytest.raises(RuntimeError, match="inside `async with TailoredClient"):
        await USES[name](script.client(network))

    assert network.seen == []


@pytest.mark.parametrize("name", USES)
async def test_a_client_that_was_closed_says_so_too(
    script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """After `async with`, with a facade that was in use before."""
    monkeypatch.chdir(tmp_path)
    network = script.network(script.answer(200, []))

    async with script.client(network) as bria:
        await bria.projects.get_projects()
        models = bria.models

    with pytest.raises(RuntimeError, match="inside `async with TailoredClient"):
        await USES[name](bria)
    with pytest.raises(RuntimeError, match="was closed"):
        await models.get_models()
    assert len(network.seen) == 1


async def test_a_closed_client_can_be_opened_again(script: Script) -> None:
    """One after the other, with the same facades and jobs."""
    network = script.network(script.answer(200, []))
    bria = script.client(network)

    for _ in range(3):
        async with bria:
            assert await bria.projects.get_projects() == []

    assert len(network.seen) == 3


async def test_a_client_can_be_opened_again_over_real_sockets(
    misbehaving: Misbehaving, script: Script
) -> None:
    """The connection pool is a new one."""
    url = misbehaving(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]")
    bria = TailoredClient(api_token=script.token, base_url=url)

    for _ in range(2):
        async with bria:
            assert await bria.projects.get_projects() == []


async def test_a_job_outlives_a_closed_client_that_opens_again(script: Script) -> None:
    """The handle asks through whatever connection is open."""
    network = script.network(script.answer(200, {"status": "IN_PROGRESS"}))
    bria = script.client(network)
    async with bria:
        job = bria.job("7f3c")
        await job.poll()

    async with bria:
        await job.poll()

    assert len(network.seen) == 2


async def test_an_open_client_is_not_opened_twice(script: Script) -> None:
    """The inner `async with` would close the connection under the outer one."""
    network = script.network(script.answer(200, []))

    async with script.client(network) as bria:
        with pytest.raises(RuntimeError, match="open already"):
            async with bria:
                pass
        assert await bria.projects.get_projects() == []


async def test_an_error_inside_closes_the_client_and_gets_out(script: Script) -> None:
    """The error is the user's own, unwrapped."""
    bria = script.client(script.network(script.answer(200, [])))

    with pytest.raises(KeyError):
        async with bria:
            raise KeyError("mine")

    with pytest.raises(RuntimeError):
        _ = bria.models


async def test_closing_closes_the_transport(script: Script) -> None:
    """A transport of the user's own is closed with the client, as httpx does."""
    closed = []

    class Closing(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            raise AssertionError(request)

        async def aclose(self) -> None:
            closed.append(True)

    async with script.client(Closing()):
        assert closed == []

    assert closed == [True]


@pytest.mark.filterwarnings("error")
async def test_a_client_that_was_never_opened_leaves_no_warning(script: Script) -> None:
    """Making one costs nothing and opens nothing."""
    bria = script.client(script.network(script.answer(200, [])))
    del bria
    gc.collect()


async def test_configuration_is_checked_when_the_client_is_made() -> None:
    """Before any `async with`, and before any request."""
    with pytest.raises(MissingTokenError):
        TailoredClient()
    with pytest.raises(ConfigurationError, match="base_url"):
        TailoredClient(api_token="t", base_url="bria.test")


async def test_the_environment_configures_a_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but variables, as on a server."""
    monkeypatch.setenv("BRIA_API_TOKEN", "from-the-environment")
    monkeypatch.setenv("BRIA_BASE_URL", "https://env.test")
    sent = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append((request.url.host, request.headers["api_token"]))
        return httpx.Response(200, json=[])

    async with TailoredClient(transport=httpx.MockTransport(answer)) as bria:
        await bria.projects.get_projects()

    assert sent == [("env.test", "from-the-environment")]


async def test_a_client_shows_where_it_points(script: Script) -> None:
    """Production or sandbox: the first question of every bug report."""
    assert repr(script.client(script.network())) == "<TailoredClient https://bria.test>"
