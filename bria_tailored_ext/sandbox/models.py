"""What can be done with models and their training."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from bria_tailored_ext.sandbox import progress
from bria_tailored_ext.sandbox.faults import OF_TRAININGS
from bria_tailored_ext.sandbox.fields import parsed_object
from bria_tailored_ext.sandbox.pictures import with_palette
from bria_tailored_ext.sandbox.prices import START_TRAINING
from bria_tailored_ext.sandbox.projects import Projects
from bria_tailored_ext.sandbox.records import (
    Dataset,
    DatasetImage,
    FileEntry,
    Model,
    Training,
    TrainingParameters,
)
from bria_tailored_ext.sandbox.refusal import message, not_found, sentence
from bria_tailored_ext.sandbox.state import DOWNLOAD_SECONDS, State, locked
from bria_tailored_ext.sandbox.training_rules import ModelUpload, NewModel, training_parameters

_NOT_COMPLETED = "The model status is not completed"


@attrs.frozen
class Models:
    """The operations on models."""

    state: State
    projects: Projects

    @locked
    def create(self, asked: NewModel) -> Model:
        """Make a model of a dataset, not yet trained; 404 without the dataset."""
        dataset = self.state.dataset(asked.dataset_id)
        return self._kept(
            name=asked.name,
            description=asked.description,
            training_mode=asked.training_mode,
            project_id=dataset.project_id,
            dataset_id=dataset.id,
            uploaded_until=None,
        )

    @locked
    def upload(self, asked: ModelUpload) -> Model:
        """Take in a ready-made model, which is syncing for a few simulated minutes."""
        if asked.project is not None:
            project_id = self.projects.create(asked.project).id
        else:
            project_id = self.state.project(asked.project_id or 0).id
        number = self.state.next_number("syncing")
        seconds = self.state.durations.seconds("syncing", "syncing", number)
        return self._kept(
            name=asked.model_name,
            description="",
            training_mode="expert",
            project_id=project_id,
            dataset_id=None,
            uploaded_until=self.state.clock.now() + seconds,
        )

    @locked
    def all(self) -> tuple[Model, ...]:
        """List every model."""
        return tuple(self.state.models.values())

    @locked
    def of_project(self, project_id: int) -> tuple[Model, ...]:
        """List the models of a project; 404 without the project."""
        self.state.project(project_id)
        return tuple(m for m in self.state.models.values() if m.project_id == project_id)

    @locked
    def get(self, model_id: int) -> Model:
        """Find one model; 404 otherwise."""
        return self.state.model(model_id)

    @locked
    def update(self, model_id: int, changes: Mapping[str, Any]) -> Model:
        """Change a model's name and description."""
        model = self.state.model(model_id)
        changed = attrs.evolve(model, **changes, updated_at=self.state.clock.now())
        self.state.models[model_id] = changed
        return changed

    @locked
    def delete(self, model_id: int) -> None:
        """Delete a model.

        Raises:
            Refusal: 404, or 409 while it is in training, stopping included.
        """
        model = self.state.model(model_id)
        if progress.in_training(model, self.state.clock.now()):
            raise message(409, "Cannot delete model while it is in training")
        del self.state.models[model_id]

    @locked
    def start_training(self, model_id: int, body: Mapping[str, object]) -> Model:
        """Start the one training of a model.

        Raises:
            Refusal: 404; 400 for its parameters; 409 if it was started before; 412 unless
                the dataset is completed.
        """
        model = self.state.model(model_id)
        parameters = training_parameters(body, training_mode=model.training_mode)
        if model.training is not None or model.dataset_id is None:
            raise message(409, "Training already started/cannot be resumed")
        dataset = self.state.dataset(model.dataset_id)
        if not dataset.completed:
            raise message(412, "Dataset status must be 'completed' to start training")
        now = self.state.clock.now()
        started = attrs.evolve(
            model,
            visual_schema=_learnt(dataset, self.state.images_of(dataset.id)),
            training=self._training(parameters, now),
            updated_at=now,
        )
        self.state.models[model_id] = started
        request_id = self.state.next_request_id()
        self.state.bill(START_TRAINING, request_id=request_id, model_id=model_id)
        return started

    @locked
    def stop_training(self, model_id: int) -> None:
        """Stop a training for good; the model is Stopping for a while, then Stopped.

        Raises:
            Refusal: 404, or 409 unless it is in progress.
        """
        model = self.state.model(model_id)
        now = self.state.clock.now()
        if model.training is None or progress.model_status(model, now) != "InProgress":
            raise message(409, "Training already stopped/not in training")
        seconds = self.state.durations.seconds("stopping", "stop", model.training.job_id)
        stopped = attrs.evolve(model.training, stop_asked_at=now, stopped_at=now + seconds)
        self.state.models[model_id] = attrs.evolve(model, training=stopped, updated_at=now)

    @locked
    def active_version(self, model_id: int) -> str:
        """Give the version used for inference, as `progress.active_version` says."""
        return progress.active_version(self.state.model(model_id), self.state.clock.now())

    @locked
    def checkpoints(self, model_id: int) -> tuple[Training, list[tuple[int, float]]]:
        """List the checkpoints of a model that an expert has trained.

        Raises:
            Refusal: 404; 400 with a bare string unless it is completed, and in expert mode.
        """
        model = self.state.model(model_id)
        now = self.state.clock.now()
        if not progress.is_trained(model, now):
            raise sentence(400, _NOT_COMPLETED)
        if model.training is None or model.training.parameters is None:
            raise sentence(400, "Checkpoints are only available for models trained in expert mode")
        return model.training, progress.checkpoints(model.training, now)

    @locked
    def checkpoint(self, model_id: int, step: int) -> tuple[Training, float]:
        """Find one checkpoint and the instant at which it was saved.

        Raises:
            Refusal: As for `checkpoints`, and 404 for a step that was not saved.
        """
        training, saved = self.checkpoints(model_id)
        for saved_step, saved_at in saved:
            if saved_step == step:
                return training, saved_at
        raise not_found("Checkpoint")

    @locked
    def delete_checkpoint(self, model_id: int, step: int) -> None:
        """Delete a checkpoint that is not in use.

        Raises:
            Refusal: As for `checkpoint`, and 400 for the one used for inference.
        """
        training, _ = self.checkpoint(model_id, step)
        model = self.state.model(model_id)
        if str(step) == self.active_version(model_id):
            raise sentence(400, "Cannot delete checkpoint currently selected for inference")
        kept = attrs.evolve(training, deleted_steps=training.deleted_steps | {step})
        self.state.models[model_id] = attrs.evolve(model, training=kept)

    @locked
    def download_path(self, model_id: int) -> str:
        """Give where a trained model is served for an hour.

        Raises:
            Refusal: 404, or 400 with a bare string until it is completed.
        """
        model = self.state.model(model_id)
        if not progress.is_trained(model, self.state.clock.now()):
            raise sentence(400, _NOT_COMPLETED)
        entry = FileEntry(
            kind="weights",
            subject=model_id,
            content_type="application/octet-stream",
            since=self.state.clock.now(),
            lasts=DOWNLOAD_SECONDS,
        )
        return self.state.serve("models", f"{model_id}.safetensors", entry)

    def _training(self, parameters: TrainingParameters | None, now: float) -> Training:
        """Begin a training; a fault decides here whether it ever ends well."""
        job_id = self.state.next_number("training")
        fault = self.state.faults.met(START_TRAINING, OF_TRAININGS)
        kind = None if fault is None else fault.kind
        seconds = self.state.durations.seconds("training", "training", job_id)
        done = self.state.chance.between(0.05, 0.95, "failed training", job_id)
        return Training(
            job_id=job_id,
            parameters=parameters,
            started_at=now,
            ends_at=math.inf if kind == "stuck" else now + seconds,
            failed_at=now + seconds * done if kind == "training_failed" else None,
        )

    def _kept(
        self,
        *,
        name: str,
        description: str,
        training_mode: str,
        project_id: int,
        dataset_id: int | None,
        uploaded_until: float | None,
    ) -> Model:
        model_id = self.state.next_number("model")
        now = self.state.clock.now()
        model = Model(
            id=model_id,
            name=name,
            description=description,
            training_mode=training_mode,
            project_id=project_id,
            dataset_id=dataset_id,
            visual_schema={},
            training=None,
            uploaded_until=uploaded_until,
            created_at=now,
            updated_at=now,
        )
        self.state.models[model_id] = model
        return model


def _learnt(dataset: Dataset, images: Sequence[DatasetImage]) -> Mapping[str, Any]:
    """What a model takes from its dataset: the schema, and colours, be it from the images."""
    schema = parsed_object(dataset.visual_schema or "") or {}
    return with_palette(schema, [image.picture for image in images])
