"""Reading uploaded bytes: what kind of picture, is it whole, what does it look like."""

import hashlib
import io
from typing import Final

import attrs
from PIL import Image, ImageOps, UnidentifiedImageError

from bria_tailored_ext.sandbox.pictures.features import Features, measure

_FORMATS: Final = {"JPEG": "jpeg", "PNG": "png", "WEBP": "webp"}
_MAX_PIXELS: Final = 64_000_000
_SMALLEST_SIDE: Final = 16


class PictureError(ValueError):
    """The bytes are not a picture that the API takes; the message says why."""


class TinyPictureError(PictureError):
    """It is a picture, and too small to be measured."""


@attrs.frozen(kw_only=True)
class Picture:
    """What was learned from an uploaded picture. The bytes themselves are not kept."""

    format: str
    """"jpeg", "png" or "webp", by content."""
    width: int
    """Pixels, upright (a camera's rotation is applied)."""
    height: int
    sha256: str
    """Of the bytes as they came, in hex."""
    features: Features


def read_picture(data: bytes) -> Picture:
    """Check and measure an uploaded picture.

    Args:
        data: The file's bytes; its name plays no part.

    Raises:
        PictureError: Not JPEG, PNG or WEBP, damaged, cut short, or too large.
        TinyPictureError: Less than 16 pixels on a side.
    """
    name, image = decoded(data)
    return Picture(
        format=name,
        width=image.width,
        height=image.height,
        sha256=hashlib.sha256(data).hexdigest(),
        features=measure(image),
    )


def thumbnail(data: bytes, size: int = 256) -> bytes:
    """Make a small JPEG of a picture.

    Args:
        data: The bytes of a JPEG, PNG or WEBP.
        size: The longer side at most, in pixels.

    Raises:
        PictureError: As for `read_picture`.
    """
    _, image = decoded(data)
    image.thumbnail((size, size), Image.Resampling.LANCZOS, reducing_gap=3.0)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()


def decoded(data: bytes) -> tuple[str, Image.Image]:
    """Decode into upright RGB; transparency becomes black, as at Bria.

    Args:
        data: The file's bytes.

    Returns:
        The format's name and the picture.

    Raises:
        PictureError: As for `read_picture`.
    """
    if not data:
        raise PictureError("The picture is empty: 0 bytes arrived.")
    try:
        with Image.open(io.BytesIO(data), formats=tuple(_FORMATS)) as image:
            _check_size(image.width, image.height)
            name = _FORMATS[str(image.format)]
            image.load()
            return name, _flattened(ImageOps.exif_transpose(image))
    except PictureError:
        raise
    except UnidentifiedImageError as error:
        raise PictureError(_not_a_picture(data)) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureError(f"The picture has more than {_MAX_PIXELS:,} pixels.") from error
    except Exception as error:
        # Decoders raise OSError, SyntaxError, struct.error, EOFError, … on bad bytes.
        raise PictureError(f"The picture is damaged or cut short: {error}.") from error


def _check_size(width: int, height: int) -> None:
    if width * height > _MAX_PIXELS:
        raise PictureError(
            f"The picture is {width}×{height} pixels; {_MAX_PIXELS:,} pixels are the most."
        )
    if min(width, height) < _SMALLEST_SIDE:
        raise TinyPictureError(
            f"The picture is only {width}×{height} pixels;"
            f" each side needs at least {_SMALLEST_SIDE}."
        )


def _flattened(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "black"), layer).convert("RGB")


def _not_a_picture(data: bytes) -> str:
    kinds = {
        b"GIF8": "a GIF",
        b"%PDF": "a PDF",
        b"BM": "a BMP",
        b"II*\x00": "a TIFF",
        b"MM\x00*": "a TIFF",
        b"PK\x03\x04": "a zip archive",
        b"<svg": "an SVG",
    }
    kind = next((kind for start, kind in kinds.items() if data.startswith(start)), None)
    starts = f"it is {kind}" if kind else f"it starts with {data[:12]!r}"
    return f"The picture is not a JPEG, PNG or WEBP: {starts}."
