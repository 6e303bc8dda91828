"""Small versions of the pictures, so that a page of them loads at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any

FOLDER = "thumbnails"
_SIDE = 320
_THREADS = 2
_PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif")


def thumbnail(file: str) -> str:
    """The name of a picture's thumbnail, beside all thumbnails."""
    return f"{file}.jpg"


def make_thumbnails(
    folder: Path, files: Sequence[str], on_progress: Callable[[int], None] | None = None
) -> int:
    """Make the thumbnails that are not there yet; how many there are in the end.

    A picture that cannot be read gets none. Without Pillow there are none at all.
    """
    try:
        # Imported here: only the command line's extra has it.
        image: Any = import_module("PIL.Image")
    except ModuleNotFoundError:
        return 0
    (folder / FOLDER).mkdir(exist_ok=True)
    pictures = [file for file in files if file.lower().endswith(_PICTURES)]

    def make(file: str) -> bool:
        return _make(image, folder / file, folder / FOLDER / thumbnail(file))

    made = 0
    with ThreadPoolExecutor(_THREADS) as threads:
        for done, there in enumerate(threads.map(make, pictures), start=1):
            made += there
            if on_progress is not None:
                on_progress(done)
    return made


def _make(image: Any, source: Path, target: Path) -> bool:
    if target.exists():
        return True
    part = target.with_name(f".{target.name}.part")
    try:
        with image.open(source) as picture:
            # Reads no more of a JPEG than the size needs.
            picture.draft("RGB", (_SIDE, _SIDE))
            picture.thumbnail((_SIDE, _SIDE))
            picture.convert("RGB").save(part, "JPEG", quality=80)
        part.replace(target)
    except (OSError, ValueError, SyntaxError, image.DecompressionBombError):
        # Pillow says SyntaxError of some broken PNGs.
        part.unlink(missing_ok=True)
        return False
    return True
