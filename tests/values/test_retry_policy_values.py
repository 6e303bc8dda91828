"""A retry policy checks itself."""

from __future__ import annotations

import math
from typing import Any

import pytest

from bria_tailored_ext import ConfigurationError, RetryPolicy


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("attempts", value) for value in (0, -1, 2.5, True, "3", None, math.inf, math.nan)),
        *(("seconds", value) for value in (-1, math.nan, True, "3", None)),
        *(("first_pause", value) for value in (-0.1, math.nan, math.inf, False, "1", None)),
        *(("longest_pause", value) for value in (-0.1, math.nan, math.inf, True, "1", None)),
    ],
)
def test_a_policy_that_cannot_be_is_refused(name: str, value: object) -> None:
    """The sentence names the setting; nan and infinite pauses are no numbers of seconds."""
    given: dict[str, Any] = {name: value}

    with pytest.raises(ConfigurationError, match=name):
        RetryPolicy(**given)


def test_a_policy_may_be_unbounded_in_seconds_but_not_in_attempts() -> None:
    """`attempts` always ends it."""
    assert RetryPolicy(seconds=math.inf, attempts=1, first_pause=0, longest_pause=0)


def test_a_policy_can_be_pasted_back() -> None:
    """Its repr is its constructor."""
    policy = RetryPolicy(attempts=3, seconds=4.5)

    assert eval(repr(policy)) == policy  # noqa: S307
