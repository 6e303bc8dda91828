"""Simulated time: it runs at a chosen speed and can be moved forward by hand."""

import math
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

# No date is later than the year 9999, and some follow from others.
_FASTEST_AGEING: Final = 60.0
_LATEST: Final = datetime(9001, 1, 1, tzinfo=UTC).timestamp()


class SimulatedClock:
    """A clock whose seconds may pass faster than real ones; safe to use from any thread.

    Args:
        speed: Simulated seconds per real second; 0 stands still and only moves by hand.
        start: Unix seconds at which simulated time begins; `None` takes the real time.
        source: A monotonic clock in real seconds.

    Raises:
        ValueError: The speed is negative or not finite.
    """

    def __init__(
        self,
        *,
        speed: float = 1.0,
        start: float | None = None,
        source: Callable[[], float] = time.monotonic,
    ) -> None:
        if not math.isfinite(speed) or speed < 0:
            raise ValueError(f"speed must be 0 or a positive number, not {speed!r}.")
        self.speed = speed
        self._source = source
        self._start = time.time() if start is None else start
        self._began = source()
        self._added = 0.0
        self._moves: list[tuple[float, float]] = []
        self._lock = threading.Lock()

    def now(self) -> float:
        """Give the simulated time in unix seconds."""
        with self._lock:
            return self._now()

    def aged(self, since: float) -> float:
        """Give how far what began at an instant has aged, in simulated seconds.

        It ages as time passes, but by a minute in each real second at most: a link that lasts an
        hour can then be followed where an hour takes a second. What is moved by hand counts whole.
        """
        with self._lock:
            now = self._now()
            if self.speed <= _FASTEST_AGEING:
                return now - since
            moved = sum(max(0.0, end - max(start, since)) for start, end in self._moves)
            return moved + (now - since - moved) * _FASTEST_AGEING / self.speed

    def advance(self, seconds: float) -> None:
        """Move time forward.

        Args:
            seconds: Simulated seconds, 0 or more.

        Raises:
            ValueError: The length is negative or not finite, as time never goes back, or leads
                beyond what a date can be.
        """
        if not math.isfinite(seconds) or seconds < 0:
            raise ValueError(f"Time can only be moved forward, not by {seconds!r} seconds.")
        if self.now() + seconds > _LATEST:
            raise ValueError(f"Time ends with the year 9000; {seconds!r} seconds are too many.")
        with self._lock:
            now = self._now()
            self._moves.append((now, now + seconds))
            self._added += seconds

    def _now(self) -> float:
        passed = self._source() - self._began
        return self._start + passed * self.speed + self._added


def zulu(instant: float) -> str:
    """Write an instant as projects, datasets and images do: `2024-05-26T12:00:00Z`."""
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def naive(instant: float) -> str:
    """Write an instant as models and checkpoints do: microseconds and no zone."""
    stamp = datetime.fromtimestamp(instant, UTC).replace(tzinfo=None)
    return stamp.isoformat(timespec="microseconds")
