"""Learning how long jobs take."""

from __future__ import annotations

import json
import random
from math import exp, inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bria_tailored_ext import ConfigurationError, JobKind
from bria_tailored_ext.rules.durations import ASSUMED, Learned
from bria_tailored_ext.values.durations import Duration, Durations

IMAGE = ASSUMED[JobKind.IMAGE]


def look_at(learned: Learned, jobs: int, median: float, *ages: float, seed: int = 0) -> None:
    """Jobs of a median, each looked at at these ages until it is finished."""
    chance = random.Random(seed)  # noqa: S311
    for _ in range(jobs):
        takes = median * exp(0.4 * chance.gauss(0, 1))
        last = 0.0
        for age in ages:
            learned.saw(last, age, finished=takes <= age)
            if takes <= age:
                break
            last = age


@pytest.mark.parametrize("median", [2.0, 8.0, 20.0, 60.0, 300.0])
def test_the_median_is_learned_from_looks_that_only_say_yes_or_no(median: float) -> None:
    """However far it is from what was assumed."""
    learned = Learned(None, IMAGE)

    look_at(learned, 200, median, *(median * 1.3**step for step in range(-8, 12)))

    value = learned.value()
    assert value is not None
    assert value.median == pytest.approx(median, rel=0.12)
    assert value.spread == pytest.approx(0.4, abs=0.12)
    assert learned.age_of(0.9) == pytest.approx(median * exp(0.4 * 1.28), rel=0.2)


def test_a_look_that_finds_nothing_teaches_too() -> None:
    """Many jobs that are all open at 40 s take longer than was assumed."""
    learned = Learned(None, IMAGE)
    before = learned.age_of(0.5)

    for _ in range(10):
        learned.saw(0.0, 40.0, finished=False)

    assert learned.age_of(0.5) > 40 > before
    assert learned.value() is None


def test_a_job_that_ended_days_ago_tells_nothing_of_how_long_jobs_take() -> None:
    """Else the assumption would be kept as what was learned from a hundred jobs."""
    learned = Learned(None, IMAGE)

    for _ in range(100):
        learned.saw(0.0, 2 * 86400.0, finished=True)

    assert learned.value() is None
    look_at(learned, 20, 4.0, 2.0, 4.0, 8.0)
    value = learned.value()
    assert value is not None
    assert value.seen <= 20


@pytest.mark.parametrize("factor", [3.0, 1 / 3])
def test_durations_that_change_are_believed_soon(factor: float) -> None:
    """A fifth of the looks that it took to learn the old ones, and the new ones count."""
    learned = Learned(None, IMAGE)
    ages = [5 * 1.3**step for step in range(14)]
    look_at(learned, 500, 20.0, *ages)

    look_at(learned, 100, 20.0 * factor, *ages, seed=1)

    assert learned.age_of(0.5) == pytest.approx(20 * factor, rel=0.35)


def test_jobs_that_never_finish_teach_nothing_about_the_others() -> None:
    """One in twenty is stuck; the others are known as before."""
    learned = Learned(None, IMAGE)
    look_at(learned, 200, 20.0, *(10 * 1.3**step for step in range(8)))

    for number in range(10):
        look_at(learned, 19, 20.0, *(10 * 1.3**step for step in range(8)), seed=number + 1)
        last = 0.0
        for step in range(20):
            age = 10 * 1.3**step
            learned.saw(last, age, finished=False)
            last = age

    assert learned.age_of(0.5) == pytest.approx(20, rel=0.15)
    assert learned.chance(600, 6000) < 0.2
    assert learned.chance(5, 6000) > 0.98
    assert learned.age_of(0.9999) == inf


def test_patience_ends_when_waiting_finishes_too_few() -> None:
    """In the second after it, one in sixty of the jobs finishes; before it, more."""
    learned = Learned(Duration(median=20.0, spread=0.4, seen=500), IMAGE)

    for last in (0.0, 10.0, 25.0):
        age = learned.patience(last, 60.0)
        within = learned.survival(last) / 60.0
        assert age >= learned.age_of(0.5, last)
        assert learned.survival(age - 3.0) - learned.survival(age - 2.0) > within
        assert learned.survival(age + 3.0) - learned.survival(age + 4.0) < within
    assert learned.patience(1e5, 60.0) == inf


def test_patience_with_long_jobs_ends_at_their_median() -> None:
    """No second finishes many of them, so that no wait is worth a look that comes back sooner."""
    learned = Learned(Duration(median=600.0, spread=0.6, seen=500), IMAGE)

    # As exactly as ages are told apart.
    assert learned.patience(0.0, 60.0) == pytest.approx(learned.age_of(0.5), rel=0.05)


@given(
    looks=st.lists(st.tuples(st.floats(0, 1e5), st.floats(0, 1e5), st.booleans()), max_size=40),
    ages=st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)),
    part=st.floats(0.01, 0.99),
)
def test_it_stays_a_distribution_whatever_is_seen(
    looks: list[tuple[float, float, bool]], ages: tuple[float, float], part: float
) -> None:
    """Survival falls with age, chances are chances, and an age is the age of its chance."""
    learned = Learned(None, IMAGE)
    for first, second, finished in looks:
        learned.saw(min(first, second), max(first, second), finished=finished)

    young, old = sorted(ages)
    assert 0 < learned.survival(old) <= learned.survival(young) + 1e-12 <= 1 + 1e-9
    assert -1e-9 <= learned.chance(young, old) <= 1
    age = learned.age_of(part, young)
    if young <= age < inf:
        assert learned.chance(young, age) == pytest.approx(part, abs=1e-6)


def test_what_was_learned_survives_as_json() -> None:
    """A later client begins where this one ended."""
    learned = Learned(None, IMAGE)
    look_at(learned, 200, 60.0, *(30 * 1.2**step for step in range(12)))
    value = learned.value()
    assert value is not None

    kept = Durations.from_dict(json.loads(json.dumps(Durations({JobKind.IMAGE: value}).to_dict())))
    again = Learned(kept.by_kind[JobKind.IMAGE], IMAGE)

    for part in (0.1, 0.5, 0.9):
        assert again.age_of(part) == pytest.approx(learned.age_of(part), rel=0.15)


def test_kinds_of_a_later_version_are_left_out() -> None:
    """A file written by a newer version can be read."""
    known = {"song": {"tempo": 3}, "video": {"median": 3, "spread": 0.4, "seen": 2}}

    assert Durations.from_dict(known).by_kind == {
        JobKind.VIDEO: Duration(median=3, spread=0.4, seen=2)
    }


@pytest.mark.parametrize(
    "nonsense",
    [
        {"image": {"median": 0, "spread": 0.4, "seen": 2}},
        {"image": {"median": float("nan"), "spread": 0.4, "seen": 2}},
        {"image": {"median": "3", "spread": 0.4, "seen": 2}},
        {"image": {"median": 3}},
        {"image": 3},
        [],
    ],
)
def test_what_are_no_durations_is_refused(nonsense: object) -> None:
    """A mixed-up file must not aim the looks."""
    with pytest.raises(ConfigurationError):
        Durations.from_dict(nonsense)  # type: ignore[arg-type]
