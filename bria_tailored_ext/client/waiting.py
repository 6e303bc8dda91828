"""Waiting: looks at a pace, until one is final or the deadline has passed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from math import inf
from typing import TypeVar

import anyio
import attrs

from bria_tailored_ext.rules import patience
from bria_tailored_ext.rules.pace import Pace
from bria_tailored_ext.values.clock import Clock
from bria_tailored_ext.values.errors import BriaError

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Expired(Exception):
    """The deadline passed first.

    Attributes:
        seconds: How long it was waited.
        looks: How many looks there were.
        last_failure: Why the last look that ended failed, if it did.
    """

    seconds: float
    looks: int
    last_failure: Exception | None


async def wait_until(
    is_final: Callable[[T], bool],
    look: Callable[[], Awaitable[T]],
    *,
    pace: Pace,
    clock: Clock,
    timeout: float | None,
) -> T:
    """Look until `is_final` says so, and return the last look.

    An answer in hand wins over an expired deadline, as does one that comes within
    `patience.GRACE`; what takes longer is broken off. A look that fails in passing is followed by
    another; any other failure is raised.

    Args:
        is_final: Whether a look ends the wait.
        look: One look.
        pace: When to look next.
        clock: Tells and passes the time.
        timeout: Seconds from now; `None` waits for ever.

    Raises:
        Expired: The deadline passed.
    """
    start = clock.monotonic()
    deadline = inf if timeout is None else start + timeout
    looks, now = 0, start
    failure: Exception | None = None
    while True:
        looks += 1
        delay = pace.delay(looks)
        with anyio.move_on_after(max(0.0, deadline - now) + patience.GRACE) as under_way:
            try:
                seen = await look()
                failure = None
                if is_final(seen):
                    return seen
            except BriaError as error:
                if not patience.passes_by_itself(error):
                    raise
                failure = error
                delay = max(delay, patience.asked_for(error))
        now = clock.monotonic()
        if now >= deadline or under_way.cancelled_caught:
            raise Expired(seconds=now - start, looks=looks, last_failure=failure)
        # The last look falls on the deadline itself, not one delay before it.
        await clock.sleep(min(delay, deadline - now))
        now = clock.monotonic()
