# Generated, do not edit: make generate
from typing import Literal

UploadType = Literal["advanced", "basic"]

UPLOAD_TYPE_VALUES: dict[str, UploadType] = {
    "advanced": "advanced",
    "basic": "basic",
}


def check_upload_type(value: str) -> UploadType:
    """The known word, as documented. Bria writes the same word in more than one case."""
    known = UPLOAD_TYPE_VALUES.get(value.lower())
    if known is None:
        raise TypeError(
            f"Unexpected value {value!r}. Expected one of {list(UPLOAD_TYPE_VALUES.values())!r}"
        )
    return known
