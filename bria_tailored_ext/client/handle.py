"""What every handle can do, whether its job has an id or only an URL."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Generator, Mapping
from datetime import datetime
from typing import Any, Generic, TypeVar

import attrs

from bria_tailored_ext.values import wire
from bria_tailored_ext.values.clock import Clock
from bria_tailored_ext.values.errors import InvalidInputError
from bria_tailored_ext.values.events import JobEvent
from bria_tailored_ext.values.jobs import JobKind, JobState, Result

R = TypeVar("R", bound=Result, covariant=True)


class Handle(ABC, Generic[R]):
    """A handle on what Bria makes, and goes on making whether or not anybody waits for it."""

    __slots__ = ()

    @property
    @abstractmethod
    def kind(self) -> JobKind | None:
        """What it makes."""

    @property
    @abstractmethod
    def submitted_at(self) -> datetime | None:
        """When it was submitted, in UTC; `None` where nobody said."""

    @property
    @abstractmethod
    def state(self) -> JobState:
        """Its state at the last look."""

    @property
    @abstractmethod
    def _name(self) -> str:
        """What a person knows it by."""

    @property
    @abstractmethod
    def _clock(self) -> Clock:
        """Tells the time."""

    def __repr__(self) -> str:
        age = ""
        if self.submitted_at is not None:
            seconds = (self._clock.now() - self.submitted_at).total_seconds()
            age = f", submitted {seconds:.0f} s ago"
        kind = self.kind.value if self.kind else "of unknown kind"
        return f"<{type(self).__name__} {self._name}: {kind}, {self.state.value}{age}>"

    def __await__(self) -> Generator[Any, Any, R]:
        """Awaited, it is its result."""
        return self.result().__await__()

    @abstractmethod
    async def result(self, *, timeout: float | None = 600.0) -> R:
        """Wait and return what it made.

        Args:
            timeout: Seconds from this call; `None` waits for ever.
        """

    @abstractmethod
    async def _changed(self, told: int, timeout: float | None) -> tuple[int, JobEvent]:
        """Wait until it is final, or has changed more often than is told of already.

        Returns:
            How often it has changed, and how it is now.
        """

    async def events(self, *, timeout: float | None = 600.0) -> AsyncIterator[JobEvent]:
        """Each state that it is seen in, until it is final.

        Args:
            timeout: Seconds from the first step; `None` waits for ever.

        Raises:
            BriaError: As for `wait`.
            RuntimeError: The client was closed meanwhile.
        """
        clock, told = self._clock, 0
        deadline = None if timeout is None else clock.monotonic() + timeout
        while True:
            left = None if deadline is None else max(0.0, deadline - clock.monotonic())
            told, event = await self._changed(told, left)
            yield event
            # Not what it is by now: it may have ended while the event was being dealt with.
            if event.state.is_final:
                return

    def _facts(self) -> dict[str, str]:
        """What is worth telling of it elsewhere, beside what it is known by."""
        known: dict[str, str] = {}
        if self.kind is not None:
            known["kind"] = self.kind.value
        if self.submitted_at is not None:
            known["submitted_at"] = self.submitted_at.isoformat()
        return known


@attrs.frozen(kw_only=True)
class Description:
    """What `to_dict` told of any handle.

    Attributes:
        key: What it is known by.
        kind: What it makes, if that was known.
        submitted_at: When it was submitted, if that was known.
    """

    key: str
    kind: JobKind | None
    submitted_at: datetime | None


def read_description(known: Mapping[str, str], key: str, what: str) -> Description:
    """Read what `to_dict` told.

    Args:
        known: What it told.
        key: The name of what the handle is known by.
        what: What the handle is called.

    Raises:
        InvalidInputError: It is no description of such a handle.
    """
    try:
        kind = JobKind(known["kind"]) if "kind" in known else None
        at = datetime.fromisoformat(known["submitted_at"]) if "submitted_at" in known else None
        if (found := wire.text(known[key])) is None:
            raise ValueError(f"its {key} is none")
        return Description(key=found, kind=kind, submitted_at=at)
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInputError(
            f"This describes no {what} ({error}). Pass what `{what}.to_dict()` gave."
        ) from error
