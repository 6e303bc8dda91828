# Generated, do not edit: make generate
from typing import Literal

DatasetStatus = Literal["completed", "created", "draft"]

DATASET_STATUS_VALUES: dict[str, DatasetStatus] = {
    "completed": "completed",
    "created": "created",
    "draft": "draft",
}


def check_dataset_status(value: str) -> DatasetStatus:
    """The known word, as documented. Bria writes the same word in more than one case."""
    known = DATASET_STATUS_VALUES.get(value.lower())
    if known is None:
        raise TypeError(
            f"Unexpected value {value!r}. Expected one of {list(DATASET_STATUS_VALUES.values())!r}"
        )
    return known
