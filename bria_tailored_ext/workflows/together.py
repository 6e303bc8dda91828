"""Several things at once, of which the first failure ends the rest and comes out alone."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import anyio

from bria_tailored_ext.values.errors import InvalidInputError

T = TypeVar("T")

READ_AT_ONCE = 4
"""Pictures that are read and hashed at once, each in a thread."""


def decoded_at_once() -> int:
    """How many pictures are decoded at once, each in a thread: every one of them takes memory."""
    return min(4, os.cpu_count() or 1)


def check_at_once(at_once: int) -> None:
    """Check how many are to be under way at once.

    Raises:
        InvalidInputError: It is none, which would wait for ever.
    """
    if at_once < 1:
        raise InvalidInputError(f"at_once must be 1 or more; it is {at_once}.")


async def for_each(
    items: Sequence[T], work: Callable[[int, T], Awaitable[None]], *, at_once: int
) -> None:
    """Do `work(index, item)` for every item, so many at once, begun in their order.

    Args:
        items: What to work on.
        work: Called with the place in the order, from 0, and the item.
        at_once: How many are under way at once.

    Raises:
        Exception: What the first failing one raised, without a group around it.
    """
    # Shared: each worker takes the next item, so that they are begun in their order.
    waiting = iter(enumerate(items))

    async def worker() -> None:
        for index, item in waiting:
            await work(index, item)

    try:
        async with anyio.create_task_group() as tasks:
            for _ in range(min(at_once, len(items))):
                tasks.start_soon(worker)
    except ExceptionGroup as group:
        # It alone says what to do, and keeps its own cause.
        first = group.exceptions[0]
        raise first from first.__cause__
