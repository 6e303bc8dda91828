"""The timer that one of those who wait holds for all, and hands on when it has better to do."""

from __future__ import annotations

from math import inf
from typing import Protocol

import anyio

from bria_tailored_ext.edge.turn import Turn, turn
from bria_tailored_ext.values.clock import Clock


class Sleeper(Protocol):
    """A task that waits."""

    turn: Turn | None


class Timer:
    """Held by one task at a time; the others sleep until they are woken, or inherit it.

    Args:
        clock: Tells and passes the time.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heirs: dict[Sleeper, None] = {}
        self._holder: Sleeper | None = None
        self._nap: anyio.CancelScope | None = None
        self._until = inf

    def is_for(self, sleeper: Sleeper) -> bool:
        """Whether this one holds it, or may take it because nobody does."""
        return self._holder is None or self._holder is sleeper

    def is_held_by(self, sleeper: Sleeper) -> bool:
        """Whether this one holds it."""
        return self._holder is sleeper

    def take(self, sleeper: Sleeper) -> None:
        """Hold it from now on."""
        self._holder = sleeper

    async def run(self, until: float) -> None:
        """The holder sleeps until an instant, or until it is woken."""
        self._until = until
        with anyio.CancelScope() as self._nap:
            try:
                if until == inf:
                    await anyio.sleep_forever()
                await self._clock.sleep(max(0.0, until - self._clock.monotonic()))
            finally:
                self._nap = None

    def bring_forward(self, until: float) -> None:
        """Let the holder wake no later than at an instant."""
        if self._nap is not None and until < self._until:
            self._nap.cancel()

    def rest(self, sleeper: Sleeper, *, may_inherit: bool) -> Turn:
        """What to wait for until woken. `rose` is to be called afterwards, whatever ended it.

        Args:
            sleeper: This task.
            may_inherit: Whether it can hold the timer, should its holder go.
        """
        sleeper.turn = found = turn()
        if may_inherit:
            self._heirs[sleeper] = None
        return found

    def rose(self, sleeper: Sleeper) -> None:
        """It sleeps no more."""
        sleeper.turn = None
        self._heirs.pop(sleeper, None)

    def wake(self, sleeper: Sleeper) -> None:
        """Wake one, the holder or another."""
        if sleeper is self._holder and self._nap is not None:
            self._nap.cancel()
        elif sleeper.turn is not None:
            self._heirs.pop(sleeper, None)
            sleeper.turn.set()

    def hand_over(self) -> None:
        """Give it to another, who wakes; where there is none, the next to come takes it."""
        self._holder = None
        if self._heirs:
            heir, _ = self._heirs.popitem()
            self._holder = heir
            if heir.turn is not None:
                heir.turn.set()
