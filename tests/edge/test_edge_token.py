"""The token travels to the configured origin, and nowhere else."""

from __future__ import annotations

import logging
import pickle
from typing import TYPE_CHECKING

import httpx
import pytest

from bria_tailored_ext import (
    ApiError,
    CreateProject,
    ImageRequest,
    TailoredClient,
    __version__,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Misbehaving, Script

pytestmark = pytest.mark.anyio

PROJECT = CreateProject(project_name="x", ip_medium="photography", ip_type="other")


async def tokens_at(script: Script, base_url: str, url: str, **request: object) -> list[str | None]:
    """What each request carried, when that URL is asked for over the client's connection."""
    network = script.network(script.answer(200, []))
    async with script.client(network, base_url=base_url) as bria:
        await bria.api.get_async_httpx_client().get(url, **request)  # type: ignore[arg-type]
    return [seen.headers.get("api_token") for seen in network.seen]


@pytest.mark.parametrize(
    ("base_url", "url"),
    [
        ("https://bria.test", "/v1/projects"),
        ("https://bria.test", "https://bria.test/v1/projects"),
        ("https://bria.test", "https://bria.test:443/v1/projects"),
        ("https://bria.test:443", "https://bria.test/v1/projects"),
        ("http://bria.test", "http://bria.test:80/"),
        ("http://bria.test:80", "http://bria.test/"),
        ("https://bria.test:8443", "https://bria.test:8443/"),
        ("https://bria.test", "HTTPS://BRIA.TEST/v1"),
        ("https://Bria.Test", "https://bria.test/v1"),
        ("http://[::1]:8123", "http://[::1]:8123/v1"),
    ],
)
async def test_the_configured_origin_gets_the_token(
    script: Script, base_url: str, url: str
) -> None:
    """Case and default ports make no other origin."""
    assert await tokens_at(script, base_url, url) == [script.token]


@pytest.mark.parametrize(
    "url",
    [
        "http://bria.test/v1",
        "http://bria.test:443/v1",
        "https://bria.test:8443/v1",
        "https://bria.test:80/v1",
        "https://cdn.bria.test/v1",
        "https://bria.test.evil.test/v1",
        "https://evil.test/https://bria.test/v1",
        "https://bria.test@evil.test/v1",
        "https://bria.test./v1",
    ],
)
async def test_every_other_origin_gets_none(script: Script, url: str) -> None:
    """Scheme, host and port each make another origin."""
    assert await tokens_at(script, "https://bria.test", url) == [None]


@pytest.mark.parametrize("name", ["api_token", "API_TOKEN", "Api_Token"])
async def test_a_token_that_the_caller_adds_for_a_stranger_is_taken_off(
    script: Script, name: str
) -> None:
    """A user's own header is no way around the rule."""
    sent = await tokens_at(
        script, script.origin, "https://evil.test/", headers={name: script.token}
    )

    assert sent == [None]


async def test_another_token_for_the_configured_origin_is_replaced(script: Script) -> None:
    """One client speaks for one organisation."""
    sent = await tokens_at(script, script.origin, "/v1", headers={"api_token": "another"})

    assert sent == [script.token]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("target", ["https://evil.test/v1", "http://bria.test/v1"])
async def test_a_redirect_to_a_stranger_carries_no_token(
    script: Script, status: int, target: str
) -> None:
    """Each hop is judged by itself, even when the caller asks for redirects."""
    network = script.network(script.answer(status, b"", location=target), script.answer(200, []))

    sent = []
    async with script.client(network) as bria:
        await bria.api.get_async_httpx_client().get("/v1", follow_redirects=True)
        sent = [(seen.url.host, seen.headers.get("api_token")) for seen in network.seen]

    assert sent[0] == ("bria.test", script.token)
    assert sent[1][1] is None


async def test_a_redirect_is_not_followed_unless_asked_for(script: Script) -> None:
    """An API answer that redirects is an answer that no documentation knows."""
    network = script.network(script.answer(302, b"", location="https://evil.test/"))

    async with script.client(network) as bria:
        with pytest.raises(ApiError, match="answered 302"):
            await bria.projects.get_projects()

    assert {seen.url.host for seen in network.seen} == {"bria.test"}


async def test_a_foreign_status_url_is_not_asked(script: Script) -> None:
    """`status_url` comes from the server; the client asks its own origin by id."""
    network = script.network(
        script.answer(202, {"request_id": "7f3c", "status_url": "https://evil.test/7f3c"}),
        script.answer(200, {"status": "IN_PROGRESS"}),
    )

    async with script.client(network) as bria:
        job = await bria.submit(ImageRequest(tailored_model_id="7", prompt="a cup"))
        await job.poll()

    assert [seen.url.host for seen in network.seen] == ["bria.test", "bria.test"]


@pytest.mark.parametrize("url", ["https://cdn.test/a.png", "https://bria.test/files/a.png"])
async def test_a_download_carries_no_token(script: Script, tmp_path: Path, url: str) -> None:
    """A result URL says all it needs, also when it lies on the API's own host."""
    network = script.network(script.answer(200, b"picture"))

    async with script.client(network) as bria:
        await bria.download(url, tmp_path / "a.png")

    assert [seen.headers.get("api_token") for seen in network.seen] == [None]


async def test_the_token_does_not_stay_on_the_request(script: Script) -> None:
    """A request outlives its sending, in errors and logs."""
    network = script.network(script.answer(401, "no"))

    async with script.client(network) as bria:
        response = await bria.api.get_async_httpx_client().get("/v1")
        assert network.seen[0].headers["api_token"] == script.token
        assert script.token not in repr(list(response.request.headers.raw))


async def test_the_token_does_not_stay_on_a_request_that_failed(script: Script) -> None:
    """An error's cause holds the request that failed."""
    network = script.network(script.fail(httpx.ConnectError))

    async with script.client(network) as bria:
        with pytest.raises(Exception, match="did not reach") as caught:
            await bria.projects.create_project(body=PROJECT)

    failure: BaseException | None = caught.value
    requests = []
    while failure is not None:
        if isinstance(failure, httpx.RequestError):
            requests.append(failure.request)
        failure = failure.__cause__
    assert requests
    assert all("api_token" not in request.headers for request in requests)


async def test_the_token_is_in_no_repr_and_no_error(script: Script) -> None:
    """Not in the client, its parts, its jobs, nor in what they raise."""
    network = script.network(script.answer(401, {"message": "Unauthorized"}))

    async with script.client(network) as bria:
        shown = [bria, bria.api, bria.models, bria.job("7f3c"), vars(bria)]
        with pytest.raises(ApiError) as caught:
            await bria.projects.get_projects()
        shown += [caught.value, vars(caught.value), pickle.dumps(caught.value)]

    assert not [each for each in shown if script.token in f"{each!r}{each!s}"]


async def test_a_client_does_not_pickle(script: Script) -> None:
    """A pickle of it would hold the token."""
    client = script.client(script.network(script.answer(200, [])))

    with pytest.raises(TypeError, match="holds a token"):
        pickle.dumps(client)


async def test_the_token_is_in_no_log(
    misbehaving: Misbehaving, script: Script, caplog: pytest.LogCaptureFixture
) -> None:
    """Over a real connection, with every logger at its most talkative."""
    url = misbehaving(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]")
    caplog.set_level(logging.DEBUG)

    async with TailoredClient(api_token=script.token, base_url=url) as bria:
        assert await bria.projects.get_projects() == []

    assert caplog.records
    assert script.token not in caplog.text


@pytest.mark.parametrize("name", ["user-agent", "User-Agent"])
async def test_requests_say_honestly_who_asks(script: Script, name: str) -> None:
    """Bria can see which library asks, and in which version."""
    network = script.network(script.answer(200, []))

    async with script.client(network) as bria:
        await bria.projects.get_projects()

    assert network.seen[0].headers[name] == f"bria-tailored/{__version__} (python)"
