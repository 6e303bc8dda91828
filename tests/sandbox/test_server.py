"""The server: it starts, it stops, and leaves nothing behind."""

from __future__ import annotations

import logging
import math
import re
import signal
import socket
import threading
from datetime import datetime
from typing import Any

import anyio
import httpx
import pytest
import uvicorn

from bria_tailored_ext.sandbox import Sandbox, SandboxError
from tests.sandbox.conftest import Caller, id_of, picture

pytestmark = pytest.mark.anyio
PROJECTS = "/v1/tailored-gen/projects"


def threads() -> set[threading.Thread]:
    return set(threading.enumerate())


def left(before: set[threading.Thread]) -> set[threading.Thread]:
    """Threads that are new and still there; idle ones of earlier tests may end any time.

    Count those before in a worker thread: the event loop keeps it, and it is nobody's leftover.
    """
    new = threads() - before
    return {each for each in new if not isinstance(each, threading.Timer)}


def is_listening(url: str) -> bool:
    address = httpx.URL(url)
    with socket.socket() as probe:
        return probe.connect_ex((address.host, address.port or 80)) == 0


async def test_answers_from_the_first_moment_on_loopback() -> None:
    """Inside the `async with` it listens, and nowhere but on this machine."""
    async with Sandbox() as sandbox, httpx.AsyncClient() as http:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", sandbox.base_url)
        headers = {"api_token": sandbox.api_token}
        assert (await http.get(sandbox.base_url + PROJECTS, headers=headers)).json() == []


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("rebound.example", 421),
        ("rebound.example:80", 421),
        ("127.0.0.1.rebound.example", 421),
        ("10.0.0.7", 421),
        ("[2001:db8::1]:80", 421),
        ("localhost:80", 200),
        ("bria.localhost", 200),
        ("127.0.0.1:80", 200),
        ("[::1]:80", 200),
    ],
)
@pytest.mark.parametrize("path", ["/", "/sandbox/books", PROJECTS])
async def test_a_page_that_lends_its_name_to_this_machine_reads_nothing(
    asked: str, status: int, path: str
) -> None:
    """A browser sends the name of the page's own host, however that was resolved."""
    async with Sandbox() as sandbox, httpx.AsyncClient() as http:
        headers = {"api_token": sandbox.api_token, "Host": asked}
        answer = await http.get(sandbox.base_url + path, headers=headers)

    assert answer.status_code == status
    assert (status == 200) or ("Use its base_url" in answer.json()["message"])


async def test_who_listens_everywhere_is_asked_for_by_any_name() -> None:
    """That was asked for: in a container, for instance, its name leads there."""
    async with Sandbox(host="0.0.0.0") as sandbox, httpx.AsyncClient() as http:  # noqa: S104
        port = httpx.URL(sandbox.base_url).port
        headers = {"api_token": sandbox.api_token, "Host": "bria:8080"}
        answer = await http.get(f"http://127.0.0.1:{port}{PROJECTS}", headers=headers)

    assert answer.status_code == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])  # noqa: S104
async def test_who_listens_everywhere_knows_its_own_files(host: str) -> None:
    """They bear the name of its base URL, whichever name a request came by."""
    try:
        async with Sandbox(host=host) as sandbox, httpx.AsyncClient() as http:
            url = sandbox.publish(picture(), "a.png")
            port = httpx.URL(url).port
            loopback = "[::1]" if ":" in host else "127.0.0.1"
            http.base_url = httpx.URL(f"http://{loopback}:{port}")
            caller = Caller(sandbox, http)
            assert await caller.ok("POST", f"{await caller.dataset()}/images", {"image_url": url})
    except SandboxError:
        pytest.skip("no IPv6 here")


async def test_twenty_starts_leave_no_thread_and_no_socket() -> None:
    """Each start ends with everything that it has begun."""
    before = await anyio.to_thread.run_sync(threads)
    for _ in range(20):
        async with Sandbox(speed=0) as sandbox:
            async with httpx.AsyncClient(base_url=sandbox.base_url, timeout=30) as http:
                await Caller(sandbox, http).upload(await Caller(sandbox, http).dataset())
            assert left(before)
        assert not is_listening(sandbox.base_url)
        assert left(before) == set()


async def test_exception_in_the_body_passes_through_and_stops_it() -> None:
    """The caller sees its own exception."""
    before = await anyio.to_thread.run_sync(threads)
    with pytest.raises(ZeroDivisionError):
        async with Sandbox() as sandbox:
            raise ZeroDivisionError
    assert left(before) == set()
    assert not is_listening(sandbox.base_url)


async def test_cancellation_stops_it() -> None:
    """A cancelled body still waits until the server is gone."""
    before = await anyio.to_thread.run_sync(threads)
    with anyio.CancelScope() as scope:
        async with Sandbox() as sandbox:
            # Counted from the start's end, which a busy machine puts off.
            scope.deadline = anyio.current_time() + 0.05
            await anyio.sleep_forever()
    assert scope.cancelled_caught
    assert left(before) == set()
    assert not is_listening(sandbox.base_url)


async def test_cancellation_before_the_start_starts_nothing() -> None:
    """A start is a checkpoint, as every async call should be."""
    before = await anyio.to_thread.run_sync(threads)
    with anyio.CancelScope() as scope:
        scope.cancel()
        async with Sandbox():
            pytest.fail("the start should have been cancelled")
    assert scope.cancelled_caught
    assert left(before) == set()


async def test_cancellation_while_starting_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread that is still on its way to listening is waited for and ended."""
    reached, go_on = threading.Event(), threading.Event()
    startup = uvicorn.Server.startup

    async def slow(server: uvicorn.Server, sockets: list[socket.socket] | None = None) -> None:
        reached.set()
        go_on.wait(30)
        await startup(server, sockets)

    monkeypatch.setattr(uvicorn.Server, "startup", slow)
    before = await anyio.to_thread.run_sync(threads)
    with anyio.CancelScope() as scope:
        async with anyio.create_task_group() as group:

            async def cancel() -> None:
                while not reached.is_set():  # noqa: ASYNC110 - set in the server's thread
                    await anyio.sleep(0.001)
                scope.cancel()
                threading.Timer(0.1, go_on.set).start()

            group.start_soon(cancel)
            async with Sandbox():
                pytest.fail("the start should have been cancelled")
    assert scope.cancelled_caught
    assert left(before) == set()


async def test_idle_and_half_sent_connections_do_not_keep_it(anyio_backend: str) -> None:
    """Neither a kept-alive connection nor half a request outlives the sandbox."""
    assert anyio_backend
    before = await anyio.to_thread.run_sync(threads)
    http = httpx.AsyncClient()
    half = socket.socket()
    async with Sandbox() as sandbox:
        headers = {"api_token": sandbox.api_token}
        await http.get(sandbox.base_url + PROJECTS, headers=headers)
        half.connect(("127.0.0.1", httpx.URL(sandbox.base_url).port))
        half.sendall(
            b"POST /v1/tailored-gen/projects HTTP/1.1\r\n"
            b"host: localhost\r\ncontent-length: 9\r\n\r\n{"
        )
        await http.get(sandbox.base_url + PROJECTS, headers=headers)
    assert left(before) == set()
    half.settimeout(5)
    assert half.recv(1000) == b""
    half.close()
    await http.aclose()


async def test_drawing_in_progress_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker thread ends before the `async with` does."""
    begun, go_on = threading.Event(), threading.Event()

    def slow(*_: object, **__: object) -> bytes:
        begun.set()
        go_on.wait(30)
        return b"picture"

    monkeypatch.setattr("bria_tailored_ext.sandbox.files.draw", slow)
    before = await anyio.to_thread.run_sync(threads)
    async with Sandbox(speed=0) as sandbox, anyio.create_task_group() as group:
        async with httpx.AsyncClient(base_url=sandbox.base_url, timeout=30) as http:
            caller = Caller(sandbox, http)
            ask = {"tailored_model_id": str(id_of(await caller.trained())), "prompt": "a"}
            url = (await caller.finished("/v2/image/generate/tailored", ask))["image_url"]

        async def fetch() -> None:
            async with httpx.AsyncClient(timeout=30) as other:
                await other.get(url)

        group.start_soon(fetch)
        while not begun.is_set():  # noqa: ASYNC110 - set in a worker thread
            await anyio.sleep(0.001)
        group.cancel_scope.cancel()
        threading.Timer(0.2, go_on.set).start()
    assert left(before) == set()


async def test_port_in_use_is_one_clear_error() -> None:
    """It says which port, and what to do; nothing is left behind."""
    before = await anyio.to_thread.run_sync(threads)
    async with Sandbox() as first:
        port = httpx.URL(first.base_url).port
        assert port is not None
        with pytest.raises(SandboxError) as caught:
            async with Sandbox(port=port):
                pytest.fail("two sandboxes on one port")
        assert str(caught.value) == (
            f"Port {port} on 127.0.0.1 is already in use."
            " Choose another port, or port 0 for any free one."
        )
    assert left(before) == set()


async def test_port_can_be_chosen_and_used_again() -> None:
    """A port is free as soon as the sandbox on it has ended."""
    async with Sandbox() as first:
        port = httpx.URL(first.base_url).port or 0
    for _ in range(2):
        async with Sandbox(port=port) as again:
            assert again.base_url == first.base_url


@pytest.mark.parametrize(
    ("host", "port"), [("192.0.2.1", 0), ("127.0.0.1", 70000), ("nowhere.invalid", 0)]
)
async def test_impossible_address_is_one_clear_error(host: str, port: int) -> None:
    """Not this machine's, or no port at all."""
    with pytest.raises(SandboxError, match="cannot listen on"):
        async with Sandbox(host=host, port=port):
            pytest.fail("listening on an impossible address")


async def test_ipv6_loopback_works_where_there_is_one() -> None:
    """The base URL then has brackets."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("no IPv6 loopback here")
    async with Sandbox(host="::1") as sandbox, httpx.AsyncClient() as http:
        assert sandbox.base_url.startswith("http://[::1]:")
        assert (await http.get(f"{sandbox.base_url}/sandbox/books")).status_code == 200


async def test_sandbox_can_be_started_only_once() -> None:
    """Neither inside itself nor afterwards; what it knew would be gone."""
    sandbox = Sandbox()
    async with sandbox:
        with pytest.raises(SandboxError, match="started before"):
            await sandbox.__aenter__()
        async with httpx.AsyncClient() as http:
            assert (await http.get(f"{sandbox.base_url}/sandbox/books")).status_code == 200
    with pytest.raises(SandboxError, match="started before"):
        await sandbox.__aenter__()


async def test_two_sandboxes_know_nothing_of_each_other() -> None:
    """Each has its own port and its own state."""
    async with Sandbox() as one, Sandbox() as two, httpx.AsyncClient() as http:
        caller = Caller(one, http)
        http.base_url = httpx.URL(one.base_url)
        await caller.project()
        headers = {"api_token": two.api_token}
        assert (await http.get(two.base_url + PROJECTS, headers=headers)).json() == []


async def test_signals_and_logs_of_the_process_are_left_alone(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """No signal handler, no line on the console, no record, no change to any logger."""
    names = ("uvicorn", "uvicorn.error", "uvicorn.access")

    def loggers() -> list[Any]:
        found = [logging.getLogger(name) for name in names]
        return [
            (each.level, list(each.handlers), list(each.filters), each.propagate) for each in found
        ]

    signals = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    before = loggers()
    caplog.set_level(logging.DEBUG, logger="uvicorn.error")
    with caplog.at_level(logging.DEBUG):
        async with Sandbox() as sandbox, httpx.AsyncClient() as http:
            await http.get(f"{sandbox.base_url}/sandbox/books")
            running = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    assert running == signals
    assert [record for record in caplog.records if record.name.startswith("uvicorn")] == []
    logging.getLogger("uvicorn.error").setLevel(before[1][0])
    assert loggers() == before
    assert capfd.readouterr() == ("", "")


async def test_time_passes_by_itself_at_the_chosen_speed() -> None:
    """At 100,000 times, a training of hours is over while one looks a few times."""
    async with (
        Sandbox(speed=100_000) as sandbox,
        httpx.AsyncClient(base_url=sandbox.base_url) as http,
    ):
        caller = Caller(sandbox, http)
        model = await caller.model()
        await caller.ok("POST", f"{model}/start_training", {})
        with anyio.fail_after(30):
            while (await caller.ok("GET", model))["status"] != "Completed":  # noqa: ASYNC110
                await anyio.sleep(0.01)


async def test_address_before_the_start_is_a_clear_error() -> None:
    """There is none yet, nor anything to publish at it."""
    sandbox = Sandbox()
    with pytest.raises(SandboxError, match="not started"):
        _ = sandbox.base_url
    with pytest.raises(SandboxError, match="not started"):
        sandbox.publish(b"", "a.zip")
    assert repr(sandbox) == "<Sandbox not started, 0 billed calls>"


@pytest.mark.parametrize("speed", [-1.0, math.nan, math.inf])
async def test_speed_must_be_possible(speed: float) -> None:
    """0 or more, and finite."""
    with pytest.raises(ValueError, match="speed"):
        Sandbox(speed=speed)


@pytest.mark.parametrize("seconds", [-1.0, math.nan, math.inf])
async def test_time_only_moves_forward(seconds: float) -> None:
    """By a finite length."""
    with pytest.raises(ValueError, match="forward"):
        Sandbox().advance(seconds)


async def test_empty_token_and_unknown_shape_are_refused() -> None:
    """An empty token would let in whoever sends none."""
    with pytest.raises(ValueError, match="host must not be empty"):
        Sandbox(host="")
    with pytest.raises(ValueError, match="max_body_bytes"):
        Sandbox(max_body_bytes=0)
    with pytest.raises(ValueError, match="api_token"):
        Sandbox(api_token="")
    shape: Any = "nested"
    with pytest.raises(ValueError, match="'enveloped' or 'flat'"):
        Sandbox(sync_answers=shape)


async def test_hours_and_seconds_add_up() -> None:
    """`advance(hours=...)` and `advance(seconds)` are the same time."""
    async with Sandbox(speed=0) as sandbox, httpx.AsyncClient(base_url=sandbox.base_url) as http:
        caller = Caller(sandbox, http)
        await caller.project()
        sandbox.advance(30, hours=1)
        await caller.project()
        times = [each["created_at"] for each in await caller.ok("GET", PROJECTS)]
    first, second = [datetime.fromisoformat(each) for each in times]
    assert (second - first).total_seconds() == 3630


async def test_repr_does_not_tell_the_token() -> None:
    """Not even the sandbox's, so that nobody gets used to it."""
    assert "secret" not in repr(Sandbox(api_token="secret"))


def test_nothing_is_published_at_the_end() -> None:
    """Its address would lead nowhere."""
    with Sandbox() as sandbox:
        sandbox.publish(picture(), "a.png")
    with pytest.raises(SandboxError, match="has ended"):
        sandbox.publish(picture(), "a.png")
