"""Upload pictures into a dataset, several at a time; one bad picture does not stop the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import attrs

from bria_tailored.models import DatasetImage, UploadImage
from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.rules.datasets import MOST_IMAGES
from bria_tailored_ext.values.errors import (
    ApiError,
    BriaError,
    InvalidInputError,
    ServerError,
    SubmitOutcomeUnknown,
)
from bria_tailored_ext.workflows.pictures import ImageSource, as_list, encode, name_of
from bria_tailored_ext.workflows.together import for_each


@attrs.frozen(kw_only=True)
class FailedUpload:
    """A picture that is not in the dataset, and why."""

    name: str
    error: BriaError


@attrs.frozen(kw_only=True)
class UploadReport:
    """What became of each picture.

    Attributes:
        uploaded: The images as Bria has them, in the order of the pictures.
        failed: The pictures that are not there, with their errors.
    """

    uploaded: tuple[DatasetImage, ...]
    failed: tuple[FailedUpload, ...]


async def upload_images(
    bria: TailoredClient,
    dataset_id: int,
    images: Iterable[ImageSource],
    *,
    at_once: int = 4,
    on_progress: Callable[[int, int], None] | None = None,
) -> UploadReport:
    """Upload pictures into a dataset of the basic upload type.

    Args:
        bria: The client.
        dataset_id: A dataset in draft.
        images: Pictures; with those already there, 200 at most.
        at_once: How many uploads are under way at once.
        on_progress: Called with how many are done and how many there are.

    Raises:
        InvalidInputError: More than 200 pictures. Nothing was sent.
        ApiError: The dataset cannot be read, or no picture can get in: a wrong token, a dataset
            that is frozen or not there. Errors of single pictures are in the report instead.
    """
    sources = as_list(images)
    if at_once < 1:
        raise InvalidInputError(f"at_once must be 1 or more; it is {at_once}.")
    await _check_room(bria, dataset_id, len(sources))
    uploaded: dict[int, DatasetImage] = {}
    failed: dict[int, FailedUpload] = {}

    async def upload(index: int, source: ImageSource) -> None:
        try:
            uploaded[index] = await _upload(bria, dataset_id, source, index)
        except BriaError as error:
            if not _concerns_only_this_picture(error):
                raise
            failed[index] = FailedUpload(name=name_of(source, index), error=error)
        if on_progress:
            on_progress(len(uploaded) + len(failed), len(sources))

    await for_each(sources, upload, at_once=at_once)
    return UploadReport(
        uploaded=tuple(uploaded[index] for index in sorted(uploaded)),
        failed=tuple(failed[index] for index in sorted(failed)),
    )


async def _upload(
    bria: TailoredClient, dataset_id: int, source: ImageSource, index: int
) -> DatasetImage:
    picture = await encode(source, index)
    if picture.is_url:
        body = UploadImage(image_url=picture.text, image_name=picture.name)
    else:
        body = UploadImage(file=picture.text, image_name=picture.name)
    return await bria.datasets.upload_image(dataset_id, body=body)


async def _check_room(bria: TailoredClient, dataset_id: int, new: int) -> None:
    dataset = await bria.datasets.get_dataset_by_id(dataset_id, max_images=MOST_IMAGES)
    present = dataset.images_count or len(dataset.images or ())
    if present + new > MOST_IMAGES:
        raise InvalidInputError(
            f"A dataset takes {MOST_IMAGES} images; {present} are there and {new} would come. "
            "Leave some out, or use an advanced dataset and a bulk upload."
        )


def _concerns_only_this_picture(error: BriaError) -> bool:
    if isinstance(error, InvalidInputError | ServerError | SubmitOutcomeUnknown):
        return True
    everyone = (401, 403, 404, 409, 429)
    return isinstance(error, ApiError) and error.status not in everyone
