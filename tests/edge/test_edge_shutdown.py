"""Nothing is left open: not after use, not after errors, not after cancelling in any phase."""

from __future__ import annotations

import asyncio
import gc
import random
import threading
import warnings
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from bria_tailored_ext import (
    BriaError,
    Plan,
    RetryPolicy,
    TailoredClient,
    Timeouts,
)

if TYPE_CHECKING:
    from tests.edge.conftest import Answer, Hostile


def client(pair: tuple[str, str], server: Hostile, **more: Any) -> TailoredClient:
    backend: Any = pair[1]
    settings: dict[str, Any] = {"plan": None, "retry": RetryPolicy(attempts=1), **more}
    return TailoredClient(api_token="t", base_url=server.url, http_backend=backend, **settings)


def run_cleanly(pair: tuple[str, str], run: Any) -> None:
    """Run it with every warning an error, count the tasks, and let the garbage speak."""

    async def whole() -> None:
        await run()
        if pair[0] == "asyncio":
            assert len(asyncio.all_tasks()) == 1

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        anyio.run(whole, backend=pair[0])
        gc.collect()


def wait_until_nobody_is_served() -> None:
    for _ in range(200):
        if not [each for each in threading.enumerate() if "_serve" in each.name]:
            return
        threading.Event().wait(0.01)
    raise AssertionError("a connection is still open")


def test_ordinary_use_leaves_nothing_open(on_sockets: tuple[str, str], hostile: Hostile) -> None:
    """The server sees every connection end."""
    hostile.script(hostile.json())

    async def run() -> None:
        async with client(on_sockets, hostile) as bria, anyio.create_task_group() as group:
            for _ in range(30):
                group.start_soon(bria.projects.get_projects)

    run_cleanly(on_sockets, run)
    wait_until_nobody_is_served()


PHASES: dict[str, Any] = {
    "waiting for the limiter": {"plan": Plan(requests_per_minute=1)},
    "waiting for the gate": {"max_in_flight": 2},
    "reading the head": {},
    "reading the body": {},
}


@pytest.mark.parametrize("phase", PHASES)
def test_cancelling_leaves_nothing_open(
    on_sockets: tuple[str, str], hostile: Hostile, phase: str
) -> None:
    """Wherever it meets the request; and the client goes on."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n["
    hostile.script(hostile.stalls(head if "body" in phase else b""))

    async def run() -> None:
        async with client(on_sockets, hostile, **PHASES[phase]) as bria:
            with anyio.move_on_after(0.15):
                async with anyio.create_task_group() as group:
                    for _ in range(5):
                        group.start_soon(bria.projects.get_projects)
            hostile.script(hostile.json())
            assert await bria.models.get_models() == []

    run_cleanly(on_sockets, run)


@pytest.mark.parametrize("what", ["resets", "garbage", "stalls"])
def test_errors_leave_nothing_open(
    on_sockets: tuple[str, str], hostile: Hostile, what: str
) -> None:
    """Broken connections are closed, not kept."""
    answers: dict[str, Answer] = {
        "resets": hostile.resets(b"HTTP/1.1 200"),
        "garbage": hostile.says(b"what?\r\n\r\n"),
        "stalls": hostile.stalls(),
    }
    hostile.script(answers[what])

    async def run() -> None:
        async with client(on_sockets, hostile, timeouts=Timeouts(read=0.1)) as bria:
            for _ in range(5):
                with pytest.raises(BriaError):
                    await bria.projects.get_projects()

    run_cleanly(on_sockets, run)


def test_a_close_that_is_cancelled_closes_all_the_same(
    on_sockets: tuple[str, str], hostile: Hostile
) -> None:
    """Ctrl-C at the end of the block."""
    hostile.script(hostile.json())

    async def run() -> None:
        with anyio.CancelScope() as scope:
            async with client(on_sockets, hostile) as bria:
                assert await bria.projects.get_projects() == []
                scope.cancel()

    run_cleanly(on_sockets, run)
    wait_until_nobody_is_served()


def test_what_still_waits_when_the_client_closes_does_not_leave(
    on_sockets: tuple[str, str], hostile: Hostile
) -> None:
    """It would open a connection that nobody closes any more."""
    hostile.script(hostile.json(b"{}", "503 Busy"))
    raised: list[Exception] = []

    async def late(bria: TailoredClient) -> None:
        try:
            await bria.projects.get_projects()
        except (RuntimeError, BriaError) as error:
            raised.append(error)

    async def run() -> None:
        patient = RetryPolicy(attempts=3, first_pause=0.4)
        # The client closes first, and the task goes on.
        async with (
            anyio.create_task_group() as group,
            client(on_sockets, hostile, retry=patient) as bria,
        ):
            group.start_soon(late, bria)
            await anyio.sleep(0.1)

    run_cleanly(on_sockets, run)
    assert len(raised) == 1
    assert len(hostile.requests) <= 3
    wait_until_nobody_is_served()


def healthy_after_cancelling(pair: tuple[str, str], server: Hostile, number: int) -> None:
    chance = random.Random(7)  # noqa: S311
    server.script(server.json())

    async def cancelled(bria: TailoredClient, seconds: float) -> None:
        with anyio.move_on_after(seconds):
            await bria.projects.get_projects()

    async def run() -> None:
        async with client(pair, server) as bria:
            for _ in range(number // 100):
                async with anyio.create_task_group() as group:
                    for _ in range(100):
                        group.start_soon(cancelled, bria, chance.uniform(0, 0.06))
            with anyio.fail_after(20):
                for _ in range(100):
                    assert await bria.projects.get_projects() == []

    run_cleanly(pair, run)


@pytest.mark.slow
def test_after_2000_cancelled_requests_a_hundred_succeed(
    on_sockets: tuple[str, str], hostile: Hostile
) -> None:
    """No place of the pool is lost."""
    healthy_after_cancelling(on_sockets, hostile, 2_000)


@pytest.mark.slow
def test_after_20000_cancelled_requests_a_hundred_succeed(
    on_sockets: tuple[str, str], hostile: Hostile
) -> None:
    """Httpx's bare pool has lost all of its places by then."""
    healthy_after_cancelling(on_sockets, hostile, 20_000)
