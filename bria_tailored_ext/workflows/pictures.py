"""Pictures on their way to Bria: a path, bytes, or a public URL."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

import anyio.to_thread
import attrs

from bria_tailored_ext.rules.datasets import check_image
from bria_tailored_ext.values.errors import InvalidInputError

ImageSource: TypeAlias = str | Path | bytes
"""A file, the bytes of one, or an `https` URL that Bria can fetch."""


@attrs.frozen
class Encoded:
    """A picture as a request carries it.

    Attributes:
        name: What to call it.
        text: An URL, or raw base64 without a `data:` prefix.
        is_url: Which of the two.
    """

    name: str
    text: str = attrs.field(repr=False)
    is_url: bool


def name_of(image: ImageSource, index: int) -> str:
    """What to call a picture: its file name, or its place in the list, counted from 1."""
    if isinstance(image, bytes):
        return f"picture-{index + 1}"
    text = str(image)
    if is_url(image):
        # Its query may be a signature, which belongs in no message and no name.
        text = text.split("?", 1)[0].split("#", 1)[0]
    return text.rsplit("/", 1)[-1] or f"picture-{index + 1}"


def is_url(image: ImageSource) -> bool:
    """Whether a picture is given as an URL."""
    return isinstance(image, str) and image.lower().startswith(("https://", "http://"))


def as_list(images: Iterable[ImageSource]) -> list[ImageSource]:
    """Pictures as a list.

    Raises:
        InvalidInputError: It is one picture, which would be taken apart into its characters.
    """
    if isinstance(images, str | bytes | Path):
        raise InvalidInputError("images takes several pictures: put a single one into a list.")
    return list(images)


async def encode(image: ImageSource, index: int) -> Encoded:
    """Read and check one picture, off the event loop.

    Raises:
        InvalidInputError: It cannot be read, or Bria would refuse it.
    """
    name = name_of(image, index)
    if isinstance(image, str) and is_url(image):
        return Encoded(name, image, is_url=True)
    text = await anyio.to_thread.run_sync(_read, image, name)
    return Encoded(name, text, is_url=False)


def _read(image: str | Path | bytes, name: str) -> str:
    try:
        data = image if isinstance(image, bytes) else Path(image).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InvalidInputError(f"{name} cannot be read: {reason}.") from error
    check_image(name, data)
    return base64.b64encode(data).decode("ascii")
