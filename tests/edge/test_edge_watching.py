"""What hooks, logs and errors show of an attempt: everything but secrets."""

from __future__ import annotations

import json
import logging
import traceback
from typing import TYPE_CHECKING, Any

import anyio
import attrs
import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bria_tailored_ext import (
    ApiError,
    Attempt,
    BriaConnectionError,
    BriaError,
    CreateProject,
    RetryPolicy,
    SubmitOutcomeUnknown,
    TailoredClient,
    Timeouts,
)

if TYPE_CHECKING:
    from tests.conftest import Script
    from tests.edge.conftest import Hostile

PROJECT = CreateProject(project_name="x", ip_medium="photography", ip_type="other")
TOKEN = "secret-token-of-the-tests"


@pytest.mark.anyio
async def test_hooks_see_every_attempt(script: Script) -> None:
    """Failed ones and answered ones, in their order."""
    seen: list[Attempt] = []
    network = script.network(
        script.fail(httpx.ReadError), script.answer(503), script.answer(200, [])
    )

    async with script.client(network, hooks=[seen.append]) as bria:
        await bria.projects.get_projects()

    assert [(each.number, each.status, type(each.failure)) for each in seen] == [
        (1, None, httpx.ReadError),
        (2, 503, type(None)),
        (3, 200, type(None)),
    ]
    assert {(each.method, each.path, each.route) for each in seen} == {
        ("GET", "/v1/tailored-gen/projects", "GET /v1/tailored-gen/projects")
    }


@pytest.mark.anyio
async def test_a_hook_that_fails_changes_nothing(
    script: Script, caplog: pytest.LogCaptureFixture
) -> None:
    """The answer may be paid for: it is logged, and the next hook is asked."""
    seen: list[Attempt] = []

    def failing(_attempt: Attempt) -> None:
        raise ZeroDivisionError("mine")

    network = script.network(script.answer(503), script.answer(200, []))
    async with script.client(network, hooks=[failing, seen.append]) as bria:
        assert await bria.projects.get_projects() == []

    assert len(seen) == 2
    failures = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert [each.name for each in failures] == ["bria_tailored_ext"] * 2
    assert "mine" in caplog.text


@pytest.mark.anyio
async def test_each_attempt_is_one_line_in_the_log(
    script: Script, caplog: pytest.LogCaptureFixture
) -> None:
    """DEBUG for an attempt, INFO for a retry, WARNING for a pause."""
    caplog.set_level(logging.DEBUG, logger="bria_tailored_ext")
    network = script.network(script.answer(429), script.answer(503), script.answer(200, []))

    async with script.client(network) as bria:
        await bria.projects.get_projects()

    mine = [each for each in caplog.records if each.name.startswith("bria_tailored_ext")]
    levels = [each.levelname for each in mine]
    assert levels == ["DEBUG", "WARNING", "INFO", "DEBUG", "INFO", "DEBUG"]
    assert all(each.getMessage().startswith("GET /v1/tailored-gen/projects: ") for each in mine)
    assert TOKEN not in caplog.text


def chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


@pytest.mark.parametrize("what", ["sound", "no HTTP", "reset", "stall", "redirect", "401"])
def test_no_log_error_or_hook_shows_the_token(
    on_sockets: tuple[str, str], hostile: Hostile, caplog: pytest.LogCaptureFixture, what: str
) -> None:
    """Every logger at its most talkative; every cause, with the locals of its frames."""
    caplog.set_level(logging.DEBUG)
    moved = f"Location: {hostile.url.replace('127.0.0.1', 'localhost')}/v1\r\n"
    hostile.script(
        {
            "sound": hostile.json(),
            "no HTTP": hostile.says(b"what?\r\n\r\n"),
            "reset": hostile.resets(b"HTTP/1.1 200"),
            "stall": hostile.stalls(b"HTTP/1.1 200"),
            "redirect": hostile.json(b"", "302 Found", moved),
            "401": hostile.json(b'"no"', "401 Unauthorized"),
        }[what],
        hostile.json(),
    )
    shown: list[str] = []
    backend: Any = on_sockets[1]

    def hook(attempt: Attempt) -> None:
        shown.append(repr(attempt) + repr([vars(each) for each in chain(attempt.failure)]))

    async def run() -> None:
        client = TailoredClient(
            api_token=TOKEN, base_url=hostile.url, http_backend=backend, hooks=[hook]
        )
        client = _impatient(client)
        async with client as bria:
            http = bria.api.get_async_httpx_client()
            try:
                await http.get("/v1/x", follow_redirects=True)
                await bria.projects.create_project(body=PROJECT)
            except BriaError as error:
                for each in chain(error):
                    told = traceback.TracebackException.from_exception(each, capture_locals=True)
                    shown.extend([*told.format(), repr(each), repr(each.args), repr(vars(each))])
            shown.extend([repr(bria.statistics()), repr(bria), repr(vars(bria))])
            connections: Any = bria._connections
            shown.extend([repr(connections), repr(connections._limiter), repr(connections._shared)])

    if on_sockets[0] == "asyncio":
        anyio.run(run, backend="asyncio", backend_options={"debug": True})
    else:
        anyio.run(run, backend="trio")

    assert hostile.requests
    assert TOKEN.encode() in hostile.requests[0]
    if what == "redirect":
        assert TOKEN.encode() not in hostile.requests[1]
    assert [text for text in [*shown, caplog.text] if TOKEN in text] == []


def _impatient(client: TailoredClient) -> TailoredClient:
    client._options = attrs.evolve(
        client._options, timeouts=Timeouts(read=0.2), retry=RetryPolicy(attempts=1)
    )
    return client


HEADER = st.sampled_from(
    ["application/json", "text/html", "", "application/json; charset=\x7f", "text/plain; charset=x"]
) | st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["error", "message", "code", "details", "errors", "msg", "id", "status"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("method", ["GET", "POST"])
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    body=st.binary(max_size=99) | JSON,
    status=st.integers(200, 999),
    kind=HEADER,
    encoding=st.sampled_from(["", "", "", "gzip", "deflate", "br", "zstd", "odd"]),
    location=st.none() | st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=20),
)
def test_any_answer_is_a_value_or_an_error_of_ours(
    method: str, body: Any, status: int, kind: str, encoding: str, location: str | None
) -> None:
    """Any bytes, any status, any header: no error of another library's gets out."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"content-type": kind, "content-encoding": encoding, "location": location}
    sent = [(name, value.encode("latin-1")) for name, value in headers.items() if value]

    def answer(_request: httpx.Request) -> httpx.Response:
        stream = httpx.ByteStream(raw)
        return httpx.Response(
            status, headers=[(name.encode(), value) for name, value in sent], stream=stream
        )

    async def ask() -> None:
        once = RetryPolicy(attempts=1)
        async with TailoredClient(
            api_token="t", transport=httpx.MockTransport(answer), retry=once, plan=None
        ) as bria:
            failure: Any = None
            try:
                if method == "GET":
                    await bria.datasets.get_dataset_by_id(7)
                else:
                    await bria.projects.create_project(body=PROJECT)
            except BriaError as error:
                failure = error
        if failure is None:
            assert 200 <= status < 300
        elif isinstance(failure, ApiError | SubmitOutcomeUnknown):
            assert failure.status in (status, None)
            assert (failure.method, bool(failure.path)) == (method, True)
        else:
            # A body that cannot be unpacked is an answer that broke off.
            assert isinstance(failure, BriaConnectionError)
            assert (method, bool(encoding)) == ("GET", True)

    anyio.run(ask)
