"""Draw the demo's training pictures: a small series for a teahouse, in one palette.

The committed set was drawn by this program: `python examples/draw_pictures.py OUT`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bria_tailored_ext.sandbox.pictures import structured_prompt
from bria_tailored_ext.sandbox.pictures.brush import Canvas
from bria_tailored_ext.sandbox.pictures.drawing import composed

BRAND = {
    "style": "flat illustration",
    "lighting": "soft daylight",
    "palette": [
        {"name": "cream", "hex": "#f3e7d3", "share": 0.5},
        {"name": "teal", "hex": "#1f5c5c", "share": 0.2},
        {"name": "terracotta", "hex": "#c8623a", "share": 0.15},
        {"name": "ink", "hex": "#22303c", "share": 0.08},
        {"name": "ochre", "hex": "#dba349", "share": 0.07},
    ],
}

SERIES = {
    "teapot-on-shelf.jpg": ("a teapot on a shelf", 3),
    "two-cups-at-the-window.png": ("two cups by the window", 5),
    "bowl-of-fruit.jpg": ("a bowl of fruit on a table", 2),
    "vase-with-flowers.webp": ("a tall vase with flowers", 8),
    "teahouse-by-the-lake.jpg": ("a house by a lake with trees", 4),
    "bottle-and-jug.jpg": ("a jug and a bottle on a table", 6),
    "cat-beside-lamp.png": ("a cat beside a lamp", 7),
    "boat-at-dusk.webp": ("a boat on the sea, sun", 9),
}


def main(folder: Path) -> None:
    """Draw every picture of the series into a folder, 1080 pixels wide and high."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (words, seed) in SERIES.items():
        scene = structured_prompt(words, base=None, schema=BRAND, seed=seed)
        canvas = Canvas((1200, 1200))
        composed(canvas, scene, schema=BRAND, seed=seed, influence=1.2)
        cropped = canvas.sheet.image().crop((60, 60, 1140, 1140))
        if name.endswith(".png"):
            cropped.quantize(48).save(folder / name, optimize=True)
        else:
            cropped.save(folder / name, quality=80)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
