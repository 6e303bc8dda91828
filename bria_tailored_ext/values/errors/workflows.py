"""What stopped a workflow, and what was done before it."""

from __future__ import annotations

from typing import Any

from bria_tailored_ext.values.errors.roots import BriaError


class VisualIdentityError(BriaError):
    """A step failed after a visual schema was made, and paid for. Nothing of it is lost.

    Attributes:
        identity: A `VisualIdentity`, what was made so far; `None` where no schema can be read.
        remaining: The instructions that are still to be followed, the failed one first.
        answer: What Bria sent in place of valid JSON, if that is what failed.
    """

    def __init__(
        self,
        message: str,
        *,
        identity: Any = None,
        remaining: tuple[str, ...] = (),
        answer: str | None = None,
    ) -> None:
        super().__init__(message)
        self.identity = identity
        self.remaining = remaining
        self.answer = answer


class BulkUploadFailed(BriaError):
    """The one bulk upload of a dataset failed as a whole.

    Attributes:
        report: A `BulkReport`, with what Bria says of single files.
    """

    def __init__(self, message: str, *, report: Any) -> None:
        super().__init__(message)
        self.report = report


class DatasetIncomplete(BriaError):
    """A dataset cannot be completed yet.

    Attributes:
        dataset_id: The dataset.
        missing: Everything that is missing, a sentence each.
    """

    def __init__(self, message: str, *, dataset_id: int, missing: tuple[str, ...]) -> None:
        super().__init__(message)
        self.dataset_id = dataset_id
        self.missing = missing


class TrainingError(BriaError):
    """Something about one training.

    Attributes:
        model_id: The model.
    """

    def __init__(self, message: str, *, model_id: int) -> None:
        super().__init__(message)
        self.model_id = model_id


class TrainingFailed(TrainingError):
    """The training failed at Bria. It cannot be started again."""


class TrainingStopped(TrainingError):
    """The training was stopped. It cannot be resumed."""


class TrainingStuck(TrainingError):
    """The training has been running for much longer than any does. It is not stopped."""


class TrainingTimeout(TrainingError):
    """The training is still running. It goes on at Bria: wait again, by the same model id."""
