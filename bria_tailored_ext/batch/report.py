"""What a journal tells, also while a batch works with it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import attrs

from bria_tailored_ext.batch import entries, schema
from bria_tailored_ext.batch.costs import MILLIONTHS
from bria_tailored_ext.batch.journal import is_journal, readable_journal
from bria_tailored_ext.batch.locking import owner
from bria_tailored_ext.batch.outcomes import Outcome
from bria_tailored_ext.batch.progress import journaled
from bria_tailored_ext.values.durations import Durations


@attrs.frozen(kw_only=True)
class UnknownSubmit:
    """A submit of unknown fate: it may have been carried out and billed, or not.

    Attributes:
        id: Of the request.
        run: In which run.
        at: When.
        reason: What is known.
        state: What has become of the request since, in the journal's words.
    """

    id: str
    run: int
    at: datetime
    reason: str
    state: str


@attrs.frozen(kw_only=True)
class Status:
    """Where a batch stands.

    Attributes:
        pid: The process that works with the journal now; `None` if there is none.
        runs: How many runs there were.
        ended: How the last run ended; `None` if it goes on, or was killed.
        requests: How many requests there are, by the journal's state.
        cost: What may have been spent, in US dollars, by the price table of each run.
        unknown: Every submit of unknown fate.
        output_dir: Where the files are.
    """

    pid: int | None
    runs: int
    ended: str | None
    requests: Mapping[str, int]
    cost: float
    unknown: tuple[UnknownSubmit, ...]
    output_dir: Path | None

    @property
    def is_done(self) -> bool:
        """Whether everything that was begun is final."""
        return not set(self.requests) - set(schema.FINAL)


def read_status(journal: str | Path) -> Status:
    """Where a batch stands, by its journal.

    Raises:
        JournalError: There is none, it is no journal, or of another version.
    """
    path = Path(journal)
    with readable_journal(path) as connection:
        counts = connection.execute("SELECT state, count(*) FROM requests GROUP BY state")
        runs = connection.execute("SELECT ended FROM runs ORDER BY run").fetchall()
        folder = entries.recall(connection, entries.OUTPUT_DIR)
        return Status(
            pid=owner(path.resolve()),
            runs=len(runs),
            ended=runs[-1]["ended"] if runs else None,
            requests={row[0]: row[1] for row in counts},
            cost=entries.spent(connection) / MILLIONTHS,
            unknown=tuple(_unknown_submits(connection)),
            output_dir=None if folder is None else Path(folder),
        )


def _unknown_submits(connection: sqlite3.Connection) -> Iterator[UnknownSubmit]:
    found = connection.execute(
        "SELECT requests.id, unknown_submits.run, at, reason, state"
        " FROM unknown_submits JOIN requests USING (number) ORDER BY at, number"
    )
    for row in found:
        yield UnknownSubmit(
            id=row["id"],
            run=row["run"],
            at=datetime.fromtimestamp(row["at"], UTC),
            reason=row["reason"],
            state=row["state"],
        )


def read_outcomes(journal: str | Path) -> Iterator[Outcome]:
    """The outcome of every request that was submitted, in the order of the first submits.

    Raises:
        JournalError: There is none, it is no journal, or of another version.
    """
    with readable_journal(Path(journal)) as connection:
        folder = Path(entries.recall(connection, entries.OUTPUT_DIR) or "")
        for found in connection.execute("SELECT * FROM requests ORDER BY number"):
            outcome = journaled(entries.known(found), folder)
            if outcome is not None:
                yield outcome


def read_durations(journal: str | Path) -> Durations | None:
    """What earlier runs learned of how long jobs take, for `TailoredClient(durations=...)`.

    Raises:
        JournalError: It is no journal, or of another version.
    """
    path = Path(journal)
    if not is_journal(path):
        return None
    with readable_journal(path) as connection:
        kept = entries.recall(connection, entries.DURATIONS)
    return None if kept is None else Durations.from_dict(json.loads(kept))
