"""The application of a team: a picture for every product of a catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import anyio

from bria_tailored_ext import ImageRequest, TailoredClient, ValidationError


async def draw_catalogue(
    bria: TailoredClient, model_id: int, products: Mapping[str, str], folder: Path
) -> dict[str, str]:
    """Draw every product into a folder, and return those that were refused, with Bria's words."""
    refused: dict[str, str] = {}

    async def draw(name: str, words: str) -> None:
        request = ImageRequest(tailored_model_id=str(model_id), prompt=f"{words} on a plain table")
        try:
            job = await bria.submit(request)
        except ValidationError as error:
            refused[name] = error.words
            return
        await (await job.result()).save(folder / f"{name}.png")

    async with anyio.create_task_group() as tasks:
        for name, words in products.items():
            tasks.start_soon(draw, name, words)
    return refused
