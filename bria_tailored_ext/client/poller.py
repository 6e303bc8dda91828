"""One poller for all jobs of a client, without a task of its own: who waits, works.

One of those who wait holds the timer, the others sleep. When a look falls due, one who waits for
that very job takes it, in its own task, and all who wait for the job share what it finds. Whoever
leaves, cancelled or not, hands on what it held: so nothing outlives anybody, and a job that nobody
waits for costs nothing.
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from math import inf
from typing import Any
from weakref import WeakValueDictionary

import anyio

from bria_tailored_ext.client.looking import Looking, Lookings
from bria_tailored_ext.client.record import Record, Waiter
from bria_tailored_ext.client.timer import Timer
from bria_tailored_ext.rules import jobs, patience
from bria_tailored_ext.rules.agenda import Agenda
from bria_tailored_ext.rules.durations import ASSUMED, Learned
from bria_tailored_ext.rules.looks import Schedule
from bria_tailored_ext.rules.scarcity import Rest, Supply, is_free
from bria_tailored_ext.values.clock import Clock
from bria_tailored_ext.values.durations import Durations
from bria_tailored_ext.values.errors import BriaError, NotFoundError
from bria_tailored_ext.values.jobs import JobKind, JobState

log: logging.Logger = logging.getLogger("bria_tailored_ext")

_STEP = 1.0
"""Seconds that the timer sleeps at most while looks are under way."""

_MOMENT = 0.005
"""Seconds between two attempts to give out what is due."""

_RECENT = 1.0
"""Seconds: a look that old is as good as another at the deadline."""

_CLOSED = "The client was closed. The job goes on at Bria: take it up again by its id."


class Poller:
    """Decides which job is looked at when, and tells those who wait.

    Args:
        clock: Tells and passes the time.
        supply: What the plan allows at this moment.
        at_once: Looks under way at the same time; more would only queue for a connection.
        durations: What an earlier client has learned.

    Attributes:
        finished: How many jobs it has seen end.
        polls: How many looks these took together.
    """

    def __init__(
        self,
        clock: Clock,
        supply: Callable[[], Supply],
        *,
        at_once: int,
        durations: Durations | None = None,
    ) -> None:
        known = (durations or Durations()).by_kind
        self._learned = {kind: Learned(known.get(kind), ASSUMED[kind]) for kind in JobKind}
        self._schedule: Schedule[Record] = Schedule(self._learned, at_once)
        self._clock = clock
        self._supply = supply
        self._records: WeakValueDictionary[str, Record] = WeakValueDictionary()
        self._deadlines: Agenda[Waiter] = Agenda()
        self._timer = Timer(clock)
        self._health = patience.Health()
        self._given = 0
        self._words = jobs.Vocabulary()
        self.finished: int = 0
        self.polls: int = 0

    def open_jobs(self) -> list[str]:
        """The ids of the jobs that somebody has a handle on and that are not known to be final."""
        return [key for key, record in self._records.items() if not record.state.is_final]

    def durations(self) -> Durations:
        """What it has learned, to be given to a later client."""
        values = {kind: learned.value() for kind, learned in self._learned.items()}
        return Durations({kind: value for kind, value in values.items() if value})

    def record(
        self,
        request_id: str,
        *,
        kind: JobKind | None = None,
        submitted_at: datetime | None = None,
        look: jobs.Look | None = None,
        by_webhook: bool = False,
    ) -> Record:
        """What is known of a job: one record for all handles on it."""
        record = self._records.get(request_id) if request_id else None
        if record is None:
            record = Record(request_id, look)
            if request_id:
                self._records[request_id] = record
        record.kind = record.kind or kind
        record.by_webhook = record.by_webhook or by_webhook
        if submitted_at is not None and record.submitted_at is None:
            record.date(submitted_at, self._clock)
        return record

    def deliver(self, request_id: str, body: Mapping[str, Any]) -> bool:
        """Take what a webhook says of a job, on the client's own event loop.

        Args:
            request_id: The job.
            body: As the Status Service would have it.

        Returns:
            Whether somebody still wanted to know: there is a handle on the job, and it was open.
        """
        record = self._records.get(request_id)
        if record is None or record.state.is_final:
            return False
        self._take_in(record, jobs.read_status(body))
        self._tend()
        return True

    async def poll(self, record: Record, looking: Looking) -> None:
        """Look at a job now.

        Raises:
            JobNotFound: Bria knows no job of this id.
            ApiError: The Status Service answered with another error.
            NoAnswerError: It did not answer.
        """
        if record.state.is_final:
            return
        record.polls += 1
        before = self._health.paused_until
        try:
            body = await looking.look(record.request_id)
        except NotFoundError as error:
            raise patience.not_found(record.request_id) from error
        self._health.answered(ends=before)
        self._take_in(record, jobs.read_status(body))
        self._tend()

    async def wait(
        self,
        record: Record,
        lookings: Lookings,
        *,
        timeout: float | None,
        told: int | None = None,
    ) -> None:
        """Wait until a job is final, or has changed.

        Args:
            record: The job.
            lookings: For the looks that fall to this waiter.
            timeout: Seconds from now; `None` waits for ever.
            told: So many changes are known already; `None` to wait until it is final.

        Raises:
            WaitTimeout: It is still open.
            JobNotFound, JobStateUnknown, ApiError: There is no sense in waiting on.
            RuntimeError: The client was closed.
        """
        if record.is_over(told):
            return
        looking = lookings(patient=False)
        waiter = Waiter(record, self._clock.monotonic(), timeout)
        self._join(waiter)
        try:
            # One loop, and no coroutines around it: thousands of these stand here at a time.
            while not (record.is_over(told) or record.verdict):
                if waiter.is_closed:
                    raise RuntimeError(_CLOSED)
                if waiter.has_work and self._timer.is_held_by(waiter):
                    self._timer.hand_over()
                if waiter.is_late or (waiter.is_expired and record.looker is None):
                    raise waiter.still_open(self._clock.monotonic(), self._health.failure)
                if record.looker is waiter:
                    await self._look(waiter, looking)
                elif waiter.is_expired:
                    await self._hear(waiter)
                elif self._timer.is_for(waiter):
                    await self._lead(waiter)
                else:
                    turn = self._timer.rest(waiter, may_inherit=True)
                    try:
                        await turn.wait()
                    finally:
                        self._timer.rose(waiter)
        finally:
            self._leave(waiter)
        if record.verdict and not record.is_over(told):
            # A copy: an error that several tasks raise would collect the frames of all.
            raise copy.copy(record.verdict) from record.verdict.__cause__

    def close(self) -> None:
        """Wake all who wait: there will be no more looks."""
        for record in list(self._records.values()):
            for waiter in record.waiters:
                waiter.is_closed = True
                self._timer.wake(waiter)

    def _join(self, waiter: Waiter) -> None:
        record = waiter.record
        if not record.waiters:
            record.begin()
            self._schedule.enter(record, self._clock.monotonic())
        record.waiters = (*record.waiters, waiter)
        if waiter.deadline < inf:
            self._deadlines.put(waiter, waiter.deadline)
        if not self._timer.is_for(waiter):
            self._tend()

    def _leave(self, waiter: Waiter) -> None:
        record = waiter.record
        record.waiters = tuple(each for each in record.waiters if each is not waiter)
        self._deadlines.discard(waiter)
        if record.looker is waiter:
            # Told to look, and cancelled before it began.
            self._given -= 1
            self._break_off(record)
        if not record.waiters:
            self._schedule.leave(record)
        if self._timer.is_held_by(waiter):
            self._timer.hand_over()

    async def _lead(self, waiter: Waiter) -> None:
        """Hold the timer until the next thing to do, or until woken."""
        self._timer.take(waiter)
        until = self._tend()
        if not waiter.has_work:
            await self._timer.run(until)

    def _tend(self) -> float:
        """Give out the looks that are due; the instant of the next thing to do."""
        now = self._clock.monotonic()
        next_look = inf
        if len(self._schedule):
            supply = self._supply()
            if now >= self._health.paused_until:
                # What is given out has not begun yet, and is not in the books of the plan.
                while is_free(supply, self._given):
                    rest = Rest(supply, self._given)
                    if (record := self._schedule.take(now, rest)) is None:
                        break
                    self._assign(record, min(record.waiters, key=lambda each: each.is_late))
            next_look = self._schedule.next_instant(now, supply)
            if next_look < inf:
                # What is due and not given out waits for looks that are about to leave.
                next_look = max(next_look, self._health.paused_until, now + _MOMENT)
        self._expire(now)
        first = self._deadlines.first()
        soonest = min(next_look, first[0]) if first else next_look
        if self._schedule.under_way:
            # A clock that jumps, a test's or a sleeping machine's, is not to outrun the answers.
            soonest = min(soonest, now + _STEP)
        self._timer.bring_forward(soonest)
        return soonest

    def _assign(self, record: Record, looker: Waiter) -> None:
        self._given += 1
        record.looker = looker
        self._timer.wake(looker)

    def _expire(self, now: float) -> None:
        """End the waits whose deadline has come, with a last look where that is possible now."""
        while (first := self._deadlines.first()) is not None and first[0] <= now:
            waiter = first[1]
            self._deadlines.discard(waiter)
            waiter.is_expired = True
            record = waiter.record
            recent = record.seen_at is not None and now - record.seen_at < _RECENT
            if record.looker is None and not recent and self._may_spare(now):
                self._schedule.claim(record, now)
                self._assign(record, waiter)
            else:
                self._timer.wake(waiter)

    def _may_spare(self, now: float) -> bool:
        """Whether a look could leave now that no other job is waiting for."""
        rest = Rest(self._supply(), self._given)
        return (
            now >= self._health.paused_until and is_free(rest, 0) and self._schedule.is_spare(rest)
        )

    async def _hear(self, waiter: Waiter) -> None:
        """Wait a little for the answer to another's look, though the deadline has come: it wins."""
        turn = self._timer.rest(waiter, may_inherit=False)
        try:
            left = waiter.deadline + patience.GRACE - self._clock.monotonic()
            with anyio.move_on_after(max(0.0, left)) as grace:
                await turn.wait()
            waiter.is_late = grace.cancelled_caught
        finally:
            self._timer.rose(waiter)

    async def _look(self, waiter: Waiter, looking: Looking) -> None:
        """Take the look that fell to a waiter."""
        record, started = waiter.record, self._clock.monotonic()
        record.polls += 1
        self._given -= 1
        left = waiter.deadline + patience.GRACE - started
        try:
            with anyio.move_on_after(max(0.0, left)) as record.looking:
                body = await looking.look(record.request_id)
                self._health.answered()
                self._take_in(record, jobs.read_status(body), started)
        except BriaError as error:
            self._failed(record, error)
        finally:
            record.looking = None
            # Its look was the last one, however that ended.
            waiter.is_late = waiter.deadline <= self._clock.monotonic()
            if record.looker is waiter:
                self._break_off(record)
            for other in record.waiters:
                if other.is_expired:
                    self._timer.wake(other)
            self._tend()

    def _break_off(self, record: Record) -> None:
        """A look ended without an answer: cancelled, or overtaken by a webhook."""
        record.looker = None
        self._schedule.gave_up(record)
        if record.waiters and not record.is_settled:
            self._schedule.enter(record, self._clock.monotonic())

    def _take_in(self, record: Record, look: jobs.Look, started: float | None = None) -> None:
        """Note what was seen of a job, by a look that was begun at `started` or otherwise."""
        now, was_looker = self._clock.monotonic(), started is not None
        if was_looker:
            record.looker = None
        if record.state.is_final:
            if was_looker:
                self._schedule.gave_up(record)
            return
        record.seen_at = now
        if record.saw(look):
            self._tell(record)
        if self._words.is_new(word := look.status[:40]):
            log.warning("A job's status is %r, which no documentation knows: still open.", word)
        if look.state.is_final:
            self.finished += 1
            self.polls += record.polls
            if look.state is JobState.COMPLETED:
                record.kind = record.kind or jobs.kind_of(look)
            if was_looker:
                self._schedule.found_final(record, now)
            else:
                self._schedule.reported(record)
                if record.looking is not None:
                    record.looking.cancel()
        elif look.state is JobState.UNKNOWN:
            record.unknown += 1
            if record.unknown >= patience.UNKNOWN_LOOKS:
                self._settle(record, patience.state_unknown(record.request_id, record.unknown))
            if was_looker:
                self._schedule.found_nothing(record, now)
        elif started is not None:
            self._schedule.found_open(record, started, now)
        if not record.waiters:
            self._schedule.leave(record)

    def _failed(self, record: Record, error: BriaError) -> None:
        """A look failed: that says something of the job only if it was a 404."""
        now = self._clock.monotonic()
        record.looker = None
        record.failure = error
        self._health.pause(now + patience.asked_for(error))
        if isinstance(error, NotFoundError):
            self._health.answered()
            record.missing += 1
            age = None if record.since is None else now - record.since
            missing = patience.not_found(record.request_id)
            missing.__cause__ = error
            record.not_found = missing
            if record.missing >= patience.not_found_looks(age):
                self._settle(record, missing)
        elif patience.passes(error):
            self._health.failed(error, now)
            self._schedule.doubt()
        else:
            self._settle(record, error)
        self._schedule.found_nothing(record, now)

    def _settle(self, record: Record, verdict: BriaError) -> None:
        record.verdict = verdict
        self._tell(record)

    def _tell(self, record: Record) -> None:
        for waiter in record.waiters:
            self._timer.wake(waiter)
