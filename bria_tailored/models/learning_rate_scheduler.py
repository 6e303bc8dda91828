# Generated, do not edit: make generate
from typing import Literal

LearningRateScheduler = Literal[
    "constant", "constant_with_warmup", "cosine", "cosine_with_restarts", "linear", "polynomial"
]

LEARNING_RATE_SCHEDULER_VALUES: dict[str, LearningRateScheduler] = {
    "constant": "constant",
    "constant_with_warmup": "constant_with_warmup",
    "cosine": "cosine",
    "cosine_with_restarts": "cosine_with_restarts",
    "linear": "linear",
    "polynomial": "polynomial",
}


def check_learning_rate_scheduler(value: str) -> LearningRateScheduler:
    """The known word, as documented. Bria writes the same word in more than one case."""
    known = LEARNING_RATE_SCHEDULER_VALUES.get(value.lower())
    if known is None:
        raise TypeError(
            f"Unexpected value {value!r}. Expected one of {list(LEARNING_RATE_SCHEDULER_VALUES.values())!r}"
        )
    return known
