"""How often, how long and after which pauses a failed request is tried again."""

from __future__ import annotations

from math import isinf
from typing import Any

import attrs

from bria_tailored_ext.values.errors import ConfigurationError

__all__ = ["RetryPolicy"]


def _at_least(least: float, *kinds: type) -> Any:
    def check(_policy: object, attribute: attrs.Attribute[float], value: Any) -> None:
        # Not `value < least`: nan is neither. And True is an int.
        usable = isinstance(value, kinds) and not isinstance(value, bool)
        if not usable or not value >= least:
            kind = "a number" if float in kinds else "a whole number"
            raise ConfigurationError(
                f"{attribute.name} must be {kind}, at least {least:g}; it is {value!r}."
            )

    return check


def _is_finite(_policy: object, attribute: attrs.Attribute[float], value: float) -> None:
    if isinf(value):
        raise ConfigurationError(f"{attribute.name} must end some time; it is {value}.")


@attrs.frozen(kw_only=True)
class RetryPolicy:
    """The budget of one request, and the pauses between its attempts.

    Attributes:
        attempts: How many tries there are in all, the first included; 1 is never again.
        seconds: So many seconds after the first try, no further one starts. Waiting for the
            plan's own pace counts too.
        first_pause: The longest pause after the first failure, in seconds; it doubles with each
            further one. The pause itself is drawn evenly from 0 up to it (full jitter).
        longest_pause: What the doubling ends at, in seconds.
    """

    attempts: int = attrs.field(default=5, validator=_at_least(1, int))
    seconds: float = attrs.field(default=120.0, validator=_at_least(0, int, float))
    first_pause: float = attrs.field(default=0.5, validator=[_at_least(0, int, float), _is_finite])
    longest_pause: float = attrs.field(
        default=20.0, validator=[_at_least(0, int, float), _is_finite]
    )
