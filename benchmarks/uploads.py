"""Pictures on their way to Bria: memory, speed, and how long the event loop stands still."""

from __future__ import annotations

import asyncio
import base64
import multiprocessing
import os
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import httpx

from benchmarks.figures import Spread
from benchmarks.frame import Answer, Figures, Measure, Scope, Table, Target, in_turns
from benchmarks.processes import MEGABYTE, memory_now, memory_peak
from benchmarks.server import taking
from bria_tailored.models import GenerateVisualSchema, UploadImage
from bria_tailored_ext import TailoredClient
from bria_tailored_ext.values.configuration import HttpBackend
from bria_tailored_ext.workflows.pictures import prepare

NAME = "uploads"
TITLE = "Uploads"
METHOD = (
    "Pictures on disk go to a server in another process, over loopback, that takes and forgets "
    "them; every round in a fresh process. Schema: ten pictures of 8 MB as base64 in one JSON body "
    "of 107 MB, as `generate_visual_schema` takes them. Uploads: 200 pictures of 4 MB, eight at a "
    "time, as `upload_image` takes them. Eager is what users write: read, `b64encode`, and httpx's "
    "`json=`. Memory is the peak above that of the client which is open and has sent one small "
    "picture. Stalled is the longest time for which a task that wants to run every millisecond did "
    "not, of which other processes may be the cause; busy is the most processor time that the "
    "event loop's own thread took meanwhile, of which they are not."
)
PACKAGES = ("aiohttp", "bria-tailored", "httpx", "httpx-aiohttp")

PICTURE_BYTES = {"schema": 8_000_000, "uploads": 4_000_000}
PICTURES = 10
UPLOADS = 200
AT_ONCE = 8

Send = Callable[[Sequence[Path]], Awaitable[None]]
Sender = Callable[[str], AbstractAsyncContextManager[tuple[Send, Send]]]


def _ours(backend: HttpBackend) -> Sender:
    @asynccontextmanager
    async def sender(origin: str) -> AsyncIterator[tuple[Send, Send]]:
        async with TailoredClient(
            base_url=origin, api_token="benchmark", plan=None, http_backend=backend
        ) as bria:

            async def schema(paths: Sequence[Path]) -> None:
                pictures = [await prepare(path, index) for index, path in enumerate(paths)]
                body = GenerateVisualSchema(images=[picture.wire for picture in pictures])
                await bria.datasets.generate_visual_schema(body=body)

            async def upload(paths: Sequence[Path]) -> None:
                picture = await prepare(paths[0], 0)
                await bria.datasets.upload_image(1, body=UploadImage(file=picture.wire))

            yield schema, upload

    return sender


@asynccontextmanager
async def _eager(origin: str) -> AsyncIterator[tuple[Send, Send]]:
    async with httpx.AsyncClient(base_url=origin, timeout=60) as client:

        async def schema(paths: Sequence[Path]) -> None:
            images = [base64.b64encode(path.read_bytes()).decode() for path in paths]
            await client.post("/schema", json={"images": images})

        async def upload(paths: Sequence[Path]) -> None:
            file = base64.b64encode(paths[0].read_bytes()).decode()
            await client.post("/images", json={"file": file})

        yield schema, upload


SENDERS: dict[str, Sender] = {
    "this client over aiohttp": _ours("aiohttp"),
    "this client over httpx": _ours("httpx"),
    "eager over httpx": _eager,
}


async def _schema(send: tuple[Send, Send], paths: Sequence[Path]) -> None:
    await send[0](paths)


async def _uploads(send: tuple[Send, Send], paths: Sequence[Path]) -> None:
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> None:
        async with slots:
            await send[1]([paths[number % len(paths)]])

    async with asyncio.TaskGroup() as tasks:
        for number in range(UPLOADS):
            tasks.create_task(one(number))


LOADS = {"schema": _schema, "uploads": _uploads}


async def _measure(sender: str, load: str, origin: str, paths: Sequence[Path]) -> list[float]:
    async with SENDERS[sender](origin) as send:
        for each in send:
            await each([paths[0].with_name("small.png")])
        idle, start = memory_now(), time.perf_counter()
        async with _watch() as turns:
            await LOADS[load](send, paths)
        seconds = time.perf_counter() - start
        return [memory_peak() - idle, *map(max, zip(*turns, strict=True)), seconds]


@asynccontextmanager
async def _watch() -> AsyncIterator[list[tuple[float, float]]]:
    """For each turn of a task: how late it was, and what its thread did meanwhile, in seconds."""
    turns = [(0.0, 0.0)]

    async def watch() -> None:
        while True:
            start, used = time.perf_counter(), time.thread_time()
            await asyncio.sleep(0.001)
            late = time.perf_counter() - start - 0.001
            turns.append((late, time.thread_time() - used))

    watching = asyncio.create_task(watch())
    try:
        yield turns
    finally:
        watching.cancel()


def _run(sender: str, load: str, origin: str, paths: Sequence[Path], tell: Connection) -> None:
    tell.send(asyncio.run(_measure(sender, load, origin, paths)))


def _apart(sender: str, load: str, origin: str, paths: Sequence[Path]) -> list[float]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(sender, load, origin, paths, theirs))
    process.start()
    # Ours is the only other end then: should the process die, `recv` ends in place of waiting.
    theirs.close()
    try:
        figures: list[float] = ours.recv()
    finally:
        process.join()
    return figures


def _pictures(folder: Path, size: int) -> list[Path]:
    (folder / "small.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    paths = [folder / f"{number}.png" for number in range(PICTURES)]
    for path in paths:
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + os.urandom(size - 8))
    return paths


_MEASURES = {
    "memory": Measure(unit="MB", digits=1, better="less"),
    "rate": Measure(unit="MB/s", digits=0, better="more"),
    "stalled": Measure(unit="ms", digits=1, better="less"),
    "busy": Measure(unit="ms", digits=1, better="less"),
}
_CASES = {"schema": "Ten pictures of 8 MB in one body", "uploads": "200 pictures of 4 MB"}
_BYTES = {"schema": 10 * 8_000_000, "uploads": UPLOADS * 4_000_000}
_BOUNDS = {"schema": 20, "uploads": 150}


def ask(scope: Scope) -> Answer:
    """Send them all."""
    answer = Answer()
    with taking() as origin, tempfile.TemporaryDirectory(dir=scope.folder, prefix=".bench-") as at:
        for load in LOADS:
            paths = _pictures(Path(at), PICTURE_BYTES[load])
            rows = in_turns(list(SENDERS), partial(_round, load, origin, paths), scope.rounds)
            answer.tables.append(
                Table(case=_CASES[load], measures=_MEASURES, rows=rows, plotted="memory")
            )
            answer.targets += _targets(load, rows["this client over aiohttp"])
    return answer


def _round(load: str, origin: str, paths: Sequence[Path], sender: str) -> Figures:
    memory, stalled, busy, seconds = _apart(sender, load, origin, paths)
    return {
        "memory": memory,
        "rate": _BYTES[load] / seconds / MEGABYTE,
        "stalled": stalled * 1000,
        "busy": busy * 1000,
    }


def _targets(load: str, row: Mapping[str, Spread]) -> list[Target]:
    case = _CASES[load]
    memory = Target(
        key=f"{load}-memory",
        what=f"{case}: MB above the idle client",
        bound=_BOUNDS[load],
        at_least=False,
        found=row["memory"],
        digits=1,
    )
    if load == "uploads":
        return [memory]
    return [
        memory,
        Target(
            key=f"{load}-turn",
            what=f"{case}: the event loop's longest turn, ms of its own",
            bound=20,
            at_least=False,
            found=row["busy"],
            digits=1,
        ),
    ]
