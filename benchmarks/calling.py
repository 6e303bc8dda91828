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

    def figures(self) -> dict[str, float]:
        """Of all requests that were answered."""
        taken = time.perf_counter() - self.start
        answered = len(self.seconds)
        return {
            "rate": answered / taken,
            "cpu": (time.process_time() - self.cpu) / max(1, answered) * 1000,
            "p50": percentile(self.seconds, 0.5) * 1000 if answered else taken * 1000,
            "p99": percentile(self.seconds, 0.99) * 1000 if answered else taken * 1000,
            "memory": memory_peak() - self.idle,
            "failures": self.failures / max(1, answered + self.failures) * 100,
        }


async def measure(call: Call, in_flight: int, seconds: float) -> dict[str, float]:
    """Keep so many in flight for so long.

    What is still under way at the end is not waited for: with its queue growing shorter, a slow
    pool would look faster than it is.

    Args:
        call: One request.
        in_flight: How many callers there are, each with one request at a time.
        seconds: How long.
    """
    # Imports and opens what is imported and opened on first use.
    await call()
    tally = _Tally()

    async def caller() -> None:
        while True:
            begin = time.perf_counter()
            try:
                await call()
            except Exception:
                tally.failures += 1
            else:
                tally.seconds.append(time.perf_counter() - begin)

    def end(*_: object) -> None:
        # An event loop that stands still for a minute would not see a timeout of its own.
        print(json.dumps(tally.figures()), flush=True)
        os._exit(0)

    signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    await asyncio.gather(*(caller() for _ in range(in_flight)))
    raise AssertionError("The callers never end by themselves.")


async def main(asked: dict[str, Any]) -> None:
    """Print the figures of one round as JSON."""
    async with CONTESTANTS[asked["contestant"]](asked["origin"], asked["in_flight"]) as call:
        await measure(call, asked["in_flight"], asked["seconds"])


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
