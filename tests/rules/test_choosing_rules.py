"""Which pictures stand for all."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bria_tailored_ext.rules.choosing import Contender, evenly, farthest_first

LOOKS = st.lists(
    st.tuples(*[st.floats(0, 1, allow_nan=False)] * 3), min_size=1, max_size=30, unique=True
)


def contenders(looks: Sequence[tuple[float, ...]]) -> list[Contender]:
    return [Contender(key=f"key {place}", looks=each) for place, each in enumerate(looks)]


@given(looks=LOOKS, most=st.integers(1, 12), seed=st.integers(0, 1000))
def test_the_choice_is_the_same_whatever_the_order(
    looks: list[tuple[float, ...]], most: int, seed: int
) -> None:
    """The same pictures, in the same order, by the same distances."""
    given_ones = contenders(looks)
    shuffled = list(given_ones)
    Random(seed).shuffle(shuffled)  # noqa: S311

    one = [(given_ones[pick.index].key, pick.distance) for pick in farthest_first(given_ones, most)]
    other = [(shuffled[pick.index].key, pick.distance) for pick in farthest_first(shuffled, most)]

    assert one == other
    assert len({key for key, _ in one}) == len(one) == min(most, len(looks))


@given(looks=LOOKS, most=st.integers(2, 12))
def test_the_choice_spreads_over_all(looks: list[tuple[float, ...]], most: int) -> None:
    """Each is at least as far from those before it as any that was left out is from all."""
    given_ones = contenders(looks)
    picks = farthest_first(given_ones, most)
    distances = [pick.distance for pick in picks[1:]]

    assert distances == sorted(distances, reverse=True)
    chosen = [given_ones[pick.index].looks for pick in picks]
    for left in given_ones:
        nearest = min(sum(abs(a - b) for a, b in zip(left.looks, c, strict=True)) for c in chosen)
        assert not distances or nearest <= distances[-1] + 1e-9


def test_one_of_each_group_is_chosen() -> None:
    """A hundred of one kind do not crowd out the two of another."""
    looks = [(0.001 * number, 0.0) for number in range(100)] + [
        (1.0, 0.0),
        (1.0, 0.001),
        (0.0, 1.0),
    ]

    chosen = {pick.index for pick in farthest_first(contenders(looks), 3)}

    assert 102 in chosen
    assert chosen & {100, 101}
    assert chosen & set(range(100))


@pytest.mark.parametrize("most", [0, 5])
def test_nothing_to_choose_from_is_no_choice(most: int) -> None:
    """No pictures, or none wanted."""
    assert farthest_first([], most) == []
    assert farthest_first(contenders([(0.0,)]), 0) == []


@given(count=st.integers(0, 400), most=st.integers(2, 20))
def test_an_even_choice_is_complete_and_follows_the_keys(count: int, most: int) -> None:
    """First and last are in it, none twice, and gaps differ by one at most."""
    keys = [f"{number:04}" for number in range(count)]
    chosen = evenly(keys, most)

    assert chosen == sorted(set(chosen))
    assert len(chosen) == min(count, most)
    backwards = evenly(keys[::-1], most)
    assert [keys[::-1][place] for place in backwards] == [keys[place] for place in chosen]
    if count > most:
        assert (chosen[0], chosen[-1]) == (0, count - 1)
        gaps = [after - before for before, after in pairwise(chosen)]
        assert max(gaps) - min(gaps) <= 1
