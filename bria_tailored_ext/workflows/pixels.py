"""How large a picture is in pixels, from its first bytes, where Pillow is installed."""

from __future__ import annotations

import io
from importlib.util import find_spec

from anyio import to_thread

from bria_tailored_ext.rules.datasets import check_pixels
from bria_tailored_ext.values.errors import BriaError
from bria_tailored_ext.workflows.pictures import ImageSource, content_of, is_url

_HEAD = 2**18
"""Bytes that are looked at; a picture whose size stands behind them is left to Bria."""


async def check_size(source: ImageSource, name: str, *, increase_resolution: bool) -> None:
    """Check a picture's size in pixels, as far as it can be known here.

    Args:
        source: The picture; an URL is not fetched.
        name: What to call it.
        increase_resolution: Whether Bria may upscale it.

    Raises:
        InvalidInputError: It is too small.
    """
    if is_url(source) or find_spec("PIL") is None:
        return
    size = await to_thread.run_sync(_size, source, name)
    if size is not None:
        check_pixels(name, *size, increase_resolution=increase_resolution)


def _size(source: ImageSource, name: str) -> tuple[int, int] | None:
    from PIL import Image

    from bria_tailored_ext.workflows.pillow import UNREADABLE

    try:
        content = content_of(source, name)
        head = content.read(0, min(content.size, _HEAD))
        with Image.open(io.BytesIO(head), formats=("JPEG", "PNG", "WEBP")) as image:
            return image.size
    except (BriaError, *UNREADABLE):
        return None
