"""One picture, decoded with Pillow to find out what it is. It needs the `images` extra."""

from __future__ import annotations

import io
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, cast

import attrs

from bria_tailored_ext.edge.contents import Content, digest_of
from bria_tailored_ext.rules.pictures import TAKEN, picture_kind
from bria_tailored_ext.rules.preflight import NEAR_BITS, NEAR_SHADES
from bria_tailored_ext.values.errors import ConfigurationError
from bria_tailored_ext.values.media import HEAD
from bria_tailored_ext.values.preflight import PictureFacts

try:
    import imagehash
    from PIL import Image, ImageCms, UnidentifiedImageError

    from bria_tailored_ext.workflows.pillow import quietly
    from bria_tailored_ext.workflows.turning import orientation_of, upright
except ModuleNotFoundError as _missing:
    raise ConfigurationError(
        f"Looking at pictures needs {_missing.name}, which is not installed. "
        "Run: pip install 'bria-tailored[images]'"
    ) from _missing

MOST_PIXELS = 89_478_485
"""That are decoded, a quarter of a gigabyte: Pillow's own bound, above which it warns of bombs."""

THUMBNAIL = (320, 320)

# Not all that Pillow reads: for some formats it runs other programs.
_SAFE = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "ICO", "AVIF", "JPEG2000", "PSD")
Image.init()
_FORMATS = tuple(name for name in _SAFE if name in Image.OPEN)

# An MPO is a JPEG with hidden ones behind it: depths and previews, not frames.
_ANIMATED = ("PNG", "WEBP", "GIF")

_FROM_AFAR = (16, 16)


@attrs.frozen(kw_only=True)
class Likeness:
    """What a picture looks like from afar, to find others that look the same.

    Attributes:
        fingerprint: A perceptual hash of 64 bits.
        shades: A few pixels, three numbers from 0 to 255 each.
    """

    fingerprint: int
    shades: bytes = attrs.field(repr=False)

    def is_near(self, other: Likeness) -> bool:
        """Whether the other picture looks nearly the same."""
        if (self.fingerprint ^ other.fingerprint).bit_count() > NEAR_BITS:
            return False
        # The hash knows no colours, and of plain pictures next to nothing.
        apart = sum(abs(a - b) for a, b in zip(self.shades, other.shades, strict=True))
        return apart <= NEAR_SHADES * len(self.shades)


@attrs.frozen(kw_only=True)
class Inspected:
    """A picture as it was found.

    Attributes:
        facts: What it is.
        digest: The SHA-256 of its content, in hexadecimal; empty where it could not be read.
        likeness: What it looks like; `None` where it could not be decoded.
        thumbnail: A small JPEG of it as Bria would see it; empty where it could not be decoded.
    """

    facts: PictureFacts
    digest: str = ""
    likeness: Likeness | None = None
    thumbnail: bytes = attrs.field(default=b"", repr=False)


def inspect(content: Content) -> Inspected:
    """Find out what a picture is. It blocks, for as long as decoding takes."""
    kind = picture_kind(content.read(0, min(HEAD, content.size)))
    facts = PictureFacts(kind=kind, size=content.size)
    if kind is None:
        return Inspected(facts=facts)
    digest = digest_of(content)
    try:
        with opened(content) as image:
            facts = _measured(image, content, facts)
            if facts.too_large:
                return Inspected(facts=facts, digest=digest)
            _check_sums(content, facts)
            return _seen(image, facts, digest)
    except Image.DecompressionBombError:
        return Inspected(facts=attrs.evolve(facts, too_large=True), digest=digest)
    except Exception as error:
        # A broken file makes Pillow raise anything: OSError, SyntaxError, zlib's and struct's.
        return Inspected(facts=_damaged(facts, error), digest=digest)


@contextmanager
def opened(content: Content) -> Generator[Image.Image]:
    """A picture of any size, opened and not yet decoded."""
    with io.BufferedReader(_Reading(content), 2**18) as file:
        with quietly():
            # Whoever opens it looks at its size.
            image = Image.open(file, formats=_FORMATS)
        with image:
            yield image


def frames_of(image: Image.Image) -> int:
    """How many pictures a file shows, one after the other."""
    return cast("int", getattr(image, "n_frames", 1)) if image.format in _ANIMATED else 1


def profile_of(image: Image.Image) -> str:
    """The name of its colour profile; an empty text for sRGB, or none."""
    raw = image.info.get("icc_profile")
    if not raw:
        return ""
    try:
        name = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(raw))).strip()
    except (ImageCms.PyCMSError, OSError, ValueError):
        return "unknown"
    return "" if "srgb" in name.lower() else name or "unknown"


def _measured(image: Image.Image, content: Content, facts: PictureFacts) -> PictureFacts:
    facts = attrs.evolve(facts, mode=image.mode, width=image.width, height=image.height)
    if image.width * image.height > MOST_PIXELS:
        return attrs.evolve(facts, too_large=True)
    return attrs.evolve(
        facts,
        bits=_bits(image, content),
        frames=frames_of(image),
        profile=profile_of(image),
    )


def _seen(image: Image.Image, facts: PictureFacts, digest: str) -> Inspected:
    image.load()
    # For the EXIF data of a PNG, Pillow decodes it.
    orientation = orientation_of(image)
    facts = attrs.evolve(facts, orientation=orientation, transparent=_transparent(image))
    small = _from_far(image, orientation)
    written = io.BytesIO()
    small.save(written, "JPEG", quality=80)
    return Inspected(
        facts=facts, digest=digest, likeness=_likeness(small), thumbnail=written.getvalue()
    )


def _damaged(facts: PictureFacts, error: Exception) -> PictureFacts:
    if facts.kind not in TAKEN:
        # Pillow need not know a format that Bria does not take.
        return attrs.evolve(facts, mode="")
    unknown = isinstance(error, UnidentifiedImageError)
    return attrs.evolve(
        facts, damage="its beginning is no sound picture" if unknown else _first_line(error)
    )


def _check_sums(content: Content, facts: PictureFacts) -> None:
    # Decoding a PNG does not look at the checksums of its pixels.
    if facts.kind == "png":
        with opened(content) as again:
            again.verify()


def _bits(image: Image.Image, content: Content) -> int:
    if image.format == "PNG":
        # Pillow itself shows 8 bits of a PNG in colours with 16.
        return max(8, content.read(24, 1)[0])
    return 16 if image.mode.startswith("I;16") else 32 if image.mode in ("I", "F") else 8


def _transparent(image: Image.Image) -> float:
    if not image.has_transparency_data:
        return 0.0
    alpha = image if "A" in image.getbands() else image.convert("RGBA")
    counts = alpha.getchannel("A").histogram()
    missing = sum((255 - opacity) * count for opacity, count in enumerate(counts))
    return missing / (255 * max(1, sum(counts)))


def _from_far(image: Image.Image, orientation: int) -> Image.Image:
    """A small copy as Bria would see it: upright, in RGB, on black where it was transparent."""
    small = to_rgb(image, "black") if image.mode in ("P", "PA") else image.copy()
    small.thumbnail(THUMBNAIL)
    return to_rgb(upright(small, orientation), "black")


def to_rgb(image: Image.Image, background: str | tuple[int, int, int]) -> Image.Image:
    """A picture in RGB with 8 bits, on a background where it is transparent."""
    if image.mode.startswith("I;16") or image.mode == "I":
        # Pillow would cut 16 bits off at 255 in place of scaling them.
        image = image.convert("I").point(lambda value: value / 257).convert("L")
    if not image.has_transparency_data:
        return image.convert("RGB")
    image = image.convert("RGBA")
    under = Image.new("RGBA", image.size, background)
    return Image.alpha_composite(under, image).convert("RGB")


def _likeness(small: Image.Image) -> Likeness:
    # ImageHash is what everybody uses for this and is kept up. Of its hashes, `phash` (the low
    # frequencies) outlives scaling and compression, and noise on plain backgrounds, best.
    fingerprint = int(str(imagehash.phash(small)), 16)
    afar = small.resize(_FROM_AFAR, Image.Resampling.BOX)
    return Likeness(fingerprint=fingerprint, shades=afar.tobytes())


def _first_line(error: Exception) -> str:
    words = str(error).strip().splitlines()
    return words[0].rstrip(".") if words else type(error).__name__


class _Reading(io.RawIOBase):
    """Content as a file that Pillow can read, without holding one open."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._content.size}
        self._position = max(0, base[whence] + offset)
        return self._position

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        count = max(0, min(len(view), self._content.size - self._position))
        if count:
            view[:count] = self._content.read(self._position, count)
            self._position += count
        return count
