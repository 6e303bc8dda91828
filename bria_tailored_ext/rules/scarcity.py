"""How scarce looks are, and what that makes of the chance worth one."""

from __future__ import annotations

from math import inf, sqrt
from typing import Protocol

_SUREST = 0.96
"""The greatest chance that is waited for: a job that takes very long is looked at too."""

_CAUTION = 0.5
"""So many standard deviations are kept back, because looks find nothing by chance as well."""

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


class Rest:
    """A supply without the looks that were given out and have not left yet.

    Args:
        supply: What the plan leaves.
        given: So many.
    """

    __slots__ = ("_given", "_supply")

    def __init__(self, supply: Supply, given: int) -> None:
        self._supply = supply
        self._given = given

    @property
    def rate(self) -> float:
        """Looks a minute."""
        return self._supply.rate

    def free(self, ahead: float) -> float:
        """How many looks may start from now until so many seconds ahead."""
        return max(0.0, self._supply.free(ahead) - self._given)

    def delay(self) -> float:
        """Seconds until the next look may start; 0 for now."""
        return self._supply.delay()


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


def worth(ready: float, free: float) -> float:
    """The chance worth a look where so many jobs will want one of so many looks.

    With chance p a job costs 1/p looks in the mean, so that p is to be the share of the looks that
    these jobs are. Looks that are all the same chance apart leave the least lag for their number.
    """
    if ready >= free:
        return _SUREST
    share = ready / free
    return min(_SUREST, share + _CAUTION * sqrt(ready * (1.0 - share)) / free)
