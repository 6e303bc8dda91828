"""A composition without things: arches, discs, leaves and bands cut from the palette."""

import math

import numpy as np

from bria_tailored_ext.sandbox.pictures.brush import Canvas
from bria_tailored_ext.sandbox.pictures.colour import Floats, Rgb
from bria_tailored_ext.sandbox.pictures.outlines import Points, arch, ring
from bria_tailored_ext.sandbox.pictures.roles import Inks


def compose(canvas: Canvas, inks: Inks, random: np.random.Generator) -> None:
    """Fill the canvas with a few large overlapping shapes in balance."""
    width, height = canvas.width, canvas.height
    short = min(width, height)
    canvas.behind(lambda small: _ground(small, inks))
    palette = (*inks.subjects, inks.ground, inks.accent)
    colours = [colour for colour in palette if colour != inks.back] or [inks.dark]
    x, y = width * random.uniform(0.36, 0.64), height * random.uniform(0.3, 0.46)
    _paper(canvas, inks, ring(x, y, short * 0.27, short * 0.27), colours[0], short)
    count = int(random.integers(3, 6))
    for index in range(count):
        colour = colours[(index + 1) % len(colours)]
        at = width * (index + 0.5 + random.uniform(-0.35, 0.35)) / count
        _piece(canvas, inks, random, (at, height, short), colour)
    _ridge(canvas, inks, random, colours[-1], short)
    for index in range(int(random.integers(4, 9))):
        x, y = width * random.random(), height * random.random() * 0.9
        size = short * random.uniform(0.006, 0.018)
        canvas.fill(ring(x, y, size, size), colours[index % len(colours)])


def _ground(canvas: Canvas, inks: Inks) -> None:
    width, height = canvas.width, canvas.height
    canvas.flood((0, height), inks.back, inks.back, (0.0, 0.0))
    x = width * (0.5 + 0.5 * inks.light.side)
    canvas.glow(x, 0, max(width, height) * 1.1, inks.bright, 0.5 * inks.light.level)


def _paper(canvas: Canvas, inks: Inks, points: Points, colour: Rgb, short: float) -> None:
    """A cut shape above the others, with the shadow that it throws on them."""
    shadow = _moved(inks, points, short * 0.012)
    canvas.soft(shadow, short * 0.018, inks.darker(inks.back, 0.7), 0.45 * inks.light.depth, points)
    canvas.fill(points, colour, inks.shading(0.25))


def _card(canvas: Canvas, inks: Inks, points: Points, colour: Rgb, short: float) -> None:
    """A cut shape that lies on another, and shows how thick it is on its dark side."""
    canvas.fill(_moved(inks, points, short * 0.004), inks.darker(colour, 0.35))
    canvas.fill(points, colour, inks.shading(0.25))


def _moved(inks: Inks, points: Points, far: float) -> Floats:
    """The same shape, moved away from the light."""
    moved: Floats = np.asarray(points, dtype=float) + np.array([-inks.light.side * far, far])
    return moved


def _piece(
    canvas: Canvas,
    inks: Inks,
    random: np.random.Generator,
    place: tuple[float, int, float],
    colour: Rgb,
) -> None:
    x, height, short = place
    kind = int(random.integers(4))
    tall = short * random.uniform(0.25, 0.62)
    half = short * random.uniform(0.07, 0.13)
    base = height + 4.0
    if kind == 0:
        _paper(canvas, inks, arch(x, base, half * 1.3, base - tall), colour, short)
        inner = arch(x, base, half * 0.75, base - tall)
        _card(canvas, inks, inner, inks.brighter(colour, 0.45), short)
    elif kind == 1:
        stem = [(x, base), (x + half * 0.4, base - tall / 2), (x, base - tall * 1.15)]
        canvas.stroke(stem, short * 0.008, inks.darker(colour, 0.3))
        for step in range(5):
            side = 1 if step % 2 else -1
            y = base - tall * (0.3 + 0.19 * step)
            leaf = _leaf(x, y, half * 1.5, side * 0.55)
            _card(canvas, inks, leaf, inks.darker(colour, 0.05 * step), short)
    elif kind == 2:
        _paper(canvas, inks, arch(x, base, half, base - tall * 1.2), colour, short)
    else:
        y = base - tall
        for size, tone in ((1.7, colour), (1.15, inks.bright), (0.65, inks.darker(colour, 0.2))):
            _card(canvas, inks, ring(x, y, half * size, half * size), tone, short)


def _leaf(x: float, y: float, long: float, turn: float) -> Floats:
    """A pointed oval that grows from (x, y); `turn` in radians from straight up."""
    steps = np.linspace(0, 1, 18)
    wide = long * 0.26 * np.sin(math.pi * steps) ** 0.9
    along = long * steps
    side = math.copysign(1.0, turn)
    direction = np.array([side * math.cos(0.6), -math.sin(0.6)])
    normal = np.array([-direction[1], direction[0]])
    spine = np.array([x, y]) + along[:, None] * direction
    swell = wide[:, None] * normal
    return np.concatenate([spine + swell, (spine - swell)[::-1]])


def _ridge(
    canvas: Canvas, inks: Inks, random: np.random.Generator, colour: Rgb, short: float
) -> None:
    x = np.linspace(-0.02, 1.02, 50)
    phase, waves = random.random(), random.uniform(0.6, 1.3)
    y = canvas.height - short * (0.1 + 0.05 * np.sin(2 * math.pi * (x * waves + phase)))
    top = list(zip((x * canvas.width).tolist(), y.tolist(), strict=True))
    low = canvas.height + 4.0
    foot = [(canvas.width * 1.02, low), (-canvas.width * 0.02, low)]
    _paper(canvas, inks, [*top, *foot], colour, short)
