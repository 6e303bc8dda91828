# Generated, do not edit: make generate
from typing import Literal

JobStatusWord = Literal["COMPLETED", "ERROR", "FAILED", "IN_PROGRESS", "UNKNOWN"]

JOB_STATUS_WORD_VALUES: dict[str, JobStatusWord] = {
    "completed": "COMPLETED",
    "error": "ERROR",
    "failed": "FAILED",
    "in_progress": "IN_PROGRESS",
    "unknown": "UNKNOWN",
}


def check_job_status_word(value: str) -> JobStatusWord:
    """The known word, as documented. Bria writes the same word in more than one case."""
    known = JOB_STATUS_WORD_VALUES.get(value.lower())
    if known is None:
        raise TypeError(
            f"Unexpected value {value!r}. Expected one of {list(JOB_STATUS_WORD_VALUES.values())!r}"
        )
    return known
