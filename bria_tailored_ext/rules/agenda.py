"""Things by their instant, soonest first, of which any can be taken out again."""

from __future__ import annotations

import heapq
import itertools
from math import inf
from typing import Generic, Protocol, TypeVar

# One for all agendas: an entry that an item has left in another is not taken for one here.
_numbers = itertools.count(1)

_FEW = 64
"""So many dead entries are not worth clearing away."""


class Item(Protocol):
    """What can stand in one agenda at a time.

    Attributes:
        entry: The number of its entry; 0 for none.
    """

    entry: int


T = TypeVar("T", bound=Item)


class Agenda(Generic[T]):
    """A heap in which each item stands once; putting and taking are logarithmic.

    Attributes:
        latest: The latest instant that was ever put.
    """

    def __init__(self) -> None:
        self.latest: float = -inf
        self._heap: list[tuple[float, int, T]] = []
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def put(self, item: T, at: float) -> None:
        """Enter an item that stands nowhere."""
        self._length += 1
        self.latest = max(self.latest, at)
        item.entry = next(_numbers)
        heapq.heappush(self._heap, (at, item.entry, item))

    def discard(self, item: T) -> None:
        """Take an item out, which stands here or nowhere."""
        if item.entry:
            item.entry = 0
            self._length -= 1
            self._clear_away()

    def first(self) -> tuple[float, T] | None:
        """The soonest item and its instant, which stays; `None` where there is none."""
        while self._heap:
            at, number, item = self._heap[0]
            if item.entry == number:
                return at, item
            heapq.heappop(self._heap)
        return None

    def _clear_away(self) -> None:
        # Items that were taken out stay in the heap until they come up, or outnumber the others.
        if len(self._heap) > 2 * self._length + _FEW:
            self._heap = [each for each in self._heap if each[2].entry == each[1]]
            heapq.heapify(self._heap)
