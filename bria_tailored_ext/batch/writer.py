"""One writer per journal: entries that wait together are one commit, and one flush to disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar, cast

import anyio
import anyio.to_thread

from bria_tailored_ext.values.errors import JournalError

T = TypeVar("T")
Entry = Callable[[sqlite3.Connection], T]

_TOGETHER = 0.002
"""Seconds in which entries come together: a flush to disk costs more than to wait for others."""


class _Group:
    """Entries of one commit."""

    def __init__(self) -> None:
        self.entries: list[Entry[Any]] = []
        self.results: list[Any] = []
        self.failure: JournalError | None = None
        self.done = anyio.Event()


class JournalWriter:
    """Writes entries in the order in which they come, each on disk before `write` returns.

    Args:
        connection: The journal, which nothing else uses meanwhile.
        path: Where it is, for errors.
    """

    def __init__(self, connection: sqlite3.Connection, path: str) -> None:
        self._connection = connection
        self._path = path
        self._group = _Group()
        self._wake = anyio.Event()
        self.broken: anyio.Event = anyio.Event()
        """Set once nothing can be written any more."""
        self._closing = False
        self.failure: JournalError | None = None
        """Why nothing can be written any more, if so."""
        # Its own limiter: downloads in threads must not hold up the journal.
        self._thread = anyio.CapacityLimiter(1)

    async def run(self) -> None:
        """Write until `close`, whatever is cancelled around it."""
        with anyio.CancelScope(shield=True):
            while True:
                if not self._group.entries:
                    if self._closing:
                        return
                    await self._wake.wait()
                    self._wake = anyio.Event()
                    continue
                if not self._closing:
                    await anyio.sleep(_TOGETHER)
                group, self._group = self._group, _Group()
                await self._commit(group)

    def close(self) -> None:
        """Let `run` end, once everything is written."""
        self._closing = True
        self._wake.set()

    async def write(self, entry: Entry[T]) -> T:
        """Write one entry; it is on disk when this returns.

        A cancelled caller does not take the entry back.

        Raises:
            JournalError: It could not be written, nor can anything after it.
        """
        group = self._group
        place = len(group.entries)
        self.post(entry)
        await group.done.wait()
        if group.failure is not None:
            raise group.failure
        return cast("T", group.results[place])

    def post(self, entry: Entry[Any]) -> None:
        """Write one entry soon; in order, and before `run` ends."""
        self._group.entries.append(entry)
        self._wake.set()

    async def _commit(self, group: _Group) -> None:
        try:
            if self.failure is not None:
                raise self.failure
            group.results = await anyio.to_thread.run_sync(
                _commit, self._connection, group.entries, limiter=self._thread
            )
        except Exception as error:
            # Whatever it is: nobody goes on without what he wanted to have written.
            self.failure = self.failure or JournalError(
                f"The journal {self._path} could not be written: {error}. The batch stops: without "
                "it nobody would know what is paid for. Make room, and start it again.",
                path=self._path,
            )
            group.failure = self.failure
            self.broken.set()
        finally:
            group.done.set()


def _commit(connection: sqlite3.Connection, entries: list[Entry[Any]]) -> list[Any]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        results = [entry(connection) for entry in entries]
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return results
