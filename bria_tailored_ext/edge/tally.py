"""Counting: what `bria.statistics()` shows."""

from __future__ import annotations

from collections import defaultdict

import attrs

from bria_tailored_ext.values.attempts import Attempt
from bria_tailored_ext.values.statistics import EndpointStatistics, Statistics


@attrs.define
class EndpointCounts:
    """The counts of one endpoint so far; see `EndpointStatistics`."""

    requests: int = 0
    attempts: int = 0
    retries: int = 0
    refusals: int = 0
    waits: int = 0
    waited: float = 0.0

    def add(self, attempt: Attempt) -> None:
        """Count an attempt."""
        self.attempts += 1
        self.retries += attempt.number > 1
        self.refusals += attempt.status == 429
        self.waits += attempt.waited > 0
        self.waited += attempt.waited


class Tally:
    """The counts of one client, by endpoint."""

    def __init__(self) -> None:
        self.rows: defaultdict[str, EndpointCounts] = defaultdict(EndpointCounts)

    def statistics(self) -> Statistics:
        """The counts so far, as a value."""
        return Statistics(
            endpoints={
                route: EndpointStatistics(**attrs.asdict(row)) for route, row in self.rows.items()
            }
        )
