"""Train a model and wait, for hours, without ever starting twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import attrs

from bria_tailored.models import Model, StartTraining
from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.client.waiting import Expired, wait_until
from bria_tailored_ext.rules import pace, patience
from bria_tailored_ext.rules.training import FINAL, STUCK_AFTER, typical_length
from bria_tailored_ext.values.errors import (
    AuthenticationError,
    BriaError,
    TrainingError,
    TrainingFailed,
    TrainingStopped,
    TrainingStuck,
    TrainingTimeout,
    UnexpectedAnswerError,
)
from bria_tailored_ext.workflows.train import start, status_of

_PATIENCE = 3600.0
"""Seconds that 401 is borne in a row, and an answer that nobody can read: a token that is rotated
may be revoked before its successor is in place, and a page of maintenance may come as a 200."""


@attrs.frozen(kw_only=True)
class TrainingProgress:
    """One look at a training.

    Attributes:
        model_id: The model.
        status: The wire's word, such as InProgress.
        elapsed: Seconds since the wait began.
        remaining: Seconds that it may still take, going by the models that this organisation has
            trained before; `None` where there are none, or it takes longer than they did.
        checkpoints: The steps of the checkpoints saved so far, in expert mode.
    """

    model_id: int
    status: str
    elapsed: float
    remaining: float | None = None
    checkpoints: tuple[int, ...] = ()


async def train_and_wait(
    bria: TailoredClient,
    model_id: int,
    parameters: StartTraining | None = None,
    *,
    on_progress: Callable[[TrainingProgress], None] | None = None,
    timeout: float | None = None,
    stuck_after: float = STUCK_AFTER,
) -> Model:
    """Train a model and wait until it is trained: typically 2 to 6 hours.

    A training that runs already is waited for and not started again, so that another process goes
    on with the same call. A look that fails because the network or Bria is down is followed by
    another; so is, for an hour, one whose token is refused, or whose answer cannot be read: see
    `TailoredClient(api_token=...)` for tokens that are rotated. Cancelling stops the
    waiting, not the training.

    Args:
        bria: The client.
        model_id: A model whose dataset is completed.
        parameters: For a model in expert mode only.
        on_progress: Called after each look.
        timeout: Seconds from this call; `None` waits for ever.
        stuck_after: Seconds in training after which it is called stuck.

    Raises:
        TrainingFailed: It failed at Bria.
        TrainingStopped: It was stopped.
        TrainingStuck: It runs for longer than `stuck_after`.
        TrainingTimeout: It is still running, and paid for: wait again.
        TrainingError: It can be looked at no longer; carries the cause.
        InvalidInputError, PreconditionError, SubmitOutcomeUnknown: As for `train`.
    """
    started, is_new = await start(bria, model_id, parameters)
    # A model that was found in training changed last when that began.
    since = None if is_new else started.updated_at or None
    watch = _Watch(bria, started, on_progress, since or bria.clock.now(), stuck_after)
    if on_progress:
        await watch.learn()
    try:
        model = await wait_until(
            lambda seen: status_of(seen) in FINAL,
            watch.look,
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


class _Watch:
    """Looks at one model in training."""

    def __init__(
        self,
        bria: TailoredClient,
        started: Model,
        on_progress: Callable[[TrainingProgress], None] | None,
        since: datetime,
        stuck_after: float,
    ) -> None:
        self._bria = bria
        self._id = started.id
        self._last = started
        self._tell = on_progress
        self._begin = bria.clock.monotonic()
        self._since = since
        self._stuck_after = stuck_after
        self._typical: float | None = None
        self._refused_since: float | None = None

    async def learn(self) -> None:
        """Learn from the organisation's models how long a training takes; at best."""
        try:
            models = await self._bria.models.get_models()
        except BriaError:
            return
        self._typical = typical_length(
            (each.created_at or None, each.updated_at or None)
            for each in models
            if status_of(each) == "completed" and each.id != self._id
        )

    async def look(self) -> Model:
        """Look once.

        Raises:
            TrainingStuck: It takes too long to be true.
            TrainingError: The look failed for good.
            BriaError: It failed in passing.
        """
        try:
            model = await self._bria.models.get_model(self._id)
        except BriaError as error:
            if patience.passes_by_itself(error):
                raise
            return self._borne(error)
        self._refused_since, self._last = None, model
        if self._tell:
            self._tell(await self._progress(model))
        self._check_stuck(model)
        return model

    def _borne(self, error: BriaError) -> Model:
        now = self._bria.clock.monotonic()
        if isinstance(error, AuthenticationError | UnexpectedAnswerError):
            self._refused_since = self._refused_since or now
            if now - self._refused_since < _PATIENCE:
                return self._last
        raise TrainingError(
            f"Model {self._id} can be looked at no longer: {error} Its training goes on at Bria "
            "and is paid for: call train_and_wait with the same id when that is mended.",
            model_id=self._id,
        ) from error

    async def _progress(self, model: Model) -> TrainingProgress:
        remaining = None
        if self._typical is not None and status_of(model) not in FINAL:
            left = self._typical - self._seconds_in_training()
            remaining = left if left > 0 else None
        return TrainingProgress(
            model_id=self._id,
            status=str(model.status),
            elapsed=self._bria.clock.monotonic() - self._begin,
            remaining=remaining,
            checkpoints=await self._checkpoints(model),
        )

    async def _checkpoints(self, model: Model) -> tuple[int, ...]:
        if model.training_mode != "expert":
            return ()
        listed = [str(step) for step in model.checkpoint_steps or ()]
        if not listed:
            try:
                saved = await self._bria.models.list_checkpoints(self._id)
            except BriaError:
                # They are good to know, and no more.
                return ()
            listed = [str(each.checkpoint_step) for each in saved.checkpoints or ()]
        return tuple(sorted(int(step) for step in listed if step.isdecimal()))

    def _check_stuck(self, model: Model) -> None:
        seconds = self._seconds_in_training()
        if status_of(model) in FINAL or seconds < self._stuck_after:
            return
        raise TrainingStuck(
            f"Model {self._id} has been {model.status} for {seconds / 3600:.0f} hours; a training "
            "takes 2 to 6. It is paid for and was not stopped: ask Bria's support about this id, "
            "or wait on with a longer stuck_after.",
            model_id=self._id,
        )

    def _seconds_in_training(self) -> float:
        now: datetime = self._bria.clock.now()
        return max(0.0, (now - self._since).total_seconds())


def _succeeded(model: Model) -> Model:
    match status_of(model):
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
