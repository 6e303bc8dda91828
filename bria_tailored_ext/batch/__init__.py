"""Batches: thousands of requests, none lost, none paid for twice."""

from __future__ import annotations

from bria_tailored_ext.batch.batch import Batch, estimate_batch, run_batch
from bria_tailored_ext.batch.costs import Estimate, Prices
from bria_tailored_ext.batch.grids import expand, recreate
from bria_tailored_ext.batch.outcomes import BatchStatistics, Outcome, OutcomeState, Times
from bria_tailored_ext.batch.report import (
    Status,
    UnknownSubmit,
    read_durations,
    read_outcomes,
    read_status,
)

__all__ = [
    "Batch",
    "BatchStatistics",
    "Estimate",
    "Outcome",
    "OutcomeState",
    "Prices",
    "Status",
    "Times",
    "UnknownSubmit",
    "estimate_batch",
    "expand",
    "read_durations",
    "read_outcomes",
    "read_status",
    "recreate",
    "run_batch",
]
