"""Which job is looked at next, and when."""

from __future__ import annotations

import random
from math import exp, inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bria_tailored_ext import JobKind
from bria_tailored_ext.rules.durations import ASSUMED, Learned
from bria_tailored_ext.rules.limits import SlidingWindow
from bria_tailored_ext.rules.looks import Candidate, Schedule
from bria_tailored_ext.values.durations import Duration

IMAGE, VIDEO = JobKind.IMAGE, JobKind.VIDEO
KNOWN = Duration(median=20.0, spread=0.4, seen=100)


class Plan:
    """A supply as the limiter gives it."""

    def __init__(self, rate: int | None) -> None:
        self.now = 0.0
        self.window = SlidingWindow(60.0)
        self._rate = rate

    @property
    def rate(self) -> float:
        return inf if self._rate is None else self._rate

    def free(self, ahead: float) -> float:
        return inf if self._rate is None else self.window.free(self.now, self._rate, ahead)

    def delay(self) -> float:
        return self.window.delay(self.now, self._rate)


def schedule(known: Duration | None = KNOWN, at_once: int = 10) -> Schedule[Candidate]:
    learned = {kind: Learned(known, ASSUMED[kind]) for kind in JobKind}
    return Schedule(learned, at_once)


def image(since: float = 0.0) -> Candidate:
    return Candidate(kind=IMAGE, since=since)


class World:
    """Jobs that take their time, looked at as the schedule says; looks take no time."""

    def __init__(self, looks: Schedule[Candidate], rate: int | None, takes: list[float]) -> None:
        self.looks, self.plan = looks, Plan(rate)
        self.jobs = {image(): each for each in takes}
        self.seen: dict[Candidate, list[float]] = {job: [] for job in self.jobs}
        self.ended: dict[Candidate, float] = {}
        for job in self.jobs:
            looks.enter(job, 0.0)

    def run(self, until: float) -> None:
        steps = 0
        while self.plan.now < until and len(self.ended) < len(self.jobs):
            steps += 1
            assert steps < 100_000, "it turns in circles"
            now = self.plan.now
            while (job := self.looks.take(now, self.plan)) is not None:
                self.plan.window.start(now)
                self.seen[job].append(now)
                if self.jobs[job] <= now:
                    self.looks.found_final(job, now)
                    self.ended[job] = now
                else:
                    self.looks.found_open(job, now, now)
            next_instant = self.looks.next_instant(now, self.plan)
            assert next_instant >= now
            self.plan.now = min(until, next_instant)


@settings(max_examples=30)
@given(
    rate=st.sampled_from([None, 3, 10, 60, 1000]),
    median=st.sampled_from([1.0, 20.0, 90.0]),
    count=st.integers(1, 40),
    seed=st.integers(0, 1000),
    cold=st.booleans(),
)
def test_every_job_is_found_and_the_plan_is_kept(
    rate: int | None, median: float, count: int, seed: int, *, cold: bool
) -> None:
    """Whatever the durations: no window is too full, and no look waits for ever."""
    chance = random.Random(seed)  # noqa: S311
    takes = [median * exp(0.4 * chance.gauss(0, 1)) for _ in range(count)]
    world = World(schedule(None if cold else KNOWN), rate, takes)

    world.run(20_000)

    assert len(world.ended) == count
    starts = sorted(at for each in world.seen.values() for at in each)
    if rate is not None:
        assert all(b - a >= 60 - 1e-6 for a, b in zip(starts, starts[rate:], strict=False))


@pytest.mark.parametrize(("count", "most"), [(1, 15.0), (50, 1.5), (500, 1.1)])
def test_looks_become_surer_of_themselves_as_they_grow_scarce(count: int, most: float) -> None:
    """Sixty a minute: one job may have many, fifty have little more than one each."""
    chance = random.Random(7)  # noqa: S311
    world = World(schedule(), 60, [20 * exp(0.4 * chance.gauss(0, 1)) for _ in range(count)])

    world.run(3600)

    assert sum(map(len, world.seen.values())) / count <= most


def test_too_many_jobs_are_not_all_waited_for_until_they_are_sure() -> None:
    """More jobs than looks: each look that leaves a moment later delays all that come after it."""
    chance = random.Random(7)  # noqa: S311
    world = World(schedule(), 60, [20 * exp(0.4 * chance.gauss(0, 1)) for _ in range(200)])

    world.run(45.0)

    firsts = [seen[0] for seen in world.seen.values() if seen]
    # In one second more, fewer than one in sixty of them would finish.
    assert len(firsts) == 60
    assert 24 < max(firsts) < 36


def test_jobs_to_come_are_kept_looks_for() -> None:
    """One every two seconds: two looks each, and not all that are left for the first."""
    chance = random.Random(7)  # noqa: S311
    looks, plan = schedule(), Plan(60)
    ends: dict[Candidate, float] = {}
    seen: list[float] = []
    lags: list[float] = []
    for half in range(800):
        plan.now = now = half / 2
        if half % 4 == 0:
            job = image(now)
            ends[job] = now + 20 * exp(0.4 * chance.gauss(0, 1))
            looks.enter(job, now)
        while (found := looks.take(now, plan)) is not None:
            plan.window.start(now)
            seen.append(now)
            if ends[found] <= now:
                looks.found_final(found, now)
                lags.append(now - ends[found])
            else:
                looks.found_open(found, now, now)

    assert len(seen) / len(lags) < 2.1
    assert sum(lags) / len(lags) < 7.5


def test_one_job_alone_is_found_soon_after_it_ends() -> None:
    """Where looks are plenty nobody waits long for the sake of thrift."""
    for takes in (12.0, 20.0, 45.0):
        world = World(schedule(), 60, [takes])
        world.run(600)
        assert max(world.ended.values()) < takes * 1.15


def test_jobs_that_never_finish_do_not_eat_the_budget() -> None:
    """Ten stuck ones beside forty: few looks in an hour, and the others end in time."""
    chance = random.Random(3)  # noqa: S311
    takes = [20 * exp(0.4 * chance.gauss(0, 1)) for _ in range(40)]
    world = World(schedule(), 60, takes + [inf] * 10)

    world.run(3600)

    assert max(world.ended.values()) < 150
    stuck = [seen for job, seen in world.seen.items() if world.jobs[job] == inf]
    assert all(5 <= len(seen) <= 40 for seen in stuck)
    # Rarer and rarer, but not given up.
    assert all(seen[-1] > 1500 for seen in stuck)


def test_the_likeliest_is_looked_at_first() -> None:
    """An older job before a younger one, a job never looked at before one seen open just now."""
    looks, plan = schedule(), Plan(1)
    young, old, seen = image(10.0), image(0.0), image(0.0)
    seen.last = 29.0
    for job in (young, seen, old):
        looks.enter(job, 30.0)
    plan.now = 40.0

    assert looks.take(40.0, plan) is old


def test_no_look_is_given_out_while_the_plan_has_none() -> None:
    """Nor asked about before there is one again."""
    looks, plan = schedule(), Plan(1)
    looks.enter(image(), 0.0)
    plan.now = 100.0
    plan.window.start(100.0)

    assert looks.take(100.0, plan) is None
    assert looks.next_instant(100.0, plan) == pytest.approx(160.0)


def test_few_looks_are_under_way_until_some_are_answered() -> None:
    """A Status Service that is down is not met by a crowd; one that answers is."""
    looks, plan = schedule(at_once=4), Plan(None)
    jobs = [image() for _ in range(20)]
    for job in jobs:
        looks.enter(job, 0.0)

    first = looks.take(100.0, plan)
    assert first is not None
    assert looks.take(100.0, plan) is None
    looks.found_open(first, 100.0, 100.0)
    assert [looks.take(100.0, plan) is None for _ in range(3)] == [False, False, True]
    assert looks.next_instant(100.0, plan) == inf
    looks.doubt()
    looks.found_nothing(next(iter(looks._looks)), 100.0)
    assert looks.under_way == 1
    assert looks.take(101.0, plan) is None


def test_a_look_that_is_not_answered_for_long_holds_up_no_other() -> None:
    """Neither the first of all, nor a scout; but there are never more than may be."""
    looks, plan = schedule(None, at_once=3), Plan(None)
    for _ in range(20):
        looks.enter(image(), 0.0)
    taken = [looks.take(100.0 + second, plan) is not None for second in range(20)]

    assert taken[:3] == [True, False, False]
    assert sum(taken) == 3


def test_a_wait_that_begins_again_changes_nothing_of_a_jobs_turn() -> None:
    """Neither its own instant, nor how many jobs are expected."""
    looks, plan = schedule(), Plan(60)
    unknown, known = Candidate(kind=None, since=None), image()
    for job in (unknown, known):
        looks.enter(job, 0.0)
    assert looks.take(0.0, plan) is unknown
    looks.found_open(unknown, 0.0, 0.1)
    for instant in (0.2, 0.3, 0.4):
        for job in (unknown, known):
            looks.leave(job)
            looks.enter(job, instant)

    assert looks.take(1.0, plan) is None
    assert looks.take(1.1, plan) is unknown
    assert looks._stream._count == 2


def test_an_early_look_does_not_bring_another_soon() -> None:
    """A job takes long only when others of its kind have ended."""
    looks, plan = schedule(), Plan(60)
    job = image()
    looks.enter(job, 0.0)
    looks.claim(job, 1.0)
    looks.found_open(job, 1.0, 1.0)

    assert looks.next_instant(1.0, plan) > 8.0


@pytest.mark.parametrize(("jobs", "is_spare"), [(1, True), (29, True), (30, False), (60, False)])
def test_a_look_is_to_spare_when_each_job_may_have_two(jobs: int, *, is_spare: bool) -> None:
    """Of 60 that the plan has."""
    looks, plan = schedule(), Plan(60)
    for _ in range(jobs):
        looks.enter(image(), 0.0)

    assert looks.is_spare(plan) is is_spare


def test_a_cold_start_sends_one_scout_at_a_time() -> None:
    """Jobs submitted together are alike: what one look finds tells of all."""
    looks, plan = schedule(None), Plan(60)
    for _ in range(50):
        looks.enter(image(), 0.0)
    plan.now = looks.next_instant(0.0, plan)
    while (scout := looks.take(plan.now, plan)) is None:
        plan.now = looks.next_instant(plan.now, plan)

    assert plan.now < 20
    assert looks.take(plan.now, plan) is None
    looks.found_open(scout, plan.now, plan.now)
    assert looks.take(plan.now, plan) is None


def test_a_job_of_unknown_age_is_looked_at_now_and_then_ever_more_rarely() -> None:
    """It may have finished days ago, or be submitted a moment ago."""
    looks, plan = schedule(), Plan(60)
    job = Candidate(kind=None, since=None)
    looks.enter(job, 5.0)
    gaps = []
    now = 5.0
    for _ in range(8):
        plan.now = now
        assert looks.take(now, plan) is job
        looks.found_open(job, now, now)
        gaps.append(looks.next_instant(now, plan) - now)
        now += gaps[-1]

    assert gaps == sorted(gaps)
    assert (gaps[0], gaps[-1]) == (1.0, 10.0)


def test_a_job_that_a_webhook_reports_is_looked_at_only_if_none_comes() -> None:
    """Slowly: a delivery may still come."""
    looks, plan = schedule(), Plan(60)
    job = Candidate(kind=IMAGE, since=0.0, by_webhook=True)
    looks.enter(job, 0.0)

    first = looks.next_instant(0.0, plan)
    assert first >= 60
    plan.now = first
    assert looks.take(first, plan) is job
    looks.found_open(job, first, first)
    assert looks.next_instant(first, plan) >= first + 60
    looks.reported(job)
    assert len(looks) == 0


def test_a_delivery_teaches_nothing() -> None:
    """The quick jobs report first: all would seem quick."""
    looks, plan = schedule(None), Plan(60)
    before = looks._learned[IMAGE].age_of(0.5)
    for _ in range(50):
        job = image()
        looks.enter(job, 0.0)
        looks.reported(job)

    assert looks._learned[IMAGE].age_of(0.5) == before
    assert looks.take(10.0, plan) is None


def test_a_look_without_an_answer_leaves_the_count_right() -> None:
    """Cancelled, failed or answered: what is under way is counted, also if the kind was learned."""
    looks, plan = schedule(), Plan(None)
    for end in ("gave up", "nothing", "final"):
        job = Candidate(kind=None, since=None)
        looks.enter(job, 0.0)
        assert looks.take(0.0, plan) is job
        assert looks.under_way == 1
        job.kind = VIDEO
        if end == "gave up":
            looks.gave_up(job)
        elif end == "nothing":
            looks.found_nothing(job, 0.0)
            looks.leave(job)
        else:
            looks.found_final(job, 0.0)
        assert looks.under_way == 0
        assert len(looks) == 0
