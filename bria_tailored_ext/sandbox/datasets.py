"""What can be done with datasets as a whole."""

import json
from pathlib import PurePosixPath

import attrs

from bria_tailored_ext.sandbox import progress
from bria_tailored_ext.sandbox.dataset_rules import (
    DatasetChanges,
    NewDataset,
    Refinement,
    check_changes,
    check_draft,
)
from bria_tailored_ext.sandbox.fields import parsed_object
from bria_tailored_ext.sandbox.pictures import caption, refine
from bria_tailored_ext.sandbox.prices import REFINE
from bria_tailored_ext.sandbox.records import Caption, Dataset, DatasetImage, FileEntry, Model
from bria_tailored_ext.sandbox.refusal import message
from bria_tailored_ext.sandbox.state import DOWNLOAD_SECONDS, State, locked


@attrs.frozen
class DatasetView:
    """A dataset with its images, as they were at one moment."""

    dataset: Dataset
    images: tuple[DatasetImage, ...]


@attrs.frozen
class Datasets:
    """The operations on datasets."""

    state: State

    @locked
    def create(self, asked: NewDataset) -> DatasetView:
        """Make an empty draft."""
        self.state.project(asked.project_id)
        now = self.state.clock.now()
        dataset = Dataset(
            id=self.state.next_number("dataset"),
            **attrs.asdict(asked),
            visual_schema=None,
            completed=False,
            captions_stale=False,
            captions_made_until=None,
            bulk_upload=None,
            created_at=now,
            updated_at=now,
        )
        self.state.datasets[dataset.id] = dataset
        self.state.images[dataset.id] = {}
        return DatasetView(dataset, ())

    @locked
    def all(self) -> tuple[DatasetView, ...]:
        """List every dataset."""
        return tuple(self.get(dataset_id) for dataset_id in self.state.datasets)

    @locked
    def of_project(self, project_id: int) -> tuple[DatasetView, ...]:
        """List the datasets of a project; 404 without the project."""
        self.state.project(project_id)
        return tuple(view for view in self.all() if view.dataset.project_id == project_id)

    @locked
    def get(self, dataset_id: int) -> DatasetView:
        """Find one dataset; 404 otherwise."""
        return DatasetView(self.state.dataset(dataset_id), self.state.images_of(dataset_id))

    @locked
    def models_of(self, dataset_id: int) -> tuple[Model, ...]:
        """List the models made from a dataset."""
        return tuple(m for m in self.state.models.values() if m.dataset_id == dataset_id)

    @locked
    def update(self, dataset_id: int, changes: DatasetChanges) -> DatasetView:
        """Change all that is asked for, or nothing.

        Raises:
            Refusal: 404, or 409 as `dataset_rules.check_changes` says.
        """
        dataset, now = self.state.dataset(dataset_id), self.state.clock.now()
        images = self.state.images_of(dataset_id)
        bulk = dataset.bulk_upload
        arriving = bulk is not None and now < bulk.ends_at
        check_changes(dataset, changes, len(images), arriving=arriving)
        schema = changes.visual_schema
        if schema is not None:
            self._caption_what_is_to_arrive(dataset_id, schema, now)
        stale = schema not in (None, dataset.visual_schema) and bool(images)
        self.state.datasets[dataset_id] = attrs.evolve(
            dataset,
            name=changes.name or dataset.name,
            visual_schema=schema or dataset.visual_schema,
            completed=dataset.completed or changes.status == "completed",
            captions_stale=dataset.captions_stale or stale,
            updated_at=now,
        )
        return self.get(dataset_id)

    def _caption_what_is_to_arrive(self, dataset_id: int, schema: str, now: float) -> None:
        """Images of a bulk upload are captioned by the schema that they will find."""
        images = self.state.images[dataset_id]
        for image in [each for each in images.values() if each.created_at > now]:
            made = automatic_caption(self.state, image, schema, begins=image.created_at)
            images[image.id] = attrs.evolve(image, caption=made)

    @locked
    def delete(self, dataset_id: int) -> None:
        """Delete a dataset with its images.

        Raises:
            Refusal: 404, or 409 while a model in training uses it.
        """
        self.state.dataset(dataset_id)
        now = self.state.clock.now()
        if any(progress.in_training(model, now) for model in self.models_of(dataset_id)):
            raise message(409, "Cannot delete a dataset that is used by a model in training")
        for image in self.state.images.pop(dataset_id).values():
            self.state.files.pop(image.path, None)
            self.state.files.pop(image.thumbnail_path, None)
        del self.state.datasets[dataset_id]

    @locked
    def clone(self, dataset_id: int, name: str | None) -> DatasetView:
        """Make a draft with the same schema, images and captions.

        Args:
            dataset_id: The dataset to copy, in any status.
            name: The copy's name; "Copy of ..." when there is none.
        """
        source = self.state.dataset(dataset_id)
        now = self.state.clock.now()
        copy = attrs.evolve(
            source,
            id=self.state.next_number("dataset"),
            name=name or f"Copy of {source.name}",
            completed=False,
            bulk_upload=None,
            created_at=now,
            updated_at=now,
        )
        self.state.datasets[copy.id] = copy
        self.state.images[copy.id] = {}
        for image in self.state.images_of(dataset_id):
            copied = copied_image(self.state, image, copy.id, now)
            self.state.images[copy.id][copied.id] = copied
        return self.get(copy.id)

    @locked
    def regenerate_captions(self, dataset_id: int) -> DatasetView:
        """Start to make every caption anew from the present schema, one after another.

        Raises:
            Refusal: 404; 409 for a completed dataset; 400 without a schema, which Bria
                does not document: accepting would leave a caller polling for ever.
        """
        dataset = self.state.dataset(dataset_id)
        check_draft(dataset, "regenerate captions of")
        if dataset.visual_schema is None:
            raise message(400, "Dataset has no visual_schema to caption with")
        now = ready_at = self.state.clock.now()
        for image in self.state.images_of(dataset_id):
            made = automatic_caption(self.state, image, dataset.visual_schema, begins=ready_at)
            ready_at = made.ready_at
            changed = attrs.evolve(image, caption=made, updated_at=now)
            self.state.images[dataset_id][image.id] = changed
        self.state.datasets[dataset_id] = attrs.evolve(
            dataset, captions_stale=False, captions_made_until=ready_at, updated_at=now
        )
        return self.get(dataset_id)

    @locked
    def refine(self, asked: Refinement) -> str:
        """Refine a visual schema or a caption and give it back; nothing is stored.

        Raises:
            Refusal: 404, or 400 for a completed dataset (the document lists no 409 here).
        """
        if self.state.dataset(asked.dataset_id).completed:
            raise message(400, "The referenced dataset must be in draft mode")
        refined = refine(asked.document, asked.instruction)
        self.state.bill(REFINE, request_id=self.state.next_request_id(), model_id=None)
        return json.dumps(refined)

    @locked
    def download_paths(self, dataset_id: int) -> tuple[str, str | None]:
        """Give where an advanced dataset is served for an hour.

        Its captions are served too, if all of them are automatic.

        Raises:
            Refusal: 404, or 409 for a basic dataset.
        """
        dataset = self.state.dataset(dataset_id)
        if dataset.upload_type != "advanced":
            raise message(409, "Download is only supported for advanced dataset types")
        now = self.state.clock.now()
        zipped = FileEntry(
            kind="dataset_zip",
            subject=dataset_id,
            content_type="application/zip",
            since=now,
            lasts=DOWNLOAD_SECONDS,
        )
        path = self.state.serve("datasets", f"{dataset_id}.zip", zipped)
        images = self.state.images_of(dataset_id)
        if not images or any(not _is_automatic(image, now) for image in images):
            return path, None
        listed = FileEntry(
            kind="captions",
            subject=dataset_id,
            content_type="application/json",
            since=now,
            lasts=DOWNLOAD_SECONDS,
        )
        return path, self.state.serve("datasets", f"{dataset_id}-captions.json", listed)


def automatic_caption(state: State, image: DatasetImage, schema: str, *, begins: float) -> Caption:
    """Caption an image by a schema, ready a few simulated seconds after `begins`."""
    told = caption(image.picture, parsed_object(schema) or {}, image.image_name)
    seconds = state.durations.seconds("caption", "caption", state.next_number("caption"))
    return Caption(text=json.dumps(told), source="automatic", ready_at=begins + seconds)


def copied_image(state: State, image: DatasetImage, dataset_id: int, now: float) -> DatasetImage:
    """Copy an image into another dataset; the bytes on the shelf are shared."""
    number = state.next_number("image")
    ending = PurePosixPath(image.path).suffix
    return attrs.evolve(
        image,
        id=number,
        dataset_id=dataset_id,
        path=state.serve("images", f"{number}{ending}", state.files[image.path]),
        thumbnail_path=state.serve(
            "thumbnails", f"{number}.jpg", state.files[image.thumbnail_path]
        ),
        created_at=now,
        updated_at=now,
    )


def _is_automatic(image: DatasetImage, now: float) -> bool:
    made = image.caption
    return made is not None and made.source == "automatic" and now >= made.ready_at
