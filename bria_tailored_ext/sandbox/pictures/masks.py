"""Masks: how much of each pixel a shape covers, sharp or soft; soft ones are kept small.

What lies in a small mask is told in its own pixels.
"""

import functools
import math
from collections.abc import Iterable, Iterator

import aggdraw
import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from bria_tailored_ext.sandbox.pictures.colour import Floats
from bria_tailored_ext.sandbox.pictures.pixels import Box, Cover

_SOLID = aggdraw.Brush(255)
# So little of a colour makes a difference of two shades at most.
_FAINT = 2


def coverage(outlines: Iterable[list[float]], box: Box) -> Cover:
    """How much of each pixel of a box some polygons cover, each told as x, y, x, y."""
    left, top, right, bottom = box
    sheet = aggdraw.Draw("L", (right - left, bottom - top), 0)
    sheet.settransform((1, 0, -left, 0, 1, -top))
    for outline in outlines:
        sheet.polygon(outline, None, _SOLID)
    return np.frombuffer(sheet.tobytes(), np.uint8).reshape(bottom - top, right - left)


@functools.lru_cache(maxsize=1024)
def disc(eighths: int, x: int, y: int) -> Image.Image:
    """A small disc.

    Args:
        eighths: Its radius, in eighths of a pixel.
        x: How far its centre lies right of the middle pixel's left side, in quarters of a pixel.
        y: The same downwards.
    """
    radius = eighths / 8
    reach = math.ceil(radius + 0.5)
    places = np.arange(2 * reach + 1) + 0.5 - reach
    away = np.hypot(places - x / 4, places[:, None] - y / 4)
    return Image.fromarray(np.rint(255 * np.clip(radius + 0.5 - away, 0, 1)).astype(np.uint8))


@functools.lru_cache(maxsize=64)
def halo(strength: float) -> Image.Image:
    """A round light of 256 by 256 that fades out in the middle of each side."""
    # Pillow's gradient has 0 in the middle, 181 in the middle of each side, 255 in the corners.
    return Image.radial_gradient("L").point(
        [round(255 * strength * max(0.0, 1 - away / 181) ** 1.5) for away in range(256)]
    )


def softness(blur: float) -> float:
    """How many pixels one of a mask stands for that is blurred so far: there it is three."""
    return max(1.0, blur / 3)


def shadow_blur(rx: float, ry: float) -> float:
    """How far the shadow runs that lies in an ellipse on the ground, in pixels."""
    return max(ry * 0.7, rx * 0.06)


@functools.lru_cache(maxsize=256)
def blot(rx: int, ry: int, quarters: int, depth: float) -> Image.Image:
    """A blurred ellipse; how far it runs in quarters of a pixel, `depth` from 0 to 1."""
    pad = math.ceil(2.2 * quarters / 4) + 1
    mask = Image.new("L", (2 * (rx + pad) + 1, 2 * (ry + pad) + 1))
    round_about = (pad, pad, 2 * rx + pad, 2 * ry + pad)
    ImageDraw.Draw(mask).ellipse(round_about, fill=_strength(depth))
    return blurred(mask, quarters / 4)


def small(shape: Floats, size: tuple[int, int], depth: float = 1.0) -> Image.Image:
    """A polygon, without care for its rim; `depth` from 0 to 1."""
    mask = Image.new("L", size)
    if len(shape) > 2:
        ImageDraw.Draw(mask).polygon(shape.ravel().tolist(), fill=_strength(depth))
    return mask


def blurred(mask: Image.Image, blur: float) -> Image.Image:
    """The same with a rim that runs so many pixels."""
    return mask.filter(ImageFilter.GaussianBlur(blur))


def seen(mask: Image.Image, hidden: Image.Image, step: int) -> Iterator[Box]:
    """The parts of a mask with something in them that is not hidden, so many rows at a time."""
    shown, lid = np.asarray(mask), np.asarray(hidden)
    for low in range(0, len(shown), step):
        high = min(low + step, len(shown))
        start, _, _, end = _cuts(shown[low:high])
        # A pixel's neighbours show through where it is enlarged: they must be hidden, too.
        _, first, last, _ = _cuts(lid[max(0, low - 1) : high + 1])
        gap = (first + 1, last - 1) if last - first > 2 else (end, end)
        for left, right in ((start, gap[0]), (gap[1], end)):
            if left < right:
                yield left, low, right, high


def _strength(depth: float) -> int:
    return round(255 * min(max(depth, 0), 1))


def _cuts(cover: Cover) -> tuple[int, int, int, int]:
    """Where columns begin to be covered, are solid from and to, and end."""
    most = cover.max(axis=0)
    used = np.flatnonzero(most > _FAINT)
    if not len(used):
        return 0, 0, 0, 0
    start, end = int(used[0]), int(used[-1]) + 1
    solid = np.flatnonzero(cover.min(axis=0) == 255) if most.max() == 255 else used[:0]
    if not len(solid) or solid[-1] - solid[0] + 1 != len(solid):
        return start, end, end, end
    return start, int(solid[0]), int(solid[-1]) + 1, end
