"""What a client has done so far, as a value."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

__all__ = ["EndpointStatistics", "Statistics"]


@attrs.frozen(kw_only=True)
class EndpointStatistics:
    """One endpoint.

    Attributes:
        requests: Calls made, each counted once, however many attempts it took.
        attempts: Requests that left for the network.
        retries: Attempts after a failed one.
        refusals: Answers 429.
        waits: Attempts that had to wait for the plan or a pause.
        waited: Seconds that they waited together.
    """

    requests: int = 0
    attempts: int = 0
    retries: int = 0
    refusals: int = 0
    waits: int = 0
    waited: float = 0.0


@attrs.frozen(kw_only=True)
class Statistics:
    """A client.

    Attributes:
        endpoints: By endpoint, such as `GET /v2/status/{request_id}`.
        jobs: Jobs that were seen to end.
        polls: The looks that these took together.
    """

    endpoints: Mapping[str, EndpointStatistics]
    jobs: int = 0
    polls: int = 0

    @property
    def polls_per_job(self) -> float | None:
        """Looks per job that was seen to end; `None` where there was none."""
        return self.polls / self.jobs if self.jobs else None

    @property
    def total(self) -> EndpointStatistics:
        """All endpoints together."""
        rows = self.endpoints.values()
        return EndpointStatistics(
            requests=sum(row.requests for row in rows),
            attempts=sum(row.attempts for row in rows),
            retries=sum(row.retries for row in rows),
            refusals=sum(row.refusals for row in rows),
            waits=sum(row.waits for row in rows),
            waited=sum(row.waited for row in rows),
        )
