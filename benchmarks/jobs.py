"""A thousand jobs at once, from submit to result, where nothing limits them."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from multiprocessing.connection import Connection
from typing import Any

from benchmarks.frame import Answer, Figures, Measure, Scope, Table, Target, in_turns
from benchmarks.job_server import serve_jobs
from benchmarks.machine import OURS, THEIRS
from benchmarks.processes import in_a_process
from benchmarks.working import CONTESTANTS

NAME = "jobs"
TITLE = "Jobs without a limit"
METHOD = (
    "1,000 jobs of 1 to 3 s (drawn anew each round, alike for all contestants), all submitted at"
    " once, each awaited to its result; every round in a fresh process. The server is a thin one"
    " of the benchmark's own, for the sandbox would be the bottleneck, and its books are the "
    "judge: looks, and the lag from a job's end until the contestant had its result. The loops "
    "are what users write: a coroutine for each job that looks each second; httpx has its "
    "default limits there and a timeout of 60 s. bria-client is as it comes: a look each second,"
    " for a minute. What is not done after 60 s is lost. CPU is all that the client's process "
    "took, all its threads included, from the first submit to the last result, over the jobs "
    "that were done; `whole` is the same from the start of its interpreter, imports included. "
    "The server is another process."
)
PACKAGES = ("aiohttp", "bria-client", "bria-tailored", "httpx", "httpx-aiohttp", "httpx-retries")

JOBS = 1000
MOST = 60.0
MEASURES = {
    "rate": Measure(unit="jobs/s", digits=0, better="more"),
    "wall": Measure(unit="s", digits=1, better="less"),
    "cpu": Measure(unit="ms a job", digits=2, better="less"),
    "whole": Measure(unit="ms a job", digits=2, better="less"),
    "looks": Measure(unit="a job", digits=2, better="less"),
    "lag": Measure(unit="s", digits=2, better="less"),
    "lost": Measure(digits=0, better="less"),
    "memory": Measure(unit="MB", digits=0, better="less"),
}


@contextmanager
def judging(serve: Callable[..., None], *arguments: Any) -> Iterator[Connection]:
    """A server in a process of its own; it tells its origin first, and its judgement last."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs, *arguments), daemon=True)
    process.start()
    # Ours is the only other end then: should the process die, `recv` ends in place of waiting.
    theirs.close()
    try:
        yield ours
    finally:
        process.terminate()
        process.join()


def one_round(name: str, judge: Connection, asked: dict[str, Any]) -> dict[str, Any]:
    """A contestant's figures and the judgement."""
    python = OURS if name.startswith("this client") else THEIRS
    found = in_a_process(
        python,
        "benchmarks.working",
        asked | judge.recv() | {"contestant": name},
        timeout=asked["most"] + 60,
    )
    judge.send(found["finished"])
    told: dict[str, Any] = judge.recv()
    return found | told


def ask(scope: Scope) -> Answer:
    """Measure all contestants."""
    left_out = () if scope.is_full else ("loop over httpx",)
    elsewhere = ("this client", "bria-client, patient")
    names = [name for name in CONTESTANTS if name not in (*left_out, *elsewhere)]
    rounds = 5
    seeds = count()
    rows = in_turns(names, partial(_round, seeds, len(names)), rounds)
    table = Table(
        case=f"{JOBS:,} jobs of 1 to 3 s, all in flight",
        measures=MEASURES,
        rows=rows,
        note=f"Left out, for it needs a minute a round: {', '.join(left_out)}." if left_out else "",
        plotted="rate",
    )
    return Answer(tables=[table], targets=_targets(table))


def _round(seeds: Iterator[int], contestants: int, name: str) -> Figures:
    # The same lengths for all contestants of a round.
    seed = next(seeds) // contestants
    asked = {"count": JOBS, "most": MOST, "interval": 1.0, "speed": 1, "rate": None}
    with judging(serve_jobs, 1.0, 3.0, seed) as judge:
        found = one_round(name, judge, asked)
    done = len(found["finished"])
    return {
        "rate": done / found["seconds"],
        "wall": found["seconds"],
        "cpu": found["cpu"] / max(1, done) * 1000,
        "whole": found["whole"] / max(1, done) * 1000,
        "looks": found["looks"] / JOBS,
        "lag": sum(found["lags"]) / max(1, done),
        "lost": JOBS - done,
        "memory": found["memory"],
    }


def _targets(table: Table) -> list[Target]:
    row = table.rows["this client over aiohttp"]
    case = "1,000 jobs at once over aiohttp"
    return [
        Target(
            key="rate",
            what=f"{case}: jobs a second",
            bound=220,
            at_least=True,
            found=row["rate"],
            digits=0,
        ),
        Target(key="cpu", what=f"{case}: CPU ms a job", bound=2, at_least=False, found=row["cpu"]),
        Target(
            key="lost",
            what=f"{case}: lost",
            bound=0,
            at_least=False,
            found=row["lost"],
            digits=0,
        ),
        Target(
            key="looks",
            what=f"{case}: looks a job",
            bound=3,
            at_least=False,
            found=row["looks"],
        ),
    ]
