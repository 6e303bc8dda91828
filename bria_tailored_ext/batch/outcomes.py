"""What a batch tells of each request, and of itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import TypeAlias

import attrs

from bria_tailored.models import ImageRequest, StructuredPromptRequest, VideoRequest
from bria_tailored_ext.values.errors import BriaError

Request: TypeAlias = ImageRequest | StructuredPromptRequest | VideoRequest


class OutcomeState(Enum):
    """What became of one request in this run."""

    COMPLETED = "completed"
    """Made, and its file is on disk. Final."""

    FAILED = "failed"
    """Refused, or ended without a result. Final, unless `retry_failed` takes it up again."""

    SKIPPED = "skipped"
    """Its submit's fate is unknown, and the policy was to let it be. Final."""

    UNKNOWN = "unknown"
    """It may have been carried out and billed, or not. The user's policy settles it."""

    OPEN = "open"
    """Still running at Bria when the timeout passed. The next run goes on waiting."""

    UNSAVED = "unsaved"
    """Made and paid for, but its file could not be fetched. The next run tries again."""


@attrs.frozen(kw_only=True)
class Times:
    """When it happened, in UTC; `None` for what has not.

    Attributes:
        intended: Before the submit was sent.
        submitted: Bria had accepted it.
        finished: It was seen to be final.
        saved: Its file was on disk.
    """

    intended: datetime | None = None
    submitted: datetime | None = None
    finished: datetime | None = None
    saved: datetime | None = None


@attrs.frozen(kw_only=True)
class Outcome:
    """What became of one request.

    Attributes:
        id: The user's, or the request's place in the input, from 1.
        request: What was asked. For a row with `image_file`, `image` is that path.
        state: What became of it.
        request_id: Bria's id of the job, once there is one.
        seed: The seed that was used, if Bria told.
        file: Its file, if it was saved.
        sha256: The file's checksum, in hexadecimal.
        attempts: How often it was submitted, submits of unknown fate included.
        times: When what happened.
        error: Why it is not completed.
    """

    id: str
    request: Request
    state: OutcomeState
    request_id: str | None = None
    seed: int | None = None
    file: Path | None = None
    sha256: str | None = None
    attempts: int = 0
    times: Times = attrs.field(factory=Times)
    error: BriaError | None = None


@attrs.frozen(kw_only=True)
class BatchStatistics:
    """What a run has done so far.

    Attributes:
        submitted: Jobs that Bria accepted in this run.
        in_flight: Requests under way: about to be submitted, or accepted and not final.
        saving: Finished jobs whose files are being fetched, or wait for it.
        already_final: Requests that an earlier run had finished, not touched by this one.
        outcomes: Outcomes so far, by state.
        cost: What all runs of this journal may have spent, in US dollars, by the price table;
            submits of unknown fate included.
    """

    submitted: int
    in_flight: int
    saving: int
    already_final: int
    outcomes: Mapping[OutcomeState, int]
    cost: float
