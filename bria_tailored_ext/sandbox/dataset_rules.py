"""The rules for datasets, their images and their captions."""

from collections.abc import Mapping
from typing import Final

import attrs

from bria_tailored_ext.sandbox.fields import Fields, parsed_object
from bria_tailored_ext.sandbox.pictures import Picture
from bria_tailored_ext.sandbox.records import Dataset
from bria_tailored_ext.sandbox.refusal import field_errors, message

FEWEST_IMAGES: Final = 5
MOST_IMAGES: Final = 200
MOST_BULK_IMAGES: Final = 5000
MAX_ZIP_BYTES: Final = 5 * 1024**3
MAX_IMAGE_BYTES: Final = 12 * 1024 * 1024
FULL_SIDE: Final = 1024
SMALLEST_SIDE: Final = 256


@attrs.frozen(kw_only=True)
class NewDataset:
    """A checked request for a dataset."""

    project_id: int
    name: str
    upload_type: str


@attrs.frozen(kw_only=True)
class DatasetChanges:
    """A checked update of a dataset; `None` leaves a field as it is."""

    name: str | None
    visual_schema: str | None
    status: str | None


@attrs.frozen(kw_only=True)
class ImageUpload:
    """A checked request to upload one image, by exactly one of two ways."""

    file: str | None
    image_url: str | None
    image_name: str | None
    increase_resolution: bool


@attrs.frozen(kw_only=True)
class CaptionChange:
    """A checked update of a caption; without text it is regenerated."""

    caption: str | None


@attrs.frozen(kw_only=True)
class Refinement:
    """A checked request to refine a visual schema or a caption."""

    dataset_id: int
    document: Mapping[str, object]
    instruction: str


def new_dataset(body: Mapping[str, object]) -> NewDataset:
    """Check the body of create-dataset.

    Raises:
        Refusal: 400 `{"errors": [...]}`.
    """
    fields = Fields(body)
    asked = NewDataset(
        project_id=fields.whole("project_id") or 0,
        name=fields.filled("name"),
        upload_type=fields.text("upload_type") or "basic",
    )
    if fields.problems:
        raise field_errors(fields.problems)
    return asked


def dataset_changes(body: Mapping[str, object]) -> DatasetChanges:
    """Check the body of update-dataset.

    Raises:
        Refusal: 400 `{"errors": [...]}`, also for a `visual_schema` that is not JSON.
    """
    fields = Fields(body)
    asked = DatasetChanges(
        name=fields.filled("name") if fields.has("name") else None,
        visual_schema=fields.document("visual_schema"),
        status=fields.text("status"),
    )
    if fields.problems:
        raise field_errors(fields.problems)
    return asked


def check_changes(
    dataset: Dataset, changes: DatasetChanges, images: int, *, arriving: bool
) -> None:
    """Refuse what a dataset in this state does not allow.

    The name of a completed dataset may still change.

    Args:
        dataset: As it is.
        changes: What is asked for; its schema counts before its status.
        images: How many images the dataset has.
        arriving: Whether a bulk upload still brings some.

    Raises:
        Refusal: 409 `{"message": ...}`.
            Source: 409 of `PUT /tailored-gen/datasets/{dataset_id}`. For a bulk upload that is
            at work it is the sandbox's own: nothing can come into a dataset that is frozen.
    """
    if dataset.completed:
        if changes.visual_schema is not None:
            raise message(409, "Cannot update visual_schema for a completed dataset")
        if changes.status == "draft":
            raise message(409, "A completed dataset cannot become a draft again; clone it")
        return
    if changes.status != "completed":
        return
    if arriving:
        raise message(409, "A bulk upload is still at work; wait until it is completed")
    if images < FEWEST_IMAGES:
        raise message(409, f"Dataset must have at least {FEWEST_IMAGES} images, it has {images}")
    if dataset.visual_schema is None and changes.visual_schema is None:
        raise message(409, "Dataset must have a visual_schema to be completed")


def check_draft(dataset: Dataset, what: str) -> None:
    """Refuse to change the images or captions of a completed dataset.

    Raises:
        Refusal: 409 `{"message": "Cannot ... a completed dataset"}`.
    """
    if dataset.completed:
        raise message(409, f"Cannot {what} a completed dataset")


def check_room(dataset: Dataset, images: int) -> None:
    """Refuse one image more where it may not go.

    Raises:
        Refusal: 409 for a completed or full dataset, 400 for an advanced one.
    """
    check_draft(dataset, "upload to")
    if dataset.upload_type != "basic":
        raise message(400, "Only basic datasets take single images; use images/bulk-upload")
    if images >= MOST_IMAGES:
        raise message(409, f"Dataset cannot exceed {MOST_IMAGES} images")


def bulk_zip_url(body: Mapping[str, object]) -> str:
    """Check the body of bulk-upload-images and give its `zip_url`.

    Raises:
        Refusal: 400 `{"errors": [...]}`.
    """
    fields = Fields(body)
    zip_url = fields.text("zip_url") or ""
    if not zip_url.lower().startswith(("http://", "https://")):
        fields.refuse("zip_url", "Input should be a valid URL")
    if fields.problems:
        raise field_errors(fields.problems)
    return zip_url


def check_bulk(dataset: Dataset, images: int) -> None:
    """Refuse a bulk upload where there may be none.

    Raises:
        Refusal: 400 `{"message": ...}`.
            Source: "General" of `POST .../images/bulk-upload`, which lists no 409.
    """
    if dataset.upload_type != "advanced":
        raise message(400, "Bulk upload is only supported for advanced datasets")
    if dataset.bulk_upload is not None:
        raise message(400, "A bulk upload was made or tried before; make a new dataset")
    if images:
        raise message(400, "Bulk upload needs an empty dataset")


def image_upload(body: Mapping[str, object]) -> ImageUpload:
    """Check the body of upload-image.

    Raises:
        Refusal: 400 `{"message": ...}` unless exactly one of `file` and `image_url` is there.
    """
    fields = Fields(body)
    asked = ImageUpload(
        file=fields.text("file"),
        image_url=fields.text("image_url"),
        image_name=fields.text("image_name"),
        increase_resolution=fields.flag("increase_resolution", default=True),
    )
    if (asked.file is None) == (asked.image_url is None):
        raise message(400, "Provide either file or image_url")
    return asked


def check_resolution(picture: Picture, *, increase_resolution: bool) -> None:
    """Refuse a picture that is too small.

    Raises:
        Refusal: 412 `{"message": ...}`.
            Source: "Image Requirements" of `POST /tailored-gen/datasets/{id}/images`.
    """
    least = SMALLEST_SIDE if increase_resolution else FULL_SIDE
    if min(picture.width, picture.height) < least:
        found = f"{picture.width}x{picture.height}"
        raise message(412, f"Image resolution too low: {found}, at least {least}x{least} needed")


def caption_change(body: Mapping[str, object]) -> CaptionChange:
    """Check the body of update-image-caption.

    Raises:
        Refusal: 400 `{"message": ...}` for both or neither, or a caption that is not JSON.
    """
    fields = Fields(body)
    caption = fields.text("caption")
    regenerate = fields.flag("regenerate_caption", default=False)
    if caption is not None and regenerate:
        raise message(400, "Cannot provide both caption and regenerate_caption")
    if caption is None and not regenerate:
        raise message(400, "Provide either caption or regenerate_caption")
    if caption is not None and parsed_object(caption) is None:
        raise message(400, "caption must be a string containing a valid JSON structure")
    return CaptionChange(caption=caption)


def refinement(body: Mapping[str, object]) -> Refinement:
    """Check the body of refine_structured_prompt.

    Raises:
        Refusal: 400 `{"errors": [...]}`.
    """
    fields = Fields(body)
    dataset_id = fields.whole("dataset_id") or 0
    text = fields.document("structured_prompt") or ""
    instruction = fields.filled("instruction")
    if fields.problems:
        raise field_errors(fields.problems)
    document = parsed_object(text) or {}
    return Refinement(dataset_id=dataset_id, document=document, instruction=instruction)
