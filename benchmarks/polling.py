"""Polling under a budget: the real poller, in virtual time, beside what others do.

Method: a server with a true window of R looks in any 60 s, the refused ones not counted; jobs take
lognormal times (median 20 s, sigma 0.4), looks 0.1 s. The poller is a whole `TailoredClient`, of
which only the clock and the transport are replaced; the others are small simulations over the same
jobs. "Cold" knows nothing of these jobs, "warm" has the durations of another run. Means of `SEEDS`
runs, and the worst of them.

The lower bound is the time at which an oracle knows of the last job, who never looks in vain.
Nobody else can reach it: of 60 looks at a burst of 50 jobs ten may be in vain, and the one after
these waits a minute, which is as long as the jobs; 5,000 jobs under 1,000 a minute fill five
windows to the last look, so that the first look in vain begins a sixth.

Run it with `make bench-polling`.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from math import inf
from typing import Any

import anyio

from benchmarks.polling_policies import POLICIES
from benchmarks.polling_world import CASES, Case, Outcome, Server, Work, summary
from benchmarks.virtual_time import VirtualClock, VirtualLoop
from bria_tailored_ext import ImageRequest, Job, Plan, TailoredClient, VideoRequest
from bria_tailored_ext.client.deliveries import Listener
from bria_tailored_ext.values.durations import Durations

SEEDS = int(os.environ.get("SEEDS", "5"))
FIRST_SEED = int(os.environ.get("FIRST_SEED", "0"))
"""Others than those on which the rules were tried: `FIRST_SEED=500 SEEDS=20`."""
_BOUND = """\
The bound (ratio 1) is an oracle's, who never looks in vain. A single seed of the burst of 50 can be
far from it: 60 looks allow ten in vain, and the eleventh waits a minute. 5,000 jobs at 1,000 a
minute fill five windows to the last look: whoever looks in vain once needs a sixth."""

_LATE = 5.0
"""Seconds after which a webhook delivers."""


class _Deliveries:
    """A receiver of webhooks without a network."""

    url = "https://hooks.test/bria"

    def __init__(self) -> None:
        self.tell: Listener = lambda _request_id, _body: None

    def attach(self, listener: Listener, *, token: str | None = None) -> Callable[[], None]:  # noqa: ARG002
        """Remember the one listener."""
        self.tell = listener
        return lambda: None

    def delivered(self, request_id: str, *, token: str | None = None) -> None:
        """Nothing came before it was asked for."""


async def _ours(
    work: Sequence[Work], rate: int, known: Durations | None
) -> tuple[Outcome, Durations]:
    server, lags = Server(work, rate), []
    deliveries = _Deliveries()
    submits = {
        "POST /v2/image/generate/tailored": 10**6,
        "POST /v2/video/generate/tailored/image-to-video": 10**6,
    }
    loop = asyncio.get_running_loop()
    expected = sum(each.takes < inf for each in work)
    end = 0.0
    stuck: list[str] = []

    async def follow(bria: TailoredClient, number: int, each: Work) -> None:
        nonlocal end
        await asyncio.sleep(each.at - loop.time())
        asked = {"tailored_model_id": "7", "prompt": str(number)}
        hook = {} if each.by_webhook else {"webhook_url": "https://elsewhere.test"}
        job: Job[Any]
        if each.is_video:
            job = await bria.submit(VideoRequest.from_dict(asked | _VIDEO | hook))
        else:
            job = await bria.submit(ImageRequest.from_dict(asked | hook))
        if each.takes == inf:
            stuck.append(job.request_id)
        if each.by_webhook:
            end_of = each.ends + _LATE
            loop.call_at(
                end_of,
                lambda: deliveries.tell(job.request_id, server.status(job.request_id, end_of)),
            )
        await job.wait(timeout=None)
        end = max(end, loop.time())
        lags.append(loop.time() - each.ends)
        if len(lags) == expected:
            tasks.cancel_scope.cancel()

    async with TailoredClient(
        api_token="benchmark",
        base_url="https://bria.test",
        plan=Plan(requests_per_minute=rate, overrides=submits),
        transport=server,
        clock=VirtualClock(),
        durations=known,
        webhooks=deliveries,
    ) as bria:
        with suppress(asyncio.CancelledError):
            async with anyio.create_task_group() as tasks:
                for number, each in enumerate(work):
                    tasks.start_soon(follow, bria, number, each)
        learned = bria.durations()
    looks = sum(server.looks.values())
    spent = sum(server.looks.get(request_id, 0) for request_id in stuck)
    outcome = summary(work, lags, end, rate, looks - spent, server.refused)
    if stuck:
        print(f"    {spent / len(stuck):.1f} looks per stuck job in {end:.0f} s")
    return outcome, learned


_VIDEO = {"image": "https://cdn.test/a.png"}


def ours(
    work: Sequence[Work], rate: int, known: Durations | None = None
) -> tuple[Outcome, Durations]:
    """One run of the real poller."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(_ours(work, rate, known))


def _row(name: str, outcomes: Sequence[Outcome]) -> str:
    mean = {
        field: statistics.mean(getattr(each, field) for each in outcomes)
        for field in ("polls", "refusals", "lag", "lag_95", "ratio")
    }
    worst = max(each.ratio for each in outcomes)
    return (
        f"  {name:<26}{mean['polls']:>7.2f}{mean['refusals']:>8.1f}{mean['lag']:>8.1f}"
        f"{mean['lag_95']:>8.1f}{mean['ratio']:>8.2f}{worst:>8.2f}"
    )


def _polled(work: Sequence[Work]) -> list[Work]:
    """The others know nothing of webhooks: they get the other jobs alone."""
    return [each for each in work if not each.by_webhook]


def compare(case: Case, seeds: int) -> None:
    """Print what every policy makes of a case."""
    print(case.name)
    print(f"  {'':<26}{'polls':>7}{'429s':>8}{'lag':>8}{'p95':>8}{'ratio':>8}{'worst':>8}")
    made = [
        partial(case.make, random.Random(seed))  # noqa: S311
        for seed in range(FIRST_SEED, FIRST_SEED + seeds)
    ]
    works = [each() for each in made]
    if len(works[0]) <= 500:
        for name, policy in POLICIES.items():
            print(_row(name, [policy(_polled(work), case.rate) for work in works]), flush=True)
    _, learned = ours(case.make(random.Random(1000)), case.rate)  # noqa: S311
    for name, known in (("this client, cold", None), ("this client, warm", learned)):
        print(_row(name, [ours(work, case.rate, known)[0] for work in works]), flush=True)


def main() -> None:
    """Print all cases, or those whose name contains an argument."""
    begin = time.perf_counter()
    wanted = sys.argv[1:] or [""]
    for case in CASES:
        if any(word in case.name for word in wanted):
            compare(case, 1 if "5000" in case.name else SEEDS)
    print(f"\n{_BOUND}")
    print(f"\n{time.perf_counter() - begin:.0f} s")


if __name__ == "__main__":
    main()
