"""One contestant has jobs done, from submit to result, in a process of its own: one round.

Run by `benchmarks.jobs` and `benchmarks.limits`, by the interpreter that has the contestant.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from benchmarks.limited_world import LimitedBria
from benchmarks.processes import memory_now, memory_peak
from benchmarks.virtual_time import VirtualClock, VirtualLoop

SUBMIT = "/v2/image/generate/tailored"
Work = Callable[[int], Awaitable[str]]
"""Has one job done, and gives its request id."""

Asked = dict[str, Any]
Contestant = Callable[[Asked], AbstractAsyncContextManager[Work]]


def _body(asked: Asked, number: int) -> dict[str, Any]:
    return {"tailored_model_id": asked["model"], "prompt": f"a teapot, number {number}"}


def _bria_client(*, interval: float, timeout: float) -> Contestant:
    """Bria's own client, by the clock of the benchmark; both are seconds."""

    def contestant(asked: Asked) -> AbstractAsyncContextManager[Work]:
        return _bria_clients(asked, interval, timeout)

    return contestant


@asynccontextmanager
async def _bria_clients(asked: Asked, interval: float, timeout: float) -> AsyncIterator[Work]:
    bria, retries = import_module("bria_client"), import_module("httpx_retries")
    speed = asked["speed"]
    client = bria.BriaAsyncClient(
        base_url=asked["origin"],
        api_token=asked["token"],
        # As it comes, but for the clock: total 3, factor 2.
        retry=retries.Retry(total=3, backoff_factor=2 / speed),
    )

    async def work(number: int) -> str:
        submitted = await client.submit(
            endpoint="image/generate/tailored", payload=_body(asked, number), raise_for_status=True
        )
        done = await client.poll(submitted, interval=interval / speed, timeout=timeout / speed)
        if not done.result.image_url:
            raise ValueError("There is no picture.")
        return str(submitted.request_id)

    if "transport" in asked:
        _put_into_virtual_time(client, asked["transport"], retries)
    async with client:
        yield work


def _put_into_virtual_time(client: Any, transport: Any, retries: Any) -> None:
    """Replace its network and the clock that its timeout reads; `asyncio.sleep` is the loop's."""
    http, loop = client.engine.client, asyncio.get_running_loop()
    http._async_clients[loop] = import_module("httpx").AsyncClient(
        transport=retries.RetryTransport(transport=transport, retry=http._retry),
        timeout=http._timeout,
        limits=http._limits,
    )
    vars(import_module("bria_client.clients.async_client"))["time"] = SimpleNamespace(
        time=loop.time
    )


def _looped(client: Any, asked: Asked) -> Work:
    """The loop that users write: one for each job, at a fixed interval, patient with 429."""
    interval, speed = asked["interval"], asked["speed"]

    async def patiently(method: str, url: str, **more: Any) -> dict[str, Any]:
        while True:
            response = await client.request(method, url, **more)
            if response.status_code == 429:
                await asyncio.sleep(float(response.headers.get("retry-after", 5 / speed)))
                continue
            response.raise_for_status()
            told: dict[str, Any] = response.json()
            return told

    async def work(number: int) -> str:
        submitted = await patiently("POST", SUBMIT, json=_body(asked, number))
        while True:
            await asyncio.sleep(interval / speed)
            told = await patiently("GET", submitted["status_url"])
            if told["status"] == "COMPLETED":
                return str(submitted["request_id"])
            if told["status"] != "IN_PROGRESS":
                raise ValueError(told["status"])

    return work


def _loop(*, over_aiohttp: bool) -> Contestant:
    @asynccontextmanager
    async def contestant(asked: Asked) -> AsyncIterator[Work]:
        httpx = import_module("httpx")
        transport = asked.get("transport")
        if over_aiohttp:
            transport = import_module("httpx_aiohttp").AiohttpTransport()
        async with httpx.AsyncClient(
            base_url=asked["origin"],
            headers={"api_token": asked["token"]},
            timeout=60,
            transport=transport,
        ) as client:
            yield _looped(client, asked)

    return contestant


class _FastClock:
    """The machine's clock, sped up."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._start = datetime.now(UTC)
        self._zero = time.monotonic()

    def monotonic(self) -> float:
        """Simulated seconds."""
        return time.monotonic() * self._speed

    def now(self) -> datetime:
        """The simulated date and time."""
        return self._start + timedelta(seconds=(time.monotonic() - self._zero) * self._speed)

    async def sleep(self, seconds: float) -> None:
        """Wait for simulated seconds."""
        await asyncio.sleep(seconds / self._speed)


def _ours(backend: str) -> Contestant:
    @asynccontextmanager
    async def contestant(asked: Asked) -> AsyncIterator[Work]:
        package = import_module("bria_tailored_ext")
        rate, speed = asked["rate"], asked["speed"]
        async with package.TailoredClient(
            base_url=asked["origin"],
            api_token=asked["token"],
            plan=package.Plan(requests_per_minute=rate) if rate else None,
            http_backend=backend,
            transport=asked.get("transport"),
            clock=asked.get("clock") or (None if speed == 1 else _FastClock(speed)),
        ) as bria:

            async def work(number: int) -> str:
                request = package.ImageRequest.from_dict(_body(asked, number))
                job = await bria.submit(request)
                result = await job.result(timeout=None)
                if not result.image_url:
                    raise ValueError("There is no picture.")
                return str(job.request_id)

            yield work

    return contestant


CONTESTANTS: dict[str, Contestant] = {
    # As it comes: each second, for a minute; and as its README's example for long work has it.
    "bria-client": _bria_client(interval=1, timeout=60),
    "bria-client, patient": _bria_client(interval=2, timeout=300),
    "loop over httpx": _loop(over_aiohttp=False),
    "loop over httpx-aiohttp": _loop(over_aiohttp=True),
    "this client over aiohttp": _ours("aiohttp"),
    "this client over httpx": _ours("httpx"),
    "this client": _ours("auto"),
}


async def _measure(work: Work, count: int, most: float) -> dict[str, Any]:
    finished: dict[str, float] = {}
    failures: dict[str, int] = {}
    # The machine's monotonic clock, or the virtual one.
    clock = asyncio.get_running_loop().time
    idle, start, cpu = memory_now(), clock(), time.process_time()

    def figures() -> dict[str, Any]:
        return {
            "seconds": clock() - start,
            "cpu": time.process_time() - cpu,
            "whole": time.process_time(),
            "memory": memory_peak() - idle,
            "finished": finished,
            "failures": failures,
        }

    async def one(number: int) -> None:
        try:
            finished_id = await work(number)
        except Exception as error:
            name = type(error).__name__
            failures[name] = failures.get(name, 0) + 1
        else:
            finished[finished_id] = clock()

    def give_up(*_: object) -> None:
        # An event loop that stands still would not see a timeout of its own.
        failures["too late"] = count - len(finished) - sum(failures.values())
        print(json.dumps(figures()), flush=True)
        os._exit(0)

    signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, most)
    await asyncio.gather(*map(one, range(count)))
    signal.setitimer(signal.ITIMER_REAL, 0)
    return figures()


async def main(asked: Asked) -> None:
    """Print the figures of one round as JSON."""
    async with CONTESTANTS[asked["contestant"]](asked) as work:
        found = await _measure(work, asked["count"], asked["most"])
    print(json.dumps(found))


async def virtually(asked: Asked) -> None:
    """The same in virtual time, the server of which is the judge."""
    world = LimitedBria(asked["rate"], asked["seed"])
    asked |= {"origin": "https://bria.test", "token": "benchmark", "model": "7", "speed": 1}
    asked |= {"transport": world, "clock": VirtualClock()}
    async with CONTESTANTS[asked["contestant"]](asked) as work:
        found = await _measure(work, asked["count"], asked["most"])
    print(json.dumps(found | world.judge(found["finished"])))


if __name__ == "__main__":
    question = json.loads(sys.argv[1])
    if "seed" in question:
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(virtually(question))
    else:
        asyncio.run(main(question))
