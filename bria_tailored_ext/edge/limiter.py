"""When a request may leave: one limiter per account and host, shared by a process's clients."""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from weakref import WeakValueDictionary

import anyio
from anyio.lowlevel import RunVar

from bria_tailored_ext.rules.limits import SlidingWindow
from bria_tailored_ext.values.clock import Clock
from bria_tailored_ext.values.configuration import Account

_Queues = dict[tuple[int, str], deque[anyio.Event]]

# Waiters of one event loop stand in line there; the windows are common to all loops and threads.
_queues: RunVar[_Queues] = RunVar("bria_tailored_limiter_queues")

_limiters: WeakValueDictionary[tuple[str, bytes, Clock], Limiter] = WeakValueDictionary()
_registry = threading.Lock()


class Limiter:
    """The windows of one account at one host, by endpoint."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._windows: dict[str, SlidingWindow] = {}
        self._lock = threading.Lock()

    async def wait(self, route: str, rate: int | None) -> float:
        """Wait until a request may start at an endpoint, first come, first served.

        The start is recorded when this returns. A cancelled waiter leaves no trace.

        Args:
            route: The endpoint.
            rate: Its requests a minute; `None` waits for pauses only.

        Returns:
            The seconds waited.
        """
        queue = self._queue(route)
        if not queue and self._try_start(route, rate) <= 0:
            return 0.0
        begin = self._clock.monotonic()
        turn = anyio.Event()
        queue.append(turn)
        try:
            if queue[0] is not turn:
                await turn.wait()
            while (delay := self._try_start(route, rate)) > 0:
                await self._clock.sleep(delay)
        finally:
            self._leave(queue, turn)
        return self._clock.monotonic() - begin

    def refused(self, route: str, retry_after: float | None) -> float:
        """Pause an endpoint for every task after a 429; the seconds until it goes on."""
        with self._lock:
            return self._window(route).refused(self._clock.monotonic(), retry_after)

    def admitted(self, route: str) -> None:
        """Take note of an answer that is not a 429."""
        with self._lock:
            self._window(route).admitted()

    def _try_start(self, route: str, rate: int | None) -> float:
        with self._lock:
            now = self._clock.monotonic()
            window = self._window(route)
            delay = window.delay(now, rate)
            if delay <= 0:
                window.start(now)
            return delay

    def _window(self, route: str) -> SlidingWindow:
        return self._windows.setdefault(route, SlidingWindow())

    def _queue(self, route: str) -> deque[anyio.Event]:
        queues = _queues.get(None)
        if queues is None:
            queues = {}
            _queues.set(queues)
        key = (id(self), route)
        queue = queues.get(key)
        if queue is None:
            queue = queues[key] = deque()
        return queue

    def _leave(self, queue: deque[anyio.Event], turn: anyio.Event) -> None:
        was_first = queue[0] is turn
        queue.remove(turn)
        if was_first and queue:
            queue[0].set()


def limiter_for(account: Account, clock: Clock) -> Limiter:
    """The limiter that every client of this account, host and clock in this process shares."""
    # The digest, so that no dump of the registry shows a token.
    digest = hashlib.sha256(account.api_token.encode()).digest()
    key = (account.base_url, digest, clock)
    with _registry:
        found = _limiters.get(key)
        if found is None:
            found = _limiters[key] = Limiter(clock)
        return found
