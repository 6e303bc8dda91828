"""Requests a second through the whole stack, beside bare httpx, at 1,000 in flight.

Method: one process sends small GETs to a thin server in another, on loopback, `IN_FLIGHT` at once;
contestants alternate, `ROUNDS` rounds each; medians and the ratio of each round are printed. Bare
httpx gets its own pool with raised limits, as users do who want 1,000 in flight.

Run it with `make bench`.
"""

from __future__ import annotations

import asyncio
import platform
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import version

import httpx
from httpx_aiohttp import AiohttpTransport

from benchmarks.server import answering
from bria_tailored_ext import TailoredClient

IN_FLIGHT = 1000
ROUNDS = 5
PATH = "/v2/status/0123456789abcdef"

Call = Callable[[], Awaitable[object]]
Contestant = Callable[[str], AbstractAsyncContextManager[Call]]


@asynccontextmanager
async def bare_aiohttp(origin: str) -> AsyncIterator[Call]:
    """Httpx over httpx-aiohttp, and nothing else."""
    async with httpx.AsyncClient(base_url=origin, transport=AiohttpTransport()) as client:
        yield lambda: client.get(PATH)


@asynccontextmanager
async def bare_httpx(origin: str) -> AsyncIterator[Call]:
    """Httpx over its own pool, with the limits raised."""
    limits = httpx.Limits(max_connections=IN_FLIGHT, max_keepalive_connections=IN_FLIGHT)
    async with httpx.AsyncClient(base_url=origin, limits=limits, timeout=120) as client:
        yield lambda: client.get(PATH)


@asynccontextmanager
async def ours_aiohttp(origin: str) -> AsyncIterator[Call]:
    """The whole stack over the aiohttp backend, no plan."""
    async with TailoredClient(
        base_url=origin, api_token="benchmark", plan=None, http_backend="aiohttp"
    ) as bria:
        client = bria.api.get_async_httpx_client()
        yield lambda: client.get(PATH)


@asynccontextmanager
async def ours_httpx(origin: str) -> AsyncIterator[Call]:
    """The whole stack over httpx's own pool, no plan."""
    async with TailoredClient(
        base_url=origin, api_token="benchmark", plan=None, http_backend="httpx"
    ) as bria:
        client = bria.api.get_async_httpx_client()
        yield lambda: client.get(PATH)


async def rate(call: Call, requests: int) -> float:
    """Requests a second, so many in all, `IN_FLIGHT` at once."""
    left = iter(range(requests))

    async def caller() -> None:
        for _ in left:
            await call()

    start = time.perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for _ in range(min(IN_FLIGHT, requests)):
            tasks.create_task(caller())
    return requests / (time.perf_counter() - start)


async def compare(
    origin: str, name: str, ours: Contestant, bare: Contestant, requests: tuple[int, int]
) -> None:
    """Alternate two contestants and print what each reached."""
    reached: list[tuple[float, float]] = []
    for _ in range(ROUNDS):
        async with ours(origin) as call:
            mine = await rate(call, requests[0])
        async with bare(origin) as call:
            theirs = await rate(call, requests[1])
        reached.append((mine, theirs))
    ratios = [mine / theirs for mine, theirs in reached]
    print(
        f"{name:<24}"
        f"{statistics.median(mine for mine, _ in reached):>10,.0f}"
        f"{statistics.median(theirs for _, theirs in reached):>10,.0f}"
        f"{statistics.median(ratios):>9.2f}"
        f"   {min(ratios):.2f} to {max(ratios):.2f}"
    )


async def main(origin: str) -> None:
    """Print both comparisons."""
    names = ("httpx", "aiohttp", "httpx-aiohttp")
    print(f"Python {platform.python_version()}, " + ", ".join(f"{n} {version(n)}" for n in names))
    print(f"{IN_FLIGHT:,} in flight, median of {ROUNDS} rounds, requests a second\n")
    print(f"{'backend':<24}{'ours':>10}{'bare':>10}{'ratio':>9}   spread")
    await compare(origin, "httpx-aiohttp", ours_aiohttp, bare_aiohttp, (6000, 6000))
    # Bare httpx needs minutes for what takes seconds here; 1,000 requests show it well enough.
    await compare(origin, "httpx's own pool", ours_httpx, bare_httpx, (3000, 1000))


if __name__ == "__main__":
    with answering() as found:
        asyncio.run(main(found))
