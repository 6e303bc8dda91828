"""The pictures of `tailor`: checked before anything is paid, and the same ones after a crash."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

import anyio.to_thread

from bria_tailored_ext.rules.datasets import MOST_IMAGES, check_schema_images
from bria_tailored_ext.values.errors import ConfigurationError, InvalidInputError
from bria_tailored_ext.workflows.check_images import check_images
from bria_tailored_ext.workflows.folders import read_folder
from bria_tailored_ext.workflows.pictures import ImageSource, as_list, prepare
from bria_tailored_ext.workflows.pixels import check_size
from bria_tailored_ext.workflows.state_file import StateFile
from bria_tailored_ext.workflows.together import READ_AT_ONCE, for_each

Images: TypeAlias = str | os.PathLike[str] | Iterable[ImageSource]
"""A folder, or pictures."""


async def checked_pictures(images: Images) -> tuple[list[ImageSource], list[str]]:
    """The pictures, and the digests of those that differ, sorted.

    Raises:
        InvalidInputError: They will not do.
    """
    sources = await _sources(images)
    digests: dict[int, str] = {}

    async def check(index: int, source: ImageSource) -> None:
        picture = await prepare(source, index)
        await check_size(source, picture.name, increase_resolution=True)
        digests[index] = picture.digest

    await for_each(sources, check, at_once=READ_AT_ONCE)
    await _check_by_decoding(sources)
    different = sorted(set(digests.values()))
    check_schema_images(len(different), given=len(sources))
    if len(different) > MOST_IMAGES:
        raise InvalidInputError(
            f"A dataset takes {MOST_IMAGES} pictures at most; there are {len(different)}. Choose "
            "among them, or use bulk_upload with a dataset of the advanced type."
        )
    return sources, different


def check_same_pictures(path: Path, state: StateFile, pictures: Iterable[str]) -> None:
    """Check that a road goes on with the pictures that it was begun with.

    Until the schema is paid for, any others will do. Then, until all are uploaded, those that Bria
    has refused may be left out, or replaced.

    Args:
        path: The state file.
        state: What is in it.
        pictures: The digests of the pictures.

    Raises:
        InvalidInputError: They are others.
    """
    former, now = {*(state.get("pictures") or pictures)}, {*pictures}
    if former == now or state.get("identity") is None:
        return
    gone, new = former - now, now - former
    refused = {*(state.get("refused") or ())}
    if state.get("upload") is None and gone <= refused and len(new) <= len(gone):
        return
    raise InvalidInputError(
        f"{path} was begun with other pictures. Go on with the same, or name another file to begin "
        "anew, where everything is paid for again."
    )


async def _check_by_decoding(sources: list[ImageSource]) -> None:
    try:
        refused = (await check_images(sources)).refused
    except ConfigurationError:
        return  # Without Pillow nobody here can tell a damaged picture; Bria will.
    if refused:
        raise InvalidInputError(
            " ".join(f"{each.name}: {each.findings[0].message}" for each in refused[:5])
            + f" Bria would refuse {len(refused)} of the pictures: nothing was sent. "
            "`bria-tailored check` shows all of them, and mends some with --fix."
        )


async def _sources(images: Images) -> list[ImageSource]:
    if isinstance(images, str | os.PathLike):
        folder = await anyio.to_thread.run_sync(read_folder, images)
        return list(folder.pictures)
    return as_list(images)
