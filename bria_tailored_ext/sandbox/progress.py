"""What state things are in: derived from their instants and the time, never stored."""

from collections.abc import Iterable
from typing import Final

from bria_tailored_ext.sandbox.records import (
    BulkUpload,
    Caption,
    Dataset,
    DatasetImage,
    Job,
    Model,
    Training,
)

# A bulk upload waits this long before it begins.
BULK_PENDING_SECONDS: Final = 5.0


def model_status(model: Model, now: float) -> str:
    """Give the wire's word for a model's status.

    Uploaded models speak in lower case: "syncing", then "completed".
    Source: the description of `POST /tailored-gen/models/upload_model`.
    """
    if model.uploaded_until is not None:
        return "syncing" if now < model.uploaded_until else "completed"
    training = model.training
    if training is None:
        return "Created"
    if training.stopped_at is not None:
        return "Stopping" if now < training.stopped_at else "Stopped"
    if training.failed_at is not None and now >= training.failed_at:
        return "Failed"
    return "InProgress" if now < training.ends_at else "Completed"


def is_trained(model: Model, now: float) -> bool:
    """Tell whether the model can generate."""
    return model_status(model, now).lower() == "completed"


def in_training(model: Model, now: float) -> bool:
    """Tell whether the model may not be deleted yet; a stopping one still trains."""
    return model_status(model, now) in ("InProgress", "Stopping")


def model_updated_at(model: Model, now: float) -> float:
    """Give the instant of the model's last change, those of its training included."""
    ends = [model.updated_at]
    if model.uploaded_until is not None:
        ends.append(model.uploaded_until)
    if model.training is not None:
        training = model.training
        ends.append(training.stopped_at or training.failed_at or training.ends_at)
    return max(end for end in ends if end <= now or end == model.updated_at)


def checkpoints(training: Training, now: float) -> list[tuple[int, float]]:
    """List the checkpoints saved so far as (step, instant), the latest first.

    Only an expert's training saves any: one each interval, and one at its end.
    """
    parameters = training.parameters
    if parameters is None:
        return []
    total = parameters.total_training_steps
    steps = {*range(parameters.checkpoint_interval, total, parameters.checkpoint_interval), total}
    until = min(now, training.stop_asked_at or now, training.failed_at or now)
    duration = training.ends_at - training.started_at
    saved = [(step, training.started_at + duration * step / total) for step in steps]
    return sorted(
        ((s, at) for s, at in saved if at <= until and s not in training.deleted_steps),
        reverse=True,
    )


def active_version(model: Model, now: float) -> str:
    """Give the version used for inference: "default", or an expert's last step."""
    training = model.training
    if training is None or training.parameters is None or not is_trained(model, now):
        return "default"
    return str(training.parameters.total_training_steps)


def caption_pending(caption: Caption | None, now: float) -> bool:
    """Tell whether a caption is being made."""
    return caption is not None and now < caption.ready_at


def captions_status(dataset: Dataset, images: Iterable[DatasetImage], now: float) -> str:
    """Give the wire's word for a dataset's `captions_update_status`.

    After a change of the schema it is "empty" again until the captions are regenerated.
    """
    captions = [image.caption for image in images]
    running = dataset.captions_made_until is not None and now < dataset.captions_made_until
    if running or any(caption_pending(caption, now) for caption in captions):
        return "in_progress"
    if dataset.captions_stale:
        return "empty"
    made = dataset.captions_made_until is not None or any(c is not None for c in captions)
    return "completed" if made else "empty"


def job_status(job: Job, now: float) -> str:
    """Give the wire's word for a job's status."""
    if now < job.ready_at or job.fate == "stuck":
        return "IN_PROGRESS"
    return {"job_failed": "ERROR", "job_unknown": "UNKNOWN"}.get(job.fate, "COMPLETED")


def bulk_status(upload: BulkUpload, now: float) -> str:
    """Give the wire's word for a bulk upload: pending, processing, completed or failed."""
    if now >= upload.ends_at:
        return "failed" if upload.unreadable else "completed"
    return "pending" if now < upload.started_at + BULK_PENDING_SECONDS else "processing"


def bulk_fraction(upload: BulkUpload, now: float) -> float:
    """Give how much of a bulk upload is done, from 0 to 1."""
    begins = upload.started_at + BULK_PENDING_SECONDS
    if now >= upload.ends_at:
        return 1.0
    # Instant files all arrive at the one moment at which the upload begins.
    return max(0.0, (now - begins) / (upload.ends_at - begins)) if now > begins else 0.0
