"""How often, how long and after which pauses a failed request is tried again."""

from __future__ import annotations

from typing import Any

import attrs

from bria_tailored_ext.values.errors import ConfigurationError


def _at_least(least: float) -> Any:
    def check(_policy: object, attribute: attrs.Attribute[float], value: float) -> None:
        if value < least:
            raise ConfigurationError(f"{attribute.name} must be at least {least:g}; it is {value}.")

    return check


@attrs.frozen(kw_only=True)
class RetryPolicy:
    """The budget of one request, and the pauses between its attempts.

    Attributes:
        attempts: How many tries there are in all, the first included; 1 is never again.
        seconds: From the first try on, no further one starts later than this. Waiting for the
            plan's own pace counts too.
        first_pause: The longest pause after the first failure, in seconds; it doubles with each
            further one. The pause itself is drawn evenly from 0 up to it (full jitter).
        longest_pause: What the doubling ends at, in seconds.
    """

    attempts: int = attrs.field(default=5, validator=_at_least(1))
    seconds: float = attrs.field(default=120.0, validator=_at_least(0))
    first_pause: float = attrs.field(default=0.5, validator=_at_least(0))
    longest_pause: float = attrs.field(default=20.0, validator=_at_least(0))
