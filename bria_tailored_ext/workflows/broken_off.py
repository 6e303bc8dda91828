"""What a request that broke off has made after all: looked for at Bria, and never sent again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from bria_tailored_ext.values.clock import Clock
from bria_tailored_ext.values.errors import BriaError, SubmitOutcomeUnknown

T = TypeVar("T")

LOOKS = (0.0, 1.0, 3.0)
"""Seconds before each look: Bria may still be at work on it."""


async def look_for(
    find: Callable[[], Awaitable[T | None]],
    clock: Clock,
    error: SubmitOutcomeUnknown | None = None,
) -> T | None:
    """What was made, or `None` where no look shows it.

    Args:
        find: One look.
        clock: Passes the time between two looks.
        error: How the request ended; `None` where the process died before it could tell.

    Raises:
        SubmitOutcomeUnknown: That `error`, where a look fails.
        BriaError: Why a look failed, where there is no `error`.
    """
    for pause in LOOKS:
        await clock.sleep(pause)
        try:
            found = await find()
        except BriaError:
            if error is None:
                raise
            # That the look failed too does not make it any better known what was made.
            raise error from error.__cause__
        if found is not None:
            return found
    return None
