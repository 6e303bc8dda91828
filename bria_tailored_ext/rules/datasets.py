"""Rules of datasets, checked before a request is spent.

Source: the dataset operations in Bria's document, except where a rule says otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence

from bria_tailored_ext.rules.captions import is_caption
from bria_tailored_ext.rules.pictures import RECOMMENDED_SIDE, SMALLEST_SIDE
from bria_tailored_ext.values.errors import InvalidInputError

FEWEST_IMAGES = 5
"""To complete a dataset."""

MOST_IMAGES = 200
"""In a dataset of the basic upload type."""

SCHEMA_IMAGES = (5, 10)
"""How many pictures generate_visual_schema takes."""


def is_frozen(status: object) -> bool:
    """Whether a dataset of that status can no longer change. Older documents have `created`."""
    return str(status).lower() == "completed"


def check_draft(dataset_id: int, status: object, what: str) -> None:
    """Check that a dataset may still change.

    Args:
        dataset_id: The dataset.
        status: The wire's word.
        what: What is frozen now, as the beginning of a sentence: "its captions are".

    Raises:
        InvalidInputError: It is completed.

    Source: 409 of the operations that change a dataset, its images or their captions.
    """
    if is_frozen(status):
        raise InvalidInputError(
            f"Dataset {dataset_id} is completed, and {what} frozen with it. Clone it with "
            "clone_dataset and go on with the clone."
        )


def check_takes_images(dataset_id: int, *, status: object, upload_type: object) -> None:
    """Check that single images can be uploaded into a dataset.

    Raises:
        InvalidInputError: It is completed, or of the advanced upload type.

    Source: "Constraints" of upload-image.
    """
    check_draft(dataset_id, status, "its images are")
    if str(upload_type).lower() == "advanced":
        raise InvalidInputError(
            f"Dataset {dataset_id} is of the advanced upload type, which takes one zip and no "
            "single images. Use bulk_upload, or create a dataset of the basic type."
        )


def check_pixels(name: str, width: int, height: int, *, increase_resolution: bool) -> None:
    """Check the size of a picture for a dataset.

    Raises:
        InvalidInputError: It is smaller than Bria takes.

    Source: "Image Requirements" of upload-image, and its 412.
    """
    least = SMALLEST_SIDE if increase_resolution else RECOMMENDED_SIDE
    if min(width, height) < least:
        upscaled = ", or allow increase_resolution" if min(width, height) >= SMALLEST_SIDE else ""
        raise InvalidInputError(
            f"{name} has {width}×{height} pixels; Bria takes {least}×{least} at least. Use a "
            f"larger original{upscaled}."
        )


def check_schema_images(count: int, given: int | None = None) -> None:
    """Check how many pictures there are to define a visual identity from.

    Args:
        count: How many different ones.
        given: How many, exact copies included.

    Raises:
        InvalidInputError: There are too few.

    Source: "Usage" of generate-visual-schema.
    """
    if count >= SCHEMA_IMAGES[0]:
        return
    if given is not None and given > count:
        told = f"{given} were given, but only {count} of them differ"
    else:
        told = f"there {'is' if count == 1 else 'are'} {count}"
    raise InvalidInputError(
        f"A visual identity needs at least {SCHEMA_IMAGES[0]} pictures (jpg, jpeg, png, webp); "
        f"{told}. Add more."
    )


def missing_for_completion(
    *,
    images: int,
    visual_schema: str | None,
    captions: Sequence[str | None],
    updating: bool,
    uploading: bool = False,
) -> tuple[str, ...]:
    """Everything that a dataset lacks before it can be completed, a sentence each."""
    missing: list[str] = []
    if images < FEWEST_IMAGES:
        missing.append(f"It has {images} images of at least {FEWEST_IMAGES}: upload more.")
    if uploading:
        missing.append("Its bulk upload is still under way: wait_for_bulk_upload waits for it.")
    if not visual_schema:
        missing.append("It has no visual schema: run define_visual_identity.")
    elif not is_caption(visual_schema):
        missing.append("Its visual schema is no JSON object: run define_visual_identity.")
    if updating:
        missing.append("Its captions are still being made: wait for them.")
    without = sum(not is_caption(caption) for caption in captions)
    if without and not updating:
        missing.append(f"{without} of its images have no valid caption: regenerate them.")
    return tuple(missing)
