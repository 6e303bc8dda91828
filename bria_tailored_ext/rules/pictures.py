"""Rules of single pictures, checked before a request is spent.

Source: Bria's general notes on images, except where a rule says otherwise.
"""

from __future__ import annotations

from bria_tailored_ext.values.errors import InvalidInputError
from bria_tailored_ext.values.media import media_type

SMALLEST_SIDE = 256
"""In pixels; up to 1024 Bria upscales, unless told not to. Source: upload-image."""

RECOMMENDED_SIDE = 1024
"""In pixels; the least where `increase_resolution` is off. Source: upload-image."""

MAX_IMAGE_BYTES = 12_000_000

TAKEN = ("jpeg", "png", "webp")
"""The formats that Bria takes."""

_SIGNATURES = ((b"\xff\xd8\xff", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png"))

# What else people have in folders of pictures, and `media_type` does not tell.
_OTHERS = ((b"BM", "bmp"), (b"8BPS", "psd"), (b"\0\0\1\0", "ico"), (b"\0\0\0\x0cjP  ", "jpeg 2000"))

_ENDINGS = {"jpg": "jpeg", "jpeg": "jpeg", "png": "png", "webp": "webp"}


def kind_of_name(name: str) -> str | None:
    """The format that the ending of a file's name claims, if it is one that Bria takes."""
    return _ENDINGS.get(name.rpartition(".")[2].lower()) if "." in name else None


def picture_kind(head: bytes) -> str | None:
    """The format of any picture by its first bytes, those that Bria refuses included.

    Args:
        head: So many as `media_type` wants to see, if there are.
    """
    if known := image_format(head):
        return known
    media = media_type(head)
    if media is None:
        return next((name for signature, name in _OTHERS if head.startswith(signature)), None)
    kind, _, name = media.partition("/")
    return name.removesuffix("+xml") if kind == "image" else None


def image_format(head: bytes) -> str | None:
    """The format of a picture by its first 12 bytes, whatever its name: jpeg, png, webp or None."""
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            return name
    return "webp" if head[:4] == b"RIFF" and head[8:12] == b"WEBP" else None


def check_image(name: str, head: bytes, size: int | None = None) -> None:
    """Check one picture before it is sent.

    Args:
        name: What to call it.
        head: Its first 12 bytes, or all of it.
        size: In bytes, where `head` is not all of it.

    Raises:
        InvalidInputError: Says what is wrong with the picture of that name.
    """
    size = len(head) if size is None else size
    if not size:
        raise InvalidInputError(f"{name} is empty. Replace it.")
    if image_format(head[:12]) is None:
        raise InvalidInputError(f"{name} is not a JPEG, PNG or WEBP picture. Convert it.")
    if size > MAX_IMAGE_BYTES:
        raise InvalidInputError(
            f"{name} has {size / 1e6:.1f} MB; Bria takes {MAX_IMAGE_BYTES / 1e6:.0f} MB "
            "at most. Save it smaller."
        )
