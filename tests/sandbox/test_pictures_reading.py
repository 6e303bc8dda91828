"""Uploaded bytes: what is taken, what is refused and how, and what is measured."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from bria_tailored_ext.sandbox.pictures import PictureError, animate, read_picture, thumbnail


def _encoded(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def _plain(width: int = 64, height: int = 48, kind: str = "PNG", colour: str = "teal") -> bytes:
    return _encoded(Image.new("RGB", (width, height), colour), kind)


def _noise(kind: str) -> bytes:
    pixels = np.random.default_rng(1).integers(0, 256, (120, 160, 3), dtype=np.uint8)
    return _encoded(Image.fromarray(pixels), kind)


def _png_that_claims(width: int, height: int) -> bytes:
    """A PNG whose header promises more pixels than anyone should decode."""
    header = b"IHDR" + struct.pack(">II5B", width, height, 8, 2, 0, 0, 0)
    checked = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + checked + _plain()[33:]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_each_format_of_the_api_is_read_by_its_content(kind: str) -> None:
    """Format and size come from the bytes; no file name takes part."""
    picture = read_picture(_plain(kind=kind))
    assert (picture.format, picture.width, picture.height) == (kind.lower(), 64, 48)


REFUSED = {
    "nothing": (b"", "0 bytes"),
    "text": (b"not a picture at all", "not a JPEG, PNG or WEBP"),
    "a page": (b"<html><body>404</body></html>", "not a JPEG, PNG or WEBP"),
    "a GIF": (_plain(kind="GIF"), "it is a GIF"),
    "a BMP": (_plain(kind="BMP"), "it is a BMP"),
    "a TIFF": (_plain(kind="TIFF"), "it is a TIFF"),
    "half a JPEG": (_noise("JPEG")[:4000], "damaged or cut short"),
    "half a PNG": (_noise("PNG")[:4000], "damaged or cut short"),
    "half a WEBP": (_noise("WEBP")[:4000], "damaged or cut short"),
    "only a JPEG's first bytes": (b"\xff\xd8\xff\xe0" + bytes(40), "The picture"),
    "a PNG with a byte changed": (_noise("PNG")[:900] + b"?" + _noise("PNG")[901:], "damaged"),
    "a bomb": (_png_that_claims(60_000, 60_000), "more than 64,000,000 pixels"),
    "a large picture": (_png_that_claims(9_000, 9_000), "9000×9000"),
    "a dot": (_plain(15, 400), "only 15×400 pixels"),
}


@pytest.mark.parametrize("function", [read_picture, thumbnail], ids=["read_picture", "thumbnail"])
@pytest.mark.parametrize(("data", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_bad_bytes_are_refused_with_one_sentence_that_says_why(
    function: object, data: bytes, reason: str
) -> None:
    """Whatever a decoder raises, the caller sees a `PictureError` of one line."""
    assert callable(function)
    with pytest.raises(PictureError) as caught:
        function(data)
    message = str(caught.value)
    assert reason in message
    assert message.startswith("The picture ")
    assert message.endswith(".")
    assert "\n" not in message


def test_a_film_of_bad_bytes_is_refused_in_the_same_way() -> None:
    """Whoever asks for a film of a damaged picture learns what a reader would."""
    with pytest.raises(PictureError, match="damaged or cut short"):
        animate(_noise("JPEG")[:4000], seed=1)


def test_a_cameras_rotation_is_applied() -> None:
    """Width and height are those that a viewer sees."""
    image, exif = Image.new("RGB", (80, 40), "red"), Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    picture = read_picture(out.getvalue())
    assert (picture.width, picture.height) == (40, 80)


def test_transparency_becomes_black() -> None:
    """What lies behind a transparent picture is black, as at Bria."""
    colours = read_picture(_encoded(Image.new("RGBA", (64, 64), (255, 0, 0, 0)), "PNG")).features
    assert [swatch.hex for swatch in colours.colours] == ["#000000"]


@pytest.mark.parametrize("mode", ["L", "LA", "P", "CMYK", "I;16", "1"])
def test_every_colour_mode_can_be_measured(mode: str) -> None:
    """Grey, indexed and print pictures are read as well as RGB ones."""
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert read_picture(_encoded(Image.new(mode, (40, 40)), kind)).features.colours


def test_the_largest_colours_are_found_with_their_shares() -> None:
    """A picture of two flat colours has these two, by area."""
    image = Image.new("RGB", (96, 96), "#1f7f82")
    image.paste((196, 98, 63), (0, 0, 24, 96))
    first, second = read_picture(_encoded(image, "PNG")).features.colours
    assert (first.name, first.hex, first.share) == ("teal", "#1f7f82", 0.75)
    assert (second.name, second.hex, second.share) == ("terracotta", "#c4623f", 0.25)


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ((0, 0, 48, 96), "left"),
        ((48, 0, 96, 96), "right"),
        ((0, 0, 96, 48), "above"),
        ((0, 48, 96, 96), "below"),
        ((0, 0, 96, 96), "all around"),
    ],
)
def test_the_light_comes_from_the_brighter_side(
    box: tuple[int, int, int, int], expected: str
) -> None:
    """The side that is clearly brighter is where the light is."""
    image = Image.new("RGB", (96, 96), "#404040")
    image.paste((230, 230, 230), box)
    assert read_picture(_encoded(image, "PNG")).features.light_from == expected


def test_the_same_bytes_are_measured_the_same() -> None:
    """Reading has no memory and no chance in it."""
    assert read_picture(_noise("JPEG")) == read_picture(_noise("JPEG"))


def test_a_thumbnail_is_a_small_jpeg_of_the_same_shape() -> None:
    """The longer side is cut down to the size asked for; the shape stays."""
    small = Image.open(io.BytesIO(thumbnail(_plain(800, 400), 200)))
    assert (small.format, small.size, small.mode) == ("JPEG", (200, 100), "RGB")
    red, green, blue = small.convert("RGB").resize((1, 1)).tobytes()
    assert max(abs(red), abs(green - 128), abs(blue - 128)) < 6


def test_a_thumbnail_is_never_larger_than_its_picture() -> None:
    """A small picture is not blown up."""
    assert Image.open(io.BytesIO(thumbnail(_plain(64, 48)))).size == (64, 48)


def test_a_thumbnail_is_the_same_bytes_every_time() -> None:
    """Same input, same bytes."""
    assert thumbnail(_noise("PNG"), 64) == thumbnail(_noise("PNG"), 64)
