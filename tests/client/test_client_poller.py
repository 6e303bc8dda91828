"""One poller for all jobs: who waits, works, and nothing is left behind.

Each test runs in virtual time, where the time passes only when nothing else is left to do.
"""

from __future__ import annotations

import gc
import json
import logging
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest

from bria_tailored_ext import (
    AuthenticationError,
    InvalidInputError,
    Job,
    JobNotFound,
    JobState,
    Plan,
    TailoredClient,
    WaitTimeout,
)
from bria_tailored_ext.values.durations import Duration, Durations
from tests.client.conftest import IMAGE, START, Bria, open_client

if TYPE_CHECKING:
    from tests.client.conftest import Run
    from tests.conftest import Script


def known(median: float) -> Durations:
    return Durations({IMAGE: Duration(median=median, spread=0.3, seen=100)})


def test_many_who_wait_for_one_job_cost_its_looks_once(script: Script, run: Run) -> None:
    """Also by handles of their own: all share one look and its answer."""
    server = Bria(a=20.0)

    async def main() -> None:
        async with open_client(script, server) as bria, anyio.create_task_group() as tasks:
            for _ in range(100):
                tasks.start_soon(bria.job("a").wait)
        assert server.crowd == 1
        assert server.count < 15
        assert bria.statistics().polls_per_job == server.count

    run(main)


def test_a_thousand_jobs_keep_to_the_plan_and_all_end(script: Script, run: Run) -> None:
    """Nobody starves, and no minute holds more looks than the plan allows."""
    server = Bria(**{f"j{n}": 10.0 + n % 30 for n in range(1000)})
    done: list[str] = []

    async def follow(bria: TailoredClient, name: str) -> None:
        job = bria.job(name, IMAGE, submitted_at=START)
        assert await job.wait(timeout=None) is JobState.COMPLETED
        done.append(name)

    async def main() -> None:
        plan = Plan(requests_per_minute=500)
        async with open_client(script, server, plan=plan, durations=known(25.0)) as bria:
            async with anyio.create_task_group() as tasks:
                for name in server.ends:
                    tasks.start_soon(follow, bria, name)
            assert bria.statistics().jobs == 1000

    run(main)
    assert len(done) == 1000
    starts = sorted(at for each in server.looks.values() for at in each)
    assert all(
        later - first >= 60 - 1e-6 for first, later in zip(starts, starts[500:], strict=False)
    )
    assert len(starts) < 1300


def test_a_job_that_nobody_waits_for_costs_nothing(script: Script, run: Run) -> None:
    """A handle is a memory, not a task."""
    server = Bria(a=5.0, b=5.0)

    async def main() -> None:
        async with open_client(script, server) as bria:
            forgotten = bria.job("b", IMAGE)
            await bria.job("a", IMAGE).wait()
            await anyio.sleep(600)
            assert forgotten.state is JobState.IN_PROGRESS

    run(main)
    assert set(server.looks) == {"a"}


def test_cancelled_waiters_leave_no_trace_and_hand_on_the_timer(script: Script, run: Run) -> None:
    """Whoever holds the timer may go at any time: another takes it up."""
    server = Bria(**{f"j{n}": 40.0 for n in range(20)})
    ended: list[str] = []

    async def follow(bria: TailoredClient, number: int) -> None:
        job = bria.job(f"j{number}", IMAGE, submitted_at=START)
        # All but the last go away, one after another.
        with anyio.move_on_after(2.0 * number + 1 if number < 19 else 1000):
            await job.wait(timeout=None)
            ended.append(job.request_id)

    async def main() -> None:
        async with open_client(script, server) as bria:
            async with anyio.create_task_group() as tasks:
                for number in range(20):
                    tasks.start_soon(follow, bria, number)
            before = server.count
            await anyio.sleep(600)
            assert server.count == before

    run(main)
    assert ended == ["j19"]
    assert server.looks["j19"][-1] < 60


def test_a_look_that_is_cancelled_is_taken_by_another(script: Script, run: Run) -> None:
    """Two wait for one job; the one that looks is cancelled in the middle of it."""
    server = Bria(a=0.0)
    server.takes = 3.0
    states: list[JobState] = []

    async def main() -> None:
        async def stay() -> None:
            states.append(await bria.job("a").wait())

        async def go() -> None:
            with anyio.move_on_after(1.1):
                await bria.job("a").wait()

        async with open_client(script, server) as bria, anyio.create_task_group() as tasks:
            tasks.start_soon(go)
            await anyio.sleep(1)
            tasks.start_soon(stay)

    run(main)
    assert states == [JobState.COMPLETED]
    assert len(server.looks["a"]) == 2


def test_an_hour_without_the_status_service_costs_few_looks_and_no_job(
    script: Script, run: Run
) -> None:
    """The whole poller backs off, not each job by itself."""
    server = Bria(**{f"j{n}": 30.0 for n in range(50)})
    server.down = True
    states: list[JobState] = []

    async def follow(bria: TailoredClient, name: str) -> None:
        states.append(await bria.job(name, IMAGE, submitted_at=START).wait(timeout=None))

    async def main() -> None:
        async with open_client(script, server) as bria, anyio.create_task_group() as tasks:
            for name in server.ends:
                tasks.start_soon(follow, bria, name)
            await anyio.sleep(3600)
            assert server.count < 200
            server.down = False

    run(main)
    assert states == [JobState.COMPLETED] * 50
    assert max(each[-1] for each in server.looks.values()) < 3600 + 120


def test_one_job_whose_looks_always_fail_does_not_hold_up_the_others(
    script: Script, run: Run
) -> None:
    """A 500 about one id says nothing of the Status Service."""

    class Poisoned(Bria):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            answer = await super().handle_async_request(request)
            return httpx.Response(500) if request.url.path.endswith("bad") else answer

    server = Poisoned(bad=0.0, **{f"j{n}": 20.0 for n in range(10)})
    ends: list[float] = []

    async def follow(bria: TailoredClient, name: str) -> None:
        await bria.job(name, IMAGE, submitted_at=START).wait()
        ends.append(anyio.current_time())

    async def main() -> None:
        client = open_client(script, server, durations=known(20.0))
        async with client as bria, anyio.create_task_group() as tasks:
            tasks.start_soon(follow, bria, "bad")
            for number in range(10):
                tasks.start_soon(follow, bria, f"j{number}")
            await anyio.sleep(100)
            tasks.cancel_scope.cancel()

    run(main)
    assert len(ends) == 10
    assert max(ends) < 40


def test_a_webhook_ends_the_wait_in_the_middle_of_a_look(script: Script, run: Run) -> None:
    """What is known is not asked for any more."""
    server = Bria(a=1e9)
    server.takes = 30.0

    async def main() -> None:
        async with open_client(script, server) as bria:
            job = bria.job("a")
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(job.wait)
                await anyio.sleep(5)
                server.ends["a"] = 0
                assert bria._poller.deliver("a", server.status("a"))
            assert anyio.current_time() == 5
            assert job.state is JobState.COMPLETED
            assert not bria._poller.deliver("a", server.status("a"))
            assert not bria._poller.deliver("nobody's", server.status("a"))
            assert (await job.result()).request_id == "a"

    run(main)


def test_a_webhook_completes_a_job_that_nobody_waits_for(script: Script, run: Run) -> None:
    """Its handle knows, and no look is needed."""
    server = Bria(a=0.0)

    async def main() -> None:
        async with open_client(script, server) as bria:
            job = bria.job("a", IMAGE)
            assert bria._poller.deliver("a", server.status("a"))
            assert await job.wait() is JobState.COMPLETED
        assert server.count == 0

    run(main)


def test_no_time_left_is_still_one_look(script: Script, run: Run) -> None:
    """`wait(timeout=0)` asks once, and says what it was told."""
    server = Bria(a=0.0, b=1e9)

    async def main() -> None:
        async with open_client(script, server) as bria:
            assert await bria.job("a").wait(timeout=0) is JobState.COMPLETED
            with pytest.raises(WaitTimeout) as caught:
                await bria.job("b", IMAGE, submitted_at=START).wait(timeout=0)
            assert caught.value.polls == 1

    run(main)
    assert server.count == 2


def test_no_time_and_no_budget_left_is_no_look(script: Script, run: Run) -> None:
    """A deadline is kept although the plan allows no look before it."""
    server = Bria(a=1e9, b=1e9)

    async def main() -> None:
        plan = Plan(requests_per_minute=1)
        async with open_client(script, server, plan=plan) as bria:
            for name, polls in (("a", 1), ("b", 0)):
                with pytest.raises(WaitTimeout) as caught:
                    await bria.job(name).wait(timeout=5)
                assert caught.value.polls == polls
        assert anyio.current_time() == pytest.approx(10)

    run(main)


def test_no_more_looks_are_given_out_than_the_plan_has(script: Script, run: Run) -> None:
    """What stands in line for a look can no longer be weighed against the others."""
    server = Bria(**{f"j{n}": 1e6 for n in range(30)})

    async def main() -> None:
        plan = Plan(requests_per_minute=10)
        async with (
            open_client(script, server, plan=plan) as bria,
            anyio.create_task_group() as tasks,
        ):
            for name in server.ends:
                tasks.start_soon(partial(bria.job(name).wait, timeout=None))
            await anyio.sleep(30)
            assert server.count == 10
            assert bria._poller._schedule.under_way == 0
            tasks.cancel_scope.cancel()

    run(main)


def test_each_waiter_has_a_deadline_of_its_own(script: Script, run: Run) -> None:
    """Two wait for one job, and one of them longer."""
    server = Bria(a=50.0)
    log: list[object] = []

    async def short(job: Job[Any]) -> None:
        with pytest.raises(WaitTimeout):
            await job.wait(timeout=10)
        log.append(round(anyio.current_time()))

    async def long(job: Job[Any]) -> None:
        log.append(await job.wait(timeout=100))

    async def main() -> None:
        async with open_client(script, server) as bria, anyio.create_task_group() as tasks:
            tasks.start_soon(long, bria.job("a"))
            tasks.start_soon(short, bria.job("a"))

    run(main)
    assert log == [10, JobState.COMPLETED]


def test_events_tell_each_change_once(script: Script, run: Run) -> None:
    """Also a word that nobody knows, which is logged once for all jobs."""
    server = Bria(a=0.0)
    server.words["a"] = ["QUEUED", "QUEUED", "IN_PROGRESS", "UPSCALING", "IN_PROGRESS"]

    async def main() -> None:
        async with open_client(script, server) as bria:
            events = [event async for event in bria.job("a").events()]
        assert [event.status for event in events] == [
            "QUEUED",
            "IN_PROGRESS",
            "UPSCALING",
            "IN_PROGRESS",
            "COMPLETED",
        ]
        assert [event.state.is_final for event in events] == [False] * 4 + [True]
        assert events[0].seen_at < events[-1].seen_at

    run(main)


def test_an_unknown_word_is_logged_once(
    script: Script, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    """Somebody should hear of it, and not at every look."""
    server = Bria(a=0.0, b=0.0)
    server.words = {"a": ["QUEUED"] * 3, "b": ["QUEUED"] * 3}

    async def main() -> None:
        async with open_client(script, server) as bria:
            await bria.job("a").wait()
            await bria.job("b").wait()

    with caplog.at_level(logging.WARNING):
        run(main)
    assert [record.message for record in caplog.records if "QUEUED" in record.message] == [
        "A job's status is 'QUEUED', which no documentation knows: still open."
    ]


def test_events_end_with_the_deadline(script: Script, run: Run) -> None:
    """Their timeout is one for all of them together."""
    server = Bria(a=1e9)

    async def main() -> None:
        async with open_client(script, server) as bria:
            events = bria.job("a").events(timeout=30)
            assert (await anext(events)).status == "IN_PROGRESS"
            with pytest.raises(WaitTimeout):
                await anext(events)
        assert anyio.current_time() == pytest.approx(30, abs=0.2)

    run(main)


def test_a_job_goes_on_in_another_client_days_later(script: Script, run: Run) -> None:
    """What travels is JSON, without the token."""
    server = Bria(a=0.0)

    async def main() -> None:
        async with open_client(script, server) as bria:
            text = json.dumps(bria.job("a", IMAGE, submitted_at=START).to_dict())
        assert script.token not in text
        await anyio.sleep(3 * 86400)
        async with open_client(script, server) as bria:
            job = Job.from_dict(bria, json.loads(text))
            assert (job.kind, job.submitted_at) == (IMAGE, START)
            assert (await job).request_id == "a"
        assert anyio.current_time() < 3 * 86400 + 2

    run(main)


@pytest.mark.parametrize(
    "nonsense",
    [
        {},
        {"request_id": ""},
        {"request_id": "a", "kind": "song"},
        {"request_id": "a", "submitted_at": "noon"},
    ],
)
def test_what_describes_no_job_is_refused(script: Script, nonsense: dict[str, str]) -> None:
    """As an error of ours, before anything is asked."""
    bria = script.client(Bria())
    with pytest.raises(InvalidInputError):
        Job.from_dict(bria, nonsense)


def test_an_old_job_that_is_missing_is_missing_at_once(script: Script, run: Run) -> None:
    """Just after a submit a 404 may be lag; days later it is not."""
    asked: list[str] = []

    class Empty(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            asked.append(request.url.path)
            return httpx.Response(404, json={"status": "NOT_FOUND"})

    async def main() -> None:
        await anyio.sleep(86400)
        async with open_client(script, Empty()) as bria:
            with pytest.raises(JobNotFound):
                await bria.job("a", IMAGE, submitted_at=START).wait()
            assert len(asked) == 1
            young = START + timedelta(seconds=anyio.current_time())
            with pytest.raises(JobNotFound):
                await bria.job("b", IMAGE, submitted_at=young).wait()
            assert len(asked) == 4

    run(main)


def test_what_ends_the_wait_ends_it_for_all_who_wait_for_that_job(script: Script, run: Run) -> None:
    """One look that is refused, an error for each, none of them the same object."""
    errors: list[AuthenticationError] = []

    class Refusing(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await anyio.sleep(1)
            return httpx.Response(401, json="no")

    async def follow(bria: TailoredClient) -> None:
        with pytest.raises(AuthenticationError) as caught:
            await bria.job("a").wait()
        errors.append(caught.value)

    async def main() -> None:
        async with open_client(script, Refusing()) as bria, anyio.create_task_group() as tasks:
            for _ in range(3):
                tasks.start_soon(follow, bria)

    run(main)
    assert len({id(error) for error in errors}) == 3


def test_closing_the_client_ends_the_waits(script: Script, run: Run) -> None:
    """They do not sleep on until a deadline that nobody serves."""
    server = Bria(a=1e9, b=1e9)
    said: list[str] = []

    async def follow(job: Job[Any]) -> None:
        try:
            await job.wait(timeout=None)
        except RuntimeError as error:
            said.append(str(error))

    async def main() -> None:
        async with anyio.create_task_group() as tasks, open_client(script, server) as bria:
            for name in ("a", "b", "b"):
                tasks.start_soon(follow, bria.job(name, IMAGE, submitted_at=START))
            await anyio.sleep(1)
        assert anyio.current_time() < 5

    run(main)
    assert len(said) == 3
    assert all("goes on at Bria" in each for each in said)


def test_what_was_learned_aims_the_looks_of_the_next_client(script: Script, run: Run) -> None:
    """The durations are JSON in between, and the second run needs fewer looks."""

    async def main() -> None:
        spent: list[int] = []
        learned: Any = None
        for _ in range(2):
            begin = anyio.current_time()
            server = Bria(**{f"j{n}": begin + 20.0 + n / 10 for n in range(40)})
            durations = Durations.from_dict(json.loads(learned)) if learned else None
            async with open_client(script, server, plan=None, durations=durations) as bria:
                async with anyio.create_task_group() as tasks:
                    for name in server.ends:
                        at = START + timedelta(seconds=begin)
                        tasks.start_soon(bria.job(name, IMAGE, submitted_at=at).wait)
                learned = json.dumps(bria.durations().to_dict())
            spent.append(server.count)
        assert spent[1] < spent[0]
        median = Durations.from_dict(json.loads(learned)).by_kind[IMAGE].median
        assert 14 < median < 28

    run(main)


def test_nothing_is_remembered_of_a_job_without_a_handle(script: Script, run: Run) -> None:
    """A client that lives for months does not grow with each job."""
    server = Bria(**{f"j{n}": 0.0 for n in range(50)})

    async def main() -> None:
        async with open_client(script, server, plan=None) as bria:
            for name in server.ends:
                await bria.job(name).wait()
            gc.collect()
            assert len(bria._poller._records) <= 1

    run(main)


def test_who_gives_up_with_many_others_gives_up_in_time(script: Script, run: Run) -> None:
    """There are not looks enough for a last one each: nobody waits hours for his own."""
    server = Bria(**{f"j{n}": 1e6 for n in range(300)})
    ended: list[float] = []

    async def give_up(bria: TailoredClient, name: str) -> None:
        with pytest.raises(WaitTimeout):
            await bria.job(name, IMAGE, submitted_at=START).wait(timeout=60.0)
        ended.append(anyio.current_time())

    async def main() -> None:
        async with open_client(script, server) as bria, anyio.create_task_group() as tasks:
            begin = anyio.current_time()
            for name in server.ends:
                tasks.start_soon(give_up, bria, name)
        assert max(ended) - begin < 75

    run(main)
    assert len(ended) == 300


@pytest.mark.parametrize("others", [0, 1])
def test_a_look_that_hangs_does_not_hold_up_who_gives_up(
    script: Script, run: Run, others: int
) -> None:
    """He waits a little for what is on its way, and says then that there was nothing."""
    server = Bria(a=1e6)
    server.takes = 10_000.0

    async def main() -> None:
        async with open_client(script, server) as bria, anyio.create_task_group() as tasks:
            for _ in range(others):
                # Takes the look, and waits on.
                tasks.start_soon(partial(bria.job("a").wait, timeout=None))
                await anyio.sleep(1)
            begin = anyio.current_time()
            with pytest.raises(WaitTimeout):
                await bria.job("a").wait(timeout=30.0)
            assert 30 <= anyio.current_time() - begin <= 45
            tasks.cancel_scope.cancel()

    run(main)
