"""When to look next: at one job, at a training, at captions in the making."""

from __future__ import annotations

import attrs


@attrs.frozen(kw_only=True)
class Pace:
    """Looks that become rarer as a wait grows longer.

    Attributes:
        first: Seconds before the second look.
        growth: By what each delay exceeds the one before, as a factor.
        most: The longest delay, in seconds.
    """

    first: float
    growth: float
    most: float

    def delay(self, looks: int) -> float:
        """Seconds to wait after so many looks (1 or more)."""
        # The exponent is bounded because a float overflows long before a training ends.
        return min(self.most, self.first * self.growth ** min(looks - 1, 100))


JOB = Pace(first=1.0, growth=1.5, most=10.0)
BULK = Pace(first=2.0, growth=1.3, most=30.0)
CAPTIONS = Pace(first=1.0, growth=1.3, most=15.0)
TRAINING = Pace(first=1.0, growth=1.25, most=60.0)
