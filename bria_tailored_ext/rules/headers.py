"""Headers of answers that mean something to us."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait, from `Retry-After` in either of its forms, or None.

    A date is counted from the answer's own `Date`, so that it does not matter whose clock is wrong.

    Args:
        headers: Of the answer; names in lower case, or in any where the mapping does not care.
        now: The time here, aware, for an answer without a `Date`.
    """
    wanted = headers.get("retry-after")
    if wanted is None:
        return None
    try:
        seconds = float(wanted)
        return max(0.0, seconds) if math.isfinite(seconds) else None
    except ValueError:
        pass
    then = _date(wanted)
    return max(0.0, (then - (_date(headers.get("date")) or now)).total_seconds()) if then else None


def _date(text: str | None) -> datetime | None:
    try:
        then = parsedate_to_datetime(text or "")
    except (ValueError, OverflowError):
        return None
    return then if then.tzinfo else then.replace(tzinfo=UTC)
