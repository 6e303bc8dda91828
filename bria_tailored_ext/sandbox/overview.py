"""What the page shows: the latest of everything, cut short enough to be asked for each second."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeVar

import attrs

from bria_tailored_ext.sandbox import progress
from bria_tailored_ext.sandbox.clock import zulu
from bria_tailored_ext.sandbox.records import BilledCall, Dataset, Job, Model, Project
from bria_tailored_ext.sandbox.state import State, locked
from bria_tailored_ext.sandbox.traffic import SeenRequest, Traffic

Json = dict[str, Any]
_Record = TypeVar("_Record")

_MOST: Final = 30
_MOST_THUMBNAILS: Final = 12
_MOST_TEXT: Final = 200


@attrs.frozen
class Overview:
    """Everything at a glance."""

    state: State
    traffic: Traffic

    @locked
    def told(self) -> Json:
        """Give the overview as JSON."""
        state, now = self.state, self.state.clock.now()
        books = _listed(state.books, _call)
        books["total"] = float(sum(call.price for call in state.books))
        return {
            "time": zulu(now),
            "speed": state.clock.speed,
            "projects": _listed(state.projects.values(), _project),
            "datasets": _listed(state.datasets.values(), self._dataset),
            "models": _listed(state.models.values(), lambda model: _model(model, now)),
            "jobs": _listed(state.jobs.values(), self._job),
            "requests": {
                "count": self.traffic.count,
                "latest": [_request(each) for each in self.traffic.latest(_MOST)],
            },
            "books": books,
        }

    def _dataset(self, dataset: Dataset) -> Json:
        images = self.state.images_of(dataset.id)
        now = self.state.clock.now()
        return {
            "id": dataset.id,
            "name": dataset.name[:_MOST_TEXT],
            "status": "completed" if dataset.completed else "draft",
            "images": len(images),
            "captions": progress.captions_status(dataset, images, now),
            "thumbnails": [image.thumbnail_path for image in images[:_MOST_THUMBNAILS]],
        }

    def _job(self, job: Job) -> Json:
        now = self.state.clock.now()
        status = progress.job_status(job, now)
        entry = self.state.files.get(job.path or "")
        is_there = status == "COMPLETED" and entry is not None and not self.state.has_expired(entry)
        path = job.path if is_there else None
        return {
            "request_id": job.request_id,
            "kind": job.kind.replace("_", " "),
            "model": job.model_id,
            "prompt": (job.prompt or "")[:_MOST_TEXT],
            "status": status,
            "image": None if job.kind == "video" else path,
            "video": path if job.kind == "video" else None,
        }


def _listed(records: Iterable[_Record], told: Callable[[_Record], Json]) -> Json:
    all_of_them: Sequence[_Record] = tuple(records)
    return {
        "count": len(all_of_them),
        "latest": [told(each) for each in all_of_them[: -_MOST - 1 : -1]],
    }


def _project(project: Project) -> Json:
    return {
        "id": project.id,
        "name": project.project_name[:_MOST_TEXT],
        "ip_medium": project.ip_medium,
        "ip_type": project.ip_type,
    }


def _model(model: Model, now: float) -> Json:
    status = progress.model_status(model, now)
    training = model.training
    done: float | None = None
    if training is not None and status == "InProgress":
        length = training.ends_at - training.started_at
        done = 1.0 if length <= 0 else min(1.0, (now - training.started_at) / length)
    return {
        "id": model.id,
        "name": model.name[:_MOST_TEXT],
        "training_mode": model.training_mode,
        "dataset": model.dataset_id,
        "status": status,
        "progress": done,
    }


def _request(seen: SeenRequest) -> Json:
    return {
        "method": seen.method,
        "path": seen.path[:_MOST_TEXT],
        "status": seen.status or "no answer",
        "milliseconds": seen.milliseconds,
        "time": zulu(seen.time),
    }


def _call(call: BilledCall) -> Json:
    return {
        "request_id": call.request_id,
        "operation": call.operation,
        "model": call.model_id,
        "price": float(call.price),
    }
