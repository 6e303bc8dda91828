"""Anti-aliased filling: polygons, smooth outlines, strokes, soft shadows, gradients."""

import math
from collections.abc import Sequence

import attrs
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bria_tailored_ext.sandbox.pictures.colour import Floats, Rgb

Point = tuple[float, float]
_FINE, _COARSE = 4, 2
_LARGE_AREA = 150_000
_ANGLES = np.linspace(0, 2 * math.pi, 72, endpoint=False)
_COS, _SIN = np.cos(_ANGLES), np.sin(_ANGLES)


def blend(one: Rgb, other: Rgb, amount: float) -> Rgb:
    """Blend two colours channel by channel: for shading, where speed counts."""
    red, green, blue = (round(a + (b - a) * amount) for a, b in zip(one, other, strict=True))
    return red, green, blue


def smooth(points: Sequence[Point], *, closed: bool = True, steps: int = 10) -> list[Point]:
    """Run a soft curve (Catmull-Rom) through points."""
    p = np.asarray(points, dtype=float)
    if len(p) < 3:
        return list(points)
    if closed:
        p = np.concatenate([p[-1:], p, p[:2]])
    else:
        p = np.concatenate([2 * p[:1] - p[1:2], p, 2 * p[-1:] - p[-2:-1]])
    a, b, c, d = p[:-3, None], p[1:-2, None], p[2:-1, None], p[3:, None]
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    curve = 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )
    flat = curve.reshape(-1, 2)
    if not closed:
        flat = np.concatenate([flat, p[-2:-1]])
    return [(x, y) for x, y in flat.tolist()]


def ring(x: float, y: float, rx: float, ry: float, turn: float = 0.0) -> list[Point]:
    """Points of an ellipse; `turn` in radians."""
    across, down = rx * _COS, ry * _SIN
    cos, sin = math.cos(turn), math.sin(turn)
    xs, ys = x + across * cos - down * sin, y + across * sin + down * cos
    return list(zip(xs.tolist(), ys.tolist(), strict=True))


def turned(profile: Sequence[Point], *, steps: int = 8) -> list[Point]:
    """Outline of a pot from its profile: pairs of radius and height, from the foot up."""
    side = smooth(profile, closed=False, steps=steps)
    return [*side, *mirrored(side)]


def mirrored(points: Sequence[Point]) -> list[Point]:
    """The same points on the other side of the middle, in the opposite order."""
    return [(-x, y) for x, y in reversed(points)]


@attrs.define
class Canvas:
    """An RGB picture under the brush; all coordinates in pixels, y down."""

    image: Image.Image

    @property
    def width(self) -> int:
        """Pixels."""
        return self.image.width

    @property
    def height(self) -> int:
        """Pixels."""
        return self.image.height

    def fill(self, points: Sequence[Point], colour: Rgb, shading: "Shading | None" = None) -> None:
        """Fill a polygon, and shade it across if asked."""
        corner, mask = self._mask(points)
        if mask is None:
            return
        self.image.paste(colour, corner, mask)
        if shading is not None:
            for tone, profile in shading.passes(colour, mask.width):
                across = Image.fromarray(profile[None]).resize(mask.size, Image.Resampling.NEAREST)
                self.image.paste(tone, corner, ImageChops.multiply(mask, across))

    def dots(self, spots: Sequence[tuple[float, float, float]], colour: Rgb) -> None:
        """Fill many small discs, each x, y and radius, in one go."""
        x, y, radius = np.asarray(spots, dtype=float).T[:, :, None]
        outlines = np.stack([x + radius * _COS, y + radius * _SIN], axis=2)
        lows: list[list[float]] = (np.floor(outlines.min(axis=1)) - 1).tolist()
        highs: list[list[float]] = (np.ceil(outlines.max(axis=1)) + 1).tolist()
        for outline, low, high in zip(outlines, lows, highs, strict=True):
            box = self._clipped(int(low[0]), int(low[1]), int(high[0]), int(high[1]))
            if box is not None:
                self.image.paste(colour, box[:2], _coverage(outline, box))

    def flood(self, colour: Rgb, tone: Rgb, start: float) -> None:
        """Cover everything, with a tone laid over that fades from `start` to nothing below."""
        column = Canvas(Image.new("RGB", (1, self.height), colour))
        column.wash(0, self.height, tone, start, 0.0)
        self.image.paste(column.image.resize(self.image.size, Image.Resampling.NEAREST))

    def stroke(self, points: Sequence[Point], width: float, colour: Rgb) -> None:
        """Draw a line with round ends; `width` in pixels."""
        half = width / 2
        path = np.asarray(points, dtype=float)
        along = np.gradient(path, axis=0)
        along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
        normal = np.stack([-along[:, 1], along[:, 0]], axis=1) * half
        left, right = path + normal, (path - normal)[::-1]
        start, end = self._cap(path[-1], along[-1], half), self._cap(path[0], -along[0], half)
        outline = np.concatenate([left, start, right, end])
        self.fill([(x, y) for x, y in outline.tolist()], colour)

    @staticmethod
    def _cap(
        centre: Floats,
        towards: Floats,
        radius: float,
    ) -> Floats:
        angles = np.linspace(math.pi / 2, -math.pi / 2, 9)[:, None]
        side = np.array([-towards[1], towards[0]])
        cap = centre + radius * (np.cos(angles) * towards + np.sin(angles) * side)
        return np.asarray(cap)

    def shadow(self, x: float, y: float, rx: float, ry: float, colour: Rgb, depth: float) -> None:
        """Lay a soft ellipse of shadow; `depth` from 0 (none) to 1 (solid)."""
        self.soft(ring(x, y, rx, ry), max(ry * 0.7, rx * 0.06), colour, depth)

    def glow(self, x: float, y: float, radius: float, colour: Rgb, strength: float) -> None:
        """Lay a round light that fades out to nothing at `radius` pixels."""
        left, top = math.floor(x - radius), math.floor(y - radius)
        size = math.ceil(2 * radius)
        box = self._clipped(left, top, left + size, top + size)
        if box is None:
            return
        disc = Image.radial_gradient("L").point(
            [round(255 * strength * max(0.0, 1 - v / 181) ** 1.5) for v in range(256)]
        )
        scale = 256 / size
        part = (
            (box[0] - left) * scale,
            (box[1] - top) * scale,
            (box[2] - left) * scale,
            (box[3] - top) * scale,
        )
        mask = disc.resize((box[2] - box[0], box[3] - box[1]), Image.Resampling.BILINEAR, box=part)
        self.image.paste(colour, box[:2], mask)

    def wash(self, top: int, bottom: int, colour: Rgb, start: float, end: float) -> None:
        """Lay a colour over rows, from strength `start` at the top to `end` at the bottom."""
        top, bottom = max(0, top), min(self.height, bottom)
        if bottom <= top:
            return
        ramp = np.rint(np.linspace(start * 255, end * 255, bottom - top)).astype(np.uint8)
        mask = Image.fromarray(ramp[:, None]).resize(
            (self.width, bottom - top), Image.Resampling.NEAREST
        )
        self.image.paste(colour, (0, top), mask)

    def soft(self, points: Sequence[Point], blur: float, colour: Rgb, depth: float) -> None:
        """Fill a blurred shape; `blur` in pixels, `depth` from 0 (none) to 1 (solid)."""
        # Worked out at a size where the blur is a few pixels, then enlarged.
        scale = max(1.0, blur / 3)
        shape = np.asarray(points, dtype=float)
        pad = 2.5 * blur + scale
        low = np.floor(shape.min(axis=0) - pad)
        small = np.ceil((shape.max(axis=0) + pad - low) / scale).astype(int)
        mask = Image.new("L", (int(small[0]), int(small[1])))
        outline = [(x, y) for x, y in ((shape - low) / scale).tolist()]
        ImageDraw.Draw(mask).polygon(outline, fill=round(255 * min(max(depth, 0.0), 1.0)))
        mask = mask.filter(ImageFilter.GaussianBlur(float(blur / scale)))
        left, top = int(low[0]), int(low[1])
        right, bottom = left + int(mask.width * scale), top + int(mask.height * scale)
        box = self._clipped(left, top, right, bottom)
        if box is None:
            return
        part = (
            (box[0] - left) / scale,
            (box[1] - top) / scale,
            (box[2] - left) / scale,
            (box[3] - top) / scale,
        )
        mask = mask.resize((box[2] - box[0], box[3] - box[1]), Image.Resampling.BILINEAR, box=part)
        self.image.paste(colour, box[:2], mask)

    def _clipped(
        self, left: int, top: int, right: int, bottom: int
    ) -> tuple[int, int, int, int] | None:
        box = max(0, left), max(0, top), min(self.width, right), min(self.height, bottom)
        return box if box[0] < box[2] and box[1] < box[3] else None

    def _mask(self, points: Sequence[Point]) -> tuple[tuple[int, int], Image.Image | None]:
        """Where a polygon lies, cut to the canvas, and its coverage there."""
        place = np.asarray(points, dtype=float)
        low, high = np.floor(place.min(axis=0)), np.ceil(place.max(axis=0))
        box = self._clipped(int(low[0]) - 1, int(low[1]) - 1, int(high[0]) + 1, int(high[1]) + 1)
        if box is None:
            return (0, 0), None
        return box[:2], _coverage(place, box)


def _coverage(place: Floats, box: tuple[int, int, int, int]) -> Image.Image:
    """How much of each pixel of a box a polygon covers: drawn larger, then averaged down."""
    width, height = box[2] - box[0], box[3] - box[1]
    fine = _FINE if width * height < _LARGE_AREA else _COARSE
    large = Image.new("L", (width * fine, height * fine))
    # Pillow counts a pixel from its centre, so half a fine pixel is taken off.
    moved = (place - box[:2]) * fine - 0.5
    ImageDraw.Draw(large).polygon(moved.ravel().tolist(), fill=255)
    return large.reduce(fine)


@attrs.frozen
class Shading:
    """How a rounded thing takes the light across its width."""

    light: float
    """Where the light comes from: -1 left, 0 in front, 1 right."""
    dark: Rgb
    bright: Rgb
    depth: float
    """0 is flat, 1 is strong."""

    def passes(self, colour: Rgb, width: int) -> list[tuple[Rgb, NDArray[np.uint8]]]:
        """Colours to lay over the shape, each with its strength per column (0 to 255)."""
        if self.depth <= 0:
            return []
        place = np.linspace(-1, 1, max(width, 2))
        away = np.clip(-place * (self.light or 0.4), -1, 1)
        core = np.clip((away + 0.15) * 1.1, 0, 1) ** 1.3
        shine = np.exp(-(((place - 0.45 * self.light) / 0.28) ** 2)) * 0.5
        laid = [(blend(colour, self.dark, 0.55), core), (blend(colour, self.bright, 0.55), shine)]
        return [
            (tone, np.rint(np.clip(part * self.depth, 0, 1) * 255).astype(np.uint8))
            for tone, part in laid
        ]
