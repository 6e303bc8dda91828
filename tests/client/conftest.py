"""What tests of waiting share: time that passes only when nothing else is left to do."""

from __future__ import annotations

import asyncio
import json
import selectors
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest
import trio
from trio.testing import MockClock

from bria_tailored_ext import JobKind, Plan, TailoredClient

if TYPE_CHECKING:
    from tests.conftest import Script

START = datetime(2026, 1, 1, tzinfo=UTC)
IMAGE = JobKind.IMAGE


class _Selector(selectors.DefaultSelector):
    """Does not wait: it lets the time pass that it was to wait for."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        ready = super().select(0)
        if not ready:
            assert timeout is not None, "everything waits, and for nothing that could come"
            self.now += max(0.0, timeout)
        return ready


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._virtual = _Selector()
        super().__init__(self._virtual)

    def time(self) -> float:
        return self._virtual.now


class LoopClock:
    """The event loop's own time, virtual or not."""

    _last = 0.0

    def monotonic(self) -> float:
        # The account's limiter outlives the event loop, and asks once more.
        with suppress(anyio.NoEventLoopError):
            self._last = anyio.current_time()
        return self._last

    def now(self) -> datetime:
        return START + timedelta(seconds=self.monotonic())

    async def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        await anyio.sleep(seconds)


Run = Callable[[Callable[[], Awaitable[None]]], None]


@pytest.fixture(params=["asyncio", "trio"])
def run(request: pytest.FixtureRequest) -> Run:
    """Runs a coroutine function in virtual time."""

    def run_it(main: Callable[[], Awaitable[None]]) -> None:
        if request.param == "asyncio":
            anyio.run(main, backend_options={"loop_factory": _Loop})
        else:
            # Not `anyio.run`, which hands no options on to trio before 4.14.
            trio.run(main, clock=MockClock(autojump_threshold=0))

    return run_it


class Bria(httpx.AsyncBaseTransport):
    """A Status Service: each job ends at its time; looks take a tenth of a second.

    Attributes:
        looks: When each job was looked at.
        under_way: How many looks are, by job; the most there ever were in `crowd`.
        down: Whether it answers 503 to everything.
        retry_after: What it says with that.
    """

    def __init__(self, **ends: float) -> None:
        self.ends = ends
        self.looks: dict[str, list[float]] = {}
        self.under_way: dict[str, int] = {}
        self.crowd = 0
        self.down = False
        self.retry_after = ""
        self.takes = 0.1
        self.words: dict[str, list[str]] = {}

    @property
    def count(self) -> int:
        return sum(map(len, self.looks.values()))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.rsplit("/", 1)[-1]
        self.looks.setdefault(name, []).append(anyio.current_time())
        self.under_way[name] = self.under_way.get(name, 0) + 1
        self.crowd = max(self.crowd, self.under_way[name])
        try:
            await anyio.sleep(self.takes)
        finally:
            self.under_way[name] -= 1
        if self.down:
            asked = {"retry-after": self.retry_after} if self.retry_after else {}
            return httpx.Response(503, json={"message": "busy"}, headers=asked)
        return httpx.Response(200, content=json.dumps(self.status(name)))

    def status(self, name: str) -> dict[str, Any]:
        if self.words.get(name):
            return {"status": self.words[name].pop(0)}
        if anyio.current_time() < self.ends[name]:
            return {"status": "IN_PROGRESS", "request_id": name}
        result = {"image_url": f"https://cdn.test/{name}.png"}
        return {"status": "COMPLETED", "request_id": name, "result": result}


def open_client(script: Script, bria: httpx.AsyncBaseTransport, **settings: Any) -> TailoredClient:
    return script.client(
        bria, **{"clock": LoopClock(), "plan": Plan(requests_per_minute=60)} | settings
    )
