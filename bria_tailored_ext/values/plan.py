"""The account's plan: how many requests a minute Bria takes, per endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

import attrs

from bria_tailored_ext.values.errors import ConfigurationError

__all__ = ["Plan", "PlanName"]

PlanName: TypeAlias = Literal["free", "pay_as_you_go", "enterprise"]


def _check_rate(name: str, value: object) -> None:
    # bool is an int, and True would be one request a minute.
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ConfigurationError(
            f"{name} must be a whole number of requests a minute, 1 at least; it is {value!r}."
        )


def _is_rate(_plan: Plan, attribute: attrs.Attribute[int], value: int) -> None:
    _check_rate(attribute.name, value)


def _are_rates(
    _plan: Plan, attribute: attrs.Attribute[Mapping[str, int]], value: Mapping[str, int]
) -> None:
    for route, rate in value.items():
        method, _, path = str(route).partition(" ")
        if not method.isupper() or not path.startswith("/v"):
            raise ConfigurationError(
                f"{attribute.name} names {route!r}; an endpoint is a method and a path template, "
                "such as 'GET /v2/status/{request_id}'."
            )
        _check_rate(route, rate)


@attrs.frozen(kw_only=True)
class Plan:
    """Rates, per endpoint: an endpoint is a method and a path template.

    Attributes:
        requests_per_minute: For every endpoint that `overrides` does not name.
        overrides: Other rates, by endpoint, such as `{"GET /v2/status/{request_id}": 300}`.

    Source: Bria's page on rate limits gives 10, 60 and 1000 for its plans, per organisation and
    endpoint; other pages give other figures, and enterprise rates are negotiable.
    """

    requests_per_minute: int = attrs.field(validator=_is_rate)
    overrides: Mapping[str, int] = attrs.field(factory=dict[str, int], validator=_are_rates)


class KeepType:
    """The type of `KEEP`: `None` is a plan already, no pacing."""

    def __repr__(self) -> str:
        return "KEEP"


KEEP = KeepType()

PLANS: Mapping[str, Plan] = {
    "free": Plan(requests_per_minute=10),
    "pay_as_you_go": Plan(requests_per_minute=60),
    "enterprise": Plan(requests_per_minute=1000),
}


def resolve_plan(plan: PlanName | Plan | None) -> Plan | None:
    """A plan by name, or as given; `None` is no pacing.

    Raises:
        ConfigurationError: There is no plan of that name.
    """
    if plan is None or isinstance(plan, Plan):
        return plan
    try:
        return PLANS[plan]
    except (KeyError, TypeError):
        raise ConfigurationError(
            f"There is no plan {plan!r}. Choose one of {', '.join(PLANS)}, or pass "
            "Plan(requests_per_minute=...), or None for no pacing."
        ) from None
