"""Submit in one process and collect in another: all that passes between them is one line of JSON.

`python examples/queue_worker.py submit MODEL_ID "a teapot" "a cup"` fills the queue, here a folder;
`python examples/queue_worker.py collect`, on any machine and days later, saves what came of it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anyio

from bria_tailored_ext import ImageRequest, Job, JobError, JobFailed, TailoredClient

QUEUE = Path("queue")


async def submit(model_id: str, prompts: Sequence[str]) -> None:
    """Pay for pictures, and put each job into the queue before the next is paid for."""
    QUEUE.mkdir(exist_ok=True)
    async with TailoredClient() as bria:
        for prompt in prompts:
            job = await bria.submit(ImageRequest(tailored_model_id=model_id, prompt=prompt))
            (QUEUE / f"{job.request_id}.json").write_text(json.dumps(job.to_dict()))


async def collect() -> None:
    """Save what is ready; a job leaves the queue when nothing more will come of it."""
    async with TailoredClient() as bria, anyio.create_task_group() as tasks:
        for entry in sorted(QUEUE.glob("*.json")):
            tasks.start_soon(_collect, Job.from_dict(bria, json.loads(entry.read_text())), entry)


async def _collect(job: Job[Any], entry: Path) -> None:
    try:
        result = await job.result(timeout=60)
    except JobFailed as error:
        print(error)
    except JobError as error:
        print(f"It stays in the queue: {error}")
        return
    else:
        print(await result.save(f"{job.request_id}.png"))
    entry.unlink()


if __name__ == "__main__":
    if sys.argv[1] == "submit":
        anyio.run(submit, sys.argv[2], sys.argv[3:])
    else:
        anyio.run(collect)
