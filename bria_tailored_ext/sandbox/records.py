"""What the sandbox keeps: projects, datasets, images, models and jobs, as frozen values.

Instants are unix seconds of simulated time. Nothing here says what state a training, a
caption or a job is in: that follows from these instants and the clock, see `progress`.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

import attrs

from bria_tailored_ext.sandbox.pictures import Picture

JobKind = Literal[
    "image", "structured_prompt", "video", "legacy_image", "legacy_vector", "legacy_restyled"
]
Fate = Literal["completed", "job_failed", "job_unknown", "stuck"]
"""How a job ends, decided when it is submitted; what is stuck never does."""


@attrs.frozen(kw_only=True)
class Project:
    """A project and what its IP is."""

    id: int
    project_name: str
    project_description: str
    ip_name: str
    ip_description: str
    ip_medium: str
    ip_type: str
    created_at: float
    updated_at: float


@attrs.frozen(kw_only=True)
class Caption:
    """The caption of one image; until `ready_at` it is being made."""

    text: str
    source: Literal["automatic", "manual"]
    ready_at: float


@attrs.frozen(kw_only=True)
class DatasetImage:
    """One picture of a dataset. The bytes that came are on the shelf."""

    id: int
    dataset_id: int
    image_name: str
    picture: Picture
    shelf_key: int
    path: str
    thumbnail_path: str
    upload_source_url: str | None
    caption: Caption | None
    created_at: float
    updated_at: float


@attrs.frozen(kw_only=True)
class FailedUpload:
    """A file of a zip that did not become an image."""

    filename: str
    error_code: int
    error_message: str


@attrs.frozen(kw_only=True)
class BulkUpload:
    """One zip and what came of it; it is at work from `started_at` to `ends_at`."""

    started_at: float
    ends_at: float
    image_ids: tuple[int, ...]
    failed_images: tuple[FailedUpload, ...]
    unreadable: bool


@attrs.frozen(kw_only=True)
class Dataset:
    """A dataset; its images are kept beside it, by their `dataset_id`."""

    id: int
    project_id: int
    name: str
    visual_schema: str | None
    completed: bool
    upload_type: str
    captions_stale: bool
    """The schema changed since the captions were made."""
    captions_made_until: float | None
    """The end of the last run over all captions."""
    bulk_upload: BulkUpload | None
    created_at: float
    updated_at: float


@attrs.frozen(kw_only=True)
class TrainingParameters:
    """How an expert trains; `lr_warmup_steps` only goes with constant_with_warmup."""

    learning_rate: float
    lr_scheduler: str
    rank: int
    total_training_steps: int
    checkpoint_interval: int
    lr_warmup_steps: int | None


@attrs.frozen(kw_only=True)
class Training:
    """A training that was started once, and perhaps stopped."""

    job_id: int
    parameters: TrainingParameters | None
    """`None` when the recipe is Bria's own (fully automated)."""
    started_at: float
    ends_at: float
    stop_asked_at: float | None = None
    stopped_at: float | None = None
    failed_at: float | None = None
    """When it will fail, before its end; `None` for a training that ends well."""
    deleted_steps: frozenset[int] = frozenset()


@attrs.frozen(kw_only=True)
class Model:
    """A model, trained here or uploaded ready-made."""

    id: int
    name: str
    description: str
    training_mode: str
    project_id: int
    dataset_id: int | None
    visual_schema: Mapping[str, Any]
    """What the model knows of its dataset; empty until the training starts."""
    training: Training | None
    uploaded_until: float | None
    """When an uploaded model is ready; `None` for one that is trained here."""
    created_at: float
    updated_at: float


@attrs.frozen(kw_only=True)
class FileEntry:
    """What is served under a path of `/files/`.

    The subject is a number on the shelf (upload; image, which is one that is enlarged or put on
    black; thumbnail), the id of a dataset or model,
    or a job's request id (result).
    """

    kind: Literal["upload", "image", "thumbnail", "result", "weights", "dataset_zip", "captions"]
    subject: int | str
    content_type: str
    since: float = 0.0
    """From when on it is served, in unix seconds."""
    lasts: float | None = None
    """How long, in simulated seconds; `None` for what stays."""


@attrs.frozen(kw_only=True)
class Job:
    """A piece of paid work, as it was asked for, with all that decides its result."""

    request_id: str
    kind: JobKind
    model_id: int
    submitted_at: float
    ready_at: float
    seed: int
    prompt: str | None = None
    refined_prompt: str | None = None
    structured_prompt: str | None = None
    visual_schema: Mapping[str, Any] = attrs.field(factory=dict[str, Any])
    aspect_ratio: str = "1:1"
    influence: float = 1.0
    source: FileEntry | None = None
    """Where the first frame of a video, or the shapes of a restyled picture, come from."""
    keep: float = 1.0
    """How much of the source a restyled picture keeps."""
    path: str | None = None
    """Where the result will be served; `None` when the result is only text."""
    fate: Fate = "completed"
    error_code: int = 500
    error_words: str = "The generation failed"
    """What a job that fails tells as its code."""


@attrs.frozen(kw_only=True)
class BilledCall:
    """One line of the books: a call that Bria would have charged for."""

    request_id: str
    operation: str
    model_id: int | None
    price: Decimal
    """US dollars."""
    time: float
    """Unix seconds of simulated time."""
    body_sha256: str
    """The digest of the request's body: equal ones are the same request, byte for byte."""
    purchase_sha256: str
    """The digest of what the body asks for: equal ones buy the same, however they are written."""
