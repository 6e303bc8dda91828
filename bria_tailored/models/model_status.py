# Generated, do not edit: make generate
from typing import Literal

ModelStatus = Literal[
    "Completed", "Created", "Failed", "InProgress", "Stopped", "Stopping", "syncing"
]

MODEL_STATUS_VALUES: dict[str, ModelStatus] = {
    "completed": "Completed",
    "created": "Created",
    "failed": "Failed",
    "inprogress": "InProgress",
    "stopped": "Stopped",
    "stopping": "Stopping",
    "syncing": "syncing",
}


def check_model_status(value: str) -> ModelStatus:
    """The known word, as documented. Bria writes the same word in more than one case."""
    known = MODEL_STATUS_VALUES.get(value.lower())
    if known is None:
        raise TypeError(
            f"Unexpected value {value!r}. Expected one of {list(MODEL_STATUS_VALUES.values())!r}"
        )
    return known
