"""Time, as something that is passed in: tests pass their own."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol

import anyio
import attrs

__all__ = ["Clock"]


class Clock(Protocol):
    """What the package needs to know of time."""

    def monotonic(self) -> float:
        """Seconds on a clock that never goes back."""
        ...

    def now(self) -> datetime:
        """The date and time, aware, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait for so many seconds."""
        ...


@attrs.frozen
class SystemClock:
    """The machine's clock. Any two are equal."""

    def monotonic(self) -> float:
        """Seconds on a clock that never goes back."""
        return time.monotonic()

    def now(self) -> datetime:
        """The date and time, aware, in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait for so many seconds, on asyncio or trio."""
        await anyio.sleep(seconds)
