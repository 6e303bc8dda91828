# Generated, do not edit: make generate
from typing import Literal

CaptionSource = Literal["automatic", "manual", "pending", "unknown"]

CAPTION_SOURCE_VALUES: dict[str, CaptionSource] = {
    "automatic": "automatic",
    "manual": "manual",
    "pending": "pending",
    "unknown": "unknown",
}


def check_caption_source(value: str) -> CaptionSource:
    """The known word, as documented. Bria writes the same word in more than one case."""
    known = CAPTION_SOURCE_VALUES.get(value.lower())
    if known is None:
        raise TypeError(
            f"Unexpected value {value!r}. Expected one of {list(CAPTION_SOURCE_VALUES.values())!r}"
        )
    return known
