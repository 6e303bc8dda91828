"""The arithmetic of a benchmark: medians, ratios, percentiles, and how a cost grows."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from typing import Any

import attrs


@attrs.frozen(kw_only=True)
class Spread:
    """What several rounds gave.

    Attributes:
        rounds: Each round's figure, in order.
        median: The middle one.
        low: The least.
        high: The most.
    """

    rounds: tuple[float, ...]
    median: float
    low: float
    high: float

    def to_dict(self) -> dict[str, Any]:
        """As it stands in the JSON."""
        return {
            "median": self.median,
            "low": self.low,
            "high": self.high,
            "rounds": list(self.rounds),
        }


def spread(rounds: Sequence[float]) -> Spread:
    """Median and extremes of some rounds.

    Raises:
        ValueError: There was no round.
    """
    if not rounds:
        raise ValueError("No round was measured.")
    return Spread(
        rounds=tuple(rounds), median=statistics.median(rounds), low=min(rounds), high=max(rounds)
    )


def ratios(mine: Sequence[float], theirs: Sequence[float]) -> Spread:
    """Mine over theirs, round by round: what disturbs a round disturbs both.

    A round in which theirs is 0 counts as infinite.

    Raises:
        ValueError: They had different numbers of rounds.
    """
    pairs = zip(mine, theirs, strict=True)
    return spread([one / other if other else math.inf for one, other in pairs])


def percentile(values: Sequence[float], part: float) -> float:
    """The value below which this part of all lies, 0 to 1; the nearest that occurred.

    Raises:
        ValueError: There is no value.
    """
    if not values:
        raise ValueError("A percentile of nothing.")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(part * len(ordered)) - 1 if part else 0)]


def exponent(costs: Mapping[int, float]) -> float:
    """By which power of the size a cost grows: the least-squares slope of both logarithms.

    1 is in proportion, 2 is quadratic.

    Args:
        costs: The cost of each size; all above zero.

    Raises:
        ValueError: There are fewer than two sizes.
    """
    if len(costs) < 2:
        raise ValueError("A growth needs two sizes or more.")
    sizes = [math.log(size) for size in costs]
    logs = [math.log(cost) for cost in costs.values()]
    return statistics.linear_regression(sizes, logs).slope
