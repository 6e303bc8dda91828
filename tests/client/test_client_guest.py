"""Trio as the guest of asyncio: two event loops in one thread, and the client on the inner one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
import trio

from bria_tailored_ext import ConfigurationError, JobState
from bria_tailored_ext.edge.backends import choose
from tests.client.conftest import IMAGE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.conftest import Script, VirtualClock

OPEN = {"status": "IN_PROGRESS"}
DONE = {"status": "COMPLETED", "result": {"image_url": "https://cdn.test/a.png"}}


def as_a_guest(guest: Callable[[], Awaitable[None]]) -> None:
    """Run a coroutine function on trio, within a loop of asyncio."""

    async def host() -> None:
        ended: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        trio.lowlevel.start_guest_run(
            guest,
            run_sync_soon_threadsafe=asyncio.get_running_loop().call_soon_threadsafe,
            done_callback=ended.set_result,
        )
        (await ended).unwrap()

    asyncio.run(host())


def test_several_wait_for_a_job_on_trio_as_the_guest_of_asyncio(
    script: Script, clock: VirtualClock
) -> None:
    """An event loop of asyncio runs there too, but not the tasks."""
    network = script.network(*[script.answer(200, OPEN)] * 3, script.answer(200, DONE))
    states: list[JobState] = []

    async def guest() -> None:
        async with script.client(network, clock=clock) as bria:

            async def follow() -> None:
                states.append(await bria.job("7f3c", IMAGE).wait())

            async with trio.open_nursery() as tasks:
                for _ in range(3):
                    tasks.start_soon(follow)

    as_a_guest(guest)
    assert states == [JobState.COMPLETED] * 3


def test_requests_of_a_guest_go_over_httpx() -> None:
    """The loop around it is no place for aiohttp."""

    async def guest() -> None:
        assert choose("auto") == "httpx"
        with pytest.raises(ConfigurationError, match="asyncio alone"):
            choose("aiohttp")

    as_a_guest(guest)
