"""Light on rounded things: how a colour turns darker and brighter across them."""

import functools

import attrs
import numpy as np
from numpy.typing import NDArray

from bria_tailored_ext.sandbox.pictures.colour import Floats, Rgb
from bria_tailored_ext.sandbox.pictures.pixels import Shades


def blend(one: Rgb, other: Rgb, amount: float) -> Rgb:
    """Blend two colours channel by channel: for shading, where speed counts."""
    red, green, blue = (round(a + (b - a) * amount) for a, b in zip(one, other, strict=True))
    return red, green, blue


# Across a thing a colour takes some sixty shades: more columns would not be told apart.
_COLUMNS = 256


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
        shade, shine = _falling(self.light, self.depth, width)
        plain, dark, bright = np.array(
            [colour, blend(colour, self.dark, 0.55), blend(colour, self.bright, 0.55)]
        )
        tones = plain + (dark - plain) * shade
        tones += (bright - tones) * shine
        columns: NDArray[np.uint8] = np.rint(tones).astype(np.uint8)
        return columns

    def shades(self, colour: Rgb) -> Shades:
        """The same for whatever width."""
        return _shades(self, colour)


@functools.lru_cache(maxsize=512)
def _shades(shading: Shading, colour: Rgb) -> Shades:
    return Shades(shading.across(colour, _COLUMNS))


@functools.lru_cache(maxsize=64)
def _falling(light: float, depth: float, width: int) -> tuple[Floats, Floats]:
    """How much of the shade and of the shine each column of something that wide takes."""
    place = np.linspace(-1, 1, max(width, 2))[:width]
    away = np.clip(-place * (light or 0.4), -1, 1)
    core = np.clip((away + 0.15) * 1.1, 0, 1) ** 1.3
    shine = np.exp(-(((place - 0.45 * light) / 0.28) ** 2)) * 0.5
    shade, shine = (np.clip(part * depth, 0, 1)[:, None] for part in (core, shine))
    return shade, shine
