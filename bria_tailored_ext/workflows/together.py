"""Several things at once, of which the first failure ends the rest and comes out alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import anyio

T = TypeVar("T")


async def for_each(
    items: Sequence[T], work: Callable[[int, T], Awaitable[None]], *, at_once: int
) -> None:
    """Do `work(index, item)` for every item, so many at once.

    Args:
        items: What to work on.
        work: Called with the place in the order, from 0, and the item.
        at_once: How many are under way at once.

    Raises:
        Exception: What the first failing one raised, without a group around it.
    """
    slots = anyio.CapacityLimiter(at_once)

    async def one(index: int, item: T) -> None:
        async with slots:
            await work(index, item)

    try:
        async with anyio.create_task_group() as tasks:
            for index, item in enumerate(items):
                tasks.start_soon(one, index, item)
    except ExceptionGroup as group:
        # It alone says what to do, and keeps its own cause.
        first = group.exceptions[0]
        raise first from first.__cause__
