"""What may be tried again, after which pause, and what then remains unknown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bria_tailored_ext.rules.retries import (
    REPEATABLE_POSTS,
    Failure,
    backoff,
    is_repeatable,
    leaves_outcome_unknown,
    may_retry,
)
from bria_tailored_ext.values.retry_policy import RetryPolicy

(STOP,) = REPEATABLE_POSTS
SUBMIT = "POST /v2/image/generate/tailored"
PASSING = [408, 425, 500, 502, 503, 504, *range(520, 530)]
FINAL = [200, 202, 302, 400, 401, 403, 404, 409, 412, 413, 415, 422, 460, 501, 505, 506]
REPEATABLE = [
    ("GET", "GET /v1/x"),
    ("HEAD", None),
    ("PUT", "PUT /v1/x"),
    ("DELETE", None),
    ("POST", STOP),
]
ONCE = [("POST", SUBMIT), ("POST", None), ("PATCH", None), ("PATCH", SUBMIT)]


@pytest.mark.parametrize("status", PASSING)
@pytest.mark.parametrize(("method", "route"), REPEATABLE)
def test_what_changes_nothing_more_is_repeated_after_a_passing_trouble(
    method: str, route: str | None, status: int
) -> None:
    """GET, HEAD, PUT, DELETE and the one harmless POST."""
    assert may_retry(method, route, status)
    assert not leaves_outcome_unknown(method, route, status)


@pytest.mark.parametrize("status", PASSING)
@pytest.mark.parametrize(("method", "route"), ONCE)
def test_a_post_that_was_answered_with_trouble_is_never_repeated(
    method: str, route: str | None, status: int
) -> None:
    """It may have gone through, and nobody knows."""
    assert not may_retry(method, route, status)
    assert leaves_outcome_unknown(method, route, status)


@pytest.mark.parametrize("status", FINAL)
@pytest.mark.parametrize(("method", "route"), [*REPEATABLE, *ONCE])
def test_an_answer_that_repeating_would_not_change_is_final(
    method: str, route: str | None, status: int
) -> None:
    """403 above all: a used-up quota stays used up."""
    assert not may_retry(method, route, status)


@pytest.mark.parametrize(("method", "route"), [*REPEATABLE, *ONCE])
def test_a_429_may_always_be_repeated(method: str, route: str | None) -> None:
    """The limiter in front of the API turned it away: nothing was done."""
    assert may_retry(method, route, 429)
    assert not leaves_outcome_unknown(method, route, 429)


@pytest.mark.parametrize(("method", "route"), [*REPEATABLE, *ONCE])
def test_what_never_arrived_may_always_be_repeated(method: str, route: str | None) -> None:
    """Nobody has seen the first one."""
    assert may_retry(method, route, Failure.NEVER_ARRIVED)
    assert not leaves_outcome_unknown(method, route, Failure.NEVER_ARRIVED)


@pytest.mark.parametrize(("method", "route"), [*REPEATABLE, *ONCE])
def test_what_cannot_be_sent_is_not_tried_again(method: str, route: str | None) -> None:
    """The same URL would be as wrong the next time."""
    assert not may_retry(method, route, Failure.NOT_SENDABLE)
    assert not leaves_outcome_unknown(method, route, Failure.NOT_SENDABLE)


@pytest.mark.parametrize(("method", "route"), [*REPEATABLE, *ONCE])
def test_what_may_have_arrived_is_repeated_only_where_that_does_no_harm(
    method: str, route: str | None
) -> None:
    """Either it may be repeated or its outcome is unknown, never both and never neither."""
    again = may_retry(method, route, Failure.MAY_HAVE_ARRIVED)

    assert again is is_repeatable(method, route)
    assert leaves_outcome_unknown(method, route, Failure.MAY_HAVE_ARRIVED) is not again


@pytest.mark.parametrize("status", [*range(500, 506), *range(507, 600)])
def test_any_5xx_to_a_submit_leaves_its_outcome_unknown(status: int) -> None:
    """It may come from in front of the API, in numbers that no list foresees."""
    assert leaves_outcome_unknown("POST", SUBMIT, status)
    assert not may_retry("POST", SUBMIT, status)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 412, 413, 415, 422, 429, 460, 506])
def test_a_refusal_that_bria_documents_is_certain(status: int) -> None:
    """506 is Bria's own word for an input that it does not support."""
    assert not leaves_outcome_unknown("POST", SUBMIT, status)


def test_each_repeatable_post_says_why() -> None:
    """One table, and stopping a training is the only line in it."""
    assert [*REPEATABLE_POSTS] == ["POST /v1/tailored-gen/models/{model_id}/stop_training"]
    assert all(len(reason) > 20 for reason in REPEATABLE_POSTS.values())


@given(
    failures=st.integers(1, 5000),
    jitter=st.floats(0, 1, exclude_max=True),
    first=st.floats(0, 1e6),
    longest=st.floats(0, 1e6),
)
def test_a_backoff_is_drawn_between_nothing_and_its_bound(
    failures: int, jitter: float, first: float, longest: float
) -> None:
    """Full jitter, for any number of failures, and never an overflow."""
    policy = RetryPolicy(first_pause=first, longest_pause=longest)

    pause = backoff(policy, failures, jitter)

    assert 0 <= pause <= min(longest, first * 2.0 ** min(failures - 1, 900))


def test_the_bound_of_a_backoff_doubles_up_to_the_longest() -> None:
    """Half a second, one, two, four, up to the configured end."""
    policy = RetryPolicy(first_pause=0.5, longest_pause=5)

    assert [backoff(policy, each, 1.0) for each in range(1, 7)] == [0.5, 1, 2, 4, 5, 5]
    assert backoff(policy, 3, 0.0) == 0
