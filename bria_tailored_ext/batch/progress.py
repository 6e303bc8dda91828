"""One request on its way, and the counts of all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs

from bria_tailored_ext.batch import schema
from bria_tailored_ext.batch.entries import Known
from bria_tailored_ext.batch.journaled_errors import error_of
from bria_tailored_ext.batch.outcomes import Outcome, OutcomeState, Request, Times
from bria_tailored_ext.batch.rows import Row
from bria_tailored_ext.values.errors import BriaError

_STATES: Mapping[str, OutcomeState] = {
    schema.SUBMITTED: OutcomeState.OPEN,
    schema.FINISHED: OutcomeState.UNSAVED,
    schema.SAVED: OutcomeState.COMPLETED,
    schema.FAILED: OutcomeState.FAILED,
    schema.UNKNOWN: OutcomeState.UNKNOWN,
    schema.INTENT: OutcomeState.UNKNOWN,
    schema.SKIPPED: OutcomeState.SKIPPED,
}


@attrs.define(kw_only=True)
class Under:
    """A request under way, and what has become of it so far. Instants are unix seconds.

    Attributes:
        row: The request.
        request_id: Its job, once Bria accepted it.
        submits: How often it was submitted, in all runs.
        resubmits: How often in this run after a submit of unknown fate.
    """

    row: Row
    request_id: str | None = None
    submits: int = 0
    resubmits: int = 0
    intended_at: float | None = None
    submitted_at: float | None = None
    finished_at: float | None = None
    saved_at: float | None = None
    seed: int | None = None
    file: str | None = None
    sha256: str | None = None
    _request: Request | None = None

    @property
    def request(self) -> Request:
        """The request as a model, made once."""
        if self._request is None:
            self._request = self.row.request()
        return self._request

    def outcome(self, state: OutcomeState, folder: Path, error: BriaError | None = None) -> Outcome:
        """What to tell of it."""
        saved = state is OutcomeState.COMPLETED and self.file
        return Outcome(
            id=self.row.id,
            request=self.request,
            state=state,
            request_id=self.request_id,
            seed=self.seed,
            file=folder / self.file if saved and self.file else None,
            sha256=self.sha256 if saved else None,
            attempts=self.submits,
            times=Times(
                intended=instant(self.intended_at),
                submitted=instant(self.submitted_at),
                finished=instant(self.finished_at),
                saved=instant(self.saved_at),
            ),
            error=error,
        )


def taken_up(known: Known) -> Under:
    """A request that an earlier run left."""
    columns: Mapping[str, Any] = known.columns
    return Under(
        row=known.row,
        request_id=known.request_id,
        submits=columns["submits"],
        intended_at=columns["intended_at"],
        submitted_at=columns["submitted_at"],
        finished_at=columns["finished_at"],
        saved_at=columns["saved_at"],
        seed=columns["seed"],
        file=columns["file"],
        sha256=columns["sha256"],
    )


def journaled(known: Known, folder: Path) -> Outcome | None:
    """The outcome that the journal tells of; `None` for a request that was not submitted."""
    state = _STATES.get(known.state)
    if state is None:
        return None
    return taken_up(known).outcome(state, folder, error_of(known.columns))


@attrs.define
class Counts:
    """What a run has done so far."""

    in_flight: int = 0
    submitted: int = 0
    finished: int = 0
    saving: int = 0
    already_final: int = 0
    failures_in_a_row: int = 0
    answered: int = 0
    """Submits that left and were answered, or broke off."""

    spent: int = 0
    outcomes: Counter[OutcomeState] = attrs.field(factory=Counter[OutcomeState])


def instant(seconds: float | None) -> datetime | None:
    """Unix seconds as a date and time, aware, in UTC."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
