"""The mark that says where a picture comes from: a label in the picture, text in the file."""

import functools
from collections.abc import Mapping
from typing import Final

from PIL import Image, ImageDraw, ImageFont

MARK: Final = "sandbox · not made by Bria"
_SHORT_MARK: Final = "sandbox"


def label(image: Image.Image) -> None:
    """Write the mark into the lower right corner; legible on any ground."""
    size = max(11, round(min(image.size) / 46))
    font, pad = _font(size), size * 0.55
    # Cut off at the left it would read "made by Bria": a narrow picture gets one word.
    text = MARK if font.getlength(MARK) + 3 * pad < image.width else _SHORT_MARK
    left, top, right, bottom = font.getbbox(text)
    wide, high = right - left + 2 * pad, bottom - top + 2 * pad
    x, y = image.width - wide - pad, image.height - high - pad
    plate = Image.new("L", (round(wide), round(high)))
    ImageDraw.Draw(plate).rounded_rectangle(
        (0, 0, plate.width - 1, plate.height - 1), radius=high / 3, fill=170
    )
    image.paste((24, 24, 26), (round(x), round(y)), plate)
    pen = ImageDraw.Draw(image)
    pen.text((round(x) + pad - left, round(y) + pad - top), text, font=font, fill=(250, 250, 248))


@functools.lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    """Pillow's own font, which it unpacks anew each time."""
    return ImageFont.load_default(size)


def signed(facts: Mapping[str, str]) -> dict[str, str]:
    """Facts for the file's text chunks, with what made the picture before them."""
    return {
        "Software": "bria-tailored sandbox",
        "Comment": f"{MARK}: drawn by rules, without any model",
        **facts,
    }
