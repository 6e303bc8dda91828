"""Pictures drawn one after the other, in a process of its own. Run by `benchmarks.pictures`."""

from __future__ import annotations

import io
import json
import statistics
import time

from PIL import Image

from bria_tailored_ext.sandbox.pictures import draw, structured_prompt
from bria_tailored_ext.sandbox.pictures.catalogue import SHAPES

_SCHEMA = {
    "palette": [
        {"name": "cream", "hex": "#f3e6cc", "share": 0.4},
        {"name": "teal", "hex": "#0f4c4f", "share": 0.3},
        {"name": "terracotta", "hex": "#c8643c", "share": 0.2},
        {"name": "charcoal", "hex": "#1c2226", "share": 0.1},
    ],
    "lighting": "bright, soft light from the left",
}
_SCENES = (
    "something quiet",
    "a teapot and two cups",
    "five cups and a teapot on a table",
    "a boat on the sea",
    "a house in a field",
    "three trees in a field",
    "a cat at night",
)
CROWD = "six flowers and three plants"
"""The most that a picture holds, of what takes the longest to draw."""
_SEEDS = range(1, 6)


def _drawn(prompt: str) -> dict[str, float]:
    rows = [_drawn_once(prompt, seed) for seed in _SEEDS]
    return {name: statistics.median(row[name] for row in rows) for name in rows[0]}


def _drawn_once(prompt: str, seed: int) -> dict[str, float]:
    start = time.thread_time()
    structured = structured_prompt(prompt, base=None, schema=_SCHEMA, seed=seed)
    picture = draw(structured, schema=_SCHEMA, seed=seed)
    drawn = time.thread_time()
    image = Image.open(io.BytesIO(picture))
    image.load()
    loaded = time.thread_time()
    image.save(io.BytesIO(), "PNG")
    return {
        "cpu": (drawn - start) * 1000,
        "pillow": (time.thread_time() - loaded) * 1000,
        "size": len(picture) / 1000,
    }


if __name__ == "__main__":
    # Fonts and tables are read once in the life of a sandbox.
    _drawn("a cup")
    prompts = [*(f"a {kind}" for kind in SHAPES), *_SCENES, CROWD]
    print(json.dumps({prompt: _drawn(prompt) for prompt in prompts}))
