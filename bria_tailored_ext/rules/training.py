"""What a training takes, how long trainings last, and what a model's status means.

Source: create-model, start-training and the enum of a model's status in Bria's document.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from statistics import median
from typing import Any

from bria_tailored_ext.values.errors import InvalidInputError

FINAL = ("completed", "failed", "stopped")
"""Stopping is not final."""

DOCUMENTED_HOURS = (2.0, 6.0)
"""Source: "typically 2-4 hours" of start-training; other pages of Bria's say up to 6."""

STUCK_AFTER = 4 * DOCUMENTED_HOURS[1] * 3600.0
"""Seconds: four times the longest that Bria documents."""

_WHOLE_NUMBERS = ("total_training_steps", "rank", "checkpoint_interval", "lr_warmup_steps")
_WARMING_UP = "constant_with_warmup"

_PLAUSIBLE = (600.0, STUCK_AFTER)
"""Seconds between the creation and the last change of a model that may be the length of its
training: a model that was renamed a week later tells nothing."""


def check_parameters(
    model: str, mode: str | None, values: Mapping[str, Any], schedulers: Collection[str]
) -> None:
    """Check the parameters of a training before it is started.

    Args:
        model: What to call the model in the message.
        mode: Its training mode, if known.
        values: What would be sent.
        schedulers: The words that Bria's document knows for `lr_scheduler`.

    Raises:
        InvalidInputError: Says which parameter breaks which rule, and what would be right.
    """
    if values and mode == "fully_automated":
        raise InvalidInputError(
            f"{model} is trained fully automated, where parameters are not allowed. Leave "
            "them out, or create the model with training_mode='expert'."
        )
    for name in _WHOLE_NUMBERS:
        value = values.get(name)
        least = 0 if name == "lr_warmup_steps" else 1
        if value is not None and (type(value) is not int or value < least):
            raise InvalidInputError(
                f"{name} must be a whole number, {least} or more; it is {value!r}."
            )
    rate = values.get("learning_rate")
    if rate is not None and not (type(rate) in (int, float) and 0 < rate < 1):
        raise InvalidInputError(
            f"learning_rate must be a number between 0 and 1, such as 0.0001; it is {rate!r}."
        )
    scheduler = values.get("lr_scheduler")
    if scheduler is not None and scheduler not in schedulers:
        raise InvalidInputError(
            f"lr_scheduler must be one of {', '.join(schedulers)}; it is {scheduler!r}."
        )
    if values.get("lr_warmup_steps") is not None and scheduler not in (None, _WARMING_UP):
        raise InvalidInputError(
            f"lr_warmup_steps has no effect with lr_scheduler={scheduler!r}. Leave it out, or "
            f"choose {_WARMING_UP!r}."
        )


def typical_length(trained: Iterable[tuple[datetime | None, datetime | None]]) -> float | None:
    """How long a training lasts here: the median, in seconds; None where nothing tells.

    Args:
        trained: When each trained model was created and last changed.
    """
    lengths = [
        seconds
        for created, changed in trained
        if created and changed
        for seconds in [(changed - created).total_seconds()]
        if _PLAUSIBLE[0] <= seconds <= _PLAUSIBLE[1]
    ]
    return median(lengths) if lengths else None


def look_in_words(status: str, elapsed: float, remaining: float | None) -> str:
    """A look at a training as a sentence; it changes no more often than it says something new."""
    left = "" if remaining is None else f", some {_length(remaining)} left"
    return f"{status} after {_length(elapsed)}{left}."


def _length(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{seconds / 3600:.1f} h"
