"""What a body is made of when it is sent: content that can be read again, from any place.

No content holds a file open between two reads, except a file that the caller opened and a
temporary one that is gone with it.
"""

from __future__ import annotations

import hashlib
import io
import os
import stat
import tempfile
import threading
import weakref
from pathlib import Path
from typing import BinaryIO, Protocol

import attrs

from bria_tailored_ext.values.errors import FileChangedError, InvalidInputError

_COPIED_AT_ONCE = 2**18

# An open file has one position: whoever moves it reads before the next may move it.
_POSITION = threading.Lock()


class Content(Protocol):
    """Content that can be read again and again. Reading blocks: do it in a worker thread."""

    @property
    def name(self) -> str:
        """What to call it."""
        ...

    @property
    def size(self) -> int:
        """In bytes."""
        ...

    def read(self, start: int, count: int) -> bytes:
        """So many bytes from there.

        Raises:
            FileChangedError: They are not there, or no longer.
        """
        ...


@attrs.frozen
class BytesContent:
    """Bytes in memory."""

    name: str
    data: bytes = attrs.field(repr=False)

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self.data)

    def read(self, start: int, count: int) -> bytes:
        """So many bytes from there."""
        return self.data[start : start + count]


@attrs.frozen
class PathContent:
    """A regular file by its path, opened for each read."""

    name: str
    path: Path
    size: int

    def read(self, start: int, count: int) -> bytes:
        """So many bytes from there.

        Raises:
            FileChangedError: It is gone, or of another size.
        """
        try:
            with self.path.open("rb", buffering=0) as file:
                size = os.fstat(file.fileno()).st_size
                if size != self.size:
                    raise _changed(self.name, f"from {self.size:,} to {size:,} bytes")
                file.seek(start)
                return _exactly(self.name, file, count)
        except OSError as error:
            raise _unreadable(self.name, error) from error


@attrs.frozen(eq=False)
class OpenContent:
    """A seekable file that somebody opened, from its first byte to its last."""

    name: str
    file: BinaryIO
    size: int

    def read(self, start: int, count: int) -> bytes:
        """So many bytes from there; the file's position moves.

        Raises:
            FileChangedError: It was closed, or has become shorter.
        """
        try:
            with _POSITION:
                self.file.seek(start)
                return _exactly(self.name, self.file, count)
        except (OSError, ValueError) as error:
            raise _unreadable(self.name, error) from error


def of_path(name: str, path: Path) -> PathContent:
    """The content of a regular file.

    Raises:
        InvalidInputError: There is none. A pipe is none: opening it might wait for ever.
    """
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        raise _cannot_be_read(name, error) from error
    if stat.S_ISDIR(found.st_mode):
        raise InvalidInputError(f"{name} is a folder. Pass the files in it.")
    if not stat.S_ISREG(found.st_mode):
        raise InvalidInputError(f"{name} is no regular file. Pass one, or bytes.")
    return PathContent(name, path, found.st_size)


def of_file(name: str, file: BinaryIO, most: int) -> Content:
    """The content of an open file; of one that cannot be rewound, a copy on disk.

    Args:
        name: What to call it.
        file: Opened for reading bytes. It must stay open until its content was sent.
        most: Bytes after which copying stops: more would be refused anyway.

    Raises:
        InvalidInputError: It cannot be read, or gives text.
    """
    try:
        if isinstance(file, io.BytesIO):
            return BytesContent(name, file.getvalue())
        if isinstance(file.read(0), str):
            raise InvalidInputError(f"{name} was opened as text. Open it with mode 'rb'.")
        if file.seekable():
            with _POSITION:
                return OpenContent(name, file, file.seek(0, os.SEEK_END))
        return _copy(name, file, most)
    except (OSError, ValueError) as error:
        if isinstance(error, InvalidInputError):
            raise
        raise _cannot_be_read(name, error) from error


def of_temporary(name: str, file: BinaryIO) -> OpenContent:
    """The content of a temporary file, which is closed and gone with it."""
    content = OpenContent(name, file, file.seek(0, os.SEEK_END))
    weakref.finalize(content, file.close)
    return content


def digest_of(content: Content) -> str:
    """The SHA-256 of it all, in hexadecimal.

    Raises:
        FileChangedError: It changed meanwhile.
    """
    seen = hashlib.sha256()
    for start in range(0, content.size, _COPIED_AT_ONCE):
        seen.update(content.read(start, min(_COPIED_AT_ONCE, content.size - start)))
    return seen.hexdigest()


def _copy(name: str, file: BinaryIO, most: int) -> OpenContent:
    copied = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the content
    try:
        left = most + 1
        while left and (piece := file.read(min(left, _COPIED_AT_ONCE))):
            copied.write(piece)
            left -= len(piece)
        copied.flush()
        return of_temporary(name, copied)
    except BaseException:
        copied.close()
        raise


def _exactly(name: str, file: BinaryIO | io.RawIOBase, count: int) -> bytes:
    pieces: list[bytes] = []
    while count:
        piece = file.read(count)
        if not piece:
            raise _changed(name, "and is shorter now")
        pieces.append(piece)
        count -= len(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _cannot_be_read(name: str, error: Exception) -> InvalidInputError:
    reason = getattr(error, "strerror", None) or error
    return InvalidInputError(f"{name} cannot be read: {reason}.")


def _changed(name: str, how: str) -> FileChangedError:
    return FileChangedError(f"{name} changed {how} after it was checked. Send it again.")


def _unreadable(name: str, error: Exception) -> FileChangedError:
    reason = getattr(error, "strerror", None) or error
    return FileChangedError(f"{name} cannot be read any more: {reason}. Put it back, and send it.")
