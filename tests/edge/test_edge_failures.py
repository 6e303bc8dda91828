"""What a failed request means: nothing was done, or nobody knows."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import anyio
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bria_tailored_ext import (
    ApiError,
    BriaConnectionError,
    BriaTimeoutError,
    CreateProject,
    NoAnswerError,
    Project,
    RateLimitedError,
    RetryPolicy,
    SubmitOutcomeUnknown,
    TailoredClient,
    Timeouts,
)
from bria_tailored_ext.rules.headers import retry_after

if TYPE_CHECKING:
    from tests.conftest import Misbehaving, Script, VirtualClock

NEVER_ARRIVED = [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout]
BROKE_OFF = [
    httpx.ReadError,
    httpx.ReadTimeout,
    httpx.WriteError,
    httpx.WriteTimeout,
    httpx.CloseError,
    httpx.RemoteProtocolError,
]


async def post(bria: TailoredClient) -> Project:
    body = CreateProject(project_name="x", ip_medium="photography", ip_type="other")
    return await bria.projects.create_project(body=body)


@pytest.mark.anyio
@pytest.mark.parametrize("kind", NEVER_ARRIVED)
async def test_a_post_that_never_arrived_did_nothing(
    script: Script, clock: VirtualClock, kind: type[httpx.TransportError]
) -> None:
    """Only a refused or never opened connection is certain."""
    network = script.network(script.fail(kind))

    async with script.client(network, clock=clock) as bria:
        with pytest.raises(NoAnswerError) as caught:
            await post(bria)

    timed_out = issubclass(kind, httpx.TimeoutException)
    assert type(caught.value) is (BriaTimeoutError if timed_out else BriaConnectionError)
    assert isinstance(caught.value.__cause__, kind)
    assert "POST /v1/tailored-gen/projects" in str(caught.value)


@pytest.mark.anyio
@pytest.mark.parametrize("kind", BROKE_OFF)
async def test_a_post_that_broke_off_may_have_been_carried_out(
    script: Script, clock: VirtualClock, kind: type[httpx.TransportError]
) -> None:
    """There is no idempotency key: it is said, and it is not sent again."""
    network = script.network(script.fail(kind))

    async with script.client(network, clock=clock) as bria:
        with pytest.raises(SubmitOutcomeUnknown, match="before you send it again") as caught:
            await post(bria)

    assert len(network.seen) == 1
    assert (caught.value.method, caught.value.path) == ("POST", "/v1/tailored-gen/projects")
    assert isinstance(caught.value.__cause__, kind)


@pytest.mark.anyio
@pytest.mark.parametrize("kind", [*NEVER_ARRIVED, *BROKE_OFF])
async def test_a_get_that_failed_may_be_asked_again(
    script: Script, clock: VirtualClock, kind: type[httpx.TransportError]
) -> None:
    """What only reads has no unknown outcome."""
    network = script.network(script.fail(kind))

    async with script.client(network, clock=clock) as bria:
        with pytest.raises(NoAnswerError) as caught:
            await bria.projects.get_projects()

    timed_out = issubclass(kind, httpx.TimeoutException)
    assert type(caught.value) is (BriaTimeoutError if timed_out else BriaConnectionError)


@pytest.mark.anyio
@pytest.mark.parametrize("kind", BROKE_OFF)
async def test_a_delete_that_broke_off_is_not_called_a_paid_post(
    script: Script, clock: VirtualClock, kind: type[httpx.TransportError]
) -> None:
    """PUT and DELETE come to the same when they are repeated."""
    network = script.network(script.fail(kind))

    async with script.client(network, clock=clock) as bria:
        with pytest.raises(NoAnswerError):
            await bria.projects.delete_project(7)


ABANDONED = "ignore:Exception ignored in. <async_generator:pytest.PytestUnraisableExceptionWarning"
"""httpx leaves its generators where decompression fails, and trio says so."""

BROKEN_ANSWERS = {
    "nothing": b"",
    "half a status line": b"HTTP/1.1 2",
    "half the headers": b"HTTP/1.1 200 OK\r\nContent-Le",
    "a short body": b'HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n{"id": 7',
    "half a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n{",
    "no last chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
    "no HTTP": b"SSH-2.0-OpenSSH_9.6\r\n",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "broken compression": (
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd"
    ),
}


@pytest.mark.filterwarnings(ABANDONED)
@pytest.mark.anyio
@pytest.mark.parametrize("raw", BROKEN_ANSWERS.values(), ids=BROKEN_ANSWERS)
async def test_an_answer_to_a_post_that_breaks_off_leaves_the_outcome_unknown(
    misbehaving: Misbehaving, script: Script, clock: VirtualClock, raw: bytes
) -> None:
    """The request arrived whole; that its answer did not says nothing about what was done."""
    url = misbehaving(raw)

    async with TailoredClient(api_token=script.token, base_url=url, clock=clock) as bria:
        with pytest.raises(SubmitOutcomeUnknown):
            await post(bria)


@pytest.mark.filterwarnings(ABANDONED)
@pytest.mark.anyio
@pytest.mark.parametrize("raw", BROKEN_ANSWERS.values(), ids=BROKEN_ANSWERS)
async def test_an_answer_to_a_get_that_breaks_off_is_a_connection_error(
    misbehaving: Misbehaving, script: Script, clock: VirtualClock, raw: bytes
) -> None:
    """Real sockets: no error of httpx gets through."""
    url = misbehaving(raw)

    async with TailoredClient(api_token=script.token, base_url=url, clock=clock) as bria:
        with pytest.raises(BriaConnectionError):
            await bria.projects.get_projects()


@pytest.mark.anyio
async def test_a_port_where_nobody_listens_is_a_connection_error(
    script: Script, clock: VirtualClock, free_port: int
) -> None:
    """The sentence says which host and what to check."""
    url = f"http://127.0.0.1:{free_port}"

    async with TailoredClient(api_token=script.token, base_url=url, clock=clock) as bria:
        with pytest.raises(BriaConnectionError, match=r"did not reach 127\.0\.0\.1 .*base_url"):
            await post(bria)


@pytest.mark.filterwarnings(ABANDONED)
@pytest.mark.anyio
async def test_a_client_can_be_used_after_a_broken_answer(script: Script) -> None:
    """A failure costs its own connection and nothing else, whatever the number of failures."""
    broken = httpx.Headers({"Content-Encoding": "gzip"})
    closed = []

    class Stream(httpx.AsyncByteStream):
        async def __aiter__(self):  # type: ignore[no-untyped-def]
            yield b"this is not gzip"

        async def aclose(self) -> None:
            closed.append(True)

    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers=broken, stream=Stream())

    network = script.network(answer, script.answer(200, []))
    async with script.client(network) as bria:
        with pytest.raises(SubmitOutcomeUnknown):
            await post(bria)
        assert await bria.projects.get_projects() == []

    assert closed


@pytest.mark.anyio
async def test_a_compressed_answer_is_read(script: Script) -> None:
    """Compression as httpx asks for it is no failure."""
    body = gzip.compress(b"[]")
    network = script.network(script.answer(200, body, content_encoding="gzip"))

    async with script.client(network) as bria:
        assert await bria.projects.get_projects() == []


@pytest.mark.anyio
async def test_cancelling_a_request_gives_its_connection_back(script: Script) -> None:
    """A cancelled read leaves no open response behind."""
    closed = []
    started = anyio.Event()

    class Endless(httpx.AsyncByteStream):
        async def __aiter__(self):  # type: ignore[no-untyped-def]
            yield b"["
            started.set()
            await anyio.sleep_forever()

        async def aclose(self) -> None:
            await anyio.lowlevel.checkpoint()
            closed.append(True)

    network = script.network(lambda _request: httpx.Response(200, stream=Endless()))
    async with script.client(network) as bria, anyio.create_task_group() as tasks:
        tasks.start_soon(bria.projects.get_projects)
        await started.wait()
        tasks.cancel_scope.cancel()

    assert closed == [True]


@pytest.mark.anyio
async def test_timeouts_reach_the_network(script: Script) -> None:
    """The configured lengths are the ones that are used."""
    used = []

    def answer(request: httpx.Request) -> httpx.Response:
        used.append(request.extensions["timeout"])
        return httpx.Response(200, json=[])

    timeouts = Timeouts(connect=1, read=2, write=3, whole=4)
    async with script.client(script.network(answer), timeouts=timeouts) as bria:
        await bria.projects.get_projects()

    assert used == [{"connect": 1, "read": 2, "write": 3, "pool": None}]


@pytest.mark.anyio
async def test_a_429_tells_how_long_to_wait(script: Script, clock: VirtualClock) -> None:
    """The header is a fact of the error."""
    network = script.network(script.answer(429, "slow down", retry_after="17"))

    async with script.client(network, clock=clock) as bria:
        with pytest.raises(RateLimitedError) as caught:
            await bria.projects.get_projects()

    assert caught.value.retry_after == 17


@pytest.mark.anyio
@pytest.mark.parametrize("status", [460, 506, 520, 599])
async def test_a_status_that_python_does_not_know_is_an_error_of_ours(
    script: Script, clock: VirtualClock, status: int
) -> None:
    """`http.HTTPStatus(460)` raises ValueError; here it is a typed error."""
    network = script.network(script.answer(status, b"<html>"))

    async with script.client(network, clock=clock) as bria:
        with pytest.raises(ApiError) as caught:
            await bria.projects.get_projects()

    assert caught.value.status == status


@pytest.mark.anyio
@pytest.mark.parametrize("body", [b"<html>", b"", b"7", b'"text"', b"null", b"\xff\xfe"])
async def test_a_success_that_is_none_is_an_unexpected_answer(script: Script, body: bytes) -> None:
    """HTML with status 200, from whatever stands in between, raises no JSON error."""
    network = script.network(script.answer(200, body))

    async with script.client(network) as bria:
        with pytest.raises(ApiError, match="no documentation describes"):
            await bria.models.get_model(7)


@given(body=st.binary(max_size=200), status=st.sampled_from([200, 202, 204, 400, 404, 460, 503]))
def test_any_bytes_give_an_answer_or_an_error_of_ours(body: bytes, status: int) -> None:
    """No answer reaches a user as an error of json, attrs or httpx."""

    async def ask() -> None:
        network = httpx.MockTransport(lambda _request: httpx.Response(status, content=body))
        async with TailoredClient(
            api_token="t", transport=network, plan=None, retry=RetryPolicy(attempts=1)
        ) as bria:
            try:
                await bria.datasets.get_dataset_by_id(7)
            except ApiError:
                return
            assert 200 <= status < 300

    anyio.run(ask)


NOW = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("0", 0.0),
        ("7", 7.0),
        ("7.5", 7.5),
        (" 7 ", 7.0),
        ("-3", 0.0),
        ("Thu, 01 Jan 2026 12:00:30 GMT", 30.0),
        ("Thursday, 01-Jan-26 12:00:30 GMT", 30.0),
        ("Thu, 01 Jan 2026 13:00:30 +0100", 30.0),
        ("Thu, 01 Jan 2026 12:00:30 -0000", 30.0),
        ("Thu, 01 Jan 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        ("nan", None),
        ("inf", None),
        ("1e999", None),
        ("Thu, 99 Jan 2026 12:00:00 GMT", None),
        ("Thu, 01 Jan 99999 12:00:00 GMT", None),
        ("7 seconds", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    """Nonsense is as good as nothing; the past is now; for ever is never."""
    headers = {} if header is None else {"retry-after": header}

    assert retry_after(headers, NOW) == seconds


@given(
    header=st.text(max_size=40)
    | st.from_regex(r"\w{3}, \d{2} Jan \d{1,5} \d\d:\d\d:\d\d [+-]\d{4}")
)
def test_any_retry_after_is_read(header: str) -> None:
    """A header never raises."""
    seconds = retry_after({"retry-after": header, "date": header[::-1]}, NOW)

    assert seconds is None or 0 <= seconds < float("inf")
