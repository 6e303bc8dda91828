"""The async layer over Bria's Tailored Generation.

async with TailoredClient() as bria:
    job = await bria.submit(ImageRequest(tailored_model_id="7", prompt="a teapot at dawn"))
    result = await job.result()
    await result.save("teapot.png")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from bria_tailored_ext.version import __version__

if TYPE_CHECKING:
    from bria_tailored.models import (
        CreateDataset,
        CreateModel,
        CreateProject,
        Dataset,
        DatasetImage,
        ImageRequest,
        Model,
        Project,
        StartTraining,
        StructuredPromptRequest,
        VideoRequest,
    )
    from bria_tailored_ext.client.job import Job
    from bria_tailored_ext.client.tailored_client import TailoredClient
    from bria_tailored_ext.values.attempts import Attempt
    from bria_tailored_ext.values.configuration import Timeouts
    from bria_tailored_ext.values.errors import (
        AccessDeniedError,
        ApiError,
        AuthenticationError,
        BriaConnectionError,
        BriaError,
        BriaTimeoutError,
        ConfigurationError,
        ConflictError,
        DatasetIncomplete,
        DownloadError,
        ImageNotFetchedError,
        InvalidInputError,
        JobError,
        JobFailed,
        JobNotFound,
        JobStateUnknown,
        MissingTokenError,
        ModerationError,
        NoAnswerError,
        NotFoundError,
        PlanError,
        PreconditionError,
        QuotaExceededError,
        RateLimitedError,
        ServerError,
        SubmitOutcomeUnknown,
        TooLargeError,
        TrainingError,
        TrainingFailed,
        TrainingStopped,
        TrainingTimeout,
        UnexpectedAnswerError,
        UnsupportedInputError,
        UnsupportedMediaError,
        ValidationError,
        WaitTimeout,
    )
    from bria_tailored_ext.values.jobs import (
        ImageResult,
        JobKind,
        JobState,
        Result,
        StructuredPromptResult,
        VideoResult,
    )
    from bria_tailored_ext.values.plan import Plan
    from bria_tailored_ext.values.retry_policy import RetryPolicy
    from bria_tailored_ext.values.statistics import EndpointStatistics, Statistics

# Each name is imported on first use, so that importing the package alone costs next to nothing.
_HOME = {
    "bria_tailored.models": (
        "CreateDataset",
        "CreateModel",
        "CreateProject",
        "Dataset",
        "DatasetImage",
        "ImageRequest",
        "Model",
        "Project",
        "StartTraining",
        "StructuredPromptRequest",
        "VideoRequest",
    ),
    "bria_tailored_ext.client.job": ("Job",),
    "bria_tailored_ext.client.tailored_client": ("TailoredClient",),
    "bria_tailored_ext.values.configuration": ("Timeouts",),
    "bria_tailored_ext.values.errors": (
        "AccessDeniedError",
        "ApiError",
        "AuthenticationError",
        "BriaConnectionError",
        "BriaError",
        "BriaTimeoutError",
        "ConfigurationError",
        "ConflictError",
        "DatasetIncomplete",
        "DownloadError",
        "ImageNotFetchedError",
        "InvalidInputError",
        "JobError",
        "JobFailed",
        "JobNotFound",
        "JobStateUnknown",
        "MissingTokenError",
        "ModerationError",
        "NoAnswerError",
        "NotFoundError",
        "PlanError",
        "PreconditionError",
        "QuotaExceededError",
        "RateLimitedError",
        "ServerError",
        "SubmitOutcomeUnknown",
        "TooLargeError",
        "TrainingError",
        "TrainingFailed",
        "TrainingStopped",
        "TrainingTimeout",
        "UnexpectedAnswerError",
        "UnsupportedInputError",
        "UnsupportedMediaError",
        "ValidationError",
        "WaitTimeout",
    ),
    "bria_tailored_ext.values.jobs": (
        "ImageResult",
        "JobKind",
        "JobState",
        "Result",
        "StructuredPromptResult",
        "VideoResult",
    ),
    "bria_tailored_ext.values.attempts": ("Attempt",),
    "bria_tailored_ext.values.plan": ("Plan",),
    "bria_tailored_ext.values.retry_policy": ("RetryPolicy",),
    "bria_tailored_ext.values.statistics": (
        "EndpointStatistics",
        "Statistics",
    ),
}
_MODULES = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "AccessDeniedError",
    "ApiError",
    "Attempt",
    "AuthenticationError",
    "BriaConnectionError",
    "BriaError",
    "BriaTimeoutError",
    "ConfigurationError",
    "ConflictError",
    "CreateDataset",
    "CreateModel",
    "CreateProject",
    "Dataset",
    "DatasetImage",
    "DatasetIncomplete",
    "DownloadError",
    "EndpointStatistics",
    "ImageNotFetchedError",
    "ImageRequest",
    "ImageResult",
    "InvalidInputError",
    "Job",
    "JobError",
    "JobFailed",
    "JobKind",
    "JobNotFound",
    "JobState",
    "JobStateUnknown",
    "MissingTokenError",
    "Model",
    "ModerationError",
    "NoAnswerError",
    "NotFoundError",
    "Plan",
    "PlanError",
    "PreconditionError",
    "Project",
    "QuotaExceededError",
    "RateLimitedError",
    "Result",
    "RetryPolicy",
    "ServerError",
    "StartTraining",
    "Statistics",
    "StructuredPromptRequest",
    "StructuredPromptResult",
    "SubmitOutcomeUnknown",
    "TailoredClient",
    "Timeouts",
    "TooLargeError",
    "TrainingError",
    "TrainingFailed",
    "TrainingStopped",
    "TrainingTimeout",
    "UnexpectedAnswerError",
    "UnsupportedInputError",
    "UnsupportedMediaError",
    "ValidationError",
    "VideoRequest",
    "VideoResult",
    "WaitTimeout",
    "__version__",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_MODULES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
