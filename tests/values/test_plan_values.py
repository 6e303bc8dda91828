"""A plan checks itself, and knows the rate of each endpoint."""

from __future__ import annotations

from typing import Any

import pytest

from bria_tailored_ext import ConfigurationError, Plan
from bria_tailored_ext.values.plan import PLANS, resolve_plan

STATUS = "GET /v2/status/{request_id}"


@pytest.mark.parametrize(
    ("name", "rate"), [("free", 10), ("pay_as_you_go", 60), ("enterprise", 1000)]
)
def test_the_named_plans_have_the_published_rates(name: Any, rate: int) -> None:
    """Requests a minute, for every endpoint."""
    plan = resolve_plan(name)

    assert plan is PLANS[name]
    assert plan.requests_per_minute == rate


@pytest.mark.parametrize("rate", [0, -1, 2.5, True, "60", None, float("nan")])
def test_a_rate_that_cannot_be_is_refused(rate: Any) -> None:
    """Also as an override."""
    with pytest.raises(ConfigurationError, match="requests_per_minute"):
        Plan(requests_per_minute=rate)
    with pytest.raises(ConfigurationError, match="status"):
        Plan(requests_per_minute=1, overrides={STATUS: rate})


@pytest.mark.parametrize("route", ["", "GET", "/v2/status", "get /v2/status", "GET v2/status", 7])
def test_an_override_that_names_no_endpoint_is_refused(route: Any) -> None:
    """A typing mistake would be a rate that nothing obeys."""
    with pytest.raises(ConfigurationError, match="endpoint"):
        Plan(requests_per_minute=1, overrides={route: 5})


@pytest.mark.parametrize("plan", ["gold", "", 60, True, [], {}])
def test_a_plan_that_does_not_exist_is_refused(plan: Any) -> None:
    """The sentence lists those that do."""
    with pytest.raises(ConfigurationError, match="free, pay_as_you_go, enterprise"):
        resolve_plan(plan)


def test_no_plan_is_a_plan() -> None:
    """`None` is no pacing, and a plan of one's own is taken as it is."""
    own = Plan(requests_per_minute=7)

    assert resolve_plan(None) is None
    assert resolve_plan(own) is own
