"""Anti-aliased filling: polygons, smooth outlines, strokes, soft shadows, gradients."""

import functools
import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import aggdraw
import attrs
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from bria_tailored_ext.sandbox.pictures.colour import Floats, Rgb
from bria_tailored_ext.sandbox.pictures.outlines import Points, ring

_SOLID = aggdraw.Brush(255)
_WORTH_CUTTING, _BAND = 50_000, 96
_WORTH_A_SHEET = 4_000
_SOFT = 4
# Across a thing a colour takes some sixty shades: more columns would not be told apart.
_SHADES = 128
_HALF_TURN = np.linspace(math.pi / 2, -math.pi / 2, 9)[:, None]
_CAP_ALONG, _CAP_ACROSS = np.cos(_HALF_TURN), np.sin(_HALF_TURN)


def blend(one: Rgb, other: Rgb, amount: float) -> Rgb:
    """Blend two colours channel by channel: for shading, where speed counts."""
    red, green, blue = (round(a + (b - a) * amount) for a, b in zip(one, other, strict=True))
    return red, green, blue


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
        self._image: Image.Image | None = None

    @property
    def image(self) -> Image.Image:
        """The pixels, which take their room when the first of them are wanted."""
        if self._image is None:
            self._image = Image.new("RGB", (self.width, self.height), self._colour)
        return self._image

    def fill(self, points: Points, colour: Rgb, shading: "Shading | None" = None) -> None:
        """Fill a polygon, and shade it across if asked."""
        corner, mask = self._mask(np.asarray(points, dtype=float))
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
        x, y, radius = np.asarray(spots, dtype=float).T[:, :, None, None]
        reach = math.ceil(float(radius.max())) + 1
        left, top = np.floor(x) - reach, np.floor(y) - reach
        places = np.arange(2 * reach + 1) + 0.5
        away = np.hypot(left + places - x, top + places[:, None] - y)
        covers = np.rint(255 * np.clip(radius + 0.5 - away, 0, 1)).astype(np.uint8)
        corners = np.stack([left, top], axis=-1).reshape(-1, 2).astype(int).tolist()
        for cover, corner in zip(covers, corners, strict=True):
            self.image.paste(colour, tuple(corner), Image.fromarray(cover))

    def blades(self, outlines: Sequence[Points], colour: Rgb) -> None:
        """Fill many small polygons with equally many corners each, in one go."""
        places = np.asarray(outlines, dtype=float)
        box = self._box(places.reshape(-1, 2))
        if box is not None:
            self._blend(colour, box[:2], _coverage(places, box))

    def behind(self, paint: "Callable[[Canvas], None]") -> None:
        """Cover everything with something soft, painted at a quarter of the size."""
        small = Canvas((math.ceil(self.width / _SOFT), math.ceil(self.height / _SOFT)))
        paint(small)
        # Neighbours differ by a shade or less: repeating pixels looks the same as smoothing.
        size = self.width, self.height
        self._image = small.image.resize(size, Image.Resampling.NEAREST)

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
        column = Canvas((1, bottom - top), colour)
        column.wash(0, bottom - top, tone, *strengths)
        area = column.image.resize((self.width, bottom - top), Image.Resampling.NEAREST)
        self.image.paste(area, (0, top))

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
        self._enlarge(colour, disc, part, box)

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
        points: Points,
        blur: float,
        colour: Rgb,
        depth: float,
        under: Points = (),
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
        pad = 2.2 * blur + scale
        corner = np.floor(shape.min(axis=0) - pad)
        size: list[int] = np.ceil((shape.max(axis=0) + pad - corner) / scale).astype(int).tolist()
        mask = _small(shape, corner, scale, (size[0], size[1]), round(255 * min(max(depth, 0), 1)))
        mask = mask.filter(ImageFilter.GaussianBlur(float(blur / scale)))
        parts = [(0, 0, *mask.size)]
        if len(under) and mask.width * mask.height * scale**2 > _WORTH_CUTTING:
            hidden = _small(np.asarray(under), corner, scale, mask.size, 255)
            parts = list(_seen(np.asarray(mask), np.asarray(hidden), math.ceil(_BAND / scale)))
        for part in parts:
            self._soften(colour, mask, part, (corner[0], corner[1]), scale)

    def _soften(
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
        self._enlarge(colour, mask, shown, box)

    def _enlarge(
        self,
        colour: Rgb,
        mask: Image.Image,
        part: tuple[float, float, float, float],
        box: tuple[int, int, int, int],
    ) -> None:
        """Paste a colour into a box through a part of a small soft mask."""
        size = box[2] - box[0], box[3] - box[1]
        # Smoothed at half the size: steps of two pixels do not show in what is that soft.
        half = (size[0] + 1) // 2, (size[1] + 1) // 2
        smoothed = mask.resize(half, Image.Resampling.BILINEAR, box=part)
        self._blend(colour, box[:2], smoothed.resize(size, Image.Resampling.NEAREST))

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
        box = max(0, left), max(0, top), min(self.width, right), min(self.height, bottom)
        return box if box[0] < box[2] and box[1] < box[3] else None

    def _mask(self, place: Floats) -> tuple[tuple[int, int], Image.Image | None]:
        """Where a polygon lies, cut to the canvas, and its coverage there."""
        box = self._box(place)
        return ((0, 0), None) if box is None else (box[:2], _coverage(place[None], box))

    def _box(self, place: Floats) -> tuple[int, int, int, int] | None:
        """The pixels that points lie among, cut to the canvas; `None` for none."""
        (left, top), (right, bottom) = place.min(axis=0).tolist(), place.max(axis=0).tolist()
        return self._clipped(
            math.floor(left) - 1, math.floor(top) - 1, math.ceil(right) + 1, math.ceil(bottom) + 1
        )


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
    mask: NDArray[np.uint8], hidden: NDArray[np.uint8], band: int
) -> Iterator[tuple[int, int, int, int]]:
    """The parts of a mask with something in them that is not hidden, so many rows at a time."""
    for low in range(0, len(mask), band):
        high = min(low + band, len(mask))
        start, _, _, end = _cuts(mask[low:high])
        # A pixel's neighbours show through where it is enlarged: they must be hidden, too.
        _, first, last, _ = _cuts(hidden[max(0, low - 1) : high + 1])
        gap = (first + 1, last - 1) if last - first > 2 else (end, end)
        for left, right in ((start, gap[0]), (gap[1], end)):
            if left < right:
                yield left, low, right, high


def _coverage(places: Floats, box: tuple[int, int, int, int]) -> Image.Image:
    """How much of each pixel of a box some polygons cover."""
    size = box[2] - box[0], box[3] - box[1]
    sheet = aggdraw.Draw("L", size, 0)
    for corners in (places - box[:2]).reshape(len(places), -1).tolist():
        sheet.polygon(corners, None, _SOLID)
    return Image.frombuffer("L", size, sheet.tobytes(), "raw", "L", 0, 1)


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
