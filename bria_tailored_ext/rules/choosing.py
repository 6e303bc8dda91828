"""Which pictures stand for all: as unlike each other as can be, and the same ones every time."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

import attrs


@attrs.frozen(kw_only=True)
class Contender:
    """A picture to choose from.

    Attributes:
        key: What it is told from all others by, whatever its place in the list: its digest.
        looks: What it looks like, as numbers from 0 to 1; the same many for all.
    """

    key: str
    looks: tuple[float, ...] = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Pick:
    """One chosen picture.

    Attributes:
        index: Its place among the contenders.
        distance: How unlike the nearest one chosen before it is; 0 for the first.
    """

    index: int
    distance: float


def farthest_first(contenders: Sequence[Contender], most: int) -> list[Pick]:
    """The most typical contender, then each time the one most unlike those chosen so far.

    The farthest-first traversal of Gonzalez (1985): at most twice as far from some contender as
    the best choice of so many could be. Neither the order of the contenders nor chance decides.
    """
    if not contenders or most < 1:
        return []
    # By their keys, so that sums of floats, and ties, do not depend on the order given.
    order = sorted(range(len(contenders)), key=lambda index: contenders[index].key)
    looks = [contenders[index].looks for index in order]
    means = [sum(values) / len(looks) for values in zip(*looks, strict=True)]
    first = min(range(len(order)), key=lambda place: _distance(looks[place], means))
    picks = [Pick(index=order[first], distance=0.0)]
    nearest = [inf] * len(order)
    last = first
    while len(picks) < min(most, len(order)):
        away = [_distance(look, looks[last]) for look in looks]
        nearest = [min(pair) for pair in zip(nearest, away, strict=True)]
        nearest[last] = -1.0
        last = max(range(len(order)), key=nearest.__getitem__)
        picks.append(Pick(index=order[last], distance=nearest[last]))
    return picks


def evenly(keys: Sequence[str], most: int) -> list[int]:
    """The places of so many keys, evenly spread over their order when sorted."""
    order = sorted(range(len(keys)), key=keys.__getitem__)
    if len(order) <= most:
        return order
    if most < 2:
        return order[:most]
    step = (len(order) - 1) / (most - 1)
    return [order[round(place * step)] for place in range(most)]


def _distance(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True))
