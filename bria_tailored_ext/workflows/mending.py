"""One picture, mended with Pillow: upright, in sRGB, opaque, one frame, small enough to send."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, cast

from PIL import Image, ImageCms, ImageColor

from bria_tailored_ext.edge.contents import Content
from bria_tailored_ext.rules.pictures import MAX_IMAGE_BYTES
from bria_tailored_ext.values.errors import InvalidInputError
from bria_tailored_ext.values.preflight import Finding
from bria_tailored_ext.workflows.inspecting import opened, profile_of, to_rgb
from bria_tailored_ext.workflows.turning import orientation_of, upright

_QUALITIES = (95, 90, 85, 80)

_DONE: Mapping[str, str] = {
    "animated": "its first frame kept",
    "rotated": "turned upright",
    "cmyk": "converted to RGB",
    "colour_mode": "converted to RGB",
    "deep": "converted to 8 bits",
    "profile": "converted to sRGB",
    "transparent": "put on a background",
}

# Its type is not told.
_SRGB: Any = cast("Any", ImageCms).createProfile("sRGB")


class NotMendable(Exception):
    """A picture of which no good copy can be made, and why."""


def colour(text: str) -> tuple[int, int, int]:
    """A colour as CSS writes it, such as `#fff` or `white`.

    Raises:
        InvalidInputError: It is none.
    """
    try:
        return ImageColor.getrgb(text)[:3]
    except ValueError as error:
        raise InvalidInputError(f"{text!r} is no colour. Write one like #ffffff, or white.") from (
            error
        )


def mended(
    content: Content, findings: tuple[Finding, ...], background: tuple[int, int, int]
) -> tuple[bytes, str, tuple[str, ...]]:
    """A corrected copy: its bytes, its format, and what was done. It blocks.

    A JPEG stays one, at quality 95; anything else becomes a PNG, which loses nothing, or where
    that has more than 12 MB, a JPEG. It is neither enlarged nor made smaller in pixels.

    Raises:
        NotMendable: It cannot be decoded, or has more than 12 MB whatever is done.
    """
    codes = [finding.code for finding in findings if finding.mendable]
    done = [_DONE[code] for code in codes if code in _DONE]
    try:
        with opened(content) as image:
            kind = "jpeg" if image.format in ("JPEG", "MPO") else "png"
            image.load()
            turned = upright(_in_srgb(image), orientation_of(image))
            picture = to_rgb(turned, background)
    except Exception as error:
        # A broken file makes Pillow raise anything.
        raise NotMendable(f"it cannot be decoded: {error}") from error
    data, saved = _saved(picture, kind)
    if "format" in codes or "too_heavy" in codes:
        done.append(f"saved as {saved.upper()}")
    return data, saved, tuple(done)


def _in_srgb(image: Image.Image) -> Image.Image:
    raw = image.info.get("icc_profile")
    if not raw or not profile_of(image) or image.mode not in ("RGB", "RGBA", "CMYK", "L", "LAB"):
        return image
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(raw))
        converted = ImageCms.profileToProfile(
            image.convert("RGB") if alpha else image,
            source,
            _SRGB,
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        # A broken profile, or one of another kind of picture: what it says cannot be meant.
        return image
    if converted is None:
        return image
    if alpha:
        converted.putalpha(alpha)
    return converted


def _saved(picture: Image.Image, kind: str) -> tuple[bytes, str]:
    if kind == "png":
        data = _written(picture, "PNG")
        if len(data) <= MAX_IMAGE_BYTES:
            return data, "png"
    for quality in _QUALITIES:
        # Colours in full resolution: a brand's red on white frays otherwise.
        data = _written(picture, "JPEG", quality=quality, subsampling=0)
        if len(data) <= MAX_IMAGE_BYTES:
            return data, "jpeg"
    raise NotMendable(
        f"it has {picture.width}×{picture.height} pixels, which are more than 12 MB even as a "
        "JPEG: make it smaller"
    )


def _written(picture: Image.Image, kind: str, **options: int) -> bytes:
    written = io.BytesIO()
    # Of what a file says beside its pixels, nothing is kept: it was applied.
    picture.info = {}
    picture.save(written, kind, **options)
    return written.getvalue()
