"""Corrected copies of the pictures that a check found fault with; the originals stay as they are.

It needs the `images` extra.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path

import anyio.to_thread
import attrs

from bria_tailored_ext.edge.contents import Content
from bria_tailored_ext.rules.pictures import kind_of_name
from bria_tailored_ext.values.errors import InvalidInputError
from bria_tailored_ext.values.preflight import Severity
from bria_tailored_ext.workflows.check_images import CheckedPicture, ImageCheck
from bria_tailored_ext.workflows.pictures import content_of, is_url
from bria_tailored_ext.workflows.together import decoded_at_once, for_each

_PIECE = 2**20


@attrs.frozen(kw_only=True)
class MendedPicture:
    """What became of one picture.

    Attributes:
        name: The original's.
        path: The copy; `None` where none was made.
        done: What was done to it; nothing, for a copy byte by byte.
        reason: Why no copy was made, or an empty text.
    """

    name: str
    path: Path | None = None
    done: tuple[str, ...] = ()
    reason: str = ""


async def mend_images(
    check: ImageCheck,
    out: str | os.PathLike[str],
    *,
    background: str = "#ffffff",
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[MendedPicture, ...]:
    """Write a copy of each picture into a new folder, corrected where a finding can be mended.

    Rotations are applied, colours converted to RGB in sRGB with 8 bits, transparency is laid on
    the background, of an animation the first frame is kept, other formats become PNG, and what has
    more than 12 MB is saved as a JPEG. Nothing is enlarged, cropped or left out as a duplicate.
    What needs no correction is copied byte by byte. What Bria would refuse all the same is left
    out, with the reason. The folder appears when it is complete, or not at all.

    Args:
        check: What `check_images` has found.
        out: A folder that is not there, or empty; not within the one that was checked.
        background: What to lay transparent pictures on, as CSS writes colours.
        on_progress: Called with how many are done and how many there are.

    Raises:
        InvalidInputError: That folder or that colour will not do. Nothing was written.
    """
    from bria_tailored_ext.workflows import mending

    colour = mending.colour(background)
    target = await anyio.to_thread.run_sync(_checked, Path(out), check.folder)
    scratch = await anyio.to_thread.run_sync(_scratch_beside, target)
    try:
        names = _names(check)
        made: dict[int, MendedPicture] = {}

        async def one(index: int, picture: CheckedPicture) -> None:
            made[index] = await anyio.to_thread.run_sync(
                _mend, picture, scratch / names[index], colour
            )
            if on_progress:
                on_progress(len(made), len(check.pictures))

        await for_each(check.pictures, one, at_once=decoded_at_once())
        await anyio.to_thread.run_sync(_publish, scratch, target)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    return tuple(
        attrs.evolve(each, path=target / each.path.name) if each.path else each
        for _, each in sorted(made.items())
    )


def _checked(out: Path, folder: Path | None) -> Path:
    target = out.resolve()
    if folder is not None:
        checked = folder.resolve()
        if target == checked or checked in target.parents:
            raise InvalidInputError(
                f"{out} is the folder that was checked, or within it. Choose another place for "
                "the copies."
            )
    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise InvalidInputError(
                f"{out} is there already, and not an empty folder. Choose a new one."
            )
    except OSError as error:
        raise InvalidInputError(
            f"{out} cannot be used: {error.strerror}. Choose another place."
        ) from error
    return target


def _scratch_beside(target: Path) -> Path:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = target.parent / f".mending-{uuid.uuid4().hex}"
        scratch.mkdir()
    except OSError as error:
        raise InvalidInputError(
            f"{target} cannot be written: {error.strerror}. Choose another place."
        ) from error
    return scratch


def _publish(scratch: Path, target: Path) -> None:
    try:
        if target.exists():
            target.rmdir()
        scratch.rename(target)
    except OSError as error:
        raise InvalidInputError(
            f"{target} cannot be written: {error.strerror}. Choose another place."
        ) from error


def _names(check: ImageCheck) -> list[str]:
    """A name without its ending for each copy, no two alike, whatever a disk takes for alike."""
    taken: set[str] = set()
    names: list[str] = []
    for picture in check.pictures:
        whole = Path(picture.name).name
        stem = _stem(whole, picture.facts.kind)
        name, number = stem, 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.add(name.casefold())
        names.append(name)
    return names


def _stem(name: str, kind: str | None) -> str:
    stem, dot, ending = name.rpartition(".")
    names_its_kind = kind is not None and ending and kind.startswith(ending.lower())
    return stem if dot and (names_its_kind or kind_of_name(name)) else name


def _mend(picture: CheckedPicture, place: Path, background: tuple[int, int, int]) -> MendedPicture:
    from bria_tailored_ext.workflows.mending import NotMendable, mended

    reason = _why_not(picture)
    if reason:
        return MendedPicture(name=picture.name, reason=reason)
    try:
        content = content_of(picture.source, picture.name)
        if not any(finding.mendable for finding in picture.findings):
            return _copied(picture, content, place)
        data, kind, done = mended(content, picture.findings, background)
    except (InvalidInputError, NotMendable) as error:
        return MendedPicture(name=picture.name, reason=str(error))
    path = _with_ending(place, picture.name, kind)
    path.write_bytes(data)
    return MendedPicture(name=picture.name, path=path, done=done)


def _why_not(picture: CheckedPicture) -> str:
    if is_url(picture.source):
        return "It is an URL."
    for finding in picture.findings:
        if finding.severity is Severity.REFUSE and not finding.mendable:
            return finding.message
    return ""


def _copied(picture: CheckedPicture, content: Content, place: Path) -> MendedPicture:
    path = _with_ending(place, picture.name, picture.facts.kind or "")
    with path.open("xb") as file:
        for start in range(0, content.size, _PIECE):
            file.write(content.read(start, min(_PIECE, content.size - start)))
    return MendedPicture(name=picture.name, path=path)


def _with_ending(place: Path, name: str, kind: str) -> Path:
    """The place with the ending of its format; with the original's own where that says the same."""
    own = name.rpartition(".")[2]
    ending = own if kind_of_name(name) == kind else {"jpeg": "jpg"}.get(kind, kind)
    return place.with_name(f"{place.name}.{ending}")
