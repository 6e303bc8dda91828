"""Downloads to disk, beside bare httpx over aiohttp and over its own pool; and one with breaks."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import httpx
from httpx_aiohttp import AiohttpTransport

from benchmarks.figures import Spread, ratios
from benchmarks.file_server import BLOCK, serving_files
from benchmarks.frame import Answer, Figures, Measure, Scope, Table, Target, in_turns
from benchmarks.processes import MEGABYTE, memory_now, memory_peak
from bria_tailored_ext import TailoredClient

NAME = "downloads"
TITLE = "Downloads"
METHOD = (
    "A server in another process sends random bytes over loopback into files on disk. The bare "
    "ones write each piece of `aiter_raw` as it comes, and end there. This client writes to a "
    "temporary name, has each file on the disk (fsync), renames it, and has the rename on the disk "
    "too; so the bare ones run a second time with an fsync of each file, which is what it takes to "
    "know that a file is there. Before each round all disks are synced. Then, in a fresh process "
    "each time, one file of 1 GB whose server hangs up three times: the bytes are compared, and "
    "memory is the peak above that of the client which has fetched one small file."
)
PACKAGES = ("aiohttp", "bria-tailored", "httpx", "httpx-aiohttp")

REFERENCE = "bare httpx over aiohttp"
_BODY = 1_000_000

Save = Callable[[str, Path], Awaitable[object]]
Contestant = Callable[[], AbstractAsyncContextManager[Save]]


def _bare(*, over_aiohttp: bool, synced: bool) -> Contestant:
    @asynccontextmanager
    async def contestant() -> AsyncIterator[Save]:
        transport = AiohttpTransport() if over_aiohttp else None
        async with httpx.AsyncClient(transport=transport, timeout=60) as client:

            async def save(url: str, path: Path) -> None:
                async with client.stream("GET", url) as response:
                    with path.open("wb") as file:
                        async for piece in response.aiter_raw():
                            file.write(piece)
                        if synced:
                            file.flush()
                            await asyncio.to_thread(os.fsync, file.fileno())

            yield save

    return contestant


def _ours(backend: Any) -> Contestant:
    @asynccontextmanager
    async def contestant() -> AsyncIterator[Save]:
        async with TailoredClient(
            api_token="benchmark", base_url="http://127.0.0.1:9", plan=None, http_backend=backend
        ) as bria:
            yield bria.download

    return contestant


CONTESTANTS: dict[str, Contestant] = {
    REFERENCE: _bare(over_aiohttp=True, synced=False),
    "bare httpx over aiohttp, fsync": _bare(over_aiohttp=True, synced=True),
    "bare httpx": _bare(over_aiohttp=False, synced=False),
    "this client over aiohttp": _ours("aiohttp"),
    "this client over httpx": _ours("httpx"),
}


@attrs.frozen
class Load:
    """So many bodies of one size, so many at once."""

    key: str
    name: str
    size: int
    count: int
    at_once: int


LOADS = (
    Load("one", "one body of 100 MB", 100 * _BODY, 1, 1),
    Load("many", "200 bodies of 1 MB, 50 at once", _BODY, 200, 50),
)


async def rate(save: Save, origin: str, load: Load, folder: Path) -> float:
    """Megabytes a second, to disk."""
    left = iter(range(load.count))

    async def fetch() -> None:
        for number in left:
            await save(f"{origin}/{load.size}", folder / f"{number}.bin")

    # Opens what is opened on first use, such as the TLS context.
    await save(f"{origin}/1000", folder / "warm.bin")
    (folder / "warm.bin").unlink()
    start = time.perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for _ in range(load.at_once):
            tasks.create_task(fetch())
    seconds = time.perf_counter() - start
    written = sum(each.stat().st_size for each in folder.iterdir())  # noqa: ASYNC240 - over
    if written != load.size * load.count:
        raise AssertionError(f"{written} bytes were written")
    return load.size * load.count / seconds / MEGABYTE


def _round(origin: str, load: Load, place: Path, name: str) -> Figures:
    async def measure() -> float:
        async with CONTESTANTS[name]() as save:
            return await rate(save, origin, load, Path(folder))

    with tempfile.TemporaryDirectory(dir=place, prefix=".bench-") as folder:
        # What the one before has left to write is not this one's to wait for.
        os.sync()
        cpu = time.process_time()
        reached = asyncio.run(measure())
        cpu = time.process_time() - cpu
    return {"rate": reached, "cpu": cpu * 1000 / (load.size * load.count / _BODY)}


async def _with_breaks(origin: str, size: int, folder: Path) -> dict[str, Any]:
    async with TailoredClient(
        api_token="benchmark", base_url="http://127.0.0.1:9", plan=None, http_backend="aiohttp"
    ) as bria:
        await bria.download(f"{origin}/{_BODY}", folder / "first.bin", keep=True)
        before = memory_now()
        path, breaks = folder / "model.bin", 3
        start = time.perf_counter()
        # So many breaks leave a last part without one; each loses what was not yet taken in.
        cut = size // (breaks + 1) + 2 * _BODY
        await bria.download(f"{origin}/{size}?cut={cut}", path, keep=True)
        seconds = time.perf_counter() - start
        attempts = bria.statistics().total.attempts - 1
    return {
        "seconds": seconds,
        "requests": attempts,
        "memory": memory_peak() - before,
        "is_equal": _is_equal(path, size),
    }


def _is_equal(path: Path, size: int) -> bool:
    left = size
    with path.open("rb") as file:
        while block := file.read(len(BLOCK)):
            if block != BLOCK[: len(block)]:
                return False
            left -= len(block)
    return left == 0


def _break_in_a_process(origin: str, size: int, folder: str, tell: Any) -> None:
    tell.send(asyncio.run(_with_breaks(origin, size, Path(folder))))


def with_breaks(origin: str, size: int, place: Path) -> dict[str, Any]:
    """A large file over a server that hangs up three times."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    with tempfile.TemporaryDirectory(dir=place, prefix=".bench-") as folder:
        process = context.Process(target=_break_in_a_process, args=(origin, size, folder, theirs))
        process.start()
        # Ours is the only other end then: should the process die, `recv` ends in place of waiting.
        theirs.close()
        try:
            found: dict[str, Any] = ours.recv()
        finally:
            process.join()
    return found


_MEASURES = {
    "rate": Measure(unit="MB/s", digits=0, better="more"),
    "ratio": Measure(unit="of bare", digits=2, better="more"),
    "cpu": Measure(unit="ms a MB", digits=2, better="less"),
}
_BROKEN = {
    "rate": Measure(unit="MB/s", digits=0, better="more"),
    "requests": Measure(digits=0),
    "memory": Measure(unit="MB", digits=1, better="less"),
    "wrong bytes": Measure(unit="files", digits=0, better="less"),
}
_OURS = "this client over aiohttp"


def ask(scope: Scope) -> Answer:
    """Fetch them all."""
    answer = Answer()
    with serving_files() as origin:
        for load in LOADS:
            rows = in_turns(
                list(CONTESTANTS), partial(_round, origin, load, scope.folder), 2 * scope.rounds
            )
            bare = rows[REFERENCE]["rate"].rounds
            whole = {
                name: {**row, "ratio": ratios(row["rate"].rounds, bare)}
                for name, row in rows.items()
            }
            answer.tables.append(
                Table(case=load.name, measures=_MEASURES, rows=whole, plotted="rate")
            )
            answer.targets += _targets(load, whole)
        broken = in_turns([_OURS], lambda _: _broken(origin, 1000 * _BODY, scope), scope.rounds)
    answer.tables.append(
        Table(case="1 GB with three breaks", measures=_BROKEN, rows=broken, plotted="rate")
    )
    answer.targets.append(
        Target(
            key="breaks",
            what="1 GB with three breaks: files with a wrong byte",
            bound=0,
            at_least=False,
            found=broken[_OURS]["wrong bytes"],
            digits=0,
        )
    )
    return answer


def _broken(origin: str, size: int, scope: Scope) -> Figures:
    found = with_breaks(origin, size, scope.folder)
    return {
        "rate": size / found["seconds"] / MEGABYTE,
        "requests": found["requests"],
        "memory": found["memory"],
        "wrong bytes": 0 if found["is_equal"] else 1,
    }


def _targets(load: Load, rows: Mapping[str, Mapping[str, Spread]]) -> list[Target]:
    synced = rows["bare httpx over aiohttp, fsync"]["rate"].rounds
    return [
        Target(
            key=load.key,
            what=f"{load.name}: MB/s over those of bare httpx-aiohttp `aiter_raw`",
            bound=0.85,
            at_least=True,
            found=rows[_OURS]["ratio"],
        ),
        Target(
            key=f"{load.key}-synced",
            what=f"{load.name}: the same, where the bare one has its files on the disk as well",
            bound=0.85,
            at_least=True,
            found=ratios(rows[_OURS]["rate"].rounds, synced),
        ),
    ]
