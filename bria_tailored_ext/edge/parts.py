"""Files in the making: beside their target, until they are whole and on the disk."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import attrs

from bria_tailored_ext.edge.on_disk import keep_names, lock
from bria_tailored_ext.rules.files import Version
from bria_tailored_ext.values import wire
from bria_tailored_ext.values.errors import DownloadError
from bria_tailored_ext.values.media import HEAD

ENDING = ".bria-part"
"""What the name of a part that outlives its process ends in, beside the target's own name."""

CHECKPOINT = 64 * 2**20
"""Bytes between two moments at which a part that is kept is known to be on the disk."""

AHEAD = 8 * 2**20
"""Bytes after which the system is asked to begin to write them to the disk."""


class Part:
    """A file in the making. Everything here blocks: call it in a thread, one call at a time.

    Args:
        target: Where the file is to stand when it is whole.

    Attributes:
        end: How many bytes it holds.
        head: The first of them.
        version: What they are of.
    """

    def __init__(self, target: Path) -> None:
        self.end: int = 0
        self.head: bytes = b""
        self.version: Version | None = None
        self._target = target
        # Not named after the target: a long name with something added may be too long.
        self._path = target.parent / f".{uuid.uuid4().hex}.part"
        self._file: BinaryIO | None = None
        self._on_its_way = 0

    @property
    def is_open(self) -> bool:
        """Whether there is something to close."""
        return self._file is not None

    def open(self) -> None:
        """Nothing is opened until there is something to write."""

    def write(self, pieces: Sequence[bytes]) -> None:
        """Add bytes at the end."""
        if self._file is None:
            self._file = self._path.open("xb")
        self._file.writelines(pieces)
        self.end += sum(map(len, pieces))
        if len(self.head) < HEAD:
            self.head = (self.head + b"".join(pieces)[:HEAD])[:HEAD]
        if self.end >= self._on_its_way + AHEAD:
            self._on_its_way = self.end
            _start_to_disk(self._file)

    def restart(self) -> None:
        """Forget what is there."""
        if self._file is not None:
            self._file.seek(0)
            self._file.truncate()
        self.end, self.head, self.version = 0, b"", None
        self._on_its_way = 0

    def finish(self, pieces: Sequence[bytes], check: Callable[[bytes], None]) -> None:
        """Add the last bytes, and let the file stand at its target once it is on the disk.

        Args:
            pieces: The last bytes.
            check: Called with the head before the target is touched; it may raise.
        """
        self.write(pieces)
        check(self.head)
        if self._file is not None:
            _to_disk(self._file)
            if os.name == "nt":
                self._file.close()  # Windows renames no open file.
            self._path.replace(self._target)
            self._file.close()
            self._file = None
        keep_names(self._target.parent)

    def close(self) -> None:
        """Leave nothing behind, unless it is finished."""
        if self._file is not None:
            self._file.close()
            self._file = None
            self._path.unlink(missing_ok=True)


class KeptPart(Part):
    """A part that outlives its process, for a download that goes on elsewhere.

    Beside it lies a small JSON file that says of which version its bytes are, and how many of them
    are certainly on the disk. On POSIX only one download at a time can have it.
    """

    # Said again: else pyright calls what is assigned below an override of unknown type.
    end: int
    head: bytes
    version: Version | None

    def __init__(self, target: Path) -> None:
        super().__init__(target)
        self._path = target.with_name(target.name + ENDING)
        self._notes = target.with_name(target.name + ENDING + ".json")
        self._safe = 0

    def open(self) -> None:
        """Take up what an earlier download has left, as far as it is certainly there.

        Raises:
            DownloadError: Another download to the same place is under way.
        """
        if self._target.is_dir():
            raise IsADirectoryError("a folder stands there")
        self._file = _open_alone(self._path)
        self._take_up()
        self._file.seek(self.end)
        self._file.truncate()

    def write(self, pieces: Sequence[bytes]) -> None:
        """Add bytes at the end, and see now and then that they get to the disk."""
        super().write(pieces)
        if self.end - self._safe >= CHECKPOINT:
            self._checkpoint()

    def restart(self) -> None:
        """Forget what is there."""
        self._notes.unlink(missing_ok=True)
        self._safe = 0
        super().restart()

    def finish(self, pieces: Sequence[bytes], check: Callable[[bytes], None]) -> None:
        """Add the last bytes, and let the file stand at its target once it is on the disk."""
        super().finish(pieces, check)
        self._notes.unlink(missing_ok=True)

    def close(self) -> None:
        """Keep what can be gone on with."""
        if self._file is None:
            return
        # On a disk that is full, what was safe before is still there.
        with suppress(OSError):
            self._checkpoint()
        file, self._file = self._file, None
        if not self._safe and os.name != "nt":
            # While the lock is held: the next download to open it makes another.
            self._path.unlink(missing_ok=True)
        file.close()
        if not self._safe and os.name == "nt":
            self._path.unlink(missing_ok=True)

    def _checkpoint(self) -> None:
        if self._file is None or self.version is None or self.version.validator is None:
            return
        # In this order: what the notes promise is on the disk.
        _to_disk(self._file)
        notes = attrs.asdict(self.version) | {"bytes": self.end}
        self._notes.write_text(json.dumps(notes), encoding="utf-8")
        self._safe = self.end

    def _take_up(self) -> None:
        notes = self._read_notes()
        version, safe = _version(notes), notes.get("bytes")
        if self._file is None or version is None or type(safe) is not int:
            return
        if 0 < safe <= os.fstat(self._file.fileno()).st_size:
            # Of a part that is whole the last byte is asked for again: it may be out of date.
            self.end = safe if version.length is None else min(safe, version.length - 1)
            self.version, self._safe = version, self.end
            self.head = self._file.read(min(HEAD, self.end))

    def _read_notes(self) -> dict[str, Any]:
        # What cannot be read promises nothing: the file is fetched from its beginning.
        with suppress(OSError, ValueError):
            return dict(wire.mapping(json.loads(self._notes.read_text(encoding="utf-8"))) or {})
        return {}


def _version(notes: dict[str, Any]) -> Version | None:
    source, validator = wire.text(notes.get("source")), wire.text(notes.get("validator"))
    length = notes.get("length")
    if source is None or validator is None or not isinstance(length, int | None) or length == 0:
        return None
    return Version(source=source, validator=validator, length=length)


def _open_alone(path: Path) -> BinaryIO:
    while True:
        # Neither emptied nor at its end: that depends on the notes.
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
        file = os.fdopen(os.open(path, flags, 0o666), "r+b")
        try:
            if not lock(file.fileno()):
                raise DownloadError(
                    f"{path} is being written by another download. Wait for that one, or choose "
                    "another place.",
                    path=str(path),
                )
            # Gone: another download has renamed it, as below.
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                    return file
        except BaseException:
            file.close()
            raise
        # Another download has finished and renamed it between the opening and the lock.
        file.close()


def _to_disk(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _start_to_disk(file: BinaryIO) -> None:
    """Have the disk write while the network still brings, so that less is left for the end."""
    if hasattr(os, "posix_fadvise"):
        file.flush()
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
