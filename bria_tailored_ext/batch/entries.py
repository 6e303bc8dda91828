"""What is written to the journal, as functions of its connection. Instants are unix seconds."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import attrs

from bria_tailored_ext.batch import names, schema
from bria_tailored_ext.batch.journaled_errors import encodable, error_columns
from bria_tailored_ext.batch.rows import Row
from bria_tailored_ext.values.errors import BriaError
from bria_tailored_ext.values.jobs import JobKind

Write: TypeAlias = Callable[[sqlite3.Connection], None]
"""An entry that nobody wants an answer of."""

OUTPUT_DIR = "output_dir"
DURATIONS = "durations"
"""What `remember` keeps under these names: where the files are, and how long jobs took."""

_TAKE_BACK = (
    "UPDATE requests SET submits = submits - 1, cost = cost - ?,"
    # An earlier submit of it may have been carried out: the policy is asked again.
    " state = CASE WHEN unknowns > 0 THEN 'unknown' ELSE 'planned' END,"
    " error_kind = CASE WHEN unknowns > 0 THEN 'SubmitOutcomeUnknown' END,"
    " error = (SELECT reason FROM unknown_submits AS those WHERE those.number = requests.number"
    " ORDER BY those.rowid DESC LIMIT 1)"
)

_DIED = "The process died while this was being submitted: it may have been billed, or not."


@attrs.frozen(kw_only=True)
class Known:
    """What the journal knows of a request.

    Attributes:
        row: The request.
        state: The journal's word.
        run: The run that wrote it last.
        request_id: Its job.
        columns: Everything else, by column.
    """

    row: Row
    state: str
    run: int
    request_id: str | None
    columns: Mapping[str, Any]


def begin(connection: sqlite3.Connection, now: float) -> int:
    """Begin a run; what an earlier one was submitting when it died is unknown from now on."""
    cursor = connection.execute(
        "INSERT INTO runs (pid, started_at) VALUES (?, ?)", (os.getpid(), now)
    )
    connection.execute(
        "INSERT INTO unknown_submits (number, run, at, reason)"
        " SELECT number, run, coalesce(intended_at, 0), ? FROM requests WHERE state = 'intent'",
        (_DIED,),
    )
    connection.execute(
        "UPDATE requests SET state = 'unknown', unknowns = unknowns + 1,"
        " error_kind = 'SubmitOutcomeUnknown', error = ?, error_facts = NULL"
        " WHERE state = 'intent'",
        (_DIED,),
    )
    run = cursor.lastrowid
    assert run is not None  # noqa: S101 - an INSERT has one
    return run


def end(connection: sqlite3.Connection, run: int, now: float, how: str) -> None:
    """End a run."""
    connection.execute("UPDATE runs SET ended_at = ?, ended = ? WHERE run = ?", (now, how, run))


def spent(connection: sqlite3.Connection) -> int:
    """What all runs may have spent, in millionths of a dollar."""
    return int(connection.execute("SELECT coalesce(sum(cost), 0) FROM requests").fetchone()[0])


@attrs.frozen
class Found:
    """What the journal has under an id."""

    number: int
    state: str
    digest: bytes
    run: int


def lookup(connection: sqlite3.Connection, ids: Sequence[str]) -> dict[str, Found]:
    """What the journal has of these requests, by id."""
    marks = ",".join("?" * len(ids))
    query = f"SELECT id, number, state, digest, run FROM requests WHERE id IN ({marks})"  # noqa: S608 - question marks alone
    rows = connection.execute(query, list(ids))
    return {row["id"]: Found(*tuple(row)[1:]) for row in rows}


def pending(
    connection: sqlite3.Connection, after: int, last: int, limit: int, *, failed: bool
) -> list[tuple[int, Known]]:
    """Requests that are not final, in order: number and what is known.

    Args:
        connection: The journal.
        after: Only those with a higher number.
        last: Only those up to this number.
        limit: So many at most.
        failed: Those that failed, too.
    """
    # The one without `failed` is answered from the index of open requests.
    also = " OR state = 'failed'" if failed else ""
    query = (
        "SELECT * FROM requests WHERE number > ? AND number <= ?"  # noqa: S608 - words of ours
        f" AND ({schema.IS_OPEN}{also}) ORDER BY number LIMIT ?"
    )
    return [
        (found["number"], known(found)) for found in connection.execute(query, (after, last, limit))
    ]


def last_number(connection: sqlite3.Connection) -> int:
    """The number of the last request."""
    return int(connection.execute("SELECT coalesce(max(number), 0) FROM requests").fetchone()[0])


def known(found: sqlite3.Row) -> Known:
    """What a line of the table says."""
    columns = dict(found)
    row = Row(
        id=columns["id"],
        kind=JobKind(columns["kind"]),
        body=columns["body"],
        digest=columns["digest"],
    )
    return Known(
        row=row,
        state=columns["state"],
        run=columns["run"],
        request_id=columns["request_id"],
        columns=columns,
    )


def intent(connection: sqlite3.Connection, row: Row, run: int, cost: int, now: float) -> None:
    """A submit is about to be sent."""
    connection.execute(
        "INSERT INTO requests (id, digest, kind, body, state, run, submits, cost, intended_at)"
        " VALUES (?, ?, ?, ?, 'intent', ?, 1, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET state = 'intent', run = excluded.run,"
        " submits = submits + 1, cost = cost + excluded.cost, intended_at = excluded.intended_at,"
        " request_id = NULL, submitted_at = NULL, finished_at = NULL,"
        " error_kind = NULL, error = NULL, error_facts = NULL",
        (row.id, row.digest, row.kind.value, row.body, run, cost, now),
    )


def submitted(connection: sqlite3.Connection, name: str, request_id: str, now: float) -> None:
    """Bria accepted it."""
    connection.execute(
        "UPDATE requests SET state = 'submitted', request_id = ?, submitted_at = ? WHERE id = ?",
        (request_id, now, name),
    )


def not_sent(connection: sqlite3.Connection, name: str, cost: int) -> None:
    """The submit was certainly not carried out: the request is again what it was before."""
    connection.execute(f"{_TAKE_BACK} WHERE id = ?", (cost, name))


def none_sent(connection: sqlite3.Connection, run: int, prices: Mapping[str, int]) -> None:
    """None of the submits under way in this run had left."""
    for kind, cost in prices.items():
        connection.execute(
            f"{_TAKE_BACK} WHERE state = 'intent' AND run = ? AND kind = ?", (cost, run, kind)
        )


def unknown(
    connection: sqlite3.Connection, name: str, run: int, error: BriaError, now: float
) -> None:
    """The fate of a submit is unknown."""
    columns = error_columns(error)
    connection.execute(
        "UPDATE requests SET state = 'unknown', unknowns = unknowns + 1,"
        " error_kind = ?, error = ?, error_facts = ? WHERE id = ?",
        (*columns, name),
    )
    connection.execute(
        "INSERT INTO unknown_submits (number, run, at, reason)"
        " SELECT number, ?, ?, ? FROM requests WHERE id = ?",
        (run, now, columns[1], name),
    )


def skipped(connection: sqlite3.Connection, name: str, run: int) -> None:
    """The policy is to leave an unknown one."""
    connection.execute("UPDATE requests SET state = 'skipped', run = ? WHERE id = ?", (run, name))


def failed(
    connection: sqlite3.Connection, row: Row, run: int, error: BriaError, cost: int, now: float
) -> None:
    """It is over without a result; `cost` is taken off what was spent."""
    connection.execute(
        "INSERT INTO requests (id, digest, kind, body, state, run, finished_at,"
        " error_kind, error, error_facts) VALUES (?, ?, ?, ?, 'failed', ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET state = 'failed', run = excluded.run,"
        " finished_at = excluded.finished_at, cost = cost - ?, error_kind = excluded.error_kind,"
        " error = excluded.error, error_facts = excluded.error_facts",
        (row.id, row.digest, row.kind.value, row.body, run, now, *error_columns(error), cost),
    )


def trouble(connection: sqlite3.Connection, name: str, run: int, error: BriaError) -> None:
    """It stays in its state, for this reason."""
    connection.execute(
        "UPDATE requests SET run = ?, error_kind = ?, error = ?, error_facts = ? WHERE id = ?",
        (run, *error_columns(error), name),
    )


def finished(
    connection: sqlite3.Connection,
    name: str,
    run: int,
    *,
    seed: int | None,
    result: Mapping[str, Any],
    wanted: Iterable[str],
    folder: Path,
    now: float,
) -> str:
    """The job has a result; returns the name of its file, which is this request's from now on."""
    found = connection.execute("SELECT file FROM requests WHERE id = ?", (name,)).fetchone()
    file: str = found["file"] or _first_free(connection, wanted, folder)
    connection.execute(
        "UPDATE requests SET state = 'finished', run = ?, seed = ?, result = ?, file = ?,"
        " file_key = ?, finished_at = coalesce(finished_at, ?),"
        " error_kind = NULL, error = NULL, error_facts = NULL WHERE id = ?",
        (
            run,
            _fits(seed),
            encodable(json.dumps(result, ensure_ascii=False)),
            file,
            names.same(file),
            now,
            name,
        ),
    )
    return file


def saved(connection: sqlite3.Connection, name: str, sha256: str, size: int, now: float) -> None:
    """The file is on disk."""
    connection.execute(
        "UPDATE requests SET state = 'saved', sha256 = ?, bytes = ?, saved_at = ?,"
        " error_kind = NULL, error = NULL, error_facts = NULL WHERE id = ?",
        (sha256, size, now, name),
    )


def sample(connection: sqlite3.Connection, values: Sequence[float]) -> None:
    """How far a run has come, for the charts."""
    connection.execute("INSERT INTO samples VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)


def remember(connection: sqlite3.Connection, name: str, value: str) -> None:
    """Keep something about the batch as a whole."""
    connection.execute("INSERT OR REPLACE INTO about (name, value) VALUES (?, ?)", (name, value))


def recall(connection: sqlite3.Connection, name: str) -> str | None:
    """What is kept about the batch as a whole."""
    found = connection.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
    return None if found is None else str(found["value"])


def _first_free(connection: sqlite3.Connection, wanted: Iterable[str], folder: Path) -> str:
    for file in wanted:
        taken = connection.execute(
            "SELECT 1 FROM requests WHERE file_key = ?", (names.same(file),)
        ).fetchone()
        # A file that no journal knows is somebody else's.
        if taken is None and not os.path.lexists(folder / file):
            return file
    raise AssertionError("there is always another name")


def _fits(seed: int | None) -> int | None:
    # SQLite's integers have 64 bits.
    return seed if seed is None or -(2**63) <= seed < 2**63 else None
