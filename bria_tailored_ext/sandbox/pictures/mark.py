"""The mark that says where a picture comes from: a label in the picture, text in the file."""

import io
from typing import Final

from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

MARK: Final = "sandbox · not made by Bria"


def label(image: Image.Image, text: str = MARK) -> None:
    """Write the mark into the lower right corner; legible on any ground."""
    size = max(9, round(min(image.size) / 46))
    font = ImageFont.load_default(size)
    left, top, right, bottom = font.getbbox(text)
    pad = size * 0.55
    wide, high = right - left + 2 * pad, bottom - top + 2 * pad
    x, y = image.width - wide - pad, image.height - high - pad
    plate = Image.new("L", (round(wide), round(high)))
    ImageDraw.Draw(plate).rounded_rectangle(
        (0, 0, plate.width - 1, plate.height - 1), radius=high / 3, fill=170
    )
    image.paste((24, 24, 26), (round(x), round(y)), plate)
    pen = ImageDraw.Draw(image)
    pen.text((round(x) + pad - left, round(y) + pad - top), text, font=font, fill=(250, 250, 248))


def to_png(image: Image.Image, facts: dict[str, str]) -> bytes:
    """Encode as PNG with the facts as text chunks; the same picture gives the same bytes."""
    info = PngInfo()
    info.add_text("Software", "bria-tailored sandbox")
    info.add_itxt("Comment", f"{MARK}: drawn by rules, without any model")
    for key, value in facts.items():
        info.add_itxt(key, value)
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1, pnginfo=info)
    return out.getvalue()
