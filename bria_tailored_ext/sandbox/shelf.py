"""Where uploaded bytes lie: one nameless temporary file, gone when the sandbox is."""

import tempfile
import threading
import weakref
from typing import IO


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

    def put(self, data: bytes) -> int:
        """Keep some bytes and give their number."""
        with self._lock:
            file = self._opened()
            file.seek(self._end)
            file.write(data)
            self._places.append((self._end, len(data)))
            self._end += len(data)
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
