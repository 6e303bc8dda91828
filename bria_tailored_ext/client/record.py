"""What a client knows of one job, and who waits for it."""

from __future__ import annotations

import copy
from datetime import datetime
from math import inf

import anyio

from bria_tailored_ext.edge.turn import Turn
from bria_tailored_ext.rules import patience
from bria_tailored_ext.rules.jobs import Look
from bria_tailored_ext.rules.looks import Candidate
from bria_tailored_ext.values.clock import Clock
from bria_tailored_ext.values.errors import BriaError, JobNotFound
from bria_tailored_ext.values.jobs import JobState

_NOT_SEEN = Look(state=JobState.IN_PROGRESS, status="IN_PROGRESS")


class Record(Candidate):
    """One job; all handles on it share this.

    Attributes:
        request_id: Its id; empty where an answer to `sync` named none.
        submitted_at: When it was submitted, in UTC, if that is known.
        seen_at: When it was last seen, on the monotonic clock, if it was.
        look: What the last look that told something has shown.
        changes: How often its status has changed; 0 before the first look.
        polls: Looks so far, failed ones included.
        unknown: UNKNOWNs in a row.
        missing: 404s in a row.
        not_found: The last answer as an error, if it was a 404.
        failure: Why the last look failed, if it did.
        verdict: Why no further look is worth while, though the job is not final.
        waiters: Who waits for it.
        looker: Who takes, or is about to take, a look at it.
        looking: Ends a look that is under way.
    """

    __slots__ = (
        "__weakref__",
        "changes",
        "failure",
        "look",
        "looker",
        "looking",
        "missing",
        "not_found",
        "polls",
        "request_id",
        "seen_at",
        "submitted_at",
        "unknown",
        "verdict",
        "waiters",
    )

    def __init__(self, request_id: str, look: Look | None = None) -> None:
        super().__init__(kind=None, since=None)
        self.request_id: str = request_id
        self.submitted_at: datetime | None = None
        self.look: Look = look or _NOT_SEEN
        self.changes = 0 if look is None else 1
        self.seen_at: float | None = None
        self.polls: int = 0
        self.waiters: tuple[Waiter, ...] = ()
        self.looker: Waiter | None = None
        self.looking: anyio.CancelScope | None = None
        self.begin()

    @property
    def state(self) -> JobState:
        """Its state at the last look."""
        return self.look.state

    @property
    def is_settled(self) -> bool:
        """Whether no further look is worth while."""
        return self.look.state.is_final or self.verdict is not None

    def is_over(self, told: int | None) -> bool:
        """Whether it is final, or has changed more often than is known; `None` for final alone."""
        return self.state.is_final or (told is not None and self.changes > told)

    def date(self, submitted_at: datetime, clock: Clock) -> None:
        """Note when it was submitted."""
        age = (clock.now() - submitted_at).total_seconds()
        self.submitted_at = submitted_at
        self.since: float | None = clock.monotonic() - max(0.0, age)

    def begin(self) -> None:
        """Somebody waits for it anew, with new patience."""
        self.unknown: int = 0
        self.missing: int = 0
        self.verdict: BriaError | None = None
        self.not_found: JobNotFound | None = None
        self.failure: BriaError | None = None

    def saw(self, look: Look) -> bool:
        """Note a look; whether its status is another than before."""
        changed = self.changes == 0 or look.status != self.look.status
        self.look = look
        self.changes += changed
        self.failure = self.not_found = None
        self.missing = 0
        if look.state is not JobState.UNKNOWN:
            self.unknown = 0
        return changed


class Waiter:
    """One task that waits for a job.

    Attributes:
        record: The job.
        since: When it began, in seconds on the monotonic clock.
        deadline: When it is to end, on the same clock; infinite for never.
        polls: How many looks there had been then.
        turn: Wakes it, while it sleeps.
        entry: Its number among those with a deadline.
        is_expired: Whether its deadline has come.
        is_late: Whether the grace after its deadline is over too.
        is_closed: Whether the client was closed meanwhile.
    """

    __slots__ = (
        "deadline",
        "entry",
        "is_closed",
        "is_expired",
        "is_late",
        "polls",
        "record",
        "since",
        "turn",
    )

    def __init__(self, record: Record, since: float, timeout: float | None) -> None:
        self.record: Record = record
        self.since: float = since
        self.deadline: float = inf if timeout is None else since + timeout
        self.polls: int = record.polls
        self.turn: Turn | None = None
        self.entry: int = 0
        self.is_expired: bool = False
        self.is_late: bool = False
        self.is_closed: bool = False

    def still_open(self, now: float, failure: BriaError | None) -> BriaError:
        """The error for a wait whose deadline has passed.

        Args:
            now: The time.
            failure: Why the looks of late failed, if they did; this job's own says more.
        """
        record = self.record
        if record.not_found is not None:
            # Nobody can say of a job that Bria does not know that it goes on.
            missing = copy.copy(record.not_found)
            missing.__cause__ = record.not_found.__cause__
            return missing
        failure = record.failure or failure
        error = patience.still_open(
            record.request_id,
            kind=record.kind,
            status=record.look.status,
            seconds=now - self.since,
            polls=record.polls - self.polls,
            failure=failure,
        )
        error.__cause__ = failure
        return error

    @property
    def has_work(self) -> bool:
        """Whether it has better to do than to hold the timer."""
        record = self.record
        return record.looker is self or self.is_expired or self.is_closed or record.is_settled
