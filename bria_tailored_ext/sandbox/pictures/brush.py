"""Anti-aliased filling: polygons, smooth outlines, strokes, soft shadows, gradients."""

import math
from collections.abc import Callable, Sequence
from functools import cached_property

import attrs
import numpy as np
from PIL import Image

from bria_tailored_ext.sandbox.pictures.colour import Rgb
from bria_tailored_ext.sandbox.pictures.masks import (
    blot,
    blurred,
    coverage,
    disc,
    halo,
    seen,
    shadow_blur,
    small,
    softness,
)
from bria_tailored_ext.sandbox.pictures.outlines import Points
from bria_tailored_ext.sandbox.pictures.pixels import Box, Ink, Sheet, strips
from bria_tailored_ext.sandbox.pictures.shading import Shading

_QUARTER = 4
# The radius of a disc that is still seen wherever it lies, in eighths of a pixel.
_LEAST = 3
# Of a soft shape that is partly hidden, so many rows are laid at once.
_ROWS = 96
# Laying a polygon by itself takes as long as so many pixels more.
_WORTH_A_TURN = 20_000
_HALF_TURN = np.linspace(math.pi / 2, -math.pi / 2, 9)[:, None]
_CAP_ALONG, _CAP_ACROSS = np.cos(_HALF_TURN), np.sin(_HALF_TURN)


@attrs.define
class _Waiting:
    """Polygons of one colour that are laid together, which is as one laid by one."""

    colour: Rgb
    box: Box
    outlines: list[list[float]]

    def joined(self, colour: Rgb, box: Box, outline: list[float]) -> bool:
        """Take one more polygon in, if it has the colour and lies near."""
        (left, top, right, bottom), (x0, y0, x1, y1) = self.box, box
        both = min(left, x0), min(top, y0), max(right, x1), max(bottom, y1)
        if colour != self.colour or _area(both) > _area(self.box) + _area(box) + _WORTH_A_TURN:
            return False
        self.box = both
        self.outlines.append(outline)
        return True


class Canvas:
    """An RGB picture under the brush; all coordinates in pixels, y down.

    Args:
        size: Its width and height in pixels.
        colour: What covers it to begin with.
    """

    def __init__(self, size: tuple[int, int], colour: Rgb = (0, 0, 0)) -> None:
        self.width: int = size[0]
        self.height: int = size[1]
        self._colour = colour
        self._waiting: _Waiting | None = None

    @property
    def sheet(self) -> Sheet:
        """What has been drawn."""
        self._lay_what_waits()
        return self._pixels

    @cached_property
    def _pixels(self) -> Sheet:
        """They take their room when the first of them are wanted."""
        return Sheet((self.width, self.height), self._colour)

    def fill(self, points: Points, colour: Rgb, shading: Shading | None = None) -> None:
        """Fill a polygon, and shade it across if asked."""
        outline = _numbers(points)
        box = self._box(outline)
        if box is None:
            return
        if shading is not None:
            self._lay(shading.shades(colour), box, [outline])
        elif self._waiting is None or not self._waiting.joined(colour, box, outline):
            self._lay_what_waits()
            self._waiting = _Waiting(colour, box, [outline])

    def dots(self, spots: Sequence[tuple[float, float, float]], colour: Rgb) -> None:
        """Fill many small discs, each x, y and radius, to a quarter of a pixel or less."""
        sheet = self.sheet
        for x, y, radius in spots:
            (left, right_of), (top, below) = divmod(round(4 * x), 4), divmod(round(4 * y), 4)
            mask = disc(max(_LEAST, round(8 * radius)), right_of, below)
            sheet.tint(colour, (left - mask.width // 2, top - mask.height // 2), mask)

    def blades(self, outlines: Sequence[Points], colour: Rgb) -> None:
        """Fill many small polygons with equally many corners each, in one go."""
        places = np.asarray(outlines, dtype=float)
        box = self._box(_numbers(places))
        if box is None:
            return
        tops, feet = places[..., 1].min(axis=1), places[..., 1].max(axis=1)
        for part in strips(box):
            # A polygon covers a little of the pixels beside it.
            inside = places[(tops < part[3] + 1) & (feet > part[1] - 1)]
            self.sheet.lay(colour, part, coverage(map(_numbers, inside), part))

    def behind(self, paint: "Callable[[Canvas], None]") -> None:
        """Cover everything with something soft, painted at a quarter of the size."""
        ground = Canvas((math.ceil(self.width / _QUARTER), math.ceil(self.height / _QUARTER)))
        paint(ground)
        # Neighbours differ by a shade or less: repeating pixels looks the same as smoothing.
        self.sheet.take(ground.sheet, _QUARTER)

    def flood(
        self, rows: tuple[float, float], colour: Rgb, tone: Rgb, strengths: tuple[float, float]
    ) -> None:
        """Cover rows with a colour, and a tone laid over it from one strength to the other."""
        top, bottom = max(0, round(rows[0])), min(self.height, round(rows[1]))
        if bottom <= top:
            return
        if strengths == (0.0, 0.0):
            self.sheet.flood(top, bottom, colour)
            return
        column = Canvas((1, bottom - top), colour)
        column.wash(0, bottom - top, tone, *strengths)
        self.sheet.stretch(top, column.sheet)

    def stroke(self, points: Points, width: float, colour: Rgb) -> None:
        """Draw a line with round ends; `width` in pixels."""
        path = np.asarray(points, dtype=float)
        along = np.concatenate(
            [path[1:2] - path[:1], path[2:] - path[:-2], path[-1:] - path[-2:-1]]
        )
        along *= width / 2 / np.maximum(np.hypot(along[:, :1], along[:, 1:]), 1e-9)
        side = along[:, ::-1] * (-1, 1)
        end = path[-1] + _CAP_ALONG * along[-1] + _CAP_ACROSS * side[-1]
        start = path[0] - _CAP_ALONG * along[0] - _CAP_ACROSS * side[0]
        self.fill(np.concatenate([path + side, end, (path - side)[::-1], start]), colour)

    def shadow(self, x: float, y: float, rx: float, ry: float, colour: Rgb, depth: float) -> None:
        """Lay a soft ellipse of shadow; `depth` from 0 (none) to 1 (solid)."""
        blur = shadow_blur(rx, ry)
        scale = softness(blur)
        mask = blot(round(rx / scale), round(ry / scale), round(4 * blur / scale), depth)
        left, top = x - mask.width * scale / 2, y - mask.height * scale / 2
        right, bottom = left + mask.width * scale, top + mask.height * scale
        box = self._clipped(math.ceil(left), math.ceil(top), math.floor(right), math.floor(bottom))
        if box is not None:
            self._enlarge(colour, mask, (left, top), scale, box)

    def glow(self, x: float, y: float, radius: float, colour: Rgb, strength: float) -> None:
        """Lay a round light that fades out to nothing at `radius` pixels."""
        left, top = math.floor(x - radius), math.floor(y - radius)
        size = math.ceil(2 * radius)
        box = self._clipped(left, top, left + size, top + size)
        if box is None:
            return
        mask = halo(strength)
        for _, low, _, high in strips(box):
            # The corners of the square are empty.
            away = max(low - y, y - high, 0)
            half = math.sqrt(max(radius**2 - away**2, 0))
            start, end = max(box[0], math.floor(x - half)), min(box[2], math.ceil(x + half))
            if start < end:
                self._enlarge(colour, mask, (left, top), size / 256, (start, low, end, high))

    def wash(self, top: int, bottom: int, colour: Rgb, start: float, end: float) -> None:
        """Lay a colour over rows, from strength `start` at the top to `end` at the bottom."""
        top, bottom = max(0, top), min(self.height, bottom)
        if bottom <= top:
            return
        ramp = np.rint(np.linspace(start * 255, end * 255, bottom - top)).astype(np.uint8)
        column = Image.fromarray(ramp[:, None])
        for left, low, right, high in strips((0, top, self.width, bottom)):
            mask = column.resize(
                (right - left, high - low), Image.Resampling.NEAREST, (0, low - top, 1, high - top)
            )
            self.sheet.tint(colour, (left, low), mask)

    def soft(self, points: Points, blur: float, colour: Rgb, depth: float, under: Points) -> None:
        """Fill a blurred shape that another one partly covers.

        Args:
            points: Its outline before it is blurred.
            blur: How far it runs, in pixels.
            colour: What it is filled with.
            depth: From 0 (none) to 1 (solid).
            under: The outline of what will cover it; nothing is done where that hides it.
        """
        scale = softness(blur)
        shape = np.asarray(points, dtype=float)
        lid = np.asarray(under, dtype=float).reshape(-1, 2)
        pad = 2.2 * blur + scale
        corner = np.floor(shape.min(axis=0) - pad)
        width, height = np.ceil((shape.max(axis=0) + pad - corner) / scale).astype(int).tolist()
        mask = blurred(small((shape - corner) / scale, (width, height), depth), blur / scale)
        hidden = small((lid - corner) / scale, (width, height))
        left, top = int(corner[0]), int(corner[1])
        for part in seen(mask, hidden, math.ceil(_ROWS / scale)):
            x0, y0, x1, y1 = (int(edge * scale) for edge in part)
            box = self._clipped(left + x0, top + y0, left + x1, top + y1)
            if box is not None:
                self._enlarge(colour, mask, (left, top), scale, box)

    def _enlarge(
        self, colour: Rgb, mask: Image.Image, corner: tuple[float, float], scale: float, box: Box
    ) -> None:
        """Lay a colour into a box through a small soft mask.

        Args:
            colour: What is laid.
            mask: How much of it, mode L.
            corner: Where the mask's own corner lies, left and top.
            scale: How many pixels one of the mask's stands for, in each direction.
            box: Where to lay it.
        """
        # Smoothed at half the size where steps of two pixels do not show.
        step = 2 if scale >= 2 else 1
        for part in strips(box):
            x0, y0, x1, y1 = ((edge - corner[side % 2]) / scale for side, edge in enumerate(part))
            # Beyond the mask by a rounding error, nothing could be smoothed.
            place = max(x0, 0), max(y0, 0), min(x1, mask.width), min(y1, mask.height)
            size = part[2] - part[0], part[3] - part[1]
            coarse = -(-size[0] // step), -(-size[1] // step)
            smoothed = mask.resize(coarse, Image.Resampling.BILINEAR, box=place)
            self.sheet.tint(colour, part[:2], smoothed.resize(size, Image.Resampling.NEAREST))

    def _lay_what_waits(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self._lay(waiting.colour, waiting.box, waiting.outlines)

    def _lay(self, ink: Ink, box: Box, outlines: list[list[float]]) -> None:
        sheet = self.sheet
        for part in strips(box):
            sheet.lay(ink, part, coverage(outlines, part))

    def _clipped(self, left: int, top: int, right: int, bottom: int) -> Box | None:
        box = max(0, left), max(0, top), min(self.width, right), min(self.height, bottom)
        return box if box[0] < box[2] and box[1] < box[3] else None

    def _box(self, outline: list[float]) -> Box | None:
        """The pixels that points lie among, cut to the canvas; `None` for none."""
        across, down = outline[::2], outline[1::2]
        return self._clipped(
            math.floor(min(across)) - 1,
            math.floor(min(down)) - 1,
            math.ceil(max(across)) + 1,
            math.ceil(max(down)) + 1,
        )


def _numbers(points: Points) -> list[float]:
    """Points one after the other: x, y, x, y."""
    numbers: list[float] = np.asarray(points, dtype=float).ravel().tolist()
    return numbers


def _area(box: Box) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])
