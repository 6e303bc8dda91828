"""Writing PNG: one filter for every row, which is twice as fast as trying all five."""

import struct
import zlib
from collections.abc import Mapping
from typing import Final

import numpy as np
from isal import isal_zlib
from PIL import Image

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_UP: Final = 2
_BAND: Final = 32
_EIGHT_BIT_RGB: Final = (8, 2, 0, 0, 0)


def to_png(image: Image.Image, texts: Mapping[str, str]) -> bytes:
    """Encode an RGB picture as PNG with text chunks.

    Args:
        image: Mode RGB.
        texts: Plain keywords of 1 to 79 letters, each with any text.
    """
    header = struct.pack(">II5B", image.width, image.height, *_EIGHT_BIT_RGB)
    chunks = [
        _chunk(b"IHDR", header),
        *(_chunk(b"iTXt", _text(key, value)) for key, value in texts.items()),
        _chunk(b"IDAT", _packed(image)),
        _chunk(b"IEND", b""),
    ]
    return b"".join([_SIGNATURE, *chunks])


def _packed(image: Image.Image) -> bytes:
    """The rows, each as its difference from the one above, compressed.

    Some rows at a time, which stay in the processor's cache from one step to the next.
    """
    # A tenth of zlib's time, for as few bytes. On a busy machine it packs the same rows in another
    # way once in some hundred times; they unpack to the same. The stub has no type for the data.
    packer = isal_zlib.compressobj(1)  # pyright: ignore[reportUnknownMemberType]
    parts: list[bytes] = []
    above = np.zeros(image.width * 3, np.uint8)
    for top in range(0, image.height, _BAND):
        band = image.crop((0, top, image.width, min(top + _BAND, image.height)))
        pixels = np.asarray(band).reshape(band.height, -1)
        rows = np.empty((band.height, 1 + pixels.shape[1]), np.uint8)
        rows[:, 0] = _UP
        np.subtract(pixels[0], above, out=rows[0, 1:])
        np.subtract(pixels[1:], pixels[:-1], out=rows[1:, 1:])
        parts.append(packer.compress(rows.data))  # pyright: ignore[reportUnknownMemberType]
        above = pixels[-1]
    return b"".join([*parts, packer.flush()])


def _text(key: str, value: str) -> bytes:
    """An uncompressed text in UTF-8; the format ends strings with a zero, so none may be inside."""
    plain = value.replace("\x00", " ").encode("utf-8", "replace")
    return key.encode("latin-1") + b"\x00\x00\x00\x00\x00" + plain


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
