"""The latest requests, noted as they are answered."""

import threading
from collections import deque
from collections.abc import Sequence
from typing import Final

import attrs

from bria_tailored_ext.sandbox.clock import SimulatedClock

_KEPT: Final = 200


@attrs.frozen(kw_only=True)
class SeenRequest:
    """One request and how it was answered."""

    method: str
    path: str
    status: int
    """0 when the connection ended without an answer."""
    milliseconds: float
    time: float
    """Unix seconds of simulated time."""


class Traffic:
    """The latest requests to the API and its files; those for the page itself do not count."""

    def __init__(self, clock: SimulatedClock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._latest: deque[SeenRequest] = deque(maxlen=_KEPT)
        self._count = 0

    @property
    def count(self) -> int:
        """How many there were in all."""
        return self._count

    def latest(self, most: int) -> Sequence[SeenRequest]:
        """List some of them, the last one first."""
        with self._lock:
            return list(self._latest)[: -most - 1 : -1]

    def note(self, *, method: str, path: str, status: int, seconds: float) -> None:
        """Note a request that took so many real seconds; status 0 is no answer."""
        request = SeenRequest(
            method=method,
            path=path,
            status=status,
            milliseconds=seconds * 1000,
            time=self._clock.now(),
        )
        with self._lock:
            self._latest.append(request)
            self._count += 1
