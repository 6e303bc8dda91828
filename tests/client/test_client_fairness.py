"""What one job or one waiter does costs the others nothing. In virtual time."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import anyio
import pytest

from bria_tailored_ext import JobState, Plan, TailoredClient, WaitTimeout
from bria_tailored_ext.values.durations import Duration, Durations
from tests.client.conftest import IMAGE, START, Bria, open_client

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import httpx

    from tests.client.conftest import Run
    from tests.conftest import Script

KNOWN = Durations({IMAGE: Duration(median=20.0, spread=0.3, seen=100)})


class Stuck(Bria):
    """Does not answer looks at one job."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/stuck"):
            await anyio.sleep(60)
        return await super().handle_async_request(request)


async def once(bria: TailoredClient, name: str) -> None:
    """Wait in one go."""
    await bria.job(name, IMAGE, submitted_at=START).wait(timeout=None)


async def in_steps(bria: TailoredClient, name: str, *, seconds: float) -> None:
    """Wait a little, again and again."""
    job = bria.job(name, IMAGE, submitted_at=START)
    while not job.state.is_final:
        try:
            await job.wait(timeout=seconds)
        except WaitTimeout:
            continue


async def cancelled(bria: TailoredClient, name: str, *, seconds: float) -> None:
    """Begin to wait, and be cancelled, again and again."""
    job = bria.job(name, IMAGE, submitted_at=START)
    while not job.state.is_final:
        with anyio.move_on_after(seconds):
            await job.wait(timeout=None)


def lag(
    script: Script,
    run: Run,
    server: Bria,
    wait: Callable[[TailoredClient, str], Awaitable[None]],
    *,
    known: Durations | None = KNOWN,
) -> float:
    """Seconds from a job's end until its waiter knew, in the mean, of all but the stuck one."""
    lags: list[float] = []
    finite = server.ends.keys() - {"stuck"}

    async def main() -> None:
        async def follow(name: str) -> None:
            await (wait if name in finite else once)(bria, name)
            lags.append(anyio.current_time() - server.ends[name])
            if len(lags) == len(finite):
                tasks.cancel_scope.cancel()

        client = open_client(script, server, plan=Plan(requests_per_minute=60), durations=known)
        async with client as bria, anyio.create_task_group() as tasks:
            for name in server.ends:
                tasks.start_soon(follow, name)

    run(main)
    return sum(lags) / len(lags)


def jobs(count: int) -> dict[str, float]:
    """Their names, and when they end."""
    return {f"j{n}": 12.0 + n for n in range(count)}


@pytest.mark.parametrize("known", [None, KNOWN], ids=["cold", "known"])
def test_a_look_that_hangs_holds_up_no_other(
    script: Script, run: Run, known: Durations | None
) -> None:
    """Though it is the first of all, before which nobody knows whether looks are answered."""
    server = Stuck(stuck=1.0, **jobs(10))
    found = lag(script, run, server, once, known=known)

    assert server.looks
    assert found < 10


def test_short_waits_leave_the_looks_to_jobs_that_are_ready(script: Script, run: Run) -> None:
    """The look at a deadline is one to spare; else it would be missing a minute long."""
    at_once = lag(script, run, Bria(**jobs(20)), once)
    in_small_steps = lag(script, run, Bria(**jobs(20)), partial(in_steps, seconds=2.0))

    assert in_small_steps < at_once + 3


def test_a_wait_that_begins_anew_is_no_new_job(script: Script, run: Run) -> None:
    """Nobody expects more jobs to come because of it."""
    at_once = lag(script, run, Bria(**jobs(20)), once)
    again = lag(script, run, Bria(**jobs(20)), partial(cancelled, seconds=1.0))

    assert again < at_once + 2


def test_events_of_a_job_of_unknown_age_keep_its_pace(script: Script, run: Run) -> None:
    """Each of its changes ends one wait and begins another, which is no reason to look."""
    server = Bria(a=1000.0)
    server.words["a"] = ["IN_PROGRESS", "QUEUED"] * 30

    async def main() -> None:
        async with open_client(script, server) as bria:
            with anyio.move_on_after(60):
                async for event in bria.job("a").events(timeout=None):
                    assert event.state is JobState.IN_PROGRESS

    run(main)
    assert 5 < server.count < 15


def test_the_answer_to_a_poll_is_enough_for_who_looks(script: Script, run: Run) -> None:
    """The first good answer counts, whoever asked for it."""
    server = Bria(a=0.0)
    server.takes = 30.0

    async def main() -> None:
        async with open_client(script, server) as bria, anyio.create_task_group() as tasks:
            tasks.start_soon(bria.job("a", IMAGE, submitted_at=START).wait)
            await anyio.sleep(25)
            assert server.count == 1
            server.takes = 1.0
            await bria.job("a").poll()

        assert anyio.current_time() == pytest.approx(26)

    run(main)


def test_an_answer_to_a_poll_ends_the_pause_that_a_failure_asked_for(
    script: Script, run: Run
) -> None:
    """One gateway that asked for an hour does not stop the waits of a service that is well."""
    server = Bria(a=5.0)
    server.down, server.retry_after = True, "3600"

    async def main() -> None:
        async with open_client(script, server) as bria, anyio.create_task_group() as tasks:
            tasks.start_soon(bria.job("a").wait)
            await anyio.sleep(10)
            server.down = False
            assert await bria.job("b-of-another").poll() is JobState.COMPLETED

        assert anyio.current_time() < 20

    server.ends["b-of-another"] = 0.0
    run(main)


@pytest.mark.parametrize("waiters", [1, 2])
def test_slow_looks_one_after_another_do_not_outlast_the_deadline(
    script: Script, run: Run, waiters: int
) -> None:
    """An answer on its way is waited for once, not each that follows it."""
    server = Bria(a=1e6)
    server.takes = 4.0
    ended: list[float] = []

    async def main() -> None:
        async with open_client(script, server, plan=None, durations=KNOWN) as bria:

            async def give_up() -> None:
                with pytest.raises(WaitTimeout):
                    await bria.job("a", IMAGE, submitted_at=START).wait(timeout=30.0)
                ended.append(anyio.current_time())

            async with anyio.create_task_group() as tasks:
                # Somebody else goes on, and his looks follow one another.
                tasks.start_soon(once, bria, "a")
                for _ in range(waiters):
                    tasks.start_soon(give_up)
                await anyio.sleep(100)
                tasks.cancel_scope.cancel()

    run(main)
    assert len(ended) == waiters
    assert max(ended) <= 40


def test_who_waits_alone_does_not_outlast_his_deadline(script: Script, run: Run) -> None:
    """The look at his deadline was the last one, though another would be due when it ends."""
    server = Bria(a=1e6)
    server.takes = 4.0

    async def main() -> None:
        async with open_client(script, server, plan=None, durations=KNOWN) as bria:
            with pytest.raises(WaitTimeout):
                await bria.job("a", IMAGE, submitted_at=START).wait(timeout=20.0)
        assert server.looks["a"][-1] <= 20 <= anyio.current_time() <= 25

    run(main)


def test_short_waits_for_a_job_of_unknown_age_keep_its_turn(script: Script, run: Run) -> None:
    """Though the looks do not suffice for all, and it has been due for long."""
    server = Bria(**{f"j{n}": 1e6 for n in range(100)})

    async def main() -> None:
        async with open_client(script, server) as bria, anyio.create_task_group() as tasks:
            for number in range(99):
                tasks.start_soon(partial(bria.job(f"j{number}").wait, timeout=None))

            async def in_small_steps() -> None:
                job = bria.job("j99")
                while True:
                    with suppress(WaitTimeout):
                        await job.wait(timeout=2.0)

            tasks.start_soon(in_small_steps)
            await anyio.sleep(600)
            tasks.cancel_scope.cancel()

    run(main)
    looks = sorted(map(len, server.looks.values()))
    assert len(server.looks["j99"]) >= looks[len(looks) // 2] - 2
