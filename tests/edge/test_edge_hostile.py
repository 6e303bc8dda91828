"""Real sockets, and a server that does what servers must not."""

from __future__ import annotations

import functools
import gzip
import socket
import zlib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from bria_tailored_ext import (
    ApiError,
    BriaConnectionError,
    BriaError,
    BriaTimeoutError,
    CreateProject,
    RateLimitedError,
    RetryPolicy,
    ServerError,
    SubmitOutcomeUnknown,
    TailoredClient,
    Timeouts,
    UnexpectedAnswerError,
)

if TYPE_CHECKING:
    from tests.edge.conftest import Answer, Hostile

PROJECT = CreateProject(project_name="x", ip_medium="photography", ip_type="other")
QUICK = Timeouts(connect=2, read=0.3, write=0.3)
PATIENT = Timeouts(connect=10, read=10, write=10)
"""For answers that do come: a busy machine may take its time."""
TWICE = RetryPolicy(attempts=2, first_pause=0.001)

ABANDONED = "ignore:Exception ignored in. <async_generator:pytest.PytestUnraisableExceptionWarning"
"""httpx leaves its generators where decompression fails, and trio says so."""

pytestmark = pytest.mark.filterwarnings(ABANDONED)

OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def whole(body: bytes, head: str = OK) -> bytes:
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def chunked(body: bytes) -> bytes:
    return f"{OK}Transfer-Encoding: chunked\r\n\r\n".encode() + body


Script = Callable[["Hostile"], "Answer"]

BROKEN: dict[str, Script] = {
    "closes before the answer": lambda server: server.says(b""),
    "resets before the answer": lambda server: server.resets(),
    "resets in the head": lambda server: server.resets(b"HTTP/1.1 200 OK\r\nContent-"),
    "truncates": lambda server: server.says(f"{OK}Content-Length: 400\r\n\r\n[".encode()),
    "resets a promised body": lambda server: server.resets(
        f"{OK}Content-Length: 400\r\n\r\n[".encode()
    ),
    "two lengths": lambda server: server.says(
        f"{OK}Content-Length: 2\r\nContent-Length: 3\r\n\r\n[]".encode()
    ),
    "a length that is none": lambda server: server.says(f"{OK}Content-Length: x\r\n\r\n".encode()),
    "half a chunk": lambda server: server.says(chunked(b"40\r\n[")),
    "a chunk of no length": lambda server: server.says(chunked(b"zz\r\n[]\r\n0\r\n\r\n")),
    "no last chunk": lambda server: server.says(chunked(b"2\r\n[]\r\n")),
    "no HTTP at all": lambda server: server.says(b"SSH-2.0-OpenSSH_9.6\r\n"),
    "a status of two digits": lambda server: server.says(b"HTTP/1.1 20 OK\r\n\r\n"),
    "a head without an end": lambda server: server.says(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000),
    "broken gzip": lambda server: server.says(whole(b"no gzip", f"{OK}Content-Encoding: gzip\r\n")),
    "half of a gzip": lambda server: server.says(
        whole(gzip.compress(b"[" * 999)[:12], f"{OK}Content-Encoding: gzip\r\n")
    ),
    "broken deflate": lambda server: server.says(
        whole(b"\0\1\2\3", f"{OK}Content-Encoding: deflate\r\n")
    ),
}
UNREADABLE = ("half of a gzip", "broken deflate")
"""Their transport is sound: what is left of them may pass for a body that is no JSON."""

SILENT: dict[str, Script] = {
    "stalls before the answer": lambda server: server.stalls(),
    "stalls in the head": lambda server: server.stalls(b"HTTP/1.1 200 OK\r\nConte"),
    "stalls in the body": lambda server: server.stalls(
        f"{OK}Content-Length: 400\r\n\r\n[".encode()
    ),
}
STRANGE: dict[str, tuple[Script, type[ApiError], int]] = {
    "HTML with 200": (
        lambda server: server.says(whole(b"<html>Sign in</html>"), keep=True),
        UnexpectedAnswerError,
        200,
    ),
    "garbage with 200": (
        lambda server: server.says(whole(b"\xff\0{]"), keep=True),
        UnexpectedAnswerError,
        200,
    ),
    "an empty 200": (lambda server: server.says(whole(b""), keep=True), UnexpectedAnswerError, 200),
    "JSON of another type": (
        lambda server: server.says(whole(b'"yes"'), keep=True),
        UnexpectedAnswerError,
        200,
    ),
    "a page with 520": (
        lambda server: server.says(
            b"HTTP/1.1 520 \r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>",
            keep=True,
        ),
        ServerError,
        520,
    ),
    "an empty 502": (
        lambda server: server.says(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"),
        ServerError,
        502,
    ),
    "a redirect to another host": (
        lambda server: server.says(
            b"HTTP/1.1 302 Found\r\nLocation: http://localhost:1/\r\nContent-Length: 0\r\n\r\n",
            keep=True,
        ),
        UnexpectedAnswerError,
        302,
    ),
    "a redirect to nonsense": (
        lambda server: server.says(
            b"HTTP/1.1 302 Found\r\nLocation: http://[\r\nContent-Length: 0\r\n\r\n", keep=True
        ),
        UnexpectedAnswerError,
        302,
    ),
    "a status beyond all": (
        lambda server: server.says(b"HTTP/1.1 799 Odd\r\nContent-Length: 0\r\n\r\n", keep=True),
        UnexpectedAnswerError,
        799,
    ),
}

Call = Callable[[TailoredClient], Awaitable[Any]]


def named(pair: tuple[str, str]) -> Any:
    return pair[1]


async def get(bria: TailoredClient) -> Any:
    return await bria.projects.get_projects()


async def post(bria: TailoredClient) -> Any:
    return await bria.projects.create_project(body=PROJECT)


def after(pair: tuple[str, str], server: Hostile, answer: Answer, call: Call, **more: Any) -> Any:
    """What a call raised; three sound calls must succeed afterwards."""

    async def run() -> BriaError:
        settings: dict[str, Any] = {"timeouts": PATIENT, "retry": TWICE, "plan": None, **more}
        async with TailoredClient(
            api_token="t", base_url=server.url, http_backend=named(pair), **settings
        ) as bria:
            server.script(answer)
            with pytest.raises(BriaError) as caught:
                await call(bria)
            server.script(server.json())
            for _ in range(3):
                assert await bria.projects.get_projects() == []
            return caught.value

    return anyio.run(run, backend=pair[0])


def arrived(server: Hostile, method: str) -> int:
    return sum(each.startswith(method.encode()) for each in server.requests)


@pytest.mark.parametrize("name", [*BROKEN, *SILENT])
def test_a_broken_answer_to_a_get_is_asked_for_again_and_then_explained(
    on_sockets: tuple[str, str], hostile: Hostile, name: str
) -> None:
    """Method, path, attempts and a remedy; and the client goes on."""
    answer, timeouts = {**BROKEN, **SILENT}[name](hostile), QUICK if name in SILENT else PATIENT

    error = after(on_sockets, hostile, answer, get, timeouts=timeouts)

    if name in SILENT:
        assert type(error) is BriaTimeoutError
    elif name in UNREADABLE:
        assert isinstance(error, BriaConnectionError | UnexpectedAnswerError)
    else:
        assert type(error) is BriaConnectionError
    assert (error.method, error.path) == ("GET", "/v1/tailored-gen/projects")
    assert error.attempts == 2 or isinstance(error, UnexpectedAnswerError)
    assert "Try again." in str(error)


@pytest.mark.parametrize("name", [*BROKEN, *SILENT])
def test_a_post_whose_answer_is_lost_arrived_once_and_is_unknown(
    on_sockets: tuple[str, str], hostile: Hostile, name: str
) -> None:
    """Counted at the server: nothing is paid twice."""
    answer, timeouts = {**BROKEN, **SILENT}[name](hostile), QUICK if name in SILENT else PATIENT

    error = after(on_sockets, hostile, answer, post, timeouts=timeouts)

    assert type(error) is SubmitOutcomeUnknown
    assert (error.method, error.path, error.attempts) == ("POST", "/v1/tailored-gen/projects", 1)
    assert "before you" in str(error)
    assert error.__cause__ is not None
    assert arrived(hostile, "POST") == 1


@pytest.mark.parametrize("name", STRANGE)
@pytest.mark.parametrize("call", [get, post])
def test_a_strange_answer_is_a_typed_error(
    on_sockets: tuple[str, str], hostile: Hostile, name: str, call: Call
) -> None:
    """With its status; a POST that may have gone through says that nobody knows."""
    script, kind, status = STRANGE[name]
    again = status in (502, 520) and call is get

    error = after(on_sockets, hostile, script(hostile), call)

    unknown = call is post and (status == 200 or status >= 500)
    assert type(error) is (SubmitOutcomeUnknown if unknown else kind)
    assert (error.status, error.attempts) == (status, 2 if again else 1)
    assert (error.method, error.path) == (call.__name__.upper(), "/v1/tailored-gen/projects")
    assert arrived(hostile, "POST") == (call is post)


@pytest.mark.parametrize("call", [get, post])
def test_a_body_longer_than_its_length_is_an_error_of_ours(
    on_sockets: tuple[str, str], hostile: Hostile, call: Call
) -> None:
    """What follows is no answer to the next request either; backends differ in who notices."""
    answer = hostile.says(f'{OK}Content-Length: 1\r\n\r\n["a"]'.encode())

    error = after(on_sockets, hostile, answer, call)

    known = (UnexpectedAnswerError, BriaConnectionError) if call is get else SubmitOutcomeUnknown
    assert isinstance(error, known)
    assert arrived(hostile, "POST") == (call is post)


def test_a_storm_of_429_ends_with_the_budget(on_sockets: tuple[str, str], hostile: Hostile) -> None:
    """Each attempt arrived, none did anything, and the error knows how many there were."""
    busy = hostile.json(b'"slow"', "429 Too Many Requests", "Retry-After: 0\r\n")

    for call in (get, post):
        error = after(on_sockets, hostile, busy, call, retry=RetryPolicy(attempts=6, first_pause=0))
        assert type(error) is RateLimitedError
        assert (error.attempts, error.retry_after, error.words) == (6, 0, "slow")


@functools.cache
def bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(b" " * 2**20) for _ in range(64)) + packer.flush()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_answer_without_bounds_is_cut_off(
    on_sockets: tuple[str, str], hostile: Hostile, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few kilobytes that unpack to hundreds of megabytes do not fill the memory."""
    monkeypatch.setattr("bria_tailored_ext.edge.gate.LARGEST_ANSWER", 2**20)
    answer = hostile.says(whole(bomb(), f"{OK}Content-Encoding: gzip\r\n"), keep=True)

    error = after(on_sockets, hostile, answer, get if method == "GET" else post)

    assert isinstance(error, BriaConnectionError if method == "GET" else SubmitOutcomeUnknown)
    assert "larger than" in str(error)


def test_an_answer_that_trickles_in_is_whole(on_sockets: tuple[str, str], hostile: Hostile) -> None:
    """The timeout is between two pieces, however small they are."""
    hostile.script(hostile.trickles(whole(b"[ ]")))

    async def run() -> None:
        async with TailoredClient(
            api_token="t",
            base_url=hostile.url,
            http_backend=named(on_sockets),
            timeouts=QUICK,
        ) as bria:
            assert await get(bria) == []

    anyio.run(run, backend=on_sockets[0])


def test_connections_that_the_server_closed_between_requests_do_no_harm(
    on_sockets: tuple[str, str], hostile: Hostile
) -> None:
    """A kept connection may be gone when it is used next; a GET never notices."""
    hostile.script(hostile.says(whole(b"[]")))

    async def run() -> None:
        async with TailoredClient(
            api_token="t",
            base_url=hostile.url,
            http_backend=named(on_sockets),
            plan=None,
        ) as bria:
            for pause in [0.0, 0.02, 0.0, 0.02] * 3:
                assert await get(bria) == []
                await anyio.sleep(pause)

    anyio.run(run, backend=on_sockets[0])


def test_a_refused_connection_is_tried_again_and_then_said(
    on_sockets: tuple[str, str], free_port: int
) -> None:
    """Nothing arrived, so a POST is repeated too."""

    async def run() -> None:
        async with TailoredClient(
            api_token="t",
            base_url=f"http://127.0.0.1:{free_port}",
            http_backend=named(on_sockets),
            retry=RetryPolicy(attempts=3, first_pause=0.001),
        ) as bria:
            for call in (get, post):
                with pytest.raises(BriaConnectionError, match="did not reach") as caught:
                    await call(bria)
                assert caught.value.attempts == 3

    anyio.run(run, backend=on_sockets[0])


def test_an_upload_that_nobody_reads_ends(on_sockets: tuple[str, str]) -> None:
    """The write timeout holds on every backend; the outcome of a POST is then unknown."""

    async def run(listener: socket.socket) -> None:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        async with TailoredClient(
            api_token="t",
            base_url=url,
            http_backend=named(on_sockets),
            timeouts=Timeouts(write=0.3, read=0.3),
        ) as bria:
            body = CreateProject(
                project_name="x" * 20_000_000, ip_medium="photography", ip_type="other"
            )
            with anyio.fail_after(5), pytest.raises(SubmitOutcomeUnknown):
                await bria.projects.create_project(body=body)
        # asyncio flushes before it closes: what aiohttp has written is not given up before this.
        listener.close()
        await anyio.sleep(0.05)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        anyio.run(run, listener, backend=on_sockets[0])


@pytest.mark.parametrize(
    "target", ["/a%2Fb%7Ec.png?Cred=AK%2F2026&Signature=a%2Bb%3D&x=%27%28&y=a+b", "/a/../b.png?x=1"]
)
def test_a_signed_url_arrives_as_it_was_given(
    on_sockets: tuple[str, str], hostile: Hostile, tmp_path: Any, target: str
) -> None:
    """Both backends ask for the same; a signature may cover every byte."""
    hostile.script(hostile.says(whole(b"picture"), keep=True))

    async def run() -> None:
        async with TailoredClient(
            api_token="t",
            base_url="http://127.0.0.1:9",
            http_backend=named(on_sockets),
        ) as bria:
            await bria.download(hostile.url + target, tmp_path / "a.png")

    anyio.run(run, backend=on_sockets[0])

    asked = hostile.requests[0].split(b" ")[1].decode()
    assert asked in (target, "/b.png?x=1")
    assert b"api_token" not in hostile.requests[0].lower()
