"""Buildings, vehicles, peaks, and what is in the sky. Each subject has height 1."""

import math

from bria_tailored_ext.sandbox.pictures.outlines import Point
from bria_tailored_ext.sandbox.pictures.pen import Pen


def house(pen: Pen) -> None:
    """A house with a pitched roof, a chimney and lit windows."""
    glow = pen.light(pen.inks.accent, 0.5)
    pen.box(0.24, 0.72, 0.11, 0.26, pen.dark(pen.second, 0.3))
    pen.box(-0.46, 0, 0.92, 0.58, pen.main, 0.5)
    pen.fill([(-0.56, 0.55), (0.56, 0.55), (0.3, 0.94), (-0.3, 0.94)], pen.second, 0.5)
    for step in range(1, 4):
        y = 0.55 + step * 0.095
        half = 0.56 - (y - 0.55) * 0.667
        pen.line([(-half, y), (half, y)], 0.009, pen.dark(pen.second, 0.3))
    pen.box(-0.11, 0, 0.22, 0.36, pen.dark(pen.second, 0.35))
    pen.oval(0.07, 0.17, 0.014, 0.014, pen.inks.bright)
    for x in (-0.37, 0.17):
        pen.box(x - 0.015, 0.215, 0.23, 0.23, pen.light(pen.main, 0.6))
        pen.box(x, 0.23, 0.2, 0.2, glow)
        pen.box(x + 0.093, 0.23, 0.014, 0.2, pen.light(pen.main, 0.6))
        pen.box(x, 0.323, 0.2, 0.014, pen.light(pen.main, 0.6))
    pen.box(-0.15, -0.015, 0.3, 0.03, pen.dark(pen.main, 0.3))


def mountain(pen: Pen) -> None:
    """A peak with a lit side and snow."""
    tip = (pen.varied(-0.1, 0.1), 1.0)
    left, right = (-0.95, 0.0), (0.95, 0.0)
    x = tip[0]
    ridge: list[Point] = [tip, (x + 0.08, 0.7), (x - 0.02, 0.45), (x + 0.12, 0.2), (0.05, 0)]
    pen.fill([left, (-0.55, 0.42), (-0.42, 0.5), tip, (0.34, 0.62), (0.5, 0.5), right], pen.main)
    dark = pen.dark(pen.main, 0.4 * pen.inks.light.depth + 0.1)
    lit_left = (pen.inks.light.side <= 0) != pen.mirrored
    far = [right, (0.5, 0.5), (0.34, 0.62)] if lit_left else [left, (-0.55, 0.42), (-0.42, 0.5)]
    pen.fill([*ridge, *far], dark)
    teeth = ((0.22, 0.74), (0.16, 0.76), (0.08, 0.67), (-0.01, 0.75), (-0.1, 0.66), (-0.17, 0.74))
    snow = [(x + side, y) for side, y in (*teeth, (-0.25, 0.7))]
    pen.fill([tip, *snow], pen.inks.bright)


def sun(pen: Pen) -> None:
    """A disc in a wide glow."""
    x, y = pen.place([(0, 0.5)])[0]
    pen.canvas.glow(x, y, pen.unit * 1.7, pen.inks.brighter(pen.main, 0.5), 0.8)
    pen.oval(0, 0.5, 0.5, 0.5, pen.light(pen.main, 0.15))
    pen.oval(0, 0.5, 0.42, 0.42, pen.main)


def moon(pen: Pen) -> None:
    """A crescent in a faint glow."""
    x, y = pen.place([(0, 0.5)])[0]
    pen.canvas.glow(x, y, pen.unit * 1.5, pen.inks.bright, 0.5)
    angles = [math.pi * (n / 40 - 0.5) for n in range(41)]
    near = [(-0.5 * math.cos(a), 0.5 + 0.5 * math.sin(a)) for a in angles]
    inner = [(-0.2 * math.cos(a), 0.5 + 0.5 * math.sin(a)) for a in reversed(angles)]
    pen.fill([*near, *inner], pen.light(pen.main, 0.6))


def star(pen: Pen) -> None:
    """A large star among small ones."""
    x, y = pen.place([(0, 0.5)])[0]
    pen.canvas.glow(x, y, pen.unit * 1.1, pen.inks.bright, 0.6)
    pen.fill(_star(0, 0.5, 0.5, 0.21), pen.light(pen.main, 0.25))
    pen.fill(_star(0, 0.5, 0.3, 0.126), pen.light(pen.main, 0.6))
    for _ in range(9):
        angle, reach = pen.varied(0, 2 * math.pi), pen.varied(0.75, 1.9)
        size = pen.varied(0.03, 0.09)
        place = reach * math.cos(angle), 0.5 + 0.7 * reach * math.sin(angle)
        pen.fill(_star(*place, size, size * 0.4, 4), pen.inks.bright)


def _star(x: float, y: float, outer: float, inner: float, points: int = 5) -> list[Point]:
    spokes = [math.pi * (0.5 + n / points) for n in range(2 * points)]
    radii = [outer, inner] * points
    return [(x + r * math.cos(a), y + r * math.sin(a)) for a, r in zip(spokes, radii, strict=True)]


def cloud(pen: Pen) -> None:
    """A cloud with a flat foot."""
    pale = pen.inks.brighter(pen.main, 0.75)
    ends, top = [(-0.62, 0.3, 0.3), (0.64, 0.32, 0.32)], [(-0.22, 0.56, 0.44), (0.26, 0.5, 0.4)]
    puffs = [*ends, *top, (0, 0.3, 0.3)]
    for x, y, r in puffs:
        pen.oval(x, y - 0.04, r, r, pen.dark(pale, 0.12))
    for x, y, r in puffs:
        pen.oval(x, y, r * 0.93, r * 0.93, pale)
    pen.box(-0.62, 0.0, 1.26, 0.3, pale)


def boat(pen: Pen) -> None:
    """A sailing boat with two sails and a pennant."""
    pen.line([(0, 0.1), (0, 0.98)], 0.018, pen.dark(pen.second, 0.5))
    pen.fill([(0.0, 0.97), (0.15, 0.955), (0.0, 0.92)], pen.inks.accent)
    sail = [(-0.03, 0.9), (-0.09, 0.6), (-0.24, 0.42), (-0.42, 0.28), (-0.03, 0.26)]
    pen.fill(sail, pen.light(pen.second, 0.55), 0.5)
    jib = [(0.03, 0.86), (0.14, 0.62), (0.3, 0.4), (0.36, 0.28), (0.03, 0.26)]
    pen.fill(jib, pen.light(pen.second, 0.25), 0.4)
    for y, left in ((0.4, -0.27), (0.55, -0.13)):
        pen.line([(-0.03, y), (left, y)], 0.01, pen.dark(pen.second, 0.2))
    hull = [(-0.55, 0.2), (0.55, 0.2), (0.46, 0.08), (0.36, 0.0), (-0.34, 0.0), (-0.46, 0.08)]
    pen.fill(hull, pen.main, 0.6)
    pen.fill([(-0.55, 0.2), (0.55, 0.2), (0.525, 0.165), (-0.525, 0.165)], pen.light(pen.main, 0.5))


def car(pen: Pen) -> None:
    """A small car from the side."""
    glass = pen.light(pen.inks.back, 0.4)
    cabin = [(-0.52, 0.5), (-0.36, 0.88), (-0.2, 0.98), (0.22, 0.98), (0.42, 0.86), (0.62, 0.5)]
    pen.blob(cabin, pen.dark(pen.main, 0.12), 0.3)
    pen.blob([(-0.4, 0.54), (-0.29, 0.82), (-0.16, 0.88), (-0.02, 0.88), (-0.02, 0.54)], glass)
    pen.blob([(0.06, 0.54), (0.06, 0.88), (0.2, 0.88), (0.34, 0.8), (0.48, 0.54)], glass)
    bonnet, boot = [(-1.02, 0.42), (-0.9, 0.54), (-0.5, 0.58)], [(0.6, 0.58), (0.94, 0.52)]
    sill = [(1.02, 0.38), (0.98, 0.2), (0, 0.15)]
    pen.blob([(-1.0, 0.2), *bonnet, *boot, *sill], pen.main, 0.5)
    pen.line([(-0.94, 0.34), (0.96, 0.34)], 0.022, pen.light(pen.main, 0.5))
    pen.line([(0.02, 0.54), (0.02, 0.24)], 0.012, pen.dark(pen.main, 0.35))
    pen.oval(-0.93, 0.44, 0.055, 0.07, pen.inks.bright)
    pen.oval(0.96, 0.42, 0.035, 0.06, pen.inks.accent)
    for x in (-0.58, 0.56):
        pen.oval(x, 0.2, 0.22, 0.22, pen.dark(pen.main, 0.5))
        pen.oval(x, 0.19, 0.19, 0.19, pen.inks.dark)
        pen.oval(x, 0.19, 0.1, 0.1, pen.light(pen.second, 0.5))
        pen.oval(x, 0.19, 0.035, 0.035, pen.inks.dark)
