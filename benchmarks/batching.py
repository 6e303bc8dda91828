"""One contestant has a batch done, in a process of its own that may be killed at any moment.

Run by `benchmarks.batch`.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import httpx

from benchmarks.processes import memory_peak
from bria_tailored.models import ImageRequest
from bria_tailored_ext import TailoredClient
from bria_tailored_ext.batch import estimate_batch, run_batch

Asked = dict[str, Any]
SUBMITS_AT_ONCE = 8


def _body(asked: Asked, number: int) -> dict[str, Any]:
    return {"tailored_model_id": asked["model"], "prompt": f"{asked['prompt']} {number}"}


def _client(asked: Asked) -> TailoredClient:
    return TailoredClient(
        base_url=asked["origin"], api_token=asked["token"], plan=None, http_backend="aiohttp"
    )


def _requests(asked: Asked) -> Iterable[ImageRequest]:
    return [ImageRequest.from_dict(_body(asked, number)) for number in range(asked["count"])]


async def loop(asked: Asked) -> None:
    """What users write: a semaphore, a look each second, and a file of what is done."""
    folder = Path(asked["folder"])
    ledger = folder / "done.txt"
    done = set(ledger.read_text().split()) if ledger.exists() else set()
    slots = asyncio.Semaphore(asked["at_once"])

    async def one(number: int) -> None:
        if str(number) in done:
            return
        async with slots:
            answer = await client.post("/v2/image/generate/tailored", json=_body(asked, number))
            answer.raise_for_status()
            while True:
                await asyncio.sleep(1)
                told = (await client.get(answer.json()["status_url"])).raise_for_status().json()
                if told["status"] != "IN_PROGRESS":
                    break
            picture = await client.get(told["result"]["image_url"])
            (folder / f"{number}.png").write_bytes(picture.raise_for_status().content)
            with ledger.open("a") as file:
                file.write(f"{number}\n")

    async with httpx.AsyncClient(
        base_url=asked["origin"], headers={"api_token": asked["token"]}, timeout=60
    ) as client:
        await asyncio.gather(*map(one, range(asked["count"])))


async def batched(asked: Asked) -> None:
    """`run_batch`: journal, checksums, manifest and gallery included."""
    folder = Path(asked["folder"])
    async with (
        _client(asked) as bria,
        run_batch(
            bria,
            _requests(asked),
            journal=folder / "journal.db",
            output_dir=folder,
            in_flight=asked["at_once"],
            submits_at_once=SUBMITS_AT_ONCE,
        ) as batch,
    ):
        async for outcome in batch:
            if outcome.error is not None and outcome.state.value != "unknown":
                raise outcome.error


async def bare(asked: Asked) -> None:
    """Submit, wait and save with this client and the same limits, and nothing else."""
    folder = Path(asked["folder"])
    slots, submits = anyio.Semaphore(asked["at_once"]), anyio.Semaphore(SUBMITS_AT_ONCE)

    async def one(number: int, request: ImageRequest) -> None:
        async with submits:
            job = await bria.submit(request)
        result = await job.result()
        await result.save(folder / f"{number}.png")
        slots.release()

    async with _client(asked) as bria, anyio.create_task_group() as tasks:
        for number, request in enumerate(_requests(asked)):
            await slots.acquire()
            tasks.start_soon(one, number, request)


async def dry_run(asked: Asked) -> dict[str, float]:
    """What a batch of a file would take."""
    found = await estimate_batch(asked["path"], plan="enterprise")
    return {"rows": found.total, "memory": memory_peak()}


CONTESTANTS: dict[str, Callable[[Asked], Awaitable[Any]]] = {
    "loop": loop,
    "run_batch": batched,
    "bare work": bare,
    "dry run": dry_run,
}


def main(asked: Asked) -> None:
    """Do it, and print what it took as JSON."""
    start, cpu = time.perf_counter(), time.process_time()
    told = anyio.run(partial(CONTESTANTS[asked["contestant"]], asked))
    figures = {"seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu}
    print(json.dumps(figures | (told or {})))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
