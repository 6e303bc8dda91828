"""The limiter's arithmetic: a true window, never more than N starts in any 60 seconds.

A leaky bucket lets nearly 2 N pass in its first window; the server's window does not.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import deque

PERIOD = 60.0
"""Seconds. Source: Bria counts requests per minute."""

MARGIN = 0.0625
"""Seconds added to the period: clocks are not that exact."""

DOUBT = 5.0
"""Seconds after its start by which a request has reached the server's count, if nobody knows when.

A start is moved to its answer, when it certainly was counted: requests may overtake one another on
the way, and a busy event loop may hold them up before they leave. An answer that takes longer was
long in the making, not on its way.
"""

LONGEST_PAUSE = 60.0
"""Seconds: after a whole period without a request, no window can still be full."""

LONGEST_RETRY_AFTER = 3600.0
"""Seconds: an answer that asks for more, by mistake or malice, is asked again after an hour."""


class SlidingWindow:
    """The starts at one endpoint in the last period, and until when it is paused.

    Times are seconds on a monotonic clock and never go back.

    Args:
        period: The length of the window, in seconds.
    """

    def __init__(self, period: float = PERIOD + MARGIN) -> None:
        self._period = period
        self._starts: deque[float] = deque()
        self._paused_until = float("-inf")
        self._refusals = 0

    def delay(self, now: float, rate: int | None) -> float:
        """Seconds until the next start may happen; 0 for now.

        Args:
            now: The time.
            rate: How many starts any period may hold; `None` for any number.
        """
        pause = max(0.0, self._paused_until - now)
        self._forget(now)
        if rate is None or len(self._starts) < rate:
            return pause
        # Not always the oldest: another client of the same account may have a higher rate.
        return max(pause, self._starts[-rate] + self._period - now)

    def free(self, now: float, rate: int, ahead: float = 0.0) -> int:
        """How many starts may happen from now until so many seconds ahead.

        Args:
            now: The time.
            rate: How many starts any period may hold.
            ahead: Seconds, less than the period.
        """
        self._forget(now)
        counted = len(self._starts) - bisect_right(self._starts, now + ahead - self._period)
        return max(0, rate - counted)

    def postpone(self, started: float, now: float, rate: int) -> float:
        """Move a start that has not left yet to now, if that is allowed; else the seconds to wait.

        Args:
            started: When it was recorded.
            now: The time.
            rate: How many starts any period may hold.
        """
        self._forget(now)
        is_recorded = self._take_out(started)
        delay = self.delay(now, rate)
        if delay <= 0:
            self._record(now)
        elif is_recorded:
            self._record(started)
        return delay

    def counted(self, started: float, at: float | None) -> None:
        """Move a start to when the server has certainly counted it.

        Args:
            started: When it was recorded.
            at: When it was answered; `None` if it was not.
        """
        if self._take_out(started):
            latest = started + DOUBT
            self._record(latest if at is None else min(at, latest))

    def _record(self, at: float) -> None:
        if not self._starts or self._starts[-1] <= at:
            self._starts.append(at)
        else:
            insort(self._starts, at)

    def _take_out(self, started: float) -> bool:
        index = bisect_left(self._starts, started)
        is_recorded = index < len(self._starts) and self._starts[index] == started
        if is_recorded:
            del self._starts[index]
        return is_recorded

    def is_idle(self, now: float) -> bool:
        """Whether it holds nothing that a later start would have to respect."""
        self._forget(now)
        return not self._starts and self._paused_until <= now

    def start(self, now: float) -> None:
        """Record a start."""
        self._forget(now)
        self._record(now)

    def refused(self, now: float, retry_after: float | None) -> float:
        """Record a 429: nothing starts for a while. A pause is lengthened, never shortened.

        Args:
            now: The time.
            retry_after: Seconds that the answer asked for; without them the pause doubles with
                each refusal in a row, from 1 second on. Those that come while it is paused
                already left before the pause, and double nothing.

        Returns:
            The seconds from now until the pause ends.
        """
        if now >= self._paused_until or self._refusals == 0:
            self._refusals += 1
        if retry_after is None:
            retry_after = min(LONGEST_PAUSE, 2.0 ** min(self._refusals - 1, 10))
        retry_after = min(retry_after, LONGEST_RETRY_AFTER)
        self._paused_until = max(self._paused_until, now + retry_after)
        return self._paused_until - now

    def admitted(self) -> None:
        """Record an answer that is not a 429."""
        self._refusals = 0

    def _forget(self, now: float) -> None:
        starts, oldest = self._starts, now - self._period
        while starts and starts[0] <= oldest:
            starts.popleft()
