"""The mark that says where a picture comes from: a label in the picture, text in the file."""

import functools
from collections.abc import Mapping
from typing import Final

import attrs
from PIL import Image, ImageDraw, ImageFont

from bria_tailored_ext.sandbox.pictures.colour import Rgb

MARK: Final = "sandbox · not made by Bria"
_SHORT_MARK: Final = "sandbox"
# Around the words, as a part of their size.
_PAD: Final = 0.55


@attrs.frozen
class Layer:
    """One colour of the mark."""

    colour: Rgb
    corner: tuple[int, int]
    mask: Image.Image


def label(image: Image.Image) -> None:
    """Write the mark into the lower right corner; legible on any ground."""
    for layer in layers(image.width, image.height):
        image.paste(layer.colour, layer.corner, layer.mask)


@functools.lru_cache(maxsize=16)
def words_for(width: int, height: int) -> tuple[str, float]:
    """What the mark of a picture that large says, and how large, in pixels.

    Cut off at the left it would read "made by Bria": a narrow picture gets one word, and one that
    is too narrow for that gets it smaller.
    """
    size = max(11, round(min(width, height) / 46))
    font = ImageFont.load_default(size)
    whole, short = (font.getlength(text) + 3 * size * _PAD for text in (MARK, _SHORT_MARK))
    if whole < width:
        return MARK, size
    return _SHORT_MARK, size * min(1.0, (width - 2) / short)


@functools.lru_cache(maxsize=16)
def layers(width: int, height: int) -> tuple[Layer, ...]:
    """The mark of a picture that large, from below to above: a plate and the words on it."""
    text, size = words_for(width, height)
    font, pad = ImageFont.load_default(size), size * _PAD
    left, top, right, bottom = font.getbbox(text)
    wide, high = round(right - left + 2 * pad), round(bottom - top + 2 * pad)
    x, y = round(width - wide - pad), round(height - high - pad)
    plate, words = Image.new("L", (wide, high)), Image.new("L", (wide, high))
    ImageDraw.Draw(plate).rounded_rectangle((0, 0, wide - 1, high - 1), radius=high / 3, fill=170)
    ImageDraw.Draw(words).text((pad - left, pad - top), text, font=font, fill=255)
    return Layer((24, 24, 26), (x, y), plate), Layer((250, 250, 248), (x, y), words)


def signed(facts: Mapping[str, str]) -> dict[str, str]:
    """Facts for the file's text chunks, with what made the picture before them."""
    return {
        "Software": "bria-tailored sandbox",
        "Comment": f"{MARK}: drawn by rules, without any model",
        **facts,
    }
