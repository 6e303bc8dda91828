# Generated, do not edit: make generate
from typing import Literal

TrainingMode = Literal["expert", "fully_automated"]

TRAINING_MODE_VALUES: dict[str, TrainingMode] = {
    "expert": "expert",
    "fully_automated": "fully_automated",
}


def check_training_mode(value: str) -> TrainingMode:
    """The known word, as documented. Bria writes the same word in more than one case."""
    known = TRAINING_MODE_VALUES.get(value.lower())
    if known is None:
        raise TypeError(
            f"Unexpected value {value!r}. Expected one of {list(TRAINING_MODE_VALUES.values())!r}"
        )
    return known
