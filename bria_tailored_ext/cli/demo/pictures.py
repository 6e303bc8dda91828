"""The demo's pictures: read and checked before anything starts."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import attrs

from bria_tailored_ext.rules.datasets import FEWEST_IMAGES, MOST_IMAGES
from bria_tailored_ext.rules.pictures import SMALLEST_SIDE, check_image
from bria_tailored_ext.sandbox.pictures import PictureError, read_picture
from bria_tailored_ext.values.errors import InvalidInputError

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")


@attrs.frozen
class DemoPicture:
    """A picture of the folder.

    Attributes:
        path: Where it is.
        width: In pixels.
        height: In pixels.
    """

    path: Path
    width: int
    height: int


def default_folder() -> Path:
    """The folder of the committed set."""
    return Path(str(files("bria_tailored_ext.cli.demo"))) / "pictures"


def read_pictures(folder: Path) -> list[DemoPicture]:
    """Every picture of a folder, by name; each is decoded once.

    Raises:
        InvalidInputError: No folder, too few or too many pictures, or one that Bria would refuse.
    """
    if not folder.is_dir():
        raise InvalidInputError(f"{folder} is not a folder. Pass one with pictures.")
    paths = sorted(path for path in folder.iterdir() if _is_picture(path))
    wanted = f"at least {FEWEST_IMAGES} pictures ({', '.join(each[1:] for each in SUFFIXES)})"
    if not paths:
        raise InvalidInputError(f"{folder} holds no picture. Put {wanted} into it.")
    if len(paths) < FEWEST_IMAGES:
        raise InvalidInputError(f"{folder} holds {len(paths)} pictures. A dataset needs {wanted}.")
    if len(paths) > MOST_IMAGES:
        raise InvalidInputError(
            f"{folder} holds {len(paths)} pictures; a dataset takes {MOST_IMAGES}. Leave some out."
        )
    return [_read(path) for path in paths]


def _is_picture(path: Path) -> bool:
    hidden = path.name.startswith(".")
    return path.suffix.lower() in SUFFIXES and path.is_file() and not hidden


def _read(path: Path) -> DemoPicture:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InvalidInputError(f"{path} cannot be read: {error.strerror}.") from error
    check_image(str(path), data)
    try:
        picture = read_picture(data)
    except PictureError as error:
        raise InvalidInputError(f"{path} is damaged: {error} Replace it or take it out.") from error
    if min(picture.width, picture.height) < SMALLEST_SIDE:
        raise InvalidInputError(
            f"{path} has {picture.width}×{picture.height} pixels; Bria takes pictures of at least "
            f"{SMALLEST_SIDE}×{SMALLEST_SIDE}. Replace it by a larger one or take it out."
        )
    return DemoPicture(path, picture.width, picture.height)
