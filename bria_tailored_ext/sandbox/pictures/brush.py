"""Anti-aliased filling: polygons, smooth outlines, strokes, soft shadows, gradients."""

import functools
import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import attrs
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from bria_tailored_ext.sandbox.pictures.colour import Floats, Rgb

Point = tuple[float, float]
_FINE, _COARSE = 4, 2
_LARGE_AREA = 60_000
_WORTH_CUTTING, _BAND, _SMALL_BAND = 50_000, 96, 24
_WORTH_A_SHEET = 4_000
_SOFT = 4
# Across a thing a colour takes some sixty shades: more columns would not be told apart.
_SHADES = 128
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
        if shading is None:
            self._lay(colour, corner, mask)
            return
        across = Image.fromarray(shading.across(colour, min(mask.width, _SHADES))[None])
        # Every row is the same: as many as are laid at once are enough.
        size = mask.size if _is_small(mask) else (mask.width, min(mask.height, _BAND))
        self._lay(across.resize(size, Image.Resampling.NEAREST), corner, mask)

    def dots(self, spots: Sequence[tuple[float, float, float]], colour: Rgb) -> None:
        """Fill many small discs, each x, y and radius, in one go."""
        x, y, radius = np.asarray(spots, dtype=float).T[:, :, None]
        self._scatter(np.stack([x + radius * _COS, y + radius * _SIN], axis=2), colour)

    def blades(self, outlines: Sequence[Sequence[Point]], colour: Rgb) -> None:
        """Fill many small polygons with equally many corners each, in one go."""
        self._scatter(np.asarray(outlines, dtype=float), colour)

    def _scatter(self, outlines: Floats, colour: Rgb) -> None:
        lows: list[list[float]] = (np.floor(outlines.min(axis=1)) - 1).tolist()
        highs: list[list[float]] = (np.ceil(outlines.max(axis=1)) + 1).tolist()
        for outline, low, high in zip(outlines, lows, highs, strict=True):
            box = self._clipped(int(low[0]), int(low[1]), int(high[0]), int(high[1]))
            if box is not None:
                self.image.paste(colour, box[:2], _coverage(outline, box))

    def behind(self, paint: "Callable[[Canvas], None]") -> None:
        """Cover everything with something soft, painted at a quarter of the size."""
        size = math.ceil(self.width / _SOFT), math.ceil(self.height / _SOFT)
        small = Canvas(Image.new("RGB", size))
        paint(small)
        # Neighbours differ by a shade or less: repeating pixels looks the same as smoothing.
        self.image = small.image.resize(self.image.size, Image.Resampling.NEAREST)

    def flood(
        self, rows: tuple[float, float], colour: Rgb, tone: Rgb, strengths: tuple[float, float]
    ) -> None:
        """Cover rows with a colour, and a tone laid over it from one strength to the other."""
        top, bottom = max(0, round(rows[0])), min(self.height, round(rows[1]))
        if bottom <= top:
            return
        if strengths == (0.0, 0.0):
            self.image.paste(colour, (0, top, self.width, bottom))
            return
        column = Canvas(Image.new("RGB", (1, bottom - top), colour))
        column.wash(0, bottom - top, tone, *strengths)
        area = column.image.resize((self.width, bottom - top), Image.Resampling.NEAREST)
        self.image.paste(area, (0, top))

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
        self._lay(colour, box[:2], mask)

    def wash(self, top: int, bottom: int, colour: Rgb, start: float, end: float) -> None:
        """Lay a colour over rows, from strength `start` at the top to `end` at the bottom."""
        top, bottom = max(0, top), min(self.height, bottom)
        if bottom <= top:
            return
        ramp = np.rint(np.linspace(start * 255, end * 255, bottom - top)).astype(np.uint8)
        mask = Image.fromarray(ramp[:, None]).resize(
            (self.width, bottom - top), Image.Resampling.NEAREST
        )
        self._blend(colour, (0, top), mask)

    def soft(
        self,
        points: Sequence[Point],
        blur: float,
        colour: Rgb,
        depth: float,
        under: Sequence[Point] = (),
    ) -> None:
        """Fill a blurred shape.

        Args:
            points: Its outline before it is blurred.
            blur: How far it runs, in pixels.
            colour: What it is filled with.
            depth: From 0 (none) to 1 (solid).
            under: The outline of what will cover it; nothing is done where that hides it.
        """
        # Worked out at a size where the blur is a few pixels, then enlarged.
        scale = max(1.0, blur / 3)
        shape = np.asarray(points, dtype=float)
        pad = 2.5 * blur + scale
        corner = np.floor(shape.min(axis=0) - pad)
        size: list[int] = np.ceil((shape.max(axis=0) + pad - corner) / scale).astype(int).tolist()
        mask = _small(shape, corner, scale, (size[0], size[1]), round(255 * min(max(depth, 0), 1)))
        mask = mask.filter(ImageFilter.GaussianBlur(float(blur / scale)))
        parts = [(0, 0, *mask.size)]
        if len(under) and mask.width * mask.height * scale**2 > _WORTH_CUTTING:
            hidden = _small(np.asarray(under), corner, scale, mask.size, 255)
            hidden = hidden.filter(ImageFilter.MinFilter(3))
            parts = list(_seen(np.asarray(mask), np.asarray(hidden)))
        for part in parts:
            self._enlarge(colour, mask, part, (corner[0], corner[1]), scale)

    def _enlarge(
        self,
        colour: Rgb,
        mask: Image.Image,
        part: tuple[int, int, int, int],
        corner: tuple[float, float],
        scale: float,
    ) -> None:
        """Paste a colour through a part of a small mask, as large as it stands for."""
        left, top = corner
        x0, y0, x1, y1 = (int(edge * scale) for edge in part)
        box = self._clipped(int(left) + x0, int(top) + y0, int(left) + x1, int(top) + y1)
        if box is None:
            return
        shown = (
            (box[0] - left) / scale,
            (box[1] - top) / scale,
            (box[2] - left) / scale,
            (box[3] - top) / scale,
        )
        size = box[2] - box[0], box[3] - box[1]
        self._blend(colour, box[:2], mask.resize(size, Image.Resampling.BILINEAR, box=shown))

    def _lay(self, ink: Rgb | Image.Image, corner: tuple[int, int], mask: Image.Image) -> None:
        """Paste through a mask; where a large one is solid, 40 times faster without it.

        An ink that is a picture is as large as a small mask, and one band of a large one.
        """
        if _is_small(mask):
            self._blend(ink, corner, mask)
            return
        left, top = corner
        cover = np.asarray(mask)
        for low in range(0, mask.height, _BAND):
            high = min(low + _BAND, mask.height)
            cuts = _cuts(cover[low:high])
            for solid, (start, end) in zip((False, True, False), pairwise(cuts), strict=True):
                if start < end:
                    rows = (start, 0, end, high - low)
                    part = ink.crop(rows) if isinstance(ink, Image.Image) else ink
                    place = (left + start, top + low, left + end, top + high)
                    if solid:
                        self.image.paste(part, place)
                    else:
                        self._blend(part, place[:2], mask.crop((start, low, end, high)))

    def _blend(self, ink: Rgb | Image.Image, corner: tuple[int, int], mask: Image.Image) -> None:
        """Paste through a mask; Pillow does that twice as fast from a picture as from a colour."""
        if mask.width * mask.height > _WORTH_A_SHEET and not isinstance(ink, Image.Image):
            ink = Image.new("RGB", mask.size, ink)
        self.image.paste(ink, corner, mask)

    def _clipped(
        self, left: int, top: int, right: int, bottom: int
    ) -> tuple[int, int, int, int] | None:
        width, height = self.image.size
        box = max(0, left), max(0, top), min(width, right), min(height, bottom)
        return box if box[0] < box[2] and box[1] < box[3] else None

    def _mask(self, points: Sequence[Point]) -> tuple[tuple[int, int], Image.Image | None]:
        """Where a polygon lies, cut to the canvas, and its coverage there."""
        place = np.asarray(points, dtype=float)
        left, top = place.min(axis=0).tolist()
        right, bottom = place.max(axis=0).tolist()
        box = self._clipped(
            math.floor(left) - 1, math.floor(top) - 1, math.ceil(right) + 1, math.ceil(bottom) + 1
        )
        if box is None:
            return (0, 0), None
        return box[:2], _coverage(place, box)


def _is_small(mask: Image.Image) -> bool:
    """Tell a mask that is pasted sooner than cut."""
    return mask.width * mask.height < _WORTH_CUTTING


def _cuts(cover: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    """Cut rows of a mask: where something begins, where all is solid from and to, where it ends."""
    most = cover.max(axis=0)
    used = np.flatnonzero(most)
    if not len(used):
        return 0, 0, 0, 0
    start, end = int(used[0]), int(used[-1]) + 1
    solid = np.flatnonzero(cover.min(axis=0) == 255) if most.max() == 255 else used[:0]
    if not len(solid) or solid[-1] - solid[0] + 1 != len(solid):
        return start, end, end, end
    return start, int(solid[0]), int(solid[-1]) + 1, end


def _small(
    shape: Floats, corner: Floats, scale: float, size: tuple[int, int], strength: int
) -> Image.Image:
    """A shape drawn small, as a mask."""
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).polygon(((shape - corner) / scale).ravel().tolist(), fill=strength)
    return mask


def _seen(
    mask: NDArray[np.uint8], hidden: NDArray[np.uint8]
) -> Iterator[tuple[int, int, int, int]]:
    """The parts of a mask with something in them that is not hidden."""
    for low in range(0, len(mask), _SMALL_BAND):
        high = min(low + _SMALL_BAND, len(mask))
        start, _, _, end = _cuts(mask[low:high])
        _, first, last, _ = _cuts(hidden[low:high])
        gap = (end, end) if first == last else (first, last)
        for left, right in ((start, gap[0]), (gap[1], end)):
            if left < right:
                yield left, low, right, high


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

    def across(self, colour: Rgb, width: int) -> NDArray[np.uint8]:
        """The colour of each column of something that wide."""
        shaded = np.tile(np.array(colour, dtype=float), (width, 1))
        parts = _falling(self.light, self.depth, width)
        for goal, part in zip((self.dark, self.bright), parts, strict=True):
            tone = np.array(blend(colour, goal, 0.55))
            shaded += (tone - shaded) * part
        columns: NDArray[np.uint8] = np.rint(shaded).astype(np.uint8)
        return columns


@functools.lru_cache(maxsize=64)
def _falling(light: float, depth: float, width: int) -> tuple[Floats, Floats]:
    """How much of the shade and of the shine each column of something that wide takes."""
    place = np.linspace(-1, 1, max(width, 2))[:width]
    away = np.clip(-place * (light or 0.4), -1, 1)
    core = np.clip((away + 0.15) * 1.1, 0, 1) ** 1.3
    shine = np.exp(-(((place - 0.45 * light) / 0.28) ** 2)) * 0.5
    dark, bright = (np.clip(part * depth, 0, 1)[:, None] for part in (core, shine))
    return dark, bright
