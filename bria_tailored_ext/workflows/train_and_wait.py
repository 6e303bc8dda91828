"""Train a model and wait, for hours, without ever starting twice."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from bria_tailored.models import Model, StartTraining
from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.client.waiting import Expired, wait_until
from bria_tailored_ext.rules import pace
from bria_tailored_ext.values.errors import (
    BriaError,
    ConflictError,
    InvalidInputError,
    SubmitOutcomeUnknown,
    TrainingFailed,
    TrainingStopped,
    TrainingTimeout,
)

_FINAL = ("completed", "failed", "stopped")
"""Stopping is not final. Source: the enum of a model's status in Bria's document."""


@attrs.frozen(kw_only=True)
class TrainingProgress:
    """One look at a training.

    Attributes:
        model_id: The model.
        status: The wire's word, such as InProgress.
        elapsed: Seconds since the wait began.
    """

    model_id: int
    status: str
    elapsed: float


async def train(
    bria: TailoredClient, model_id: int, parameters: StartTraining | None = None
) -> Model:
    """Start the training of a model, unless it was started before.

    The status is looked at first, and after a start whose outcome is unknown, so that calling this
    again is safe: a training starts once.

    Args:
        bria: The client.
        model_id: A model whose dataset is completed.
        parameters: For a model in expert mode only.

    Raises:
        InvalidInputError: Parameters for a model that is not in expert mode. Nothing was sent.
        PreconditionError: The dataset is not completed.
        SubmitOutcomeUnknown: It broke off, and the model does not show that it was started.
    """
    model = await bria.models.get_model(model_id)
    if _status(model) != "created":
        return model
    values = parameters or StartTraining()
    if values.to_dict() and model.training_mode == "fully_automated":
        raise InvalidInputError(
            f"Model {model_id} is trained fully automated, where parameters are not allowed. Leave "
            "them out, or create the model with training_mode='expert'."
        )
    try:
        return await bria.models.start_training(model_id, body=values)
    except (ConflictError, SubmitOutcomeUnknown) as error:
        try:
            model = await bria.models.get_model(model_id)
        except BriaError:
            # That the look failed too does not make the start any better known.
            raise error from error.__cause__
        if _status(model) == "created":
            raise
        return model


async def train_and_wait(
    bria: TailoredClient,
    model_id: int,
    parameters: StartTraining | None = None,
    *,
    on_progress: Callable[[TrainingProgress], None] | None = None,
    timeout: float | None = None,
) -> Model:
    """Train a model and wait until it is trained: typically 2 to 6 hours.

    A training that runs already is waited for and not started again, so that another process goes
    on with the same call. A look that fails because the network or Bria is down is followed by
    another. Cancelling stops the waiting, not the training.

    Args:
        bria: The client.
        model_id: A model whose dataset is completed.
        parameters: For a model in expert mode only.
        on_progress: Called after each look.
        timeout: Seconds from this call; `None` waits for ever.

    Raises:
        TrainingFailed: It failed at Bria.
        TrainingStopped: It was stopped.
        TrainingTimeout: It is still running, and paid for: wait again.
        InvalidInputError, PreconditionError, SubmitOutcomeUnknown: As for `train`.
    """
    await train(bria, model_id, parameters)
    start = bria.clock.monotonic()

    async def look() -> Model:
        model = await bria.models.get_model(model_id)
        if on_progress:
            elapsed = bria.clock.monotonic() - start
            on_progress(
                TrainingProgress(model_id=model_id, status=str(model.status), elapsed=elapsed)
            )
        return model

    try:
        model = await wait_until(
            lambda seen: _status(seen) in _FINAL,
            look,
            pace=pace.TRAINING,
            clock=bria.clock,
            timeout=timeout,
        )
    except Expired as expired:
        raise TrainingTimeout(
            f"Model {model_id} is still training after {expired.seconds:.0f} s. The training goes "
            "on at Bria and is already paid for: call train_and_wait with the same id again.",
            model_id=model_id,
        ) from expired.last_failure
    return _succeeded(model)


def _succeeded(model: Model) -> Model:
    match _status(model):
        case "failed":
            raise TrainingFailed(
                f"The training of model {model.id} failed at Bria. It cannot be started again: "
                "check the dataset, create another model on it, and train that.",
                model_id=model.id,
            )
        case "stopped":
            raise TrainingStopped(
                f"The training of model {model.id} was stopped and cannot be resumed. Create "
                "another model on the same dataset and train that.",
                model_id=model.id,
            )
        case _:
            return model


def _status(model: Model) -> str:
    return str(model.status).lower()
