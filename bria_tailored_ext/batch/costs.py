"""What requests cost, by a table that the user may replace."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import attrs

from bria_tailored_ext.values.errors import ConfigurationError
from bria_tailored_ext.values.jobs import JobKind

MILLIONTHS = 1_000_000
"""The journal keeps whole millionths of a dollar, which add up without rounding."""


def _check(_prices: Prices, attribute: attrs.Attribute[Any], value: object) -> None:
    if value is not None and (not isinstance(value, Decimal) or not value.is_finite() or value < 0):
        raise ConfigurationError(f"The price of {attribute.name} must be 0 or more; it is {value}.")


def _decimal(value: Decimal | float | str | None) -> Decimal | None:
    try:
        return None if value is None else Decimal(str(value))
    except ArithmeticError:
        raise ConfigurationError(f"A price must be a number of dollars; it is {value!r}.") from None


@attrs.frozen(kw_only=True)
class Prices:
    """US dollars for one request, by kind; `None` where nobody knows.

    Source: Bria's documentation says about $0.03 for an image and about $0.02 for a structured
    prompt. It gives no price for a video: set your own.
    """

    image: Decimal | None = attrs.field(
        default=Decimal("0.03"), converter=_decimal, validator=_check
    )
    structured_prompt: Decimal | None = attrs.field(
        default=Decimal("0.02"), converter=_decimal, validator=_check
    )
    video: Decimal | None = attrs.field(default=None, converter=_decimal, validator=_check)

    def of(self, kind: JobKind) -> int | None:
        """The price of one request, in millionths of a dollar."""
        price: Decimal | None = getattr(self, kind.value)
        return None if price is None else int(price * MILLIONTHS)


@attrs.frozen(kw_only=True)
class Estimate:
    """What a batch would take. Nothing was sent.

    Attributes:
        count: Requests that are still to be submitted, by kind.
        done: Requests that the journal has already submitted, or has an outcome for.
        cost: US dollars for what is still to be submitted; `None` where a price is not known.
        seconds: How many seconds it takes at the plan's pace, at least; `None` without a plan.
    """

    count: Mapping[JobKind, int]
    done: int
    cost: Decimal | None
    seconds: float | None

    @property
    def total(self) -> int:
        """Requests that are still to be submitted."""
        return sum(self.count.values())


def estimate(
    count: Mapping[JobKind, int], *, done: int, prices: Prices, rate: int | None
) -> Estimate:
    """What so many requests would take.

    Args:
        count: Requests by kind.
        done: Of which the journal knows already.
        prices: The table.
        rate: Requests a minute that the plan allows each endpoint; `None` for no plan.
    """
    costs = [(number, prices.of(kind)) for kind, number in count.items() if number]
    cost = (
        None
        if any(price is None for _, price in costs)
        else Decimal(sum(number * (price or 0) for number, price in costs)) / MILLIONTHS
    )
    # Kinds have endpoints of their own; the looks at all their jobs share one.
    seconds = None if rate is None else sum(count.values()) * 60.0 / rate
    return Estimate(count=dict(count), done=done, cost=cost, seconds=seconds)


def ceiling(max_cost: Decimal | float | str | None) -> int | None:
    """The most that may be spent, in millionths of a dollar.

    Raises:
        ConfigurationError: It is no amount.
    """
    amount = _decimal(max_cost)
    if amount is not None and (not amount.is_finite() or amount < 0):
        raise ConfigurationError(f"max_cost must be 0 dollars or more; it is {max_cost}.")
    return None if amount is None else int(amount * MILLIONTHS)
