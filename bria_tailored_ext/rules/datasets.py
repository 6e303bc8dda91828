"""Rules of datasets, checked before a request is spent.

Source: the dataset operations in Bria's document, except where a rule says otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TypeVar

from bria_tailored_ext.values.errors import InvalidInputError

T = TypeVar("T")

FEWEST_IMAGES = 5
"""To complete a dataset."""

MOST_IMAGES = 200
"""In a dataset of the basic upload type."""

SCHEMA_IMAGES = (5, 10)
"""How many pictures generate_visual_schema takes."""

SMALLEST_SIDE = 256
"""In pixels; up to 1024 Bria upscales, unless told not to."""

MAX_IMAGE_BYTES = 12_000_000
"""Source: Bria's general notes on images."""

_SIGNATURES = ((b"\xff\xd8\xff", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png"))


def image_format(head: bytes) -> str | None:
    """The format of a picture by its first 12 bytes, whatever its name: jpeg, png, webp or None."""
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            return name
    return "webp" if head[:4] == b"RIFF" and head[8:12] == b"WEBP" else None


def check_image(name: str, data: bytes) -> None:
    """Check one picture before it is sent.

    Raises:
        InvalidInputError: Says what is wrong with the picture of that name.
    """
    if not data:
        raise InvalidInputError(f"{name} is empty. Replace it.")
    if image_format(data[:12]) is None:
        raise InvalidInputError(f"{name} is not a JPEG, PNG or WEBP picture. Convert it.")
    if len(data) > MAX_IMAGE_BYTES:
        raise InvalidInputError(
            f"{name} has {len(data) / 1e6:.1f} MB; Bria takes {MAX_IMAGE_BYTES / 1e6:.0f} MB "
            "at most. Save it smaller."
        )


def check_schema_images(count: int) -> None:
    """Check how many pictures there are to define a visual identity from.

    Raises:
        InvalidInputError: There are too few.
    """
    if count < SCHEMA_IMAGES[0]:
        raise InvalidInputError(
            f"A visual identity needs at least {SCHEMA_IMAGES[0]} pictures (jpg, jpeg, png, webp); "
            f"there {'is' if count == 1 else 'are'} {count}. Add more."
        )


def spread(items: Sequence[T], most: int) -> list[T]:
    """At most so many of the items, evenly spread over their order; the same choice every time."""
    if len(items) <= most:
        return list(items)
    step = (len(items) - 1) / (most - 1)
    return [items[round(index * step)] for index in range(most)]


def missing_for_completion(
    *, images: int, visual_schema: str | None, captions: Sequence[str | None], updating: bool
) -> tuple[str, ...]:
    """Everything that a dataset lacks before it can be completed, a sentence each."""
    missing: list[str] = []
    if images < FEWEST_IMAGES:
        missing.append(f"It has {images} images of at least {FEWEST_IMAGES}: upload more.")
    if not visual_schema:
        missing.append("It has no visual schema: run define_visual_identity.")
    if updating:
        missing.append("Its captions are still being made: wait for them.")
    without = sum(not is_caption(caption) for caption in captions)
    if without and not updating:
        missing.append(f"{without} of its images have no valid caption: regenerate them.")
    return tuple(missing)


def is_caption(caption: str | None) -> bool:
    """Whether a caption is there and is the JSON object that it should be."""
    try:
        return isinstance(json.loads(caption or ""), Mapping)
    except (ValueError, RecursionError):
        return False
