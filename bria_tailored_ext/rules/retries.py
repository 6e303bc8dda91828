"""What may be tried again, and after which pause.

There is no idempotency key: a POST that may have arrived is never repeated.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from bria_tailored_ext.values.retry_policy import RetryPolicy

IDEMPOTENT = ("GET", "HEAD", "PUT", "DELETE")
"""A repetition changes nothing more than the first time did."""

REPEATABLE_POSTS: Mapping[str, str] = {
    "POST /v1/tailored-gen/models/{model_id}/stop_training": (
        "It creates nothing and costs nothing; a second one is answered 409, already stopped."
    ),
}
"""POSTs that are safe to repeat although they may have arrived, each with the reason.

Every other POST of the API creates something, or is billed, or both.
"""

_PASSING_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504, *range(520, 530)})

_UNCERTAIN_STATUSES = frozenset({408, 425})

_REFUSALS = frozenset({506})
"""The one 5xx that Bria itself documents as a refusal: unsupported input."""


class Failure(Enum):
    """How an attempt failed without an answer."""

    NEVER_ARRIVED = "never arrived"
    """The connection failed: Bria cannot have seen the request."""

    MAY_HAVE_ARRIVED = "may have arrived"

    NOT_SENDABLE = "cannot be sent"
    """The request itself will not do, such as an URL without a host."""


def is_repeatable(method: str, route: str | None) -> bool:
    """Whether a request may be repeated although the first one may have been carried out."""
    return method in IDEMPOTENT or route in REPEATABLE_POSTS


def may_retry(method: str, route: str | None, outcome: int | Failure) -> bool:
    """Whether a failed attempt may be followed by another.

    Args:
        method: Of the request.
        route: Its method and path template, where known.
        outcome: The status of the answer, or how the attempt failed without one.
    """
    if isinstance(outcome, Failure):
        if outcome is Failure.MAY_HAVE_ARRIVED:
            return is_repeatable(method, route)
        return outcome is Failure.NEVER_ARRIVED
    if outcome == 429:
        return True
    return outcome in _PASSING_STATUSES and is_repeatable(method, route)


def leaves_outcome_unknown(method: str, route: str | None, outcome: int | Failure) -> bool:
    """Whether a request that ended so may have been carried out, with nobody knowing.

    A 5xx may come from in front of the API, after the request went through.
    """
    if is_repeatable(method, route) or method not in ("POST", "PATCH"):
        return False
    if isinstance(outcome, Failure):
        return outcome is Failure.MAY_HAVE_ARRIVED
    return outcome in _UNCERTAIN_STATUSES or (outcome >= 500 and outcome not in _REFUSALS)


def backoff(policy: RetryPolicy, failures: int, jitter: float) -> float:
    """Seconds to pause after so many failures (1 or more), with full jitter.

    Args:
        policy: The longest pauses.
        failures: How many attempts have failed.
        jitter: Drawn evenly from 0 to 1.
    """
    longest = policy.first_pause * 2.0 ** min(failures - 1, 60)
    return jitter * min(policy.longest_pause, longest)
