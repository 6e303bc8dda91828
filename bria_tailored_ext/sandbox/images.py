"""What can be done with the images of a dataset."""

import attrs

from bria_tailored_ext.sandbox.dataset_rules import CaptionChange, check_draft, check_room
from bria_tailored_ext.sandbox.datasets import automatic_caption
from bria_tailored_ext.sandbox.pictures import Picture
from bria_tailored_ext.sandbox.records import Caption, Dataset, DatasetImage, FileEntry
from bria_tailored_ext.sandbox.refusal import message, not_found
from bria_tailored_ext.sandbox.state import State, locked

ENDINGS = {"jpeg": "jpg", "png": "png", "webp": "webp"}


@attrs.frozen(kw_only=True)
class Arrival:
    """A picture that has arrived, was read, and lies on the shelf."""

    shelf_key: int
    as_it_came: bool
    """Whether it is kept so, and neither enlarged nor put on black."""
    picture: Picture
    image_name: str | None
    upload_source_url: str | None


@attrs.frozen
class Images:
    """The operations on single images."""

    state: State

    @locked
    def check_room(self, dataset_id: int) -> None:
        """Refuse an upload that would fail whatever the picture is like.

        Raises:
            Refusal: 404, 409 or 400, as `dataset_rules.check_room` says.
        """
        dataset = self.state.dataset(dataset_id)
        check_room(dataset, len(self.state.images_of(dataset_id)))

    @locked
    def add(self, dataset_id: int, arrival: Arrival) -> DatasetImage:
        """Take a picture in; with a schema its caption is begun at once."""
        self.check_room(dataset_id)
        now = self.state.clock.now()
        dataset = self.state.dataset(dataset_id)
        image = kept_image(self.state, dataset, arrival, now)
        self.state.images[dataset_id][image.id] = image
        self.state.datasets[dataset_id] = attrs.evolve(dataset, updated_at=now)
        return image

    @locked
    def all(self, dataset_id: int) -> tuple[DatasetImage, ...]:
        """List the images of a dataset; 404 without the dataset."""
        self.state.dataset(dataset_id)
        return self.state.images_of(dataset_id)

    @locked
    def get(self, dataset_id: int, image_id: int) -> DatasetImage:
        """Find one image; 404 without it or its dataset."""
        for image in self.all(dataset_id):
            if image.id == image_id:
                return image
        raise not_found("Image")

    @locked
    def change_caption(self, dataset_id: int, image_id: int, change: CaptionChange) -> DatasetImage:
        """Set a caption by hand, or begin to make it anew.

        Raises:
            Refusal: 404; 409 for a completed dataset; 400 to regenerate without a schema.
        """
        image = self.get(dataset_id, image_id)
        dataset = self.state.dataset(dataset_id)
        check_draft(dataset, "update caption in")
        now = self.state.clock.now()
        if change.caption is not None:
            made = Caption(text=change.caption, source="manual", ready_at=now)
        elif dataset.visual_schema is None:
            raise message(400, "Dataset has no visual_schema to caption with")
        else:
            made = automatic_caption(self.state, image, dataset.visual_schema, begins=now)
        changed = attrs.evolve(image, caption=made, updated_at=now)
        self.state.images[dataset_id][image_id] = changed
        return changed

    @locked
    def delete(self, dataset_id: int, image_id: int) -> None:
        """Remove an image from a draft.

        Raises:
            Refusal: 404, or 409 for a completed dataset.
        """
        image = self.get(dataset_id, image_id)
        check_draft(self.state.dataset(dataset_id), "delete an image from")
        del self.state.images[dataset_id][image_id]
        self.state.files.pop(image.path, None)
        self.state.files.pop(image.thumbnail_path, None)


def kept_image(state: State, dataset: Dataset, arrival: Arrival, created_at: float) -> DatasetImage:
    """Make the record of a picture, captioned if there is a schema."""
    ending = ENDINGS[arrival.picture.format]
    image_id = state.next_number("image")
    key = arrival.shelf_key
    whole = FileEntry(
        kind="upload" if arrival.as_it_came else "image",
        subject=key,
        content_type=f"image/{arrival.picture.format}",
    )
    small = FileEntry(kind="thumbnail", subject=key, content_type="image/jpeg")
    image = DatasetImage(
        id=image_id,
        dataset_id=dataset.id,
        image_name=arrival.image_name or f"image_{image_id}.{ending}",
        picture=arrival.picture,
        shelf_key=key,
        path=state.serve("images", f"{image_id}.{ending}", whole),
        thumbnail_path=state.serve("thumbnails", f"{image_id}.jpg", small),
        upload_source_url=arrival.upload_source_url,
        caption=None,
        created_at=created_at,
        updated_at=created_at,
    )
    if dataset.visual_schema is None:
        return image
    made = automatic_caption(state, image, dataset.visual_schema, begins=created_at)
    return attrs.evolve(image, caption=made)
