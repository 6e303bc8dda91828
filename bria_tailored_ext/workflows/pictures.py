"""Pictures on their way to Bria, whatever they are given as."""

from __future__ import annotations

import hashlib
import os
import re
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias, TypeGuard, cast

import anyio.to_thread
import attrs

from bria_tailored_ext.edge.bodies import LazyBase64
from bria_tailored_ext.edge.contents import (
    BytesContent,
    Content,
    digest_of,
    of_file,
    of_path,
    of_temporary,
)
from bria_tailored_ext.rules.pictures import MAX_IMAGE_BYTES, check_image
from bria_tailored_ext.values.errors import InvalidInputError

if TYPE_CHECKING:
    import PIL.Image

ImageSource: TypeAlias = "str | os.PathLike[str] | bytes | BinaryIO | PIL.Image.Image"
"""A path, the bytes of a file, an open file, an `https` URL that Bria can fetch, or a Pillow image.

An open file is read from its first byte, and must stay open until it was sent. A Pillow image is
sent as a PNG, which loses nothing, turned as its EXIF data say.
"""

_PNG_MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")


@attrs.frozen(kw_only=True)
class Picture:
    """A picture that was checked and can be sent.

    Attributes:
        name: What to call it in reports.
        wire: What goes into the body of a request: the URL; or what stands for the file, which is
            read and sent as raw base64 piece by piece. At run time that is no `str`, so that
            nothing but this package's client can serialise it, and wrongly.
        is_url: Which of the two.
        digest: The SHA-256 of the content, or of the URL, in hexadecimal.
        size: In bytes; `None` for an URL.
    """

    name: str
    wire: str = attrs.field(repr=False)
    is_url: bool
    digest: str
    size: int | None


def as_list(images: Iterable[ImageSource]) -> list[ImageSource]:
    """Pictures as a list.

    Raises:
        InvalidInputError: It is one picture, which would be taken apart into its characters.
    """
    if isinstance(images, str | bytes | os.PathLike) or _is_open_file(images) or _is_pillow(images):
        raise InvalidInputError("images takes several pictures: put a single one into a list.")
    return list(images)


def name_of(image: ImageSource, index: int) -> str:
    """What to call a picture: its file name, or its place in the list, counted from 1."""
    if _is_pillow(image):
        text: Any = getattr(image, "filename", "")
    elif isinstance(image, str | os.PathLike):
        text = os.fspath(image)
    else:
        text = getattr(image, "name", "")
    if isinstance(text, bytes):
        text = os.fsdecode(text)
    if not isinstance(text, str) or _is_no_name(text):
        return f"picture-{index + 1}"
    if is_url(text):
        # Its query may be a signature, which belongs in no message and no name.
        host, _, path = text.split("?", 1)[0].split("#", 1)[0].partition("://")[2].partition("/")
        # Before a host may stand a password.
        name = path.rstrip("/").rsplit("/", 1)[-1] or host.rpartition("@")[2]
    else:
        # With the system's own separator: a path says who its owner is.
        name = os.path.basename(text.rstrip("/"))  # noqa: PTH119 - not every text is a path
    # A name on disk need not be UTF-8; in a report and in JSON it must be.
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace") or (
        f"picture-{index + 1}"
    )


def is_url(image: object) -> TypeGuard[str]:
    """Whether a picture is given as an URL."""
    return isinstance(image, str) and image.lower().startswith(("https://", "http://"))


async def prepare(image: ImageSource, index: int) -> Picture:
    """Check one picture by its content, off the event loop, and make it ready to be sent.

    Only a piece of it is in memory at any time, here and when it is sent. What is sent is what was
    checked: a file that changes in between is a `FileChangedError` then, and Bria never gets it
    whole.

    Args:
        image: The picture.
        index: Its place in a list, from 0, for a picture without a name.

    Raises:
        InvalidInputError: It cannot be read, or Bria would refuse it.
    """
    name = name_of(image, index)
    if is_url(image):
        digest = hashlib.sha256(image.encode()).hexdigest()
        return Picture(name=name, wire=image, is_url=True, digest=digest, size=None)
    file = await anyio.to_thread.run_sync(_checked, image, name)
    return Picture(
        name=name,
        wire=file.as_text(),
        is_url=False,
        digest=file.digest,
        size=file.content.size,
    )


def content_of(image: ImageSource, name: str) -> Content:
    """The content of a picture that is no URL. Reading blocks.

    Raises:
        InvalidInputError: It cannot be read, or is nothing that could be a picture.
    """
    if isinstance(image, bytes):
        return BytesContent(name, image)
    if isinstance(image, bytearray | memoryview):
        return BytesContent(name, bytes(image))
    if isinstance(image, str):
        _check_path(image, name)
        return of_path(name, Path(image))
    if isinstance(image, os.PathLike):
        return of_path(name, Path(os.fsdecode(image)))
    if _is_pillow(image):
        return _as_png(image, name)
    if _is_open_file(image):
        return of_file(name, image, MAX_IMAGE_BYTES)
    raise InvalidInputError(
        f"{name} is a {type(image).__name__}. Pass a path, bytes, an open file, an https URL or a "
        "Pillow image."
    )


def _checked(image: ImageSource, name: str) -> LazyBase64:
    content = content_of(image, name)
    check_image(name, content.read(0, min(12, content.size)), content.size)
    return LazyBase64(content, digest_of(content))


def _check_path(text: str, name: str) -> None:
    # A base64 text, or a scheme that nobody can fetch: not "no such file".
    if _is_no_name(text):
        raise InvalidInputError(
            f"{name} is a text of {len(text):,} characters, and neither a path nor an URL. "
            "Pass the bytes of the picture."
        )
    if scheme := re.match(r"([a-z][a-z0-9+.-]+)://", text, re.IGNORECASE):
        raise InvalidInputError(
            f"{name} has an URL of the scheme {scheme[1]}. Bria fetches https URLs: pass one, or "
            "a path."
        )


def _is_no_name(text: str) -> bool:
    return not text or text[:5].lower() == "data:" or (len(text) > 4096 and not is_url(text))


def _is_open_file(image: object) -> TypeGuard[BinaryIO]:
    return callable(getattr(image, "read", None))


def _is_pillow(image: object) -> TypeGuard[PIL.Image.Image]:
    # Who has a Pillow image has imported Pillow; nobody else need have it installed.
    module = sys.modules.get("PIL.Image")
    return module is not None and isinstance(image, module.Image)


def _as_png(image: PIL.Image.Image, name: str) -> Content:
    from bria_tailored_ext.workflows.turning import orientation_of, upright

    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the content
    try:
        image.load()
        turned = upright(image, orientation_of(image))
        if turned.mode not in _PNG_MODES:
            turned = turned.convert("RGBA" if turned.has_transparency_data else "RGB")
        turned.save(file, "PNG")
        file.flush()
        return of_temporary(name, cast("BinaryIO", file))
    except (OSError, SyntaxError, ValueError) as error:
        file.close()
        raise InvalidInputError(f"{name} cannot be made a PNG: {error}.") from error
    except BaseException:
        file.close()
        raise
