# Generated, do not edit: make generate
from typing import Literal

ProjectStatus = Literal["active"]

PROJECT_STATUS_VALUES: dict[str, ProjectStatus] = {
    "active": "active",
}


def check_project_status(value: str) -> ProjectStatus:
    """The known word, as documented. Bria writes the same word in more than one case."""
    known = PROJECT_STATUS_VALUES.get(value.lower())
    if known is None:
        raise TypeError(
            f"Unexpected value {value!r}. Expected one of {list(PROJECT_STATUS_VALUES.values())!r}"
        )
    return known
