"""One picture from a model: `python examples/first_picture.py MODEL_ID "a teapot at dawn"`."""

from __future__ import annotations

import asyncio
import sys

from bria_tailored_ext import ImageRequest, SubmitOutcomeUnknown, TailoredClient, WaitTimeout


async def main(model_id: str, prompt: str) -> None:
    """Submit, wait, and save; say what to do where that does not work out."""
    async with TailoredClient() as bria:  # reads BRIA_API_TOKEN and BRIA_BASE_URL
        try:
            job = await bria.submit(ImageRequest(tailored_model_id=model_id, prompt=prompt))
        except SubmitOutcomeUnknown as error:
            sys.exit(f"It may have been billed, or not: {error}")
        print(f"Submitted and paid for: job {job.request_id}")
        try:
            result = await job.result(timeout=300)
        except WaitTimeout as error:
            sys.exit(f"Not ready yet. Later: bria.job({error.request_id!r})")
        path = await result.save("first_picture.png")
        print(f"{path}, seed {result.seed}")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
