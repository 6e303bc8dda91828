"""How long jobs take, as values that can be kept from one run to the next."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Any, Self

import attrs

from bria_tailored_ext.values.errors import ConfigurationError
from bria_tailored_ext.values.jobs import JobKind

__all__ = ["Duration", "Durations"]


def _positive(_owner: object, attribute: attrs.Attribute[float], value: object) -> None:
    # Not `value <= 0`: nan is neither. And True is an int.
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < inf:
        raise ConfigurationError(f"{attribute.name} must be a number above 0; it is {value!r}.")


@attrs.frozen(kw_only=True)
class Duration:
    """How long jobs of one kind take: half of them at most `median`.

    Attributes:
        median: Seconds.
        spread: The standard deviation of the logarithm: 0.4 says that two thirds of the jobs lie
            within a factor of e^0.4, which is 1.5, of the median.
        seen: How many finished jobs this rests on, the older ones counting less.
    """

    median: float = attrs.field(validator=_positive)
    spread: float = attrs.field(validator=_positive)
    seen: float = attrs.field(validator=_positive)


@attrs.frozen
class Durations:
    """What one client has learned, to be given to the next: `TailoredClient(durations=...)`.

    Attributes:
        by_kind: Only the kinds of which jobs were seen to finish.
    """

    by_kind: Mapping[JobKind, Duration] = attrs.field(factory=dict[JobKind, Duration])

    def to_dict(self) -> dict[str, dict[str, float]]:
        """The same in values that JSON knows."""
        return {kind.value: attrs.asdict(known) for kind, known in self.by_kind.items()}

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Self:
        """What `to_dict` gave. Kinds that this version does not know are left out.

        Raises:
            ConfigurationError: It is something else.
        """
        kinds = {kind.value: kind for kind in JobKind}
        try:
            return cls(
                {kinds[name]: Duration(**known) for name, known in raw.items() if name in kinds}
            )
        except (AttributeError, TypeError) as error:
            raise ConfigurationError(
                f"These are no durations ({error}). Pass what `Durations.to_dict()` gave, or none."
            ) from error
