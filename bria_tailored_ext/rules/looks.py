"""Which open job to look at next, and when: values in, values out.

Every look goes to the job likeliest to have finished since its last one, and only once that is
likely enough. How likely is decided by what is left of the budget: with threshold p a job costs
1/p looks in the mean, so that looks may be early where they are plenty, and must be sure of
themselves where every one that finds nothing keeps a finished job waiting.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import inf, log
from typing import Any, Generic, TypeVar

from bria_tailored_ext.rules.agenda import Agenda
from bria_tailored_ext.rules.durations import Learned
from bria_tailored_ext.rules.limits import PERIOD
from bria_tailored_ext.rules.pace import JOB, Pace
from bria_tailored_ext.rules.scarcity import INSTANT, Stream, Supply, worth
from bria_tailored_ext.values.jobs import JobKind

FALLBACK = Pace(first=60.0, growth=1.5, most=600.0)
"""For a job that a webhook will report: a delivery may never come."""

_EAGER = 0.08
"""The least chance worth a look, however many are free: about a twelfth of the jobs each time."""

_FLOW = 0.25
"""The chance worth a look where looks are used up evenly, as soon as it is its time."""

_HORIZONS = (0.3, 0.6, 1.0)
"""Parts of the window over which jobs and looks are weighed against one another."""

_OWN = 0.4
"""The chance worth a look with no plan and many jobs: 2.5 looks per job."""

_MANY = 50
"""So many open jobs are many, with no plan."""

_SHY = 0.5
"""How much surer each finished job makes the next scout want to be."""

_PROVEN = 10
"""So many finished jobs of a kind tell enough to look at several at once."""

_SCOUTING = 8.0
"""The share of the looks that will not be needed which scouts may use is one in so many."""

_LONG = 0.4
"""A job takes long that has outlived so many of its kind."""

_YOUNGEST = 1000
"""More than ten times the logarithm of any age can fall below 0."""

_LEAST_GAP = 0.2
"""Seconds between two looks at one job."""

_NEED = 2.0
"""Looks that a job may need until one finds it finished."""

_SLOW = 3.0
"""Seconds after which a look without an answer holds up no other."""


class Candidate:
    """An open job that somebody waits for.

    Attributes:
        kind: What it makes; `None` where nobody knows.
        since: When it was submitted, in seconds on the monotonic clock; `None` if nobody knows.
        by_webhook: Whether a delivery is expected.
        last: Its age at the last look that found it open, in seconds.
        idle: Looks in a row that told nothing of its duration.
        due: When it may be looked at, where its age does not tell; else infinitely past.
        has_come: Whether it was ever waited for.
        counted_as: Its kind when its look began.
        entry: Its number where it stands.
        queue: Where it stands.
    """

    __slots__ = (
        "by_webhook",
        "counted_as",
        "due",
        "entry",
        "has_come",
        "idle",
        "kind",
        "last",
        "queue",
        "since",
    )

    def __init__(
        self, *, kind: JobKind | None, since: float | None, by_webhook: bool = False
    ) -> None:
        self.kind: JobKind | None = kind
        self.since: float | None = since
        self.by_webhook: bool = by_webhook
        self.last: float = 0.0
        self.idle: int = 0
        self.due: float = -inf
        self.has_come: bool = False
        self.counted_as: JobKind | None = None
        self.entry: int = 0
        self.queue: Agenda[Any] | None = None


C = TypeVar("C", bound=Candidate)


class Schedule(Generic[C]):
    """The open jobs that somebody waits for, and what is known of how long jobs take.

    Args:
        learned: By kind; taught by what the looks find.
        at_once: Looks under way at the same time.
    """

    def __init__(self, learned: Mapping[JobKind, Learned], at_once: int) -> None:
        self._learned = learned
        self._most = at_once
        self._proven = 1
        self._queues: dict[tuple[JobKind, int], Agenda[C]] = {}
        self._timed: Agenda[C] = Agenda()
        self._reported: Agenda[C] = Agenda()
        self._looks: dict[C, float] = {}
        self._stream = Stream()
        self._taken_at = -inf
        self._judged_at = -inf
        self._judged = _EAGER
        self._is_crowded = False

    def __len__(self) -> int:
        return len(self._reported) + self._waiting

    @property
    def _waiting(self) -> int:
        """How many need looks, unlike those that a webhook reports."""
        return len(self._timed) + sum(map(len, self._queues.values()))

    @property
    def under_way(self) -> int:
        """How many looks are."""
        return len(self._looks)

    def is_spare(self, supply: Supply) -> bool:
        """Whether a look is left over, when each job has had those that it may need."""
        return supply.free(0.0) > _NEED * self._waiting

    def enter(self, job: C, now: float) -> None:
        """Somebody begins to wait for a job, or does so again and finds its turn as it was."""
        self._judged_at = -inf
        if not job.has_come:
            job.has_come = True
            self._stream.joined(now)
        if job.due > -inf:
            self._at(job, job.due)
        elif job.by_webhook:
            begun = job.since if job.since is not None else now
            self._at(job, max(now, begun + self._fallback(job)))
        elif job.kind is None or job.since is None:
            self._at(job, now)
        else:
            self._in_line(job, job.kind, job.since)

    def leave(self, job: C) -> None:
        """Nobody waits for a job any more."""
        if job.queue is not None:
            job.queue.discard(job)
            job.queue = None

    def take(self, now: float, supply: Supply) -> C | None:
        """The job to look at now, which is taken out; `None` for none."""
        if self._is_full(now) or supply.delay() > INSTANT:
            return None
        threshold = self._threshold(now, supply)
        best: C | None = None
        best_score = -1.0
        for job, due in self._heads(threshold, supply, now):
            if due <= now + INSTANT and (score := self._score(job, due, now)) > best_score:
                best, best_score = job, score
        if best is not None:
            self.claim(best, now)
            self._taken_at = now
        return best

    def claim(self, job: C, now: float) -> None:
        """Take a job out, to be looked at now."""
        self.leave(job)
        self._judged_at = -inf
        # Its kind may be learned before the look is over.
        job.counted_as = job.kind
        self._looks[job] = now

    def _is_full(self, now: float) -> bool:
        """Whether no further look may begin: few may be under way until some were answered."""
        if self.under_way >= self._most:
            return True
        return self.under_way >= self._proven and self._count_recent(now) >= self._proven

    def _count_recent(self, now: float, kind: JobKind | None = None) -> int:
        """How many looks at a kind, or at any, have not been under way for long."""
        return sum(
            (kind is None or job.counted_as is kind) and now - began < _SLOW
            for job, began in self._looks.items()
        )

    def next_instant(self, now: float, supply: Supply) -> float:
        """When to ask again; infinite where only an answer or another job can change anything."""
        if self._is_full(now):
            return inf
        threshold = self._threshold(now, supply)
        soonest = min((due for _, due in self._heads(threshold, supply, now)), default=inf)
        if soonest == inf:
            return inf
        if threshold > _EAGER and self._queues:
            # Looks come back meanwhile, and the threshold falls.
            soonest = min(soonest, now + 1.0)
        return max(soonest, now + supply.delay())

    def found_open(self, job: C, started: float, now: float) -> None:
        """A look found a job open; it is in line again.

        Args:
            job: The job.
            started: When the look left.
            now: The time.
        """
        self._answered(job)
        if job.kind is not None and job.since is not None:
            age = max(job.last, started - job.since)
            self._learned[job.kind].saw(job.last, age, finished=False)
            job.last = age
        if job.by_webhook or job.kind is None or job.since is None:
            job.idle += 1
            pace = FALLBACK if job.by_webhook else JOB
            self._at(job, now + pace.delay(job.idle))
        else:
            job.idle = 0
            self._in_line(job, job.kind, job.since)

    def found_final(self, job: C, now: float) -> None:
        """A look found that a job has ended."""
        self._answered(job)
        self.leave(job)
        if job.kind is not None and job.since is not None and now - job.since > job.last:
            self._learned[job.kind].saw(job.last, now - job.since, finished=True)

    def reported(self, job: C) -> None:
        """A job has ended, which became known without a look of this schedule.

        It teaches nothing: of many jobs the quick ones are reported first, and would be believed.
        """
        self.leave(job)

    def found_nothing(self, job: C, now: float) -> None:
        """A look told nothing of a job, which is in line again, later."""
        self._answered(job, proven=False)
        job.idle += 1
        self._at(job, now + JOB.delay(job.idle))

    def gave_up(self, job: C) -> None:
        """A look was broken off before its answer; the job is not in line."""
        self._answered(job, proven=False)

    def doubt(self) -> None:
        """Looks fail: go on with one at a time."""
        self._proven = 1

    def _answered(self, job: C, *, proven: bool = True) -> None:
        self._judged_at = -inf
        del self._looks[job]
        self._proven = min(self._most, self._proven + proven)

    def _at(self, job: C, instant: float) -> None:
        job.due = instant
        self._put(job, self._reported if job.by_webhook else self._timed, instant)

    def _in_line(self, job: C, kind: JobKind, since: float) -> None:
        job.due = -inf
        # In one queue stand jobs last seen open at about one age: the first submitted is first.
        key = kind, _class_of(job.last)
        queue = self._queues.get(key)
        if queue is None:
            queue = self._queues[key] = Agenda()
        self._put(job, queue, since)

    def _put(self, job: C, queue: Agenda[C], at: float) -> None:
        self.leave(job)
        queue.put(job, at)
        job.queue = queue

    def _fallback(self, job: C) -> float:
        if job.kind is None:
            return FALLBACK.first
        return max(FALLBACK.first, 1.5 * self._learned[job.kind].age_of(0.95))

    def _heads(self, threshold: float, supply: Supply, now: float) -> Iterator[tuple[C, float]]:
        """The first of every queue, and when it is due."""
        for agenda in (self._timed, self._reported):
            if (timed := agenda.first()) is not None:
                yield timed[1], timed[0]
        for key, queue in list(self._queues.items()):
            first = queue.first()
            if first is None:
                del self._queues[key]
                continue
            since, job = first
            yield job, since + self._due_age(key[0], job, threshold, supply, now)

    def _due_age(
        self, kind: JobKind, job: C, threshold: float, supply: Supply, now: float
    ) -> float:
        learned = self._learned[kind]
        if learned.finished < _PROVEN:
            # One scout at a time: what it finds tells of all jobs of its kind.
            scouts = self._count_recent(now, kind)
            if scouts >= 1 + learned.finished:
                return inf
            if scouts == 0:
                # Each one that finds a finished job makes the next one need more certainty.
                doubt = (1.0 - self._scouting(supply)) / (1.0 + _SHY * learned.finished)
                threshold = min(threshold, 1.0 - doubt)
        age = learned.age_of(threshold, job.last)
        if self._is_crowded:
            age = min(age, learned.patience(job.last, PERIOD))
        if job.last:
            # No model is trusted without end: a job that takes long is looked at more and more
            # rarely, but it is.
            longest = max(job.last * (1.1 + threshold), learned.age_of(_LONG))
            age = max(min(age, longest), job.last + _LEAST_GAP)
        return age

    def _score(self, job: C, due: float, now: float) -> float:
        late = now - due
        if job.queue is self._timed or job.queue is self._reported:
            return 1.0 - 0.4 / (1.0 + late / 10.0)
        assert job.kind is not None  # noqa: S101
        assert job.since is not None  # noqa: S101
        chance = self._learned[job.kind].chance(job.last, now - job.since)
        return max(chance, 1.0 - 1.0 / (1.0 + late / 60.0))

    def _threshold(self, now: float, supply: Supply) -> float:
        """The chance worth a look at this instant."""
        if now != self._judged_at:
            self._judged, self._judged_at = self._judge(now, supply), now
        return self._judged

    def _judge(self, now: float, supply: Supply) -> float:
        wanted, free = self._waiting + self.under_way, supply.free(0.0)
        if free == inf:
            self._is_crowded = False
            return max(_EAGER, _OWN * min(1.0, wanted / _MANY))
        self._is_crowded = wanted + self._stream.expected(now, PERIOD) > free
        threshold = max(
            worth(self._ready(now, part * PERIOD), supply.free(part * PERIOD - INSTANT))
            for part in _HORIZONS
        )
        if self._stream.expected(now, PERIOD) and now - self._taken_at >= PERIOD / supply.rate:
            threshold = min(threshold, _FLOW)
        return max(_EAGER, threshold)

    def _ready(self, now: float, ahead: float) -> float:
        """How many jobs, open or to come, will want a look within so many seconds, being done."""
        ready = float(len(self._timed) + self.under_way)
        for (kind, _), queue in self._queues.items():
            if (first := queue.first()) is not None:
                learned, last = self._learned[kind], first[1].last
                oldest, youngest = now - first[0], now - queue.latest
                # Simpson's rule over ages that are taken to lie evenly between the two.
                ages = (oldest, 1), ((oldest + youngest) / 2, 4), (youngest, 1)
                still = sum(w * learned.survival(max(last, age + ahead)) for age, w in ages) / 6
                ready += len(queue) * (1.0 - still / learned.survival(last))
        if self._stream.expected(now, ahead):
            kinds = {kind for kind, _ in self._queues}
            soonest = min((self._learned[kind].age_of(0.5) for kind in kinds), default=inf)
            ready += self._stream.expected(now, max(0.0, ahead - soonest))
        return ready

    def _scouting(self, supply: Supply) -> float:
        free = supply.free(0.0)
        if free == inf:
            return 0.02
        spare = free - self._waiting - self.under_way
        return min(_OWN, _SCOUTING / spare) if spare > 0 else 1.0


def _class_of(age: float) -> int:
    """Ages told apart by a tenth, so that in a class the first submitted is the likeliest."""
    return 0 if age <= 0 else round(10 * log(age)) + _YOUNGEST
