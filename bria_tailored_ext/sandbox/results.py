"""Results that are made when they are first wanted, and kept while there is room."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future


class Results:
    """A cache of bytes with a limit; safe to use from any thread.

    What two ask for at once is made once. What was dropped is made again: from the same
    seed comes the same picture.

    Args:
        max_bytes: How much to keep. A result larger than this is not kept at all.
    """

    def __init__(self, *, max_bytes: int = 64 * 1024 * 1024) -> None:
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0
        self._being_made: dict[str, Future[bytes]] = {}

    def get(self, key: str, make: Callable[[], bytes]) -> bytes:
        """Give the bytes under a key, making them if need be.

        Raises:
            Exception: Whatever `make` raised, for everyone who waited for it.
        """
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept
            other = self._being_made.get(key)
            mine: Future[bytes] = Future()
            if other is None:
                self._being_made[key] = mine
        if other is not None:
            return other.result()
        self._fulfil(key, make, mine)
        return mine.result()

    def _fulfil(self, key: str, make: Callable[[], bytes], future: Future[bytes]) -> None:
        try:
            data = make()
        except BaseException as error:
            with self._lock:
                del self._being_made[key]
            future.set_exception(error)
            return
        with self._lock:
            del self._being_made[key]
            self._keep(key, data)
        future.set_result(data)

    def _keep(self, key: str, data: bytes) -> None:
        if len(data) > self._max_bytes:
            return
        self._kept[key] = data
        self._size += len(data)
        while self._size > self._max_bytes:
            _, dropped = self._kept.popitem(last=False)
            self._size -= len(dropped)
