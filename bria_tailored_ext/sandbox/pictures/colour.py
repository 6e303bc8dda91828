"""Colour arithmetic: hex words, the perceptual space OKLab, and names that people use.

Source: https://bottosson.github.io/posts/oklab/ for the two matrices.
"""

import functools
import re

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rgb = tuple[int, int, int]

_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_FROM_LAB = np.linalg.inv(_TO_LAB)
_FROM_LMS = np.linalg.inv(_TO_LMS)

_NAMED: dict[str, str] = {
    "white": "#ffffff",
    "cream": "#f6ecd2",
    "ivory": "#f4efe4",
    "beige": "#dfcfae",
    "sand": "#cdb287",
    "tan": "#b98f62",
    "ochre": "#c98a2b",
    "mustard": "#dcb23a",
    "yellow": "#f2d833",
    "gold": "#e0a92e",
    "orange": "#e8822a",
    "apricot": "#f2b184",
    "peach": "#f6cfb4",
    "coral": "#ec7a63",
    "terracotta": "#c4623f",
    "rust": "#9c4426",
    "brown": "#6f4527",
    "umber": "#4a3324",
    "red": "#d02b2f",
    "crimson": "#a31c34",
    "burgundy": "#6a1f2f",
    "pink": "#efa9bd",
    "rose": "#d6738c",
    "magenta": "#c13a91",
    "plum": "#6d3a63",
    "lavender": "#bdb0dd",
    "purple": "#7b4bab",
    "violet": "#5a3aa0",
    "indigo": "#343a80",
    "navy": "#1e2c4d",
    "blue": "#2f62c4",
    "sky blue": "#8fc3e8",
    "powder blue": "#c6dce6",
    "steel blue": "#5b86a8",
    "slate": "#566472",
    "teal": "#1f7f82",
    "turquoise": "#4dbdb8",
    "celadon": "#afcfb8",
    "mint": "#bfe6cf",
    "sage": "#98a987",
    "olive": "#76783a",
    "lime": "#a6cf3d",
    "green": "#3f9a4c",
    "forest green": "#26553a",
    "light grey": "#cfd0d0",
    "grey": "#8f9193",
    "charcoal": "#3b3f44",
    "black": "#111214",
}
_HEX = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


def parse_hex(word: object) -> Rgb | None:
    """Read `#rrggbb` or `#rgb`; anything else gives None."""
    match = _HEX.fullmatch(word.strip()) if isinstance(word, str) else None
    if match is None:
        return None
    digits = match[1] if len(match[1]) == 6 else "".join(c * 2 for c in match[1])
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def to_hex(rgb: Rgb) -> str:
    """Write a colour as `#rrggbb`."""
    return "#{:02x}{:02x}{:02x}".format(*rgb)


def to_oklab(rgb: NDArray[np.generic] | Rgb) -> Floats:
    """Turn sRGB values 0..255 (last axis of three) into OKLab (lightness 0..1, a, b)."""
    value = np.asarray(rgb, dtype=np.float64) / 255.0
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return np.asarray(np.cbrt(linear @ _TO_LMS.T) @ _TO_LAB.T)


def from_oklab(lab: Floats) -> Rgb:
    """Turn one OKLab colour into sRGB, clipped to what a screen can show."""
    linear = np.clip(((lab @ _FROM_LAB.T) ** 3) @ _FROM_LMS.T, 0.0, 1.0)
    value = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    red, green, blue = np.rint(value * 255.0).astype(int).tolist()
    return red, green, blue


@functools.lru_cache(maxsize=1024)
def lab_of(rgb: Rgb) -> Floats:
    """One colour in OKLab: a picture asks for the same few again and again."""
    lab = to_oklab(rgb)
    lab.flags.writeable = False
    return lab


def mix(one: Rgb, other: Rgb, amount: float) -> Rgb:
    """Blend two colours in OKLab; amount 0 gives the first, 1 the second."""
    start = lab_of(one)
    return from_oklab(start + (lab_of(other) - start) * amount)


def distance(one: Rgb, other: Rgb) -> float:
    """How different two colours look: 0.02 is just visible, 1 is black against white."""
    return float(np.linalg.norm(lab_of(one) - lab_of(other)))


_NAMES = tuple(_NAMED)
_NAMED_RGB: dict[str, Rgb] = {
    name: rgb for name, word in _NAMED.items() for rgb in [parse_hex(word)] if rgb is not None
}
_NAMED_LAB = to_oklab(np.array(list(_NAMED_RGB.values())))


def name_of(rgb: Rgb) -> str:
    """The everyday name nearest to a colour, such as "terracotta"."""
    gaps = np.linalg.norm(_NAMED_LAB - to_oklab(rgb), axis=1)
    return _NAMES[int(np.argmin(gaps))]


def named(word: str) -> Rgb | None:
    """The colour behind an everyday name, or None."""
    return _NAMED_RGB.get(word.lower().replace("gray", "grey"))


def words_in(text: str) -> tuple[str, ...]:
    """The colour names that occur in a text, longest first, then in order of appearance."""
    lowered = text.lower().replace("gray", "grey")
    found: list[tuple[int, str]] = []
    for name in sorted(_NAMES, key=len, reverse=True):
        for match in re.finditer(rf"\b{name}\b", lowered):
            found.append((match.start(), name))
            lowered = lowered[: match.start()] + " " * len(name) + lowered[match.end() :]
    return tuple(dict.fromkeys(name for _, name in sorted(found)))
