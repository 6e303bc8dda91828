"""One process per journal: a lock that the system itself releases when a process dies."""

from __future__ import annotations

from pathlib import Path

from bria_tailored_ext.edge.on_disk import HAS_LOCKS, FileLock, Held
from bria_tailored_ext.values.errors import ConfigurationError, JournalError, JournalInUse


class JournalLock:
    """The lock of a journal. It lies beside it: one on the journal would end SQLite's own."""

    def __init__(self, journal: Path) -> None:
        self._journal = journal
        self._lock = FileLock(journal)

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            JournalInUse: Another process, or another batch of this one, has it.
            JournalError: The file beside the journal cannot be written.
        """
        if not HAS_LOCKS:  # pragma: no cover - not on Windows
            raise ConfigurationError(
                "Batches need flock to keep a second process from their journal, and this system "
                "has none. Use Linux, macOS or WSL."
            )
        try:
            self._lock.acquire()
        except Held as held:
            raise JournalInUse(
                f"{self._journal} is in use by {held.holder}. Wait for it to end, or stop it "
                "(SIGINT lets it finish what is paid for); `batch status` can be asked meanwhile.",
                path=str(self._journal),
                pid=held.pid,
            ) from None
        except OSError as error:
            raise JournalError(
                f"{self._lock.path} cannot be written: {error.strerror}. Choose another place for "
                "the journal.",
                path=str(self._journal),
            ) from error

    def release(self) -> None:
        """Give the lock back."""
        self._lock.release()


def owner(journal: Path) -> int | None:
    """The process that works with a journal now, as far as anybody can tell without writing."""
    # Two names of one journal have one lock.
    return FileLock(journal.resolve()).owner()
