"""When a request may leave: one limiter per account and host, shared by a process's clients."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter, defaultdict, deque
from typing import TypeAlias
from weakref import WeakKeyDictionary, WeakValueDictionary

import anyio
import httpx
from anyio.lowlevel import RunVar

from bria_tailored_ext.edge.origin import parts
from bria_tailored_ext.rules.limits import SlidingWindow
from bria_tailored_ext.values.clock import Clock
from bria_tailored_ext.values.configuration import Account

_Queues: TypeAlias = "WeakKeyDictionary[Limiter, dict[str, deque[anyio.Event]]]"

# Waiters of one event loop stand in line there; the windows are common to all loops and threads.
_queues: RunVar[_Queues] = RunVar("bria_tailored_limiter_queues")

_Key = tuple[str, bytes, bytes, Clock]
_limiters: WeakValueDictionary[_Key, Limiter] = WeakValueDictionary()
# What has starts in its windows outlives its clients: the next client of the account counts on.
_busy: dict[_Key, Limiter] = {}
_registry = threading.Lock()


class Limiter:
    """The windows of one account at one host, by endpoint."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._windows: defaultdict[str, SlidingWindow] = defaultdict(SlidingWindow)
        self._in_line: Counter[str] = Counter()
        self._lock = threading.Lock()

    def start(self, route: str, rate: int | None) -> float | None:
        """Start a request at once: the usual case, and the one that must be quick.

        Args:
            route: The endpoint.
            rate: Its requests a minute; `None` minds pauses only.

        Returns:
            The instant of the start, which is recorded; `None` where it has to `wait`.
        """
        # Nobody may wait, on any event loop.
        return None if self._in_line[route] else self._try_start(route, rate)[0]

    async def wait(
        self, route: str, rate: int | None, deadline: float = float("inf"), *, again: bool = False
    ) -> float | None:
        """Wait until a request may start at an endpoint, first come, first served.

        The start is recorded when this returns. A cancelled waiter leaves no trace.

        Args:
            route: The endpoint.
            rate: Its requests a minute; `None` waits for pauses only.
            deadline: Nothing starts after this instant on the monotonic clock.
            again: Whether it had its turn before, and so came before all that stand in line.

        Returns:
            The instant of the start; `None` where it could not start by the deadline, and did not.
        """
        queues = self._queues()
        queue = queues.setdefault(route, deque())
        turn = anyio.Event()
        # At the end of a long line, the budget of its attempts would be over before its turn.
        queue.insert(0 if again else len(queue), turn)
        self._line(route, 1)
        try:
            if queue[0] is not turn:
                await turn.wait()
            while True:
                start, delay = self._try_start(route, rate, deadline)
                if start is not None:
                    return start
                if self._clock.monotonic() + delay > deadline:
                    return None
                await self._clock.sleep(delay)
        finally:
            self._line(route, -1)
            _leave(queue, turn)
            if not queue:
                queues.pop(route, None)

    async def leave(self, route: str, rate: int, started: float) -> float:
        """Wait until a request that was held up after its start may leave, and record that instead.

        Args:
            route: The endpoint.
            rate: Its requests a minute.
            started: The instant of its start, as `wait` returned it.

        Returns:
            The instant that is recorded instead.
        """
        while True:
            with self._lock:
                now = self._clock.monotonic()
                delay = self._windows[route].postpone(started, now, rate)
            if delay <= 0:
                return now
            await self._clock.sleep(delay)

    def counted(self, route: str, started: float, *, is_answered: bool) -> None:
        """Take note that a request is over: until now, at most, the server may have counted it.

        Args:
            route: The endpoint.
            started: The instant of its start.
            is_answered: Whether there was an answer. Else nobody knows whether it is on its way.
        """
        with self._lock:
            at = self._clock.monotonic() if is_answered else None
            self._windows[route].counted(started, at)

    def refused(self, route: str, retry_after: float | None) -> float:
        """Pause an endpoint for every task after a 429; the seconds until it goes on."""
        with self._lock:
            return self._windows[route].refused(self._clock.monotonic(), retry_after)

    def admitted(self, route: str) -> None:
        """Take note of an answer that is not a 429."""
        with self._lock:
            self._windows[route].admitted()

    def delay(self, route: str, rate: int | None) -> float:
        """Seconds until a start is allowed, if nobody else starts before; 0 for now."""
        with self._lock:
            return self._windows[route].delay(self._clock.monotonic(), rate)

    def free(self, route: str, rate: int, ahead: float) -> int:
        """How many starts are allowed from now until so many seconds ahead, if nobody else's are.

        Those who stand in line come first.
        """
        with self._lock:
            free = self._windows[route].free(self._clock.monotonic(), rate, ahead)
            return max(0, free - self._in_line[route])

    def is_idle(self) -> bool:
        """Whether it could be forgotten: no window holds a start or a pause."""
        with self._lock:
            now = self._clock.monotonic()
            return all(window.is_idle(now) for window in self._windows.values())

    def _try_start(
        self, route: str, rate: int | None, deadline: float = float("inf")
    ) -> tuple[float | None, float]:
        """The instant of the start, or none and the seconds to wait."""
        with self._lock:
            now = self._clock.monotonic()
            window = self._windows[route]
            delay = window.delay(now, rate)
            if delay <= 0 and now <= deadline:
                window.start(now)
                return now, 0.0
            return None, max(delay, 1e-9)

    def _line(self, route: str, change: int) -> None:
        with self._lock:
            self._in_line[route] += change

    def _queues(self) -> dict[str, deque[anyio.Event]]:
        of_limiters: _Queues | None = _queues.get(None)
        if of_limiters is None:
            of_limiters = WeakKeyDictionary()
            _queues.set(of_limiters)
        queues = of_limiters.get(self)
        if queues is None:
            queues = of_limiters[self] = {}
        return queues


def _leave(queue: deque[anyio.Event], turn: anyio.Event) -> None:
    was_first = queue[0] is turn
    queue.remove(turn)
    if was_first and queue:
        queue[0].set()


def limiter_for(account: Account, clock: Clock) -> Limiter:
    """The limiter that every client of this account, host and clock in this process shares."""
    # The digest, so that no dump of the registry shows a token.
    digest = hashlib.sha256(account.api_token.encode()).digest()
    key = (*parts(httpx.URL(account.base_url)), digest, clock)
    with _registry:
        for former in [each for each in _busy if _busy[each].is_idle()]:
            del _busy[former]
        found = _limiters.get(key)
        if found is None:
            found = _limiters[key] = Limiter(clock)
        _busy[key] = found
        return found
