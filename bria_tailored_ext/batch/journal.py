"""The journal's file: made whole or not at all, opened only if it is one."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

from bria_tailored_ext.batch import schema
from bria_tailored_ext.batch.locking import JournalLock
from bria_tailored_ext.edge.on_disk import keep_names
from bria_tailored_ext.values.errors import JournalError

_MAGIC = b"SQLite format 3\0"
_HEADER = 100
"""Source: https://www.sqlite.org/fileformat.html, the database header."""


@contextmanager
def locked_journal(path: Path) -> Generator[sqlite3.Connection]:
    """Open a journal for writing, or make it; no other process can meanwhile.

    Raises:
        JournalInUse: Another process has it.
        JournalError: It is no journal, of another version, or cannot be opened.
    """
    if not path.parent.is_dir():
        raise JournalError(
            f"There is no folder {path.parent} for the journal. Make it, or name another place.",
            path=str(path),
        )
    # Before anything is written beside it.
    is_new = not is_journal(path)
    # Two names of one journal have one lock.
    lock = JournalLock(path.resolve())
    lock.acquire()
    try:
        if is_new and not is_journal(path):
            _make(path)
        with closing(_connect(path)) as connection:
            yield connection
    finally:
        lock.release()


@contextmanager
def readable_journal(path: Path) -> Generator[sqlite3.Connection]:
    """Open a journal for reading, also while a batch works with it.

    Raises:
        JournalError: There is none, it is no journal, or of another version.
    """
    if not is_journal(path):
        raise JournalError(
            f"There is no journal {path}. Check its name: the first run of a batch makes it.",
            path=str(path),
        )
    uri = f"{path.absolute().as_uri()}?mode=ro"
    try:
        connection = sqlite3.connect(
            uri, uri=True, isolation_level=None, check_same_thread=False, timeout=30
        )
        connection.row_factory = sqlite3.Row
        with closing(connection):
            # One instant for everything that is read.
            connection.execute("BEGIN")
            yield connection
    except sqlite3.Error as error:
        raise _broken(path, error) from error


def is_journal(path: Path) -> bool:
    """Whether there is a journal; `False` if there is nothing.

    Reads the header itself: SQLite would write to a file of its own kind.

    Raises:
        JournalError: There is something else, or a journal of another version.
    """
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise JournalError(
            f"{path} cannot be read: {error.strerror}. Name the journal's file, and see that it "
            "may be read.",
            path=str(path),
        ) from error
    if not header:
        return False
    application = int.from_bytes(header[68:72], "big")
    if not header.startswith(_MAGIC) or application != schema.APPLICATION_ID:
        raise JournalError(
            f"{path} is not a journal of a batch, and was not touched. Name another file.",
            path=str(path),
        )
    version = int.from_bytes(header[60:64], "big")
    if version != schema.VERSION:
        raise JournalError(
            f"{path} is a journal of version {version}; this program reads version "
            f"{schema.VERSION}, and did not touch it. Use the program that wrote it, or a newer "
            "one.",
            path=str(path),
        )
    return True


def _make(path: Path) -> None:
    fresh = path.with_name(f".{path.name[:100]}.{os.getpid()}.new")
    try:
        fresh.unlink(missing_ok=True)
        with closing(sqlite3.connect(fresh, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(schema.CREATE)
        fresh.replace(path)
        keep_names(path.parent)
    except (OSError, sqlite3.Error) as error:
        raise JournalError(
            f"{path} cannot be written: {error}. Choose another place for the journal.",
            path=str(path),
        ) from error


def _connect(path: Path) -> sqlite3.Connection:
    try:
        # Used by one thread at a time, though not always by the same.
        connection = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, timeout=30, cached_statements=256
        )
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        # A commit is on disk when it returns: a job may be paid for on the strength of it.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -16000")
    except sqlite3.Error as error:
        raise _broken(path, error) from error
    return connection


def _broken(path: Path, error: sqlite3.Error) -> JournalError:
    return JournalError(
        f"The journal {path} cannot be used: {error}. Keep the file: it knows what is paid for. "
        "See that it may be written, and that its disk is sound and not full.",
        path=str(path),
    )
