"""From records to what goes over the wire, operation by operation.

The same record looks different in different answers; each function says for which.
Source: the response schemas and examples of the upstream document.
"""

from collections.abc import Iterable
from typing import Any, Final

import attrs

from bria_tailored_ext.sandbox import progress
from bria_tailored_ext.sandbox.books import paid_twice
from bria_tailored_ext.sandbox.clock import naive, zulu
from bria_tailored_ext.sandbox.datasets import DatasetView
from bria_tailored_ext.sandbox.records import (
    BilledCall,
    BulkUpload,
    DatasetImage,
    Job,
    Model,
    Project,
    Training,
)

Json = dict[str, Any]

ON_PURPOSE: Final = "The sandbox was asked for this fault."


def project(record: Project) -> Json:
    """A project by itself: no `updated_at`."""
    return {
        "id": record.id,
        "project_name": record.project_name,
        "project_description": record.project_description,
        "ip_name": record.ip_name,
        "ip_description": record.ip_description,
        "ip_medium": record.ip_medium,
        "ip_type": record.ip_type,
        "status": "active",
        "created_at": zulu(record.created_at),
    }


def created_project(record: Project) -> Json:
    """A new project, which alone tells its `training_version`."""
    return {**project(record), "training_version": None}


def listed_project(record: Project) -> Json:
    """A project in a list."""
    return {**project(record), "updated_at": zulu(record.updated_at)}


def dataset(view: DatasetView, now: float) -> Json:
    """A dataset as it is created or updated."""
    record = view.dataset
    return {
        "id": record.id,
        "project_id": record.project_id,
        "name": record.name,
        "visual_schema": record.visual_schema,
        "status": "completed" if record.completed else "draft",
        "captions_update_status": progress.captions_status(record, view.images, now),
        "upload_type": record.upload_type,
        "created_at": zulu(record.created_at),
        "updated_at": zulu(record.updated_at),
    }


def recaptioned_dataset(view: DatasetView, now: float) -> Json:
    """A dataset whose captions are being regenerated: no `upload_type`."""
    told = dataset(view, now)
    del told["upload_type"]
    return told


def listed_dataset(view: DatasetView, now: float) -> Json:
    """A dataset in a list."""
    return {**dataset(view, now), "images_count": len(view.images)}


def whole_dataset(view: DatasetView, now: float, origin: str, max_images: int) -> Json:
    """A dataset with its images, each with its `upload_source_url`."""
    shown = view.images[:max_images]
    images = [
        {**image(each, now, origin), "upload_source_url": each.upload_source_url} for each in shown
    ]
    return {**listed_dataset(view, now), "images": images}


def cloned_dataset(view: DatasetView, now: float, origin: str) -> Json:
    """A dataset that was just cloned, with its images."""
    images = [image(each, now, origin) for each in view.images]
    return {**listed_dataset(view, now), "images": images}


def image(record: DatasetImage, now: float, origin: str) -> Json:
    """An image; its caption is null without a schema, and while it is being made."""
    made = record.caption
    pending = progress.caption_pending(made, now)
    return {
        "id": record.id,
        "dataset_id": record.dataset_id,
        "caption": None if made is None or pending else made.text,
        "caption_source": "pending" if pending else made and made.source,
        "image_name": record.image_name,
        "image_url": origin + record.path,
        "thumbnail_url": origin + record.thumbnail_path,
        "created_at": zulu(record.created_at),
        "updated_at": zulu(record.updated_at),
    }


def bulk_upload(upload: BulkUpload, now: float) -> Json:
    """How a bulk upload goes."""
    fraction = progress.bulk_fraction(upload, now)
    done = round(len(upload.image_ids) * fraction)
    failed = upload.failed_images[: round(len(upload.failed_images) * fraction)]
    return {
        "status": progress.bulk_status(upload, now),
        "progress_percentage": int(fraction * 100),
        "total_processed": done + len(failed),
        "done": done,
        "failed": len(failed),
        "failed_images": [attrs.asdict(each) for each in failed],
    }


def model(record: Model, now: float) -> Json:
    """A model by itself."""
    told = {**short_model(record, now), **_training(record, now)}
    told["training_mode"] = record.training_mode
    told["active_model_version"] = progress.active_version(record, now)
    return told


def started_model(record: Model, now: float) -> Json:
    """A model just created or started, which tells the most."""
    updated = naive(progress.model_updated_at(record, now))
    return {**model(record, now), "updated_at": updated, "custom_metadata": ""}


def listed_model(record: Model, now: float, *, parameters: bool, updated: bool) -> Json:
    """A model in a list.

    Args:
        record: The model.
        now: Simulated unix seconds.
        parameters: Whether `include_training_parameters` was asked for.
        updated: Whether this list has `updated_at`; the one of all models has not.
    """
    told = model(record, now)
    if not parameters:
        del told["training_parameters"], told["checkpoint_steps"]
    if updated:
        told["updated_at"] = naive(progress.model_updated_at(record, now))
    return told


def short_model(record: Model, now: float) -> Json:
    """A model just updated or uploaded, which tells the least.

    An uploaded model has no dataset, so the field is left out.
    """
    told: Json = {
        "id": record.id,
        "name": record.name,
        "description": record.description,
        "status": progress.model_status(record, now),
        "project_id": record.project_id,
        "created_at": naive(record.created_at),
    }
    if record.dataset_id is not None:
        told["dataset_id"] = record.dataset_id
    return told


def _training(record: Model, now: float) -> Json:
    training = record.training
    if training is None or training.parameters is None:
        return {"training_parameters": {}, "checkpoint_steps": []}
    steps = [str(step) for step, _ in progress.checkpoints(training, now)]
    return {"training_parameters": attrs.asdict(training.parameters), "checkpoint_steps": steps}


def checkpoint(training: Training, step: int, saved_at: float) -> Json:
    """One checkpoint."""
    return {
        "checkpoint_step": step,
        "training_job_id": training.job_id,
        "created_at": naive(saved_at),
    }


def model_download(record_url: str) -> Json:
    """Where a model can be fetched."""
    return {
        "download_url": record_url,
        "base_model_name": "BRIA-FIBO",
        "base_model_card": "https://huggingface.co/briaai/BRIA-FIBO",
    }


def accepted(job: Job, origin: str) -> Json:
    """A job that was taken on."""
    status_url = f"{origin}/v2/status/{job.request_id}"
    return {"request_id": job.request_id, "status_url": status_url}


def result(job: Job, origin: str) -> Json:
    """What came of a job: a structured prompt alone, an image with all that made it, a video."""
    if job.kind == "video":
        return {"video_url": f"{origin}{job.path}", "seed": job.seed}
    if job.kind == "structured_prompt":
        return {"structured_prompt": job.structured_prompt}
    told: Json = {
        "image_url": f"{origin}{job.path}",
        "structured_prompt": job.structured_prompt,
        "seed": job.seed,
    }
    optional = {"prompt": job.prompt, "refined_prompt": job.refined_prompt}
    return {**told, **{key: value for key, value in optional.items() if value is not None}}


def flat_result(job: Job, origin: str) -> Json:
    """What a synchronous answer holds by the letter of the document, without an envelope."""
    told = result(job, origin)
    return {key: told[key] for key in ("image_url", "structured_prompt") if key in told}


def status(job: Job, now: float, origin: str) -> Json:
    """A job at the Status Service; an open one tells nothing but that it is open."""
    word = progress.job_status(job, now)
    told: Json = {"status": word, "request_id": job.request_id}
    if word == "COMPLETED":
        return {"status": word, "result": result(job, origin), "request_id": job.request_id}
    return told if word == "IN_PROGRESS" else {**told, "error": job_error(job)}


def job_error(job: Job) -> Json:
    """Say why a job has no result."""
    if job.fate == "job_unknown":
        return {"code": 500, "message": "Internal error", "details": ON_PURPOSE}
    return {"code": job.error_code, "message": job.error_words, "details": ON_PURPOSE}


def books(calls: Iterable[BilledCall]) -> Json:
    """Every billed call, what they cost together in US dollars, and which were paid twice."""
    lines = tuple(calls)
    told = [
        {
            "request_id": call.request_id,
            "operation": call.operation,
            "model_id": call.model_id,
            "price": float(call.price),
            "time": zulu(call.time),
            "body_sha256": call.body_sha256,
        }
        for call in lines
    ]
    again = [call.request_id for call in paid_twice(lines)]
    return {
        "calls": told,
        "total": float(sum(call.price for call in lines)),
        "paid_twice": again,
    }
