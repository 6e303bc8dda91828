# Generated, do not edit: make generate
from typing import Literal

CaptionsUpdateStatus = Literal["completed", "empty", "in_progress"]

CAPTIONS_UPDATE_STATUS_VALUES: dict[str, CaptionsUpdateStatus] = {
    "completed": "completed",
    "empty": "empty",
    "in_progress": "in_progress",
}


def check_captions_update_status(value: str) -> CaptionsUpdateStatus:
    """The known word, as documented. Bria writes the same word in more than one case."""
    known = CAPTIONS_UPDATE_STATUS_VALUES.get(value.lower())
    if known is None:
        raise TypeError(
            f"Unexpected value {value!r}. Expected one of {list(CAPTIONS_UPDATE_STATUS_VALUES.values())!r}"
        )
    return known
