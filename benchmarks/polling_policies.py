"""What others do, or could: the policies that the poller is compared with.

Each is a small simulation without tasks or HTTP, over the same jobs and the same server.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from math import erfc, inf, log, sqrt

from benchmarks.polling_world import LATENCY, PERIOD, Agenda, Outcome, Window, Work, summary
from bria_tailored_ext.rules.limits import MARGIN

Policy = Callable[[Sequence[Work], int], Outcome]


def fixed(work: Sequence[Work], rate: int) -> Outcome:
    """Each job every 2 s, by itself, as most hand-written loops do."""
    return _alone(work, rate, lambda _looks: 2.0)


def backoff(work: Sequence[Work], rate: int) -> Outcome:
    """Each job by itself, after 1 s, then 1.5 times as long each time, 10 s at most."""
    return _alone(work, rate, lambda looks: min(10.0, 1.5**looks))


def _alone(work: Sequence[Work], rate: int, gap: Callable[[int], float]) -> Outcome:
    window, agenda, lags, looks, end = Window(rate), Agenda(), [], 0, 0.0
    for each in work:
        if each.takes < inf:
            agenda.put(each.at + gap(0), (each, 1))
    while agenda:
        now, (each, tries) = agenda.pop()
        if window.admits(now + LATENCY / 2):
            looks += 1
            if each.ends <= now + LATENCY / 2:
                end = now + LATENCY
                lags.append(end - each.ends)
                continue
        agenda.put(now + LATENCY + gap(tries), (each, tries + 1))
    return summary(work, lags, end, rate, looks, window.refused)


def oracle(work: Sequence[Work], rate: int) -> Outcome:
    """Looks at each job once, as soon as it has finished and the window allows."""
    taken: deque[float] = deque()
    lags, at = [], 0.0
    for each in sorted((w for w in work if w.takes < inf), key=lambda w: w.ends):
        at = each.ends
        if len(taken) == rate:
            at = max(at, taken.popleft() + PERIOD)
        taken.append(at)
        lags.append(at - each.ends)
    return summary(work, lags, at, rate, len(lags), 0)


class _Open:
    def __init__(self, work: Work) -> None:
        self.work = work
        self.last = 0.0
        self.looked_at = work.at


def round_robin(work: Sequence[Work], rate: int) -> Outcome:
    """One budget for all; each slot goes to the job that was looked at longest ago."""
    return _shared(work, rate, lambda jobs, _now, _fit: min(jobs, key=lambda job: job.looked_at))


def likeliest(work: Sequence[Work], rate: int, period: float = PERIOD) -> Outcome:
    """One budget for all; each slot goes to the job likeliest to have finished since its last look.

    A lognormal is fitted to what has finished; below a chance of 0.3 no look is taken.

    Args:
        work: The jobs.
        rate: Looks that the server allows in a window.
        period: Seconds in which the policy takes so many.
    """

    def choose(jobs: list[_Open], now: float, fit: _Fit) -> _Open | None:
        chance, _, best = max(
            (fit.chance(job.last, now - job.work.at), id(job), job) for job in jobs
        )
        return best if chance >= _THRESHOLD else None

    return _shared(work, rate, choose, period)


SAFE_PERIOD = PERIOD + LATENCY + MARGIN
"""Seconds: a look counts from its answer on, else one that was long on its way brings a 429."""

_THRESHOLD = 0.3


class _Fit:
    """A lognormal fitted to the intervals in which jobs have finished."""

    def __init__(self) -> None:
        self._logs: list[float] = []
        self.median, self.spread = log(15.0), 0.6

    def add(self, after: float, before: float) -> None:
        after = max(after, before / 2)
        self._logs.append((log(after) + log(before)) / 2)
        if len(self._logs) >= 5:
            count = len(self._logs)
            self.median = sum(self._logs) / count
            variance = sum((each - self.median) ** 2 for each in self._logs) / count
            self.spread = max(0.2, sqrt(variance))

    def later(self, age: float) -> float:
        if age <= 0:
            return 1.0
        return 0.5 * erfc((log(age) - self.median) / (self.spread * sqrt(2))) + 1e-9

    def chance(self, last: float, age: float) -> float:
        return 1.0 - self.later(age) / self.later(last)


def _shared(
    work: Sequence[Work],
    rate: int,
    choose: Callable[[list[_Open], float, _Fit], _Open | None],
    period: float = PERIOD,
) -> Outcome:
    """R slots a period, evenly, which never fill a window too full if nothing delays a look."""
    coming = deque(_Open(each) for each in work)
    finite = sum(each.takes < inf for each in work)
    answers: deque[tuple[float, float, bool, _Open]] = deque()
    jobs: list[_Open] = []
    lags: list[float] = []
    looks, now, fit = 0, 0.0, _Fit()
    while len(lags) < finite:
        now += period / rate
        while coming and coming[0].work.at <= now:
            jobs.append(coming.popleft())
        while answers and answers[0][0] <= now:
            at, age, done, job = answers.popleft()
            if done:
                fit.add(job.last, age)
                lags.append(at - job.work.ends)
            else:
                job.last = age
                jobs.append(job)
        chosen = choose(jobs, now, fit) if jobs else None
        if chosen is not None:
            jobs.remove(chosen)
            # As of the poller's looks: those at jobs that never finish are counted apart.
            looks += chosen.work.takes < inf
            chosen.looked_at = now
            done = chosen.work.ends <= now + LATENCY / 2
            answers.append((now + LATENCY, now - chosen.work.at, done, chosen))
    return summary(work, lags, now, rate, looks, 0)


POLICIES: dict[str, Policy] = {
    "each job every 2 s": fixed,
    "backoff 1 s x1.5, cap 10": backoff,
    "shared, round robin": round_robin,
    "shared, likeliest first": likeliest,
    "the same at a safe pace": partial(likeliest, period=SAFE_PERIOD),
    "oracle": oracle,
}
