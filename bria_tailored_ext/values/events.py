"""What a job's events tell."""

from __future__ import annotations

from datetime import datetime

import attrs

from bria_tailored_ext.values.jobs import JobState

__all__ = ["JobEvent"]


@attrs.frozen(kw_only=True)
class JobEvent:
    """A job is seen in another state than before.

    Attributes:
        request_id: The job; of a placeholder its uuid, or empty.
        state: Its state.
        status: The wire's word for it; of a placeholder what its URL answered, such as "404".
        seen_at: When that was learned, in UTC; it became so some time before.
    """

    request_id: str
    state: JobState
    status: str
    seen_at: datetime
