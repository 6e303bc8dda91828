"""What must hold on the disk whatever dies: names that are kept, and one process per file."""

from __future__ import annotations

import os
import uuid
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

try:
    import fcntl
except ModuleNotFoundError:  # pragma: no cover - Windows, where processes are not kept apart
    fcntl = None  # type: ignore[assignment]  # a module elsewhere

HAS_LOCKS = fcntl is not None


def keep_names(folder: Path) -> None:
    """Let the names of a folder's new and renamed files survive a power failure.

    Not every system lets a folder be flushed.
    """
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


@contextmanager
def replacing(path: Path, *, durable: bool = False) -> Generator[TextIO]:
    """Write a text file that stands at `path` once it is whole. This blocks.

    Args:
        path: Where it is to stand.
        durable: Whether it is on the disk before it stands there.

    Raises:
        OSError: It cannot be written; what stood there before stands there still.
    """
    # Not named after it: a long name with something added may be too long.
    part = path.with_name(f".{uuid.uuid4().hex}.part")
    try:
        with part.open("x", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            yield file
            if durable:
                file.flush()
                os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def lock(file: int) -> bool:
    """Lock an open file, until it is closed or the process dies; False where another has it.

    Where there are no locks, on Windows and some network drives, nobody can be said to have it.
    """
    if fcntl is None:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


class Held(Exception):
    """Another has the lock.

    Attributes:
        pid: The process that has it, where it is known.
    """

    def __init__(self, pid: int | None) -> None:
        super().__init__(pid)
        self.pid = pid

    @property
    def holder(self) -> str:
        """Who has it, in words."""
        if self.pid == os.getpid():
            return "this very process"
        return f"process {self.pid}" if self.pid else "another process"


class FileLock:
    """A lock on a file of its own, beside the one that it keeps, with the owner's pid in it.

    The file stays when the lock is released: removing it would let two processes lock two
    files of the same name.
    """

    def __init__(self, kept: Path) -> None:
        self.path: Path = kept.with_name(f"{kept.name}.lock")
        self._file: int | None = None

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            Held: Another process, or another part of this one, has it.
            OSError: The file beside the kept one cannot be written.
        """
        file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            if not lock(file):
                raise Held(_pid(os.read(file, 20)))
            # Not `pwrite`, which Windows does not have.
            os.ftruncate(file, 0)
            os.write(file, f"{os.getpid()}\n".encode())
        except BaseException:
            os.close(file)
            raise
        self._file = file

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def owner(self) -> int | None:
        """The process that has the lock now, as far as anybody can tell without writing."""
        if fcntl is None:  # pragma: no cover
            return None
        try:
            file = os.open(self.path, os.O_RDONLY)
        except OSError:
            return None
        try:
            # Shared: two who ask at once do not take each other for owners.
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return _pid(os.read(file, 20))
        else:
            return None
        finally:
            os.close(file)


def _pid(written: bytes) -> int | None:
    return int(written) if written.strip().isdigit() else None
