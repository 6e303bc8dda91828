"""How a batch is to run, as a value that checks itself."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

import attrs

from bria_tailored_ext.batch import names
from bria_tailored_ext.batch.costs import Prices, ceiling
from bria_tailored_ext.values.errors import ConfigurationError

OnUnknown: TypeAlias = Literal["report", "resubmit", "skip"]


def _at_least_one(_owner: Any, attribute: attrs.Attribute[Any], value: object) -> None:
    if value is None and attribute.name == "max_failures":
        return  # For never.
    if type(value) is not int or value < 1:
        raise ConfigurationError(f"{attribute.name} must be 1 or more; it is {value!r}.")


def _seconds(_owner: Any, attribute: attrs.Attribute[Any], value: object) -> None:
    # Not `value <= 0`: nan is neither. And True is an int.
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise ConfigurationError(f"{attribute.name} must be more than 0 seconds; it is {value!r}.")


def _policy(_owner: Any, attribute: attrs.Attribute[Any], value: object) -> None:
    if value not in get_args(OnUnknown):
        raise ConfigurationError(
            f"{attribute.name} must be one of {', '.join(get_args(OnUnknown))}; it is {value!r}."
        )


def _name(_owner: Any, _attribute: attrs.Attribute[str], value: str) -> None:
    names.check_template(value)


@attrs.frozen(kw_only=True)
class Settings:
    """See `run_batch`, which has the same names."""

    journal: Path = attrs.field(converter=Path)
    output_dir: Path = attrs.field(converter=Path)
    name: str = attrs.field(default=names.DEFAULT, validator=_name)
    on_unknown: OnUnknown = attrs.field(default="report", validator=_policy)
    retry_failed: bool = False
    in_flight: int = attrs.field(default=200, validator=_at_least_one)
    submits_at_once: int = attrs.field(default=8, validator=_at_least_one)
    downloads_at_once: int = attrs.field(default=16, validator=_at_least_one)
    max_failures: int | None = attrs.field(default=25, validator=_at_least_one)
    max_cost: Decimal | float | str | None = None
    prices: Prices = attrs.field(factory=Prices)
    timeout: float | None = attrs.field(default=3600.0, validator=_seconds)
    gallery: bool = True

    @property
    def ceiling(self) -> int | None:
        """The most that may be spent, in millionths of a dollar."""
        return ceiling(self.max_cost)

    def __attrs_post_init__(self) -> None:
        """Check the ceiling now, and not at its first use."""
        ceiling(self.max_cost)
