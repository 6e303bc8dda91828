# Generated, do not edit: make generate
from typing import Literal

UpdateDatasetStatus = Literal["completed", "draft"]

UPDATE_DATASET_STATUS_VALUES: dict[str, UpdateDatasetStatus] = {
    "completed": "completed",
    "draft": "draft",
}


def check_update_dataset_status(value: str) -> UpdateDatasetStatus:
    """The known word, as documented. Bria writes the same word in more than one case."""
    known = UPDATE_DATASET_STATUS_VALUES.get(value.lower())
    if known is None:
        raise TypeError(
            f"Unexpected value {value!r}. Expected one of {list(UPDATE_DATASET_STATUS_VALUES.values())!r}"
        )
    return known
