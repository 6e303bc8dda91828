"""How long things take, in simulated seconds: drawn from the seed, or as one says."""

import math
from collections.abc import Mapping
from statistics import NormalDist
from typing import Final, Literal, TypeAlias, get_args

import attrs

from bria_tailored_ext.sandbox.chance import Chance

Kind: TypeAlias = Literal[
    "image",
    "structured_prompt",
    "video",
    "training",
    "stopping",
    "syncing",
    "caption",
    "bulk_file",
]

_NORMAL: Final = NormalDist()


def _is_length(_duration: object, attribute: "attrs.Attribute[float]", value: float) -> None:
    if not 0.0 <= value < math.inf:
        raise ValueError(f"{attribute.name} must be 0 or more, and finite; it is {value!r}.")


@attrs.frozen(kw_only=True)
class Length:
    """A length of time that is never twice the same: lognormal, within limits.

    Attributes:
        median: Half of them are shorter, in simulated seconds.
        sigma: How far they scatter, as the standard deviation of the logarithm: 0.4 puts two
            thirds between 0.67 and 1.5 medians.
        low: None is shorter, in simulated seconds.
        high: None is longer, in simulated seconds; `None` for no limit.
    """

    median: float = attrs.field(validator=_is_length)
    sigma: float = attrs.field(default=0.4, validator=_is_length)
    low: float = attrs.field(default=0.0, validator=_is_length)
    high: float | None = attrs.field(default=None, validator=attrs.validators.optional(_is_length))

    def at(self, fraction: float) -> float:
        """Give the length that this fraction of all lengths is shorter than, in seconds."""
        inside = min(max(fraction, 1e-9), 1.0 - 1e-9)
        length = self.median * math.exp(self.sigma * _NORMAL.inv_cdf(inside))
        return min(max(length, self.low), math.inf if self.high is None else self.high)


# Only the training's has a source; the others are the sandbox's own, and plausible.
DEFAULTS: Final[Mapping[Kind, Length]] = {
    "image": Length(median=20.0, low=5.0, high=60.0),
    "structured_prompt": Length(median=5.0, low=3.0, high=8.0),
    "video": Length(median=110.0, low=60.0, high=180.0),
    # Source: "typically 2-4 hours" in start_training's description; users have seen 6.
    "training": Length(median=3 * 3600.0, sigma=0.3, low=2 * 3600.0, high=6 * 3600.0),
    "stopping": Length(median=60.0, low=30.0, high=120.0),
    "syncing": Length(median=110.0, low=60.0, high=180.0),
    "caption": Length(median=3.5, low=2.0, high=6.0),
    "bulk_file": Length(median=0.7, low=0.4, high=1.2),
}


class Lengths:
    """The lengths of one sandbox.

    Args:
        chance: What they are drawn from.
        chosen: Other lengths by kind: a number of simulated seconds is exactly that.

    Raises:
        ValueError: There is no such kind, or a number is negative or not finite.
    """

    def __init__(self, chance: Chance, chosen: Mapping[Kind, float | Length]) -> None:
        for kind in chosen:
            if kind not in get_args(Kind):
                raise ValueError(
                    f"durations has {kind!r}; it can have {', '.join(get_args(Kind))}."
                )
        self._chance = chance
        self._lengths = {**DEFAULTS, **{kind: _fixed(each) for kind, each in chosen.items()}}

    def seconds(self, kind: Kind, *key: str | int) -> float:
        """Draw a length in simulated seconds, the same for the same key."""
        return self._lengths[kind].at(self._chance.between(0.0, 1.0, *key))


def _fixed(length: float | Length) -> Length:
    return length if isinstance(length, Length) else Length(median=length, sigma=0.0)
