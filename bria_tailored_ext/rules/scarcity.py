"""How scarce looks are, and what that makes of the chance worth one."""

from __future__ import annotations

from math import inf
from typing import Protocol

_TIGHT = 0.92
"""The chance that is waited for where the looks are just enough: the next come a minute later."""

_SHORT = 0.78
"""The same where they are too few for all in any case: one that is not used is lost for good."""

_RESERVE = 0.16
"""What is kept back for the last jobs of a burst, which need several looks each."""

_STEEP = 2.0
"""How quickly the chance falls from the one to the other as looks become too few."""

_PAUSE = 30.0
"""Seconds without a new job after which the next begins a new stream."""

INSTANT = 1e-6
"""Seconds that no clock tells apart."""


class Supply(Protocol):
    """What the plan and the other users of the endpoint leave."""

    @property
    def rate(self) -> float:
        """Looks a minute; infinite with no plan."""
        ...

    def free(self, ahead: float) -> float:
        """How many looks may start from now until so many seconds ahead; infinite with no plan."""
        ...

    def delay(self) -> float:
        """Seconds until the next look may start; 0 for now."""
        ...


def is_free(supply: Supply, given: int) -> bool:
    """Whether another look could leave now, beside so many that are about to."""
    return supply.delay() <= INSTANT and supply.free(INSTANT) > given


class Stream:
    """How many more jobs are to be expected: as many as came, for as long as they came."""

    def __init__(self) -> None:
        self._first = self._last = -inf
        self._count = 0

    def joined(self, now: float) -> None:
        """Another job came."""
        if now - self._last > _PAUSE:
            self._first, self._count = now, 0
        self._last = now
        self._count += 1

    def expected(self, now: float, ahead: float) -> float:
        """How many more will come within so many seconds."""
        lasted = self._last - self._first
        if self._count < 2 or now - self._last > 1.0 + 3.0 * lasted / self._count:
            return 0.0
        return self._count * min(1.0, ahead / lasted) if lasted else 0.0


def scarcity_of(need: float, supply: Supply, ahead: float) -> float:
    """The part of the looks that open jobs need, at the worst time until so many seconds ahead."""
    return max(part * need / max(0.5, supply.free(part * ahead)) for part in (0.25, 0.5, 0.75, 1.0))


def worth(scarcity: float) -> float:
    """The chance worth a look where the open jobs are so large a part of the looks to come."""
    if scarcity <= 1.0:
        return min(_TIGHT, scarcity * (1.0 + _RESERVE * (1.0 - scarcity)))
    return max(_SHORT, _TIGHT - _STEEP * (scarcity - 1.0))
