"""What a wait bears."""

from __future__ import annotations

import pytest

from bria_tailored_ext import (
    AuthenticationError,
    BriaConnectionError,
    BriaError,
    ServerError,
    UnexpectedAnswerError,
)
from bria_tailored_ext.rules import patience
from bria_tailored_ext.rules.answers import Answer, error_for


def answered(status: int, **more: object) -> BriaError:
    return error_for(Answer(method="GET", path="/v2/status/1", status=status, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize("status", [200, 408, 425, 429, 500, 502, 503, 504, 520, 529])
def test_what_says_nothing_of_the_job_passes(status: int) -> None:
    """Also a gateway's page that comes as a success."""
    assert patience.passes(answered(status))
    assert patience.passes(BriaConnectionError("no route"))


@pytest.mark.parametrize("status", [301, 400, 401, 403, 418, 460])
def test_what_another_look_cannot_mend_does_not(status: int) -> None:
    """A revoked token does not come back."""
    assert not patience.passes(answered(status))


def test_pauses_grow_to_half_a_minute_and_one_failure_alone_makes_none() -> None:
    """It may have been about one job."""
    health, pauses = patience.Health(), []
    for count in range(1, 40):
        now = 100.0 * count
        health.failed(answered(503), now)
        pauses.append(max(0.0, health.paused_until - now))

    assert pauses[:6] == [0, 1, 2, 4, 8, 16]
    assert max(pauses) == 30


def test_an_answer_ends_what_was_asked_for_before_it_left() -> None:
    """A failure that came in between has the last word; a plain look's answer ends no pause."""
    health = patience.Health()
    health.pause(60.0)
    before = health.paused_until
    health.pause(90.0)
    health.answered(ends=before)
    assert health.paused_until == 90.0
    health.answered()
    assert health.paused_until == 90.0
    health.answered(ends=90.0)
    assert health.paused_until < 0


def test_a_pause_is_lengthened_never_shortened() -> None:
    """Two answers may ask for different ones."""
    health = patience.Health()
    for until in (60.0, 30.0):
        health.pause(until)
    assert health.paused_until == 60.0


@pytest.mark.parametrize("status", [200, 404, 408, 429, 500, 503])
def test_what_bria_asks_for_is_kept(status: int) -> None:
    """Whatever status it comes with."""
    assert patience.asked_for(answered(status, retry_after=45.0)) == 45


def test_a_day_is_asked_for_by_mistake() -> None:
    """An hour is waited at most; and what did not answer asks for nothing."""
    assert patience.asked_for(answered(503, retry_after=86400.0)) == 3600
    assert patience.asked_for(BriaConnectionError("no route")) == 0


@pytest.mark.parametrize(("age", "looks"), [(None, 3), (0, 3), (119, 3), (121, 1), (1e6, 1)])
def test_only_a_young_job_may_be_missing_for_a_while(age: float | None, looks: int) -> None:
    """Just after a submit a 404 may be lag."""
    assert patience.not_found_looks(age) == looks


def test_the_kinds_of_errors_are_told_apart() -> None:
    """What the tests above stand on."""
    assert isinstance(answered(200), UnexpectedAnswerError)
    assert isinstance(answered(503), ServerError)
    assert isinstance(answered(401), AuthenticationError)
