"""Captions: wait until they are made, make them anew, set them by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeAlias

import attrs

from bria_tailored.models import DatasetImage, UpdateImageCaption
from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.client.waiting import Expired, wait_until
from bria_tailored_ext.rules.captions import is_caption
from bria_tailored_ext.rules.datasets import check_draft
from bria_tailored_ext.rules.pace import CAPTIONS
from bria_tailored_ext.rules.requests import check_json_object
from bria_tailored_ext.values.errors import DatasetIncomplete, InvalidInputError
from bria_tailored_ext.workflows.dataset_contents import Contents, read_contents
from bria_tailored_ext.workflows.together import check_at_once, for_each

Where: TypeAlias = Callable[[DatasetImage], bool] | Collection[int | str]
"""Some images of a dataset: by a test of each, or by their ids or names."""


@attrs.frozen(kw_only=True)
class CaptionReport:
    """The captions of a dataset.

    Attributes:
        captioned: The images whose caption is a JSON object, as it should be.
        faulty: The images whose caption is missing or is not.
        unseen: How many images there are beyond those that Bria shows.
    """

    captioned: tuple[DatasetImage, ...]
    faulty: tuple[DatasetImage, ...]
    unseen: int = 0


@attrs.frozen(kw_only=True)
class CaptionProgress:
    """One look at captions in the making.

    Attributes:
        made: How many images have their caption by now.
        total: How many images the dataset has.
    """

    made: int
    total: int


async def wait_for_captions(
    bria: TailoredClient,
    dataset_id: int,
    *,
    on_progress: Callable[[CaptionProgress], None] | None = None,
    timeout: float | None = 600.0,
) -> CaptionReport:
    """Wait until no caption is in the making, then check them all.

    Args:
        bria: The client.
        dataset_id: A dataset with a visual schema; without one, no captions are made.
        on_progress: Called after each look.
        timeout: Seconds from this call; `None` waits for ever.

    Raises:
        DatasetIncomplete: Captions are still in the making after that time; wait again.
        ApiError: The dataset cannot be read.
    """
    return await _wait(bria, dataset_id, lambda seen: not in_the_making(seen), on_progress, timeout)


async def regenerate_captions(
    bria: TailoredClient,
    dataset_id: int,
    *,
    where: Where | None = None,
    at_once: int = 4,
    on_progress: Callable[[CaptionProgress], None] | None = None,
    timeout: float | None = 600.0,
) -> CaptionReport:
    """Have captions made anew from the present visual schema, and wait for them.

    After the schema has changed, the captions made before do not fit it. Captions that were set by
    hand are made anew too, unless `where` leaves them out.

    Args:
        bria: The client.
        dataset_id: A draft with a visual schema and images.
        where: Which images; else all.
        at_once: How many requests are under way at once, where only some are made anew.
        on_progress: Called after each look.
        timeout: Seconds to wait; `None` waits for ever.

    Raises:
        InvalidInputError: The dataset is completed, has no visual schema or no images, or `where`
            names an image that it does not have. Nothing was sent.
        DatasetIncomplete: They are still in the making after that time; wait again.
        ApiError: Bria refused.

    Source: regenerate-all-captions, and update-image-caption for some of them.
    """
    check_at_once(at_once)
    contents = await read_contents(bria, dataset_id)
    check_draft(dataset_id, contents.dataset.status, "its captions are")
    _check_can_be_made(contents)
    if where is None:
        await bria.datasets.regenerate_all_captions(dataset_id)
        return await _wait(bria, dataset_id, _was_made_anew, on_progress, timeout)

    async def regenerate(_index: int, image: DatasetImage) -> None:
        body = UpdateImageCaption(regenerate_caption=True)
        await bria.datasets.update_image_caption(dataset_id, image.id, body=body)

    await for_each(selected(contents, where), regenerate, at_once=at_once)
    return await wait_for_captions(bria, dataset_id, on_progress=on_progress, timeout=timeout)


async def set_caption(
    bria: TailoredClient, dataset_id: int, image_id: int, caption: str | Mapping[str, Any]
) -> DatasetImage:
    """Set the caption of one image by hand.

    Args:
        bria: The client.
        dataset_id: A draft.
        image_id: One of its images.
        caption: A JSON object, as a string or as Python values.

    Raises:
        InvalidInputError: It is no JSON object. Nothing was sent.
        ConflictError: The dataset is completed.
        ApiError: Bria refused.
    """
    text = caption
    if not isinstance(text, str):
        try:
            text = json.dumps(caption, ensure_ascii=False, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise InvalidInputError(f"caption cannot be written as JSON: {error}.") from error
    check_json_object("caption", text)
    return await bria.datasets.update_image_caption(
        dataset_id, image_id, body=UpdateImageCaption(caption=text)
    )


def in_the_making(seen: Contents) -> bool:
    """Whether Bria is at work on captions, of one image or of all."""
    if str(seen.dataset.captions_update_status).lower() == "in_progress":
        return True
    return any(is_pending(image) for image in seen.images)


def is_pending(image: DatasetImage) -> bool:
    """Whether the caption of one image is being made."""
    return str(image.caption_source).lower() == "pending"


def selected(contents: Contents, where: Where | None) -> list[DatasetImage]:
    """The images that are meant.

    Raises:
        InvalidInputError: One that was named is not there, or cannot be seen.
    """
    if where is None:
        return list(contents.images)
    if callable(where):
        return [image for image in contents.images if where(image)]
    if isinstance(where, str):
        raise InvalidInputError("where takes several: put a single name into a list.")
    wanted = set(where)
    lacking = wanted - {key for image in contents.images for key in (image.id, image.image_name)}
    if lacking:
        raise InvalidInputError(
            f"Dataset {contents.dataset.id} shows no image {min(map(str, lacking))!r}. "
            "`where` takes ids or names of its images, or a test."
        )
    return [each for each in contents.images if each.id in wanted or each.image_name in wanted]


def _check_can_be_made(contents: Contents) -> None:
    if not contents.dataset.visual_schema:
        raise InvalidInputError(
            f"Dataset {contents.dataset.id} has no visual schema to make captions from. Run "
            "define_visual_identity first."
        )
    if not contents.count:
        raise InvalidInputError(
            f"Dataset {contents.dataset.id} has no images to caption. Upload some first."
        )


def _was_made_anew(seen: Contents) -> bool:
    # Right after the request the dataset may still have the word from before it.
    word = str(seen.dataset.captions_update_status).lower()
    return word != "empty" and not in_the_making(seen)


async def _wait(
    bria: TailoredClient,
    dataset_id: int,
    is_final: Callable[[Contents], bool],
    on_progress: Callable[[CaptionProgress], None] | None,
    timeout: float | None,
) -> CaptionReport:
    async def look() -> Contents:
        seen = await read_contents(bria, dataset_id)
        if on_progress:
            made = sum(not is_pending(image) and bool(image.caption) for image in seen.images)
            on_progress(CaptionProgress(made=made, total=seen.count))
        return seen

    try:
        seen = await wait_until(is_final, look, pace=CAPTIONS, clock=bria.clock, timeout=timeout)
    except Expired as expired:
        raise DatasetIncomplete(
            f"Dataset {dataset_id} is still making captions after {expired.seconds:.0f} s. "
            "They go on at Bria: wait again.",
            dataset_id=dataset_id,
            missing=("Its captions are still being made: wait for them.",),
        ) from expired.last_failure
    return CaptionReport(
        captioned=tuple(image for image in seen.images if is_caption(image.caption or None)),
        faulty=tuple(image for image in seen.images if not is_caption(image.caption or None)),
        unseen=seen.unseen,
    )
