"""The same client on trio: `python examples/on_trio.py MODEL_ID` draws three pictures at once."""

from __future__ import annotations

import sys

import trio

from bria_tailored_ext import ImageRequest, TailoredClient

PROMPTS = ("a teapot at dawn", "a cup by the window", "a bowl of fruit")


async def draw(bria: TailoredClient, model_id: str, number: int) -> None:
    """Submit one picture, tell of its states, and save it."""
    request = ImageRequest(tailored_model_id=model_id, prompt=PROMPTS[number])
    job = await bria.submit(request)
    async for event in job.events():
        print(f"{PROMPTS[number]}: {event.state.value}")
    await (await job.result()).save(f"{number}.png")


async def main(model_id: str) -> None:
    """Nothing goes on after the nursery is closed, nor the client after its block."""
    async with TailoredClient() as bria, trio.open_nursery() as nursery:
        for number in range(len(PROMPTS)):
            nursery.start_soon(draw, bria, model_id, number)


if __name__ == "__main__":
    trio.run(main, sys.argv[1])
