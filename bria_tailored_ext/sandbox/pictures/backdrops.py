"""What stands behind the subjects: a wall with a table, hills, water, a night sky."""

import math
from collections.abc import Callable
from typing import Final

import numpy as np

from bria_tailored_ext.sandbox.pictures.brush import Canvas
from bria_tailored_ext.sandbox.pictures.colour import Rgb
from bria_tailored_ext.sandbox.pictures.outlines import Point, arch, ring
from bria_tailored_ext.sandbox.pictures.roles import Inks
from bria_tailored_ext.sandbox.pictures.shading import blend


def still_life(canvas: Canvas, inks: Inks, random: np.random.Generator) -> float:
    """A wall with a large quiet shape on it and a table; gives the height of the table."""
    width, height = canvas.width, canvas.height
    short = min(width, height)
    _sky(canvas, inks, inks.back)
    edge = height * random.uniform(0.66, 0.74)
    tone = inks.brighter(inks.back, 0.45) if inks.light.level > 0.5 else inks.darker(inks.back, 0.4)
    across = width * random.uniform(0.4, 0.6)
    _wall_shape(canvas, inks, random, (across, edge, short), tone)
    _speckle(canvas, random, inks.darker(inks.back, 0.14), (0, edge), 70)
    canvas.flood((edge, height), inks.ground, inks.dark, (0.0, 0.22 * inks.light.depth))
    canvas.fill(_rectangle(0, edge, width, edge + short * 0.006), inks.brighter(inks.ground, 0.35))
    _grain(canvas, random, inks.darker(inks.ground, 0.13), edge)
    return edge + (height - edge) * 0.28


def _wall_shape(
    canvas: Canvas,
    inks: Inks,
    random: np.random.Generator,
    place: tuple[float, float, float],
    tone: Rgb,
) -> None:
    """A niche, a disc, a window of light, or stripes."""
    x, edge, short = place
    kind = int(random.integers(4))
    radius = short * random.uniform(0.3, 0.38)
    if kind == 0:
        canvas.fill(arch(x, edge, radius, edge - radius * 0.9 - short * 0.08), tone)
    elif kind == 1:
        canvas.fill(ring(x, edge - radius * 1.02, radius * 0.98, radius * 0.98), tone)
    elif kind == 2:
        _window_light(canvas, inks, x, edge, radius)
    else:
        step = short * random.uniform(0.07, 0.11)
        for index in range(0, math.ceil(canvas.width / step) + 1, 2):
            stripe = _rectangle(index * step, 0, (index + 1) * step, edge)
            canvas.fill(stripe, inks.darker(inks.back, 0.06))
        canvas.fill(_rectangle(0, edge - step * 1.2, canvas.width, edge), tone)


def _window_light(canvas: Canvas, inks: Inks, x: float, edge: float, radius: float) -> None:
    lean = radius * 0.35 * (-1 if inks.light.side > 0 else 1)
    pane, gap = radius * 0.62, radius * 0.09
    for column in (0, 1):
        for row in (0, 1):
            left = x - pane + column * (pane + gap)
            top = edge - radius * 2.0 + row * (radius * 0.85 + gap)
            low = top + radius * 0.85
            shift = lean * row
            start, end = left + shift, left + pane + shift
            light = [(start, top), (end, top), (end + lean, low), (start + lean, low)]
            canvas.fill(light, inks.brighter(inks.back, 0.5))


def landscape(canvas: Canvas, inks: Inks, random: np.random.Generator) -> float:
    """A sky over rows of hills; gives the line on which things stand."""
    width, height = canvas.width, canvas.height
    _sky(canvas, inks, inks.back)
    horizon = height * random.uniform(0.5, 0.6)
    _far_disc(canvas, inks, random, horizon)
    rows = int(random.integers(3, 5))
    for row in range(rows):
        near = (row + 1) / rows
        colour = blend(inks.back, inks.ground, 0.3 + 0.7 * near)
        base = horizon + (height * 0.74 - horizon) * (row / rows)
        _hill(canvas, random, base, height * 0.075 * (1.25 - near * 0.6), colour)
    canvas.wash(round(height * 0.7), height, inks.dark, 0.0, 0.28 * inks.light.depth)
    _tufts(canvas, random, inks.darker(inks.ground, 0.3), (height * 0.78, height), width)
    return height * 0.8


def water(canvas: Canvas, inks: Inks, random: np.random.Generator) -> float:
    """A sky over a sea with bands of light; gives the line on which things float."""
    height = canvas.height
    _sky(canvas, inks, inks.back)
    horizon = height * random.uniform(0.46, 0.54)
    _far_disc(canvas, inks, random, horizon)
    if random.random() < 0.6:
        shore = blend(inks.back, inks.ground, 0.45)
        _hill(canvas, random, horizon - height * 0.02, height * 0.06, shore)
    canvas.flood((horizon, height), inks.ground, inks.dark, (0.0, 0.4))
    _ripples(canvas, inks, random, horizon)
    return horizon + (height - horizon) * 0.42


def _ripples(canvas: Canvas, inks: Inks, random: np.random.Generator, horizon: float) -> None:
    lit, shaded = inks.brighter(inks.ground, 0.35), inks.darker(inks.ground, 0.3)
    for _ in range(46):
        depth = float(random.random()) ** 1.3
        y = horizon + (canvas.height - horizon) * (0.03 + 0.95 * depth)
        long = canvas.width * random.uniform(0.03, 0.1) * (0.6 + depth)
        x = canvas.width * random.random()
        tone = lit if random.random() < 0.6 else shaded
        rise, fall = (x - long / 2, y - long * 0.05), (x + long / 2, y + long * 0.05)
        wave = [(x - long, y), rise, (x, y), fall, (x + long, y)]
        canvas.stroke(wave, max(1.2, canvas.height * 0.0035 * (0.5 + depth)), tone)


def night(canvas: Canvas, inks: Inks, random: np.random.Generator) -> float:
    """Hills under stars; gives the line on which things stand."""
    width, height = canvas.width, canvas.height
    _sky(canvas, inks, inks.darker(inks.back, 0.5))
    stars: list[tuple[float, float, float]] = []
    for _ in range(70):
        x, y = width * random.random(), height * 0.62 * float(random.random()) ** 1.2
        stars.append((x, y, height * random.uniform(0.0012, 0.0034)))
    canvas.dots(stars, inks.bright)
    for row in range(3):
        base = height * (0.6 + 0.07 * row)
        _hill(canvas, random, base, height * 0.07, inks.darker(inks.ground, 0.35 + 0.15 * row))
    return height * 0.82


BACKDROPS: Final[dict[str, Callable[[Canvas, Inks, np.random.Generator], float]]] = {
    "table": still_life,
    "land": landscape,
    "water": water,
    "night": night,
}


def _sky(canvas: Canvas, inks: Inks, colour: Rgb) -> None:
    """The backdrop's colour with light from its side, fading downwards."""

    def paint(small: Canvas) -> None:
        shade = 0.16 * (1.1 - inks.light.level)
        small.flood((0, small.height), colour, inks.dark, (shade, 0.0))
        x = small.width * (0.5 + 0.5 * inks.light.side)
        reach = max(small.width, small.height)
        small.glow(x, small.height * 0.12, reach, inks.bright, 0.55 * inks.light.level)

    canvas.behind(paint)


def _far_disc(canvas: Canvas, inks: Inks, random: np.random.Generator, horizon: float) -> None:
    if random.random() < 0.5:
        return
    radius = min(canvas.width, canvas.height) * random.uniform(0.08, 0.15)
    x = canvas.width * (0.5 + 0.3 * inks.light.side + random.uniform(-0.1, 0.1))
    y = horizon - radius * random.uniform(-0.2, 1.4)
    tone = blend(inks.accent, inks.bright, 0.35)
    canvas.glow(x, y, radius * 2.6, tone, 0.5)
    canvas.fill(ring(x, y, radius, radius), tone)


def _hill(
    canvas: Canvas, random: np.random.Generator, base: float, swing: float, colour: Rgb
) -> None:
    """One soft ridge from edge to edge, filled down to the foot of the picture."""
    x = np.linspace(0, 1, 64)
    waves = sum(
        np.sin(2 * math.pi * (x * random.uniform(0.4, 0.9) * n + random.random())) / n
        for n in (1, 2, 3)
    )
    tops = base - swing * np.asarray(waves) * 0.7
    ridge = list(zip((x * canvas.width).tolist(), tops.tolist(), strict=True))
    low = float(tops.max()) + 2
    canvas.fill([*ridge, (canvas.width, low), (0, low)], colour)
    canvas.flood((math.floor(low) - 1, canvas.height), colour, colour, (0.0, 0.0))


def _rectangle(left: float, top: float, right: float, bottom: float) -> list[Point]:
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def _speckle(
    canvas: Canvas,
    random: np.random.Generator,
    colour: Rgb,
    rows: tuple[float, float],
    count: int,
) -> None:
    spots: list[tuple[float, float, float]] = []
    for _ in range(count):
        x, y = canvas.width * random.random(), random.uniform(*rows)
        spots.append((x, y, canvas.height * random.uniform(0.0008, 0.0022)))
    canvas.dots(spots, colour)


def _grain(canvas: Canvas, random: np.random.Generator, colour: Rgb, edge: float) -> None:
    """Long soft lines, as in wood."""
    for _ in range(9):
        y = random.uniform(edge + canvas.height * 0.02, canvas.height)
        x, long = canvas.width * random.uniform(-0.1, 0.9), canvas.width * random.uniform(0.15, 0.5)
        lift = canvas.height * random.uniform(-0.004, 0.004)
        path = [(x + long * t / 6, y + lift * math.sin(t)) for t in range(7)]
        canvas.stroke(path, max(1.0, canvas.height * 0.0022), colour)


def _tufts(
    canvas: Canvas,
    random: np.random.Generator,
    colour: Rgb,
    rows: tuple[float, float],
    width: int,
) -> None:
    blades: list[list[Point]] = []
    for _ in range(26):
        x, y = width * random.random(), random.uniform(*rows)
        tall = canvas.height * random.uniform(0.012, 0.026)
        half = tall * 0.09
        blades += [
            [(x - half, y), (x + lean * tall * 0.8, y - tall), (x + half, y)]
            for lean in (-0.5, 0.0, 0.5)
        ]
    canvas.blades(blades, colour)
