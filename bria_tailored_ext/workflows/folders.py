"""Which files of a folder are its pictures."""

from __future__ import annotations

import os
from pathlib import Path

import attrs

from bria_tailored_ext.edge.contents import of_path
from bria_tailored_ext.rules.pictures import kind_of_name, picture_kind
from bria_tailored_ext.values.errors import InvalidInputError
from bria_tailored_ext.values.media import HEAD


@attrs.frozen(kw_only=True)
class IgnoredFile:
    """A file that is not taken for a picture, and why."""

    name: str
    reason: str


@attrs.frozen(kw_only=True)
class Folder:
    """A folder's files, by name.

    Attributes:
        path: The folder.
        pictures: What is a picture by its content, or by its name claims to be one.
        ignored: Everything else that is not hidden.
    """

    path: Path
    pictures: tuple[Path, ...]
    ignored: tuple[IgnoredFile, ...]


def read_folder(folder: str | os.PathLike[str]) -> Folder:
    """The pictures in a folder, in the order of their names. It blocks while it reads.

    A picture is what begins like one, whatever its name; and what has the name of a JPEG, PNG or
    WEBP, so that a broken one is told of. Links to files are followed. Sub-folders are not
    entered; they and other files are listed as ignored. Hidden files are left out in silence.

    Raises:
        InvalidInputError: There is no such folder, or it cannot be read.
    """
    path = Path(folder)
    try:
        entries = sorted(path.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        raise InvalidInputError(
            f"{path} is no folder that can be read: {error.strerror}. Pass one with pictures."
        ) from error
    pictures: list[Path] = []
    ignored: list[IgnoredFile] = []
    for entry in entries:
        if entry.name.startswith("."):
            continue
        reason = _why_not(entry)
        if reason is None:
            pictures.append(entry)
        else:
            ignored.append(IgnoredFile(name=entry.name, reason=reason))
    return Folder(path=path, pictures=tuple(pictures), ignored=tuple(ignored))


def _why_not(entry: Path) -> str | None:
    if entry.is_dir():
        return "a folder; folders in it are not entered"
    if kind_of_name(entry.name):
        return None
    try:
        content = of_path(entry.name, entry)
        head = content.read(0, min(HEAD, content.size))
    except InvalidInputError as error:
        return str(error).removeprefix(f"{entry.name} ").split(".")[0]
    return None if picture_kind(head) else "no picture"
