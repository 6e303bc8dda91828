"""Learning how long jobs take, from looks that say only "finished by now" or "not yet".

A job's duration is taken to be lognormal. Nobody knows its median and spread, so a grid of them is
weighed, by Bayes' rule, at every look: a look at age `x` after an unfinished one at age `l` is
finished with probability 1 - S(x)/S(l), where S is the part of the jobs that take longer.
A look that finds nothing teaches as much as one that does.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import erfc, exp, inf, log, sqrt
from operator import mul

from bria_tailored_ext.values.durations import Duration
from bria_tailored_ext.values.jobs import JobKind

ASSUMED: Mapping[JobKind, Duration] = {
    JobKind.IMAGE: Duration(median=15.0, spread=0.4, seen=1.0),
    JobKind.STRUCTURED_PROMPT: Duration(median=8.0, spread=0.4, seen=1.0),
    JobKind.VIDEO: Duration(median=90.0, spread=0.4, seen=1.0),
}
"""Before any job was seen. An assumption: Bria documents no durations. It is held so loosely that
a third of all true medians may lie beyond a factor of two from it.
"""

_DOUBT = 0.8
"""The standard deviation of the logarithm of a median that is only assumed."""

_LEAST_DOUBT = 0.15
"""The same of a median from an earlier run: times change."""

_NEVER = 0.0003
"""The part of the jobs taken never to finish, so that these teach nothing about the others."""

_MEMORY = 600.0
"""So many looks count fully; older ones fade, because durations drift."""

_MEDIANS = tuple(0.25 * exp(0.2 * step) for step in range(50))
_SPREADS = (0.2, 0.35, 0.6, 1.0)
_CELLS = tuple((log(median), spread) for median in _MEDIANS for spread in _SPREADS)

_FIRST_AGE = 0.05
_STEP = 0.05
_BINS = 290
"""Ages are told apart by 5 %, from 50 ms to a day."""

_TELLING = 0.01
"""A job found finished tells of its duration if at least so many would still have been at work."""

_LEAST = 1e-7
"""A cell is never ruled out for good."""

_LOWEST = -20.0
"""The least logarithm of what a cell weighs beside the heaviest."""


class Learned:
    """What is known of one kind, looks included that were taken a moment ago.

    Args:
        known: From an earlier run; `None` for the assumption.
        assumed: The assumption.
    """

    def __init__(self, known: Duration | None, assumed: Duration) -> None:
        self._base = _weights(known or assumed, known is not None)
        self._evidence = [0.0] * len(_CELLS)
        self._weights = _normal([exp(each) for each in self._base])
        self._survival: dict[int, float] = {}
        self._patience: dict[tuple[int, float], float] = {}
        self._pending: Counter[tuple[int, int, bool]] = Counter()
        self._looks = 0.0
        self.finished: float = known.seen if known else 0.0
        self._telling = self.finished
        self.version: int = 0

    def saw(self, last: float, age: float, *, finished: bool) -> None:
        """Take note of a look at a job.

        Args:
            last: Its age at the last look that found it unfinished, in seconds; 0 for none.
            age: Its age now, in seconds.
            finished: Whether it was finished.
        """
        self._pending[(_bin(last), _bin(age), finished)] += 1
        self.finished += finished
        # Of a job that ended days ago nobody learns how long it took.
        self._telling += finished and self.survival(age) > _TELLING * self.survival(last)
        # What is known well changes little with one more look.
        if self._pending.total() >= max(1.0, self._looks / 20):
            self._weigh()

    def survival(self, age: float) -> float:
        """The part of the jobs that take longer than this, in seconds."""
        if age <= _FIRST_AGE:
            return 1.0
        position = min(_BINS - 1.0, log(age / _FIRST_AGE) / _STEP)
        below = int(position)
        part = position - below
        return (1 - part) * self._at(below) + part * self._at(below + 1)

    def chance(self, last: float, age: float) -> float:
        """The probability that a job, unfinished at one age, is finished at another."""
        return 1.0 - self.survival(age) / self.survival(last)

    def age_of(self, part: float, last: float = 0.0) -> float:
        """The age at which so large a part of the jobs unfinished at `last` is finished.

        Infinite where that many are never expected to finish.
        """
        wanted = (1.0 - part) * self.survival(last)
        low, high = 0, _BINS
        if self._at(high) > wanted:
            return inf
        while high - low > 1:
            middle = (low + high) // 2
            if self._at(middle) > wanted:
                low = middle
            else:
                high = middle
        above, below = self._at(low), self._at(high)
        share = (above - wanted) / (above - below) if above > below else 1.0
        return _age(low + max(0.0, share))

    def patience(self, last: float, period: float) -> float:
        """The age until which it pays to leave a job alone, though others wait for its look.

        A look that finds nothing costs a period, and so does one later by a period: so until that
        age one more second finishes more than one in `period` of such jobs.

        Args:
            last: The age at which the job was unfinished, in seconds.
            period: Seconds after which a look can be used again.
        """
        key = _bin(last), period
        found = self._patience.get(key)
        if found is None:
            found = self._patience[key] = self._find_patience(last, period)
        return found

    def _find_patience(self, last: float, period: float) -> float:
        median = self.age_of(0.5, last)
        if median == inf:
            return inf
        least = self.survival(last) / period
        low, high = _bin(median), _BINS - 1
        # Beyond the median fewer and fewer finish in each second.
        while high - low > 1:
            middle = (low + high) // 2
            finishing = (self._at(middle) - self._at(middle + 1)) / (
                _age(middle) * (exp(_STEP) - 1)
            )
            if finishing >= least:
                low = middle
            else:
                high = middle
        return max(median, _age(low))

    def value(self) -> Duration | None:
        """What would be worth keeping; `None` before a job was seen to finish."""
        self._weigh()
        if self._telling < 1:
            return None
        logs = [cell[0] for cell in _CELLS]
        median = sum(map(mul, self._weights, logs))
        variance = sum(
            w * (each - median) ** 2 for w, each in zip(self._weights, logs, strict=True)
        )
        within = sum(w * spread**2 for w, (_, spread) in zip(self._weights, _CELLS, strict=True))
        # Neighbouring cells stand for a median between them: that is no doubt, and no spread.
        spread = sqrt(within + max(0.0, variance - 0.01))
        return Duration(median=exp(median), spread=spread, seen=min(self._telling, _MEMORY))

    def _weigh(self) -> None:
        looks = self._pending.total()
        if not looks:
            return
        fading = exp(-looks / _MEMORY)
        evidence = [each * fading for each in self._evidence]
        for (last, age, finished), times in self._pending.items():
            row = _likelihood(last, age, finished)
            evidence = [e + times * each for e, each in zip(evidence, row, strict=True)]
        total = [base + each for base, each in zip(self._base, evidence, strict=True)]
        top = max(total)
        # Bounded, so that times that change are believed soon.
        self._evidence = [
            max(each, -20.0 + top - base) for each, base in zip(evidence, self._base, strict=True)
        ]
        self._weights = _normal([exp(each - top) + _LEAST for each in total])
        self._looks = self._looks * fading + looks
        self._pending.clear()
        self._survival.clear()
        self._patience.clear()
        self.version += 1

    def _at(self, position: int) -> float:
        found = self._survival.get(position)
        if found is None:
            found = self._survival[position] = sum(map(mul, self._weights, _row(position)))
        return found


def _bin(age: float) -> int:
    return 0 if age <= _FIRST_AGE else min(_BINS, round(log(age / _FIRST_AGE) / _STEP))


def _age(position: float) -> float:
    return _FIRST_AGE * exp(_STEP * position)


@lru_cache(maxsize=_BINS + 1)
def _row(position: int) -> Sequence[float]:
    """The part of the jobs that takes longer than a bin's age, for every cell."""
    if position <= 0:
        return array("d", [1.0] * len(_CELLS))
    at = log(_FIRST_AGE) + _STEP * position
    return array(
        "d",
        [
            _NEVER + (1 - _NEVER) * 0.5 * erfc((at - median) / (spread * sqrt(2)))
            for median, spread in _CELLS
        ],
    )


@lru_cache(maxsize=512)
def _likelihood(last: int, age: int, finished: bool) -> Sequence[float]:
    """The logarithm of how likely a look's answer is, for every cell."""
    parts = (after / before for after, before in zip(_row(age), _row(last), strict=True))
    if finished:
        return array("d", [log(max(1e-6, 1 - part)) for part in parts])
    return array("d", [log(max(1e-6, part)) for part in parts])


def _weights(known: Duration, is_learned: bool) -> list[float]:
    """The logarithm of what each cell weighs beforehand."""
    doubt = max(_LEAST_DOUBT, known.spread / sqrt(known.seen)) if is_learned else _DOUBT
    certainty = 0.3 if is_learned else 0.6
    return [
        -0.5 * ((median - log(known.median)) / doubt) ** 2
        - 0.5 * (log(spread / known.spread) / certainty) ** 2
        for median, spread in _CELLS
    ]


def _normal(weights: list[float]) -> list[float]:
    total = sum(weights)
    return [each / total for each in weights]
