"""Outlines of shapes: soft curves, ellipses, pots."""

import functools
import math
from collections.abc import Sequence

import numpy as np

from bria_tailored_ext.sandbox.pictures.colour import Floats

Point = tuple[float, float]
Points = Sequence[Point] | Floats
"""One after the other; an array has a row for each."""

_ANGLES = np.linspace(0, 2 * math.pi, 72, endpoint=False)[:, None]
_COS, _SIN = np.cos(_ANGLES), np.sin(_ANGLES)


def smooth(points: Points, *, closed: bool = True, steps: int = 10) -> Floats:
    """Run a soft curve (Catmull-Rom) through points."""
    p = np.asarray(points, dtype=float)
    if len(p) < 3:
        return p
    if closed:
        p = np.concatenate([p[-1:], p, p[:2]])
    else:
        p = np.concatenate([2 * p[:1] - p[1:2], p, 2 * p[-1:] - p[-2:-1]])
    around = np.stack([p[:-3], p[1:-2], p[2:-1], p[3:]], axis=1)
    curve: Floats = (_weights(steps) @ around).reshape(-1, 2)
    return curve if closed else np.concatenate([curve, p[-2:-1]])


@functools.lru_cache(maxsize=16)
def _weights(steps: int) -> Floats:
    """On the way between two points: how much each of the four around counts, step by step."""
    t = np.linspace(0, 1, steps, endpoint=False)
    parts = 2 * t**2 - t - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, t**3 - t**2
    return 0.5 * np.stack(parts, axis=1)


def ring(x: float, y: float, rx: float, ry: float, turn: float = 0.0) -> Floats:
    """Points of an ellipse; `turn` in radians."""
    cos, sin = math.cos(turn), math.sin(turn)
    across, down = np.array([rx * cos, rx * sin]), np.array([-ry * sin, ry * cos])
    points: Floats = _COS * across + _SIN * down + (x, y)
    return points


def arch(x: float, base: float, half: float, top: float) -> list[Point]:
    """Points of a doorway: upright from its base to its top, and half a circle above."""
    angles = np.linspace(0, math.pi, 40).tolist()
    curve = [(x + half * math.cos(a), top - half * math.sin(a)) for a in angles]
    return [(x + half, base), *curve, (x - half, base)]


def turned(profile: Sequence[Point], *, steps: int = 8) -> Floats:
    """Outline of a pot from its profile: pairs of radius and height, from the foot up."""
    side = smooth(profile, closed=False, steps=steps)
    return np.concatenate([side, side[::-1] * (-1, 1)])


def mirrored(points: Sequence[Point]) -> list[Point]:
    """The same points on the other side of the middle, in the opposite order."""
    return [(-x, y) for x, y in reversed(points)]
