"""The journal: whose it is, what it is, and what is on disk when."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from functools import partial
from pathlib import Path

import anyio
import pytest

from bria_tailored_ext.batch import (
    Batch,
    OutcomeState,
    entries,
    read_outcomes,
    read_status,
    run_batch,
    schema,
)
from bria_tailored_ext.batch.journal import locked_journal, readable_journal
from bria_tailored_ext.batch.journaled_errors import error_columns, error_of
from bria_tailored_ext.batch.rows import Row, read_row
from bria_tailored_ext.batch.writer import JournalWriter
from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.values.errors import (
    BriaError,
    JobFailed,
    JournalError,
    JournalInUse,
    ValidationError,
    WaitTimeout,
)

HOLDER = """
import sys, time
from pathlib import Path
from bria_tailored_ext.batch.journal import locked_journal
with locked_journal(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def row(number: int = 1) -> Row:
    return read_row(number, {"tailored_model_id": "7", "prompt": f"teapot {number}"})


def hold(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def let_go(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def test_a_second_process_is_refused_with_the_first_ones_pid(tmp_path: Path) -> None:
    """Two on one journal would pay for everything twice; a killed one blocks nobody."""
    path = tmp_path / "journal.db"
    process = hold(path)
    with (
        pytest.raises(JournalInUse, match=f"process {process.pid}") as caught,
        locked_journal(path),
    ):
        pass
    assert caught.value.pid == process.pid
    assert read_status(path).pid == process.pid

    let_go(process)
    with locked_journal(path) as connection:
        assert connection.execute("SELECT count(*) FROM requests").fetchone()[0] == 0
    assert read_status(path).pid is None


def test_the_same_process_is_refused_too(tmp_path: Path) -> None:
    """Two batches of one program are two batches."""
    path = tmp_path / "journal.db"
    with locked_journal(path), pytest.raises(JournalInUse) as caught, locked_journal(path):
        pass
    assert caught.value.pid == os.getpid()


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
        connection.commit()


def newer(path: Path) -> None:
    with locked_journal(path) as connection:
        connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")


@pytest.mark.parametrize(
    ("write", "words"),
    [
        (lambda path: path.write_text("id,prompt\n1,x\n"), "is not a journal"),
        (lambda path: path.write_bytes(b"SQLite format 3\0"), "is not a journal"),
        (foreign, "is not a journal"),
        (newer, "version 2"),
    ],
)
def test_what_is_no_journal_of_ours_is_not_touched(
    tmp_path: Path, write: object, words: str
) -> None:
    """Another file, another program's database, another version: refused, and left as it was."""
    path = tmp_path / "journal.db"
    assert callable(write)
    write(path)
    for beside in tmp_path.glob("journal.db?*"):
        beside.unlink()
    before = path.read_bytes()

    with pytest.raises(JournalError, match=words), locked_journal(path):
        pass
    with pytest.raises(JournalError, match=words), readable_journal(path):
        pass
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["journal.db"]


def test_an_empty_file_is_a_journal_that_was_not_begun(tmp_path: Path) -> None:
    """What `touch` or `mktemp` left."""
    path = tmp_path / "journal.db"
    path.touch()
    with locked_journal(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone()[0] == schema.VERSION


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """One sentence, with the folder."""
    path = tmp_path / "no" / "journal.db"
    with pytest.raises(JournalError, match="There is no folder"), locked_journal(path):
        pass


def test_what_was_being_submitted_when_the_process_died_is_unknown(tmp_path: Path) -> None:
    """The next run lists it; what has an id keeps it."""
    path = tmp_path / "journal.db"
    with locked_journal(path) as connection:
        entries.begin(connection, 1.0)
        for number in (1, 2):
            entries.intent(connection, row(number), 1, 30000, 2.0)
        entries.submitted(connection, "2", "7f3c", 3.0)
    assert [outcome.state for outcome in read_outcomes(path)] == [
        OutcomeState.UNKNOWN,
        OutcomeState.OPEN,
    ]

    with locked_journal(path) as connection:
        assert entries.begin(connection, 4.0) == 2
    status = read_status(path)
    assert status.requests == {"unknown": 1, "submitted": 1}
    [unknown] = status.unknown
    assert (unknown.id, unknown.run) == ("1", 1)
    assert "process died" in unknown.reason
    assert status.cost == pytest.approx(0.06)


def test_anyone_can_read_it_with_sqlite(tmp_path: Path) -> None:
    """No extension, no type of ours: plain tables and text."""
    path = tmp_path / "journal.db"
    with locked_journal(path) as connection:
        entries.intent(connection, row(), 1, 30000, 2.0)
    with closing(sqlite3.connect(path)) as plain:
        found = plain.execute("SELECT id, state, body FROM requests").fetchall()
    assert found == [("1", "intent", '{"prompt":"teapot 1","tailored_model_id":"7"}')]


@pytest.mark.parametrize(
    "error",
    [
        JobFailed("It failed.", request_id="7f3c", code=500, words="no"),
        WaitTimeout("Still open.", request_id="7f3c", status="IN_PROGRESS", seconds=3.0, polls=2),
        ValidationError("No.", method="POST", path="/v2", status=422, fields={"seed": "too big"}),
        BriaError("What happened."),
    ],
)
def test_an_error_comes_back_as_what_it_was(error: BriaError) -> None:
    """Class, sentence and facts."""
    kind, sentence, facts = error_columns(error)
    again = error_of({"error_kind": kind, "error": sentence, "error_facts": facts})
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)


@pytest.mark.anyio
async def test_entries_that_wait_together_are_one_commit(tmp_path: Path) -> None:
    """A flush to disk is the dear part: many requests share it."""
    with locked_journal(tmp_path / "journal.db") as connection:
        commits: list[str] = []
        connection.set_trace_callback(
            lambda line: commits.append(line) if line == "COMMIT" else None
        )
        writer = JournalWriter(connection, "journal.db")
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(writer.run)
            async with anyio.create_task_group() as waiting:
                for number in range(100):
                    entry = partial(entries.intent, row=row(number), run=1, cost=0, now=1.0)
                    waiting.start_soon(writer.write, entry)
            writer.close()
        count = connection.execute("SELECT count(*) FROM requests").fetchone()[0]
    assert count == 100
    assert len(commits) <= 5


@pytest.mark.anyio
async def test_an_entry_is_on_disk_when_write_returns(tmp_path: Path) -> None:
    """Another connection sees it at once."""
    path = tmp_path / "journal.db"
    with locked_journal(path) as connection:
        assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2
        writer = JournalWriter(connection, "journal.db")
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(writer.run)
            await writer.write(partial(entries.intent, row=row(), run=1, cost=0, now=1.0))
            assert read_status(path).requests == {"intent": 1}
            writer.close()


@pytest.mark.anyio
async def test_a_journal_that_cannot_be_written_stops_everything(tmp_path: Path) -> None:
    """The failed entry is told, and so is every later one; nothing half is kept."""
    path = tmp_path / "journal.db"
    with locked_journal(path) as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        writer = JournalWriter(connection, "journal.db")
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(writer.run)
            big = read_row(1, {"tailored_model_id": "7", "prompt": "x" * 100_000})
            for _ in range(2):
                with pytest.raises(JournalError, match="could not be written"):
                    await writer.write(partial(entries.intent, row=big, run=1, cost=0, now=1.0))
            writer.close()
    assert read_status(path).requests == {}


@pytest.mark.anyio
async def test_a_batch_without_room_for_its_journal_submits_nothing(
    tmp_path: Path, script: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The intent comes first: no intent, no job."""

    def full(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(entries, "intent", full)
    network = script.network(script.answer(500))  # type: ignore[attr-defined]
    bria: TailoredClient
    async with script.client(network) as bria:  # type: ignore[attr-defined]
        batch: Batch = run_batch(
            bria,
            [{"tailored_model_id": "7", "prompt": "x"}],
            journal=tmp_path / "journal.db",
            output_dir=tmp_path / "out",
        )
        with pytest.raises(JournalError, match="disk is full"):  # noqa: PT012
            async with batch:
                async for _outcome in batch:
                    pass
    assert network.asked == []


def test_reading_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    """`batch status` works while a batch commits."""
    path = tmp_path / "journal.db"
    with locked_journal(path) as connection:
        connection.execute("BEGIN IMMEDIATE")
        entries.intent(connection, row(), 1, 0, 1.0)
        start = time.monotonic()
        assert read_status(path).requests == {}
        assert time.monotonic() - start < 5
        connection.execute("ROLLBACK")
