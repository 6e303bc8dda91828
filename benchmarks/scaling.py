"""What one size costs, in a process of its own: jobs that wait, or rows of a journal.

Run by `benchmarks.scale`.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio
import httpx

from benchmarks.journal import fill
from benchmarks.polling_world import duration
from benchmarks.processes import MEGABYTE, memory_now, memory_peak
from benchmarks.virtual_time import VirtualClock, VirtualLoop
from bria_tailored_ext import TailoredClient
from bria_tailored_ext.batch.journal import locked_journal
from bria_tailored_ext.batch.report import read_status
from bria_tailored_ext.values.durations import Duration, Durations
from bria_tailored_ext.values.jobs import JobKind

_IDLE = 10.0
"""Seconds in which nothing is due."""

_LONG = Durations({JobKind.IMAGE: Duration(median=4000.0, spread=0.2, seen=100)})


class _Bria(httpx.AsyncBaseTransport):
    """Tells of jobs that all began at the start; it costs next to nothing."""

    def __init__(self, jobs: int) -> None:
        chance = random.Random(7)  # noqa: S311 - no secret
        self._ends = [duration(chance) for _ in range(jobs)]
        self.looks = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Tell of a job."""
        self.looks += 1
        request_id = request.url.path.rsplit("/", 1)[-1]
        told: dict[str, Any] = {"status": "IN_PROGRESS", "request_id": request_id}
        if self._ends[int(request_id)] <= asyncio.get_running_loop().time():
            result = {"image_url": "https://cdn.test/" + request_id}
            told |= {"status": "COMPLETED", "result": result}
        return httpx.Response(200, content=json.dumps(told))


async def _waiting(jobs: int) -> dict[str, float]:
    server = _Bria(jobs)
    async with TailoredClient(
        api_token="benchmark",
        base_url="https://bria.test",
        plan=None,
        transport=server,
        clock=VirtualClock(),
    ) as bria:
        idle, cpu = memory_now(), time.process_time()
        async with anyio.create_task_group() as tasks:
            for number in range(jobs):
                tasks.start_soon(bria.job(str(number), kind=JobKind.IMAGE).result)
        seconds = time.process_time() - cpu
    return {
        "cpu": seconds,
        "each": seconds / jobs * 1e6,
        "memory": memory_peak() - idle,
        "looks": server.looks / jobs,
    }


def waiting(jobs: int) -> dict[str, float]:
    """So many jobs that all wait at once, until the last is ready, in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(_waiting(jobs))


async def _idle(jobs: int) -> dict[str, float]:
    async with TailoredClient(
        api_token="benchmark", base_url="https://bria.test", transport=_Bria(0), durations=_LONG
    ) as bria:
        now = datetime.now(UTC)
        idle = memory_now()
        waiting = []
        for number in range(jobs):
            job = bria.job(str(number), kind=JobKind.IMAGE, submitted_at=now)
            waiting.append(asyncio.create_task(job.result(timeout=None)))
        await asyncio.sleep(1)
        cpu, begin = time.process_time(), time.perf_counter()
        await asyncio.sleep(_IDLE)
        share = (time.process_time() - cpu) / (time.perf_counter() - begin)
        memory = memory_peak() - idle
        for task in waiting:
            task.cancel()
        await asyncio.wait(waiting)
    return {"core": share * 100, "memory": memory}


def idle(jobs: int) -> dict[str, float]:
    """So many jobs that all wait while nothing is due, in real time."""
    return asyncio.run(_idle(jobs))


def journal(rows: int) -> dict[str, float]:
    """A journal of so many finished requests, written as a batch does, then read anew."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal.db"
        idle, start = memory_now(), time.perf_counter()
        with locked_journal(path) as connection:
            for first in range(0, rows, 100):
                connection.execute("BEGIN IMMEDIATE")
                for number in range(first, min(first + 100, rows)):
                    fill(connection, number, Path(folder))
                connection.execute("COMMIT")
        written = time.perf_counter() - start
        start = time.perf_counter()
        status = read_status(path)
        read = time.perf_counter() - start
        size = path.stat().st_size
    if sum(status.requests.values()) != rows:
        raise AssertionError(f"{status.requests} of {rows} rows")
    return {
        "write": written,
        "each": written / rows * 1e6,
        "read": read * 1000,
        "size": size / MEGABYTE,
        "memory": memory_peak() - idle,
    }


if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    measure = {"waiting": waiting, "idle": idle, "journal": journal}[asked["what"]]
    print(json.dumps(measure(asked["size"])))
