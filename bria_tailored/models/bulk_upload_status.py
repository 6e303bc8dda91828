# Generated, do not edit: make generate
from typing import Literal

BulkUploadStatus = Literal["completed", "failed", "pending", "processing"]

BULK_UPLOAD_STATUS_VALUES: dict[str, BulkUploadStatus] = {
    "completed": "completed",
    "failed": "failed",
    "pending": "pending",
    "processing": "processing",
}


def check_bulk_upload_status(value: str) -> BulkUploadStatus:
    """The known word, as documented. Bria writes the same word in more than one case."""
    known = BULK_UPLOAD_STATUS_VALUES.get(value.lower())
    if known is None:
        raise TypeError(
            f"Unexpected value {value!r}. Expected one of {list(BULK_UPLOAD_STATUS_VALUES.values())!r}"
        )
    return known
