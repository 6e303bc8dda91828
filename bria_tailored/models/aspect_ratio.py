# Generated, do not edit: make generate
from typing import Literal

AspectRatio = Literal["16:9", "1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16"]

ASPECT_RATIO_VALUES: dict[str, AspectRatio] = {
    "16:9": "16:9",
    "1:1": "1:1",
    "2:3": "2:3",
    "3:2": "3:2",
    "3:4": "3:4",
    "4:3": "4:3",
    "4:5": "4:5",
    "5:4": "5:4",
    "9:16": "9:16",
}


def check_aspect_ratio(value: str) -> AspectRatio:
    """The known word, as documented. Bria writes the same word in more than one case."""
    known = ASPECT_RATIO_VALUES.get(value.lower())
    if known is None:
        raise TypeError(
            f"Unexpected value {value!r}. Expected one of {list(ASPECT_RATIO_VALUES.values())!r}"
        )
    return known
