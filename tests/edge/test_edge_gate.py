"""So many in flight, first come, first served."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio
import anyio.lowlevel
import httpx
import pytest

from bria_tailored_ext import CreateProject
from bria_tailored_ext.edge.gate import STREAM, Gate

if TYPE_CHECKING:
    from tests.conftest import Script

pytestmark = pytest.mark.anyio

PROJECT = CreateProject(project_name="x", ip_medium="photography", ip_type="other")


async def settle() -> None:
    for _ in range(60):
        await anyio.lowlevel.checkpoint()


class Slow(httpx.AsyncBaseTransport):
    """Holds every request until it is let go, and counts those inside, bodies included."""

    def __init__(self) -> None:
        self.inside = self.most = 0
        self.order: list[str] = []
        self.go_on = anyio.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.inside += 1
        self.most = max(self.most, self.inside)
        self.order.append(request.url.path)
        if not request.url.path.startswith("/v2/status"):
            await self.go_on.wait()
        return httpx.Response(200, stream=_Body(self))


class _Body(httpx.AsyncByteStream):
    def __init__(self, owner: Slow) -> None:
        self._owner = owner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b'{"status": "IN_PROGRESS"}'
        await anyio.lowlevel.checkpoint()

    async def aclose(self) -> None:
        self._owner.inside -= 1


@pytest.mark.parametrize("streamed", [False, True])
async def test_never_more_than_the_limit_are_in_flight(script: Script, streamed: bool) -> None:
    """A streamed body counts until it is closed."""
    slow = Slow()
    async with script.client(slow, plan=None, max_in_flight=5) as bria:
        http = bria.api.get_async_httpx_client()

        async def one(number: int) -> None:
            if not streamed:
                await http.get(f"/v1/{number}")
                return
            extensions = {STREAM: True}
            async with http.stream("GET", f"/v1/{number}", extensions=extensions) as response:
                await settle()
                await response.aread()

        async with anyio.create_task_group() as group:
            for number in range(30):
                group.start_soon(one, number)
            await settle()
            assert slow.inside == 4
            slow.go_on.set()

    # One of the five places is kept for looks at jobs.
    assert (slow.most, slow.inside, len(slow.order)) == (4, 0, 30)


async def test_looks_at_jobs_pass_beside_slow_uploads(script: Script) -> None:
    """Ten uploads that hang hold up no poll."""
    slow = Slow()
    client = script.client(slow, plan=None, max_in_flight=2)
    async with client as bria, anyio.create_task_group() as group:
        for _ in range(10):
            group.start_soon(partial(bria.projects.create_project, body=PROJECT))
        await settle()
        with anyio.fail_after(5):
            for _ in range(3):
                await bria.job("7f3c").poll()
        group.cancel_scope.cancel()

    assert slow.order.count("/v2/status/7f3c") == 3
    assert slow.most <= 2


async def test_the_gate_is_first_come_first_served() -> None:
    """Nobody overtakes, newcomers included."""
    gate, order = Gate(1), []
    await gate.__aenter__()

    async def one(number: int) -> None:
        async with gate:
            order.append(number)
            await anyio.lowlevel.checkpoint()

    async with anyio.create_task_group() as group:
        for number in range(6):
            group.start_soon(one, number)
            await settle()
        gate.leave()
        group.start_soon(one, 6)

    assert order == list(range(7))


@pytest.mark.parametrize("gone", [{0}, {1}, {3}, {0, 1, 2, 3}])
@pytest.mark.parametrize("in_the_moment", [False, True])
async def test_a_cancelled_waiter_hands_its_place_on(gone: set[int], in_the_moment: bool) -> None:
    """Also in the very moment of its turn: no place is lost, and none is made."""
    gate, passed = Gate(1), []
    scopes = [anyio.CancelScope() for _ in range(4)]
    await gate.__aenter__()

    async def one(number: int) -> None:
        with scopes[number]:
            async with gate:
                assert not inside
                inside.append(number)
                await anyio.lowlevel.checkpoint()
                passed.append(number)
                inside.clear()
        inside[:] = [each for each in inside if each != number]

    inside: list[int] = []
    async with anyio.create_task_group() as group:
        for number in range(4):
            group.start_soon(one, number)
            await settle()
        if in_the_moment:
            gate.leave()
        for number in gone:
            scopes[number].cancel()
        if not in_the_moment:
            gate.leave()

    assert [each for each in passed if each not in gone] == [
        each for each in range(4) if each not in gone
    ]
    with anyio.fail_after(1):
        await gate.__aenter__()
    with anyio.move_on_after(0.01) as late:
        await gate.__aenter__()
    assert late.cancelled_caught


async def test_an_error_gives_the_place_back(script: Script) -> None:
    """However often."""
    network = script.network(script.fail(httpx.ReadError))
    options: dict[str, Any] = {"plan": None, "max_in_flight": 2}
    async with script.client(network, **options) as bria:
        with anyio.fail_after(5):
            for _ in range(20):
                with pytest.raises(Exception, match="broke off"):
                    await bria.projects.create_project(body=PROJECT)
