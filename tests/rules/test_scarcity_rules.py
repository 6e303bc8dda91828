"""How scarce looks are."""

from __future__ import annotations

import pytest

from bria_tailored_ext.rules.scarcity import Rest, worth


def test_a_look_is_to_find_as_many_as_there_are_jobs_for_each_look() -> None:
    """A thousand looks for five hundred jobs: two each, which a chance of a half makes of them."""
    assert worth(500, 1000) == pytest.approx(0.5, abs=0.01)
    assert worth(0, 60) == 0


@pytest.mark.parametrize(("ready", "free"), [(50, 60), (5, 6), (1, 2), (10, 60)])
def test_few_jobs_keep_some_looks_back(ready: float, free: float) -> None:
    """Chance does not even out among few: without a reserve the last waits for another minute."""
    assert ready / free < worth(ready, free) < 1
    assert worth(ready, free) - ready / free > worth(100 * ready, 100 * free) - ready / free


@pytest.mark.parametrize("free", [0, 0.25, 1, 60])
def test_where_looks_are_too_few_each_is_to_be_nearly_sure(free: float) -> None:
    """Also where there are none at all."""
    assert worth(60, free) == pytest.approx(0.96)


class Three:
    """Three looks are left, whatever the time."""

    rate = 60.0

    def free(self, ahead: float) -> float:
        return 3.0

    def delay(self) -> float:
        return 0.0


@pytest.mark.parametrize(("given", "left"), [(0, 3.0), (2, 1.0), (5, 0.0)])
def test_what_was_given_out_is_no_longer_there(given: int, left: float) -> None:
    """Though it has not left yet, so that the plan's books do not show it."""
    assert Rest(Three(), given).free(10.0) == left
