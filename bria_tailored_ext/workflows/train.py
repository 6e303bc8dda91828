"""Start the training of a model, once; or stop it, for good."""

from __future__ import annotations

from contextlib import suppress
from typing import get_args

from bria_tailored.models import LearningRateScheduler, Model, StartTraining, TrainingMode
from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.rules.training import check_parameters
from bria_tailored_ext.values.errors import (
    BriaError,
    ConflictError,
    InvalidInputError,
    SubmitOutcomeUnknown,
)

_SCHEDULERS: tuple[str, ...] = get_args(LearningRateScheduler)


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
        InvalidInputError: A parameter cannot be right, or the model is not in expert mode. Nothing
            was sent.
        PreconditionError: The dataset is not completed.
        SubmitOutcomeUnknown: It broke off, and the model does not show that it was started.
    """
    return (await start(bria, model_id, parameters))[0]


async def start(
    bria: TailoredClient, model_id: int, parameters: StartTraining | None
) -> tuple[Model, bool]:
    """As `train`; and whether the training has begun just now."""
    values = parameters or StartTraining()
    check_training(None, values)
    model = await bria.models.get_model(model_id)
    if status_of(model) != "created":
        return model, False
    check_parameters(f"Model {model_id}", str(model.training_mode), values.to_dict(), _SCHEDULERS)
    try:
        return await bria.models.start_training(model_id, body=values), True
    except (ConflictError, SubmitOutcomeUnknown) as error:
        try:
            model = await bria.models.get_model(model_id)
        except BriaError:
            # That the look failed too does not make the start any better known.
            raise error from error.__cause__
        if status_of(model) == "created":
            raise
        return model, True


async def stop_training(bria: TailoredClient, model_id: int, *, for_good: bool = False) -> Model:
    """Stop a training. It cannot be resumed, and what it has cost is spent.

    A model that is not in training is returned as it is. What it answers is often still Stopping;
    `train_and_wait` waits for Stopped.

    Args:
        bria: The client.
        model_id: A model in training.
        for_good: Must be `True`: the training is lost.

    Raises:
        InvalidInputError: `for_good` was not said. Nothing was sent.
        ApiError: Bria refused.

    Source: stop-training in Bria's document.
    """
    if not for_good:
        raise InvalidInputError(
            f"Stopping the training of model {model_id} loses it: it cannot be resumed, and a new "
            "model has to be created, trained and paid for. If you mean it, pass for_good=True."
        )
    model = await bria.models.get_model(model_id)
    if status_of(model) == "inprogress":
        # It ended, or another has stopped it, in between: the model says which.
        with suppress(ConflictError):
            await bria.models.stop_training(model_id)
        model = await bria.models.get_model(model_id)
    return model


def check_training(mode: str | None, parameters: StartTraining) -> None:
    """Check parameters before anything is sent.

    Raises:
        InvalidInputError: One of them cannot be right.
    """
    check_parameters("The model", mode, parameters.to_dict(), _SCHEDULERS)


def mode_for(parameters: StartTraining) -> TrainingMode:
    """The training mode that parameters need: any of them is an expert's."""
    return "expert" if parameters.to_dict() else "fully_automated"


def status_of(model: Model) -> str:
    """The wire's word, in lower case: Bria writes some in either."""
    return str(model.status).lower()
