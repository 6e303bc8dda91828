"""Many pictures, none lost, none paid for twice: `python examples/batch_with_resume.py MODEL_ID`.

Kill it at any moment and run it again: it goes on with the same journal.
"""

from __future__ import annotations

import asyncio
import sys

from bria_tailored_ext import BatchStopped, ImageRequest, TailoredClient
from bria_tailored_ext.batch import read_status, run_batch

THINGS = ("teapot", "cup", "bowl", "vase")
LIGHTS = ("at dawn", "at noon", "in the evening")
JOURNAL = "teahouse.db"


async def main(model_id: str) -> None:
    """Draw every thing in every light."""
    requests = [
        ImageRequest(tailored_model_id=model_id, prompt=f"a {thing} {light}", seed=seed)
        for seed, thing in enumerate(THINGS)
        for light in LIGHTS
    ]
    async with (
        TailoredClient() as bria,
        run_batch(bria, requests, journal=JOURNAL, output_dir="teahouse", max_cost=5) as batch,
    ):
        try:
            async for outcome in batch:
                print(outcome.id, outcome.state.value, outcome.file or outcome.error)
        except BatchStopped as stopped:
            print(f"Stopped: {stopped}")
        print(f"${batch.statistics().cost} in all runs of this journal")
    states = read_status(JOURNAL).requests
    print(dict(states))
    if set(states) != {"saved"}:
        sys.exit("Not all of them are there. Run it again to go on.")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
