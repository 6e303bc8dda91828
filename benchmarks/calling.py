"""One contestant sends small GETs, in a process of its own: the figures of one round.

Run by `benchmarks.requests`, by the interpreter that has the contestant.
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
from importlib import import_module
from typing import Any

from benchmarks.figures import percentile
from benchmarks.processes import memory_now, memory_peak

REQUEST_ID = "0123456789abcdef"
PATH = f"/v2/status/{REQUEST_ID}"
WAVES = 3
"""At least so many, the first of which opens the connections."""

Call = Callable[[], Awaitable[object]]
Contestant = Callable[[str, int], AbstractAsyncContextManager[Call]]


@asynccontextmanager
async def bare_aiohttp(origin: str, in_flight: int) -> AsyncIterator[Call]:
    """A session without a limit of connections."""
    aiohttp = import_module("aiohttp")

    async def call() -> None:
        async with session.get(origin + PATH) as response:
            await response.json()

    del in_flight
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        yield call


@asynccontextmanager
async def bare_httpx_aiohttp(origin: str, in_flight: int) -> AsyncIterator[Call]:
    """Httpx over httpx-aiohttp as it comes."""
    httpx, transports = import_module("httpx"), import_module("httpx_aiohttp")
    del in_flight
    async with httpx.AsyncClient(
        base_url=origin, transport=transports.AiohttpTransport()
    ) as client:
        yield lambda: client.get(PATH)


@asynccontextmanager
async def bare_httpx(origin: str, in_flight: int) -> AsyncIterator[Call]:
    """Httpx over its own pool, its limits raised as one does who wants so many in flight."""
    httpx = import_module("httpx")
    limits = httpx.Limits(max_connections=in_flight, max_keepalive_connections=in_flight)
    async with httpx.AsyncClient(base_url=origin, limits=limits, timeout=300) as client:
        yield lambda: client.get(PATH)


@asynccontextmanager
async def bria_client(origin: str, in_flight: int) -> AsyncIterator[Call]:
    """Bria's own client; its limits cannot be chosen."""
    del in_flight
    client = import_module("bria_client").BriaAsyncClient(base_url=origin, api_token="benchmark")
    async with client:
        yield lambda: client.status(REQUEST_ID)


def _ours(backend: str, *, typed: bool) -> Contestant:
    @asynccontextmanager
    async def contestant(origin: str, in_flight: int) -> AsyncIterator[Call]:
        del in_flight
        client: Any = import_module("bria_tailored_ext").TailoredClient
        async with client(
            base_url=origin, api_token="benchmark", plan=None, http_backend=backend
        ) as bria:
            plain = bria.api.get_async_httpx_client()
            yield (
                (lambda: bria.status.get_status(REQUEST_ID)) if typed else lambda: plain.get(PATH)
            )

    return contestant


CONTESTANTS: dict[str, Contestant] = {
    "bare aiohttp": bare_aiohttp,
    "bare httpx over aiohttp": bare_httpx_aiohttp,
    "bare httpx": bare_httpx,
    "bria-client": bria_client,
    "this client over aiohttp": _ours("aiohttp", typed=False),
    "this client over aiohttp, typed": _ours("aiohttp", typed=True),
    "this client over httpx": _ours("httpx", typed=False),
}


class _Tally:
    """What was measured until now."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.failures = 0
        self.idle = memory_now()
        self.start, self.cpu = time.perf_counter(), time.process_time()

    async def count(self, call: Call) -> None:
        """Send one request, and take down what came of it."""
        begin = time.perf_counter()
        try:
            await call()
        except Exception:
            self.failures += 1
        else:
            self.seconds.append(time.perf_counter() - begin)

    def figures(self) -> dict[str, float]:
        """Of all requests that were answered."""
        taken = self.taken()
        answered = len(self.seconds)
        return {
            "rate": answered / taken,
            "cpu": (time.process_time() - self.cpu) / max(1, answered) * 1000,
            "p50": percentile(self.seconds, 0.5) * 1000 if answered else taken * 1000,
            "p99": percentile(self.seconds, 0.99) * 1000 if answered else taken * 1000,
            "memory": memory_peak() - self.idle,
            "failures": self.failures / max(1, answered + self.failures) * 100,
        }

    def taken(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self.start

    def end(self, *_: object) -> None:
        """Print the figures and leave, whatever is under way."""
        print(json.dumps(self.figures()), flush=True)
        os._exit(0)


async def steady(call: Call, in_flight: int, seconds: float) -> None:
    """Keep so many in flight for so long: callers, each with one request after the other.

    What is still under way at the end is not waited for: with its queue growing shorter, a slow
    pool would look faster than it is.
    """
    tally = _Tally()
    _end_after(seconds, tally)

    async def caller() -> None:
        while True:
            await tally.count(call)

    await asyncio.gather(*(caller() for _ in range(in_flight)))
    raise AssertionError("The callers never end by themselves.")


async def waves(call: Call, in_flight: int, seconds: float, most: float) -> None:
    """Start so many at once, wait for all, and begin again: three times, or for so long.

    Args:
        call: One request.
        in_flight: How many are a wave.
        seconds: No wave begins after this, but for the first three.
        most: When it ends, even within a wave.
    """
    tally = _Tally()
    _end_after(most, tally)
    done = 0
    while done < WAVES or tally.taken() < seconds:
        await asyncio.gather(*(tally.count(call) for _ in range(in_flight)))
        done += 1
    tally.end()


def _end_after(seconds: float, tally: _Tally) -> None:
    # An event loop that stands still for a minute would not see a timeout of its own.
    signal.signal(signal.SIGALRM, tally.end)
    signal.setitimer(signal.ITIMER_REAL, seconds)


async def main(asked: dict[str, Any]) -> None:
    """Print the figures of one round as JSON."""
    contestant, in_flight = CONTESTANTS[asked["contestant"]], asked["in_flight"]
    # Another client pays for what is imported on first use.
    async with contestant(asked["origin"], in_flight) as call:
        await call()
    async with contestant(asked["origin"], in_flight) as call:
        if asked["after_one"]:
            await call()
        if asked["shape"] == "waves":
            await waves(call, in_flight, asked["seconds"], asked["most"])
        await steady(call, in_flight, asked["most"])


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
