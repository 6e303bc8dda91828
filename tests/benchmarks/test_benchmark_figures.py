"""The arithmetic of the benchmarks."""

from __future__ import annotations

import math

import pytest

from benchmarks.figures import exponent, percentile, ratios, spread
from benchmarks.frame import Target, in_turns


def test_a_spread_keeps_the_rounds_and_knows_the_middle_one() -> None:
    """An outlier moves the extremes, not the median."""
    found = spread([5.0, 1.0, 100.0])
    assert (found.median, found.low, found.high) == (5.0, 1.0, 100.0)
    assert found.rounds == (5.0, 1.0, 100.0)


def test_a_spread_of_no_rounds_is_refused() -> None:
    """Nothing measured is no figure."""
    with pytest.raises(ValueError, match="No round"):
        spread([])


def test_a_ratio_is_taken_round_by_round() -> None:
    """A disturbed round disturbs both sides: the ratio of the medians would be 1.5 here."""
    found = ratios([10.0, 30.0, 2.0, 60.0, 40.0], [10.0, 20.0, 2.0, 60.0, 40.0])
    assert found.median == 1.0
    assert found.high == 1.5


def test_a_ratio_to_nothing_is_infinite() -> None:
    """A contestant that never answers does not end the run."""
    assert ratios([10.0], [0.0]).median == math.inf


def test_a_ratio_needs_as_many_rounds_on_both_sides() -> None:
    """Rounds that were not measured side by side cannot be compared."""
    with pytest.raises(ValueError, match=r"shorter|longer"):
        ratios([1.0, 2.0], [1.0])


@pytest.mark.parametrize(
    ("part", "expected"), [(0.0, 1.0), (0.5, 50.0), (0.99, 99.0), (1.0, 100.0)]
)
def test_a_percentile_is_a_value_that_occurred(part: float, expected: float) -> None:
    """The nearest rank."""
    assert percentile([float(value) for value in range(100, 0, -1)], part) == expected


@pytest.mark.parametrize("power", [0.0, 1.0, 1.05, 2.0])
def test_the_exponent_of_a_power_is_that_power(power: float) -> None:
    """Whatever the constant in front."""
    costs = {size: 3e-4 * size**power for size in (10, 1000, 100_000)}
    assert exponent(costs) == pytest.approx(power)


def test_an_exponent_needs_two_sizes() -> None:
    """One point has no slope."""
    with pytest.raises(ValueError, match="two sizes"):
        exponent({10: 1.0})


def test_contestants_take_turns_in_another_order_each_round() -> None:
    """Nobody is always first, or always after the same one of three."""
    order: list[str] = []

    def measure(name: str) -> dict[str, float]:
        order.append(name)
        return {"rate": float(len(order))}

    found = in_turns(["a", "b", "c"], measure, 3)
    assert order == ["a", "b", "c", "b", "c", "a", "c", "a", "b"]
    assert found["a"]["rate"].rounds == (1.0, 6.0, 8.0)


def test_a_slow_contestant_takes_part_in_fewer_rounds() -> None:
    """The first ones, so that its ratios are those of rounds that others had too."""
    order: list[str] = []

    def measure(name: str) -> dict[str, float]:
        order.append(name)
        return {"rate": float(len(order))}

    found = in_turns(["quick", "slow"], measure, 3, fewer={"slow": 1})
    assert order == ["quick", "slow", "quick", "quick"]
    assert found["slow"]["rate"].rounds == (2.0,)


@pytest.mark.parametrize(
    ("found", "at_least", "is_met"),
    [(0.85, True, True), (0.84, True, False), (0.85, False, True), (0.86, False, False)],
)
def test_a_target_is_judged_by_its_median(found: float, at_least: bool, is_met: bool) -> None:
    """The bound itself is met; the extremes do not decide."""
    target = Target(
        key="x", what="x", bound=0.85, at_least=at_least, found=spread([0.0, found, 9.0])
    )
    assert target.is_met is is_met
