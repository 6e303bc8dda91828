"""Where uploaded bytes lie: one nameless temporary file, gone when the sandbox is."""

import io
import os
import tempfile
import threading
import weakref
from collections.abc import Iterator
from functools import partial
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_PIECE: Final = 2**20


class Shelf:
    """Bytes by number, kept out of memory; safe to use from any thread.

    The file has no name that a request could reach, and it is closed, and so deleted, by
    `close` or when the shelf is collected.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._places: list[tuple[int, int]] = []
        self._end = 0
        self._file: IO[bytes] | None = None

    def put(self, data: bytes | IO[bytes]) -> int:
        """Keep some bytes, or what a file holds, and give their number."""
        if isinstance(data, bytes):
            return self._put(iter((data,)), len(data))
        length = data.seek(0, os.SEEK_END)
        data.seek(0)
        return self._put(iter(partial(data.read, _PIECE), b""), length)

    def _put(self, pieces: Iterator[bytes], length: int) -> int:
        # Its place is taken first, so that others are not kept waiting for all of a large file.
        with self._lock:
            start = at = self._end
            self._end = end = start + length
        for piece in pieces:
            fitting = piece[: end - at]
            with self._lock:
                file = self._opened()
                file.seek(at)
                file.write(fitting)
            at += len(fitting)
            if at == end:
                # Though a file may have grown meanwhile.
                break
        with self._lock:
            self._places.append((start, at - start))
            return len(self._places) - 1

    def get(self, key: int) -> bytes:
        """Give back the bytes with this number.

        Raises:
            IndexError: There are none.
        """
        with self._lock:
            start, length = self._places[key]
            file = self._opened()
            file.seek(start)
            return file.read(length)

    def open(self, key: int) -> IO[bytes]:
        """Give the bytes with this number as a file, which is read piece by piece.

        Raises:
            IndexError: There are none.
        """
        with self._lock:
            start, length = self._places[key]
        return io.BufferedReader(_Window(self, start, length))

    def read_into(self, buffer: memoryview, start: int) -> int:
        """Fill a buffer with what lies from a place on, and tell how many bytes that were."""
        with self._lock:
            if self._file is None:
                return 0
            self._file.seek(start)
            part = self._file.read(len(buffer))
        buffer[: len(part)] = part
        return len(part)

    def close(self) -> None:
        """Forget everything."""
        with self._lock:
            if self._file is not None:
                self._file.close()
            self._file = None
            self._places.clear()
            self._end = 0

    def _opened(self) -> IO[bytes]:
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
            weakref.finalize(self, self._file.close)
        return self._file


class _Window(io.RawIOBase):
    """A part of the shelf, as a file that is only read."""

    def __init__(self, shelf: Shelf, start: int, length: int) -> None:
        self._shelf = shelf
        self._start = start
        self._length = length
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._length}[whence]
        if base + offset < 0:
            raise OSError("There is nothing before the beginning.")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        wanted = memoryview(buffer).cast("B")[: max(0, self._length - self._at)]
        read = self._shelf.read_into(wanted, self._start + self._at) if wanted else 0
        self._at += read
        return read
