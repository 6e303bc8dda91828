"""What keeps tests on loopback: a test must never bill anybody."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
import respx
from httpx_aiohttp import AiohttpTransport

from bria_tailored import AuthenticatedClient
from bria_tailored import client as generated_client
from bria_tailored.api.models import get_models
from bria_tailored_ext import TailoredClient, pytest_plugin
from bria_tailored_ext.edge import guard
from bria_tailored_ext.sandbox import Sandbox
from bria_tailored_ext.values.errors import ConfigurationError

BRIA = "https://engine.prod.bria-api.com"
MODELS = "/v1/tailored-gen/models"


@pytest.fixture
def beyond() -> Iterator[Sandbox]:
    """A server that can be reached, by an address that is not called loopback."""
    with Sandbox(host="0.0.0.0") as sandbox:  # noqa: S104
        yield sandbox


@pytest.fixture(params=["ours", "over a transport of one's own", "generated", "generated, given"])
async def client(request: pytest.FixtureRequest, beyond: Sandbox) -> AsyncIterator[Any]:
    """Every kind of client that goes over httpx's transport."""
    facts: dict[str, Any] = {"base_url": beyond.base_url, "api_token": beyond.api_token}
    if request.param == "ours":
        made: Any = TailoredClient(**facts, plan=None, http_backend="httpx")
    elif request.param == "over a transport of one's own":
        made = TailoredClient(**facts, plan=None, transport=httpx.AsyncHTTPTransport())
    else:
        made = AuthenticatedClient(beyond.base_url, beyond.api_token)
        if request.param == "generated, given":
            headers = {"api_token": beyond.api_token}
            made.set_async_httpx_client(
                httpx.AsyncClient(base_url=beyond.base_url, headers=headers)
            )
    async with made:
        yield made


def lift(patch: pytest.MonkeyPatch) -> None:
    """As for a test that is marked."""
    patch.delenv(guard.VARIABLE)
    patch.setattr(pytest_plugin, "loopback_only", False)


async def models_of(client: Any) -> Any:
    if isinstance(client, TailoredClient):
        return await client.models.get_models()
    return (await get_models.asyncio_detailed(client=client)).parsed


def refusal_of(client: Any) -> type[Exception]:
    return ConfigurationError if isinstance(client, TailoredClient) else RuntimeError


@pytest.mark.anyio
async def test_a_client_in_a_test_does_not_leave_loopback(client: Any, beyond: Sandbox) -> None:
    """One sentence with the remedy, and no connection."""
    with pytest.raises(refusal_of(client), match="bria_network"):
        await models_of(client)
    if isinstance(client, TailoredClient):
        # It does not go through the generated package, which has a guard of its own.
        with pytest.raises(ConfigurationError, match="bria_network"):
            await client.job("7").poll()
    async with httpx.AsyncClient(base_url=beyond.base_url) as unwatched:
        overview = (await unwatched.get("/sandbox/overview")).json()
    assert overview["requests"]["count"] == 0


@pytest.mark.anyio
async def test_a_connection_of_a_marked_test_is_watched_in_the_next(
    client: Any, beyond: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client of a whole session is opened in one test and used in others; mocks still answer."""
    with monkeypatch.context() as patch:
        lift(patch)
        assert await models_of(client) == []
    for _ in range(2):
        with pytest.raises(refusal_of(client), match="bria_network"):
            await models_of(client)
    with respx.mock(base_url=beyond.base_url) as mock:
        mock.get(MODELS).respond(json=[{"id": 7}])
        assert [model.id for model in await models_of(client)] == [7]
    lift(monkeypatch)
    assert await models_of(client) == []


@pytest.mark.anyio
@pytest.mark.parametrize("generated", [False, True])
async def test_what_respx_answers_passes_the_guard(generated: bool) -> None:
    """A mocked Bria is the usual way to test; its host is named, and nothing is sent."""
    bare = AuthenticatedClient(BRIA, "real")
    made: Any = bare if generated else TailoredClient(api_token="real", base_url=BRIA, plan=None)
    async with made as client:
        with respx.mock(base_url=BRIA) as mock:
            mock.get(MODELS).respond(json=[{"id": 7}])
            assert [model.id for model in await models_of(client)] == [7]


@pytest.mark.anyio
@pytest.mark.parametrize("generated", [False, True])
async def test_a_proxy_elsewhere_is_not_loopback(
    generated: bool, beyond: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What goes to this machine by way of another one leaves this one."""
    monkeypatch.setenv("HTTP_PROXY", beyond.base_url)
    monkeypatch.delenv("NO_PROXY", raising=False)
    origin = "http://127.0.0.1:9"
    bare = AuthenticatedClient(origin, "real")
    made: Any = bare if generated else TailoredClient(api_token="real", base_url=origin, plan=None)
    async with made as client:
        with pytest.raises(refusal_of(client), match="bria_network"):
            await models_of(client)


def test_not_over_a_proxy_with_aiohttp_either() -> None:
    """Whose backend tells no steps."""

    async def ask() -> None:
        async with TailoredClient(
            api_token="real",
            base_url="http://127.0.0.1:9",
            http_backend="aiohttp",
            proxy="http://proxy.example:3128",
        ) as bria:
            await bria.models.get_models()

    with pytest.raises(ConfigurationError, match=r"proxy\.example"):
        asyncio.run(ask())


@pytest.mark.anyio
async def test_hooks_of_ones_own_do_not_take_the_guard_away() -> None:
    """All hooks are replaced at once, ours among them."""
    client = AuthenticatedClient(BRIA, "real")
    client.get_async_httpx_client().event_hooks = {"response": []}
    async with client:
        with pytest.raises(RuntimeError, match="bria_network"):
            await models_of(client)


def test_not_even_over_aiohttp() -> None:
    """The backend that mocking libraries do not see is guarded as well."""

    async def ask() -> None:
        async with TailoredClient(api_token="real", base_url=BRIA, http_backend="aiohttp") as bria:
            await bria.models.get_models()

    with pytest.raises(ConfigurationError, match="bria_network"):
        asyncio.run(ask())


@pytest.mark.parametrize("generated", [False, True])
def test_not_over_a_transport_for_aiohttp_of_ones_own(
    generated: bool, beyond: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It opens connections by itself, and no mock sees it."""

    async def ask() -> Any:
        transport = AiohttpTransport()
        if generated:
            args = {"transport": transport}
            made: Any = AuthenticatedClient(beyond.base_url, beyond.api_token, httpx_args=args)
        else:
            made = TailoredClient(
                base_url=beyond.base_url, api_token=beyond.api_token, transport=transport, plan=None
            )
        async with made as client:
            return await models_of(client)

    with pytest.raises((ConfigurationError, RuntimeError), match="bria_network"):
        asyncio.run(ask())
    lift(monkeypatch)
    assert asyncio.run(ask()) == []


@pytest.mark.anyio
async def test_the_guard_stands_where_a_test_takes_the_environment_away(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one does that tries what the application does without a token."""
    for name in list(os.environ):
        monkeypatch.delenv(name)
    with pytest.raises(refusal_of(client), match="bria_network"):
        await models_of(client)


def test_the_guard_holds_in_programs_that_a_test_starts() -> None:
    """They have the environment of the test."""
    command = [sys.executable, "-m", "bria_tailored_ext.cli", "models", "list"]
    environment = {**os.environ, "BRIA_API_TOKEN": "real", "BRIA_BASE_URL": BRIA}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "bria_network" in done.stderr


@pytest.mark.parametrize(
    ("host", "passes"),
    [
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("LOCALHOST.", True),
        ("engine.prod.bria-api.com", False),
        ("10.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - a host that is asked for
        ("localhost.example", False),
    ],
)
def test_only_loopback_passes(host: str, passes: bool) -> None:
    """A name that merely looks local does not; the generated package says the same."""
    assert vars(generated_client)["_is_loopback"](host) is passes
    if passes:
        guard.check(host)
    else:
        with pytest.raises(ConfigurationError, match="may be billed"):
            guard.check(host)


def test_an_httpx_client_of_ones_own_is_watched_once() -> None:
    """However often, and to however many clients, it is given."""
    http = httpx.AsyncClient()
    for _ in range(3):
        AuthenticatedClient(BRIA, "real").set_async_httpx_client(http)
    assert len(http.event_hooks["request"]) == 1
