"""Two hundred jobs on an account with a limit, judged by the sandbox's books."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from typing import Any

import attrs

from benchmarks.figures import Spread, percentile
from benchmarks.frame import Answer, Figures, Measure, Scope, Table, Target, gathered, in_turns
from benchmarks.jobs import judging, one_round
from benchmarks.machine import OURS, THEIRS
from benchmarks.polling_world import Work, lower_bound
from benchmarks.processes import in_a_process
from benchmarks.sandbox_server import serve_sandbox

NAME = "limits"
TITLE = "Jobs under a limit"
METHOD = (
    "200 jobs of about 20 s (lognormal, sigma 0.4; the same lengths for all contestants of a "
    "round), all wanted at once, on an account with so many requests a minute for each endpoint,"
    " in a true window of 60 s; the server's books are the judge. Nothing is known of the jobs "
    "beforehand (a cold start). The lower bound is a clairvoyant's: jobs submitted as the window"
    " allows, each looked at once, when it is ready and the window allows. The loop looks every "
    "2 s and waits as a 429's Retry-After says, submits too; bria-client is as it comes, a look "
    "each second for a minute, and once more as its README has it for long work, each 2 s for "
    "300 s. In virtual time the whole clients run in an event loop that passes the time which "
    "they wait for, over a simulated network with a latency of 0.1 s: no disturbance of the "
    "machine is in these figures, and the targets are judged by them. `make bench-full` has "
    "sandboxes beside it, one in another process for each run, over real sockets: under 60 "
    "requests a minute in real time, where runs overlap, each started a few seconds after the "
    "other; under 1,000 with time sped up on both sides, in which the machine's own delays look "
    "longer."
)
PACKAGES = ("aiohttp", "bria-client", "bria-tailored", "httpx", "httpx-aiohttp", "httpx-retries")

JOBS = 200
ROUNDS = 5
CONTESTANTS = ("bria-client", "bria-client, patient", "loop over httpx", "this client")
MEASURES = {
    "time": Measure(unit="s", digits=0, better="less"),
    "ratio": Measure(unit="of the bound", digits=2, better="less"),
    "looks": Measure(unit="a job", digits=2, better="less"),
    "429s": Measure(digits=0, better="less"),
    "lag": Measure(unit="s", digits=1, better="less"),
    "lag 95": Measure(unit="s", digits=1, better="less"),
    "failed": Measure(digits=0, better="less"),
}


@attrs.frozen(kw_only=True)
class _Load:
    """A limit, and how its runs are made.

    Attributes:
        rate: Requests a minute.
        speed: Simulated seconds per second.
        at_once: How many runs overlap.
    """

    rate: int
    speed: float
    at_once: int


_APART = 4.0
"""Seconds from the start of one run to that of the next, so that their bursts do not meet."""


def ask(scope: Scope) -> Answer:
    """Measure all contestants under the limits."""
    answer = Answer()
    for rate in (60, 1000):
        seeds = count()
        rows = in_turns(CONTESTANTS, partial(_virtual_round, rate, seeds), scope.rounds)
        table = Table(
            case=f"{JOBS} jobs under {rate:,} requests a minute, in virtual time",
            measures=MEASURES,
            rows=rows,
            note=_note(1),
            plotted="time",
        )
        answer.tables.append(table)
        answer.targets += _targets(rate, table)
    loads = [_Load(rate=60, speed=1, at_once=20), _Load(rate=1000, speed=4, at_once=1)]
    answer.tables += [_with_sandboxes(load) for load in loads if scope.is_full]
    return answer


def _with_sandboxes(load: _Load) -> Table:
    return Table(
        case=f"{JOBS} jobs under {load.rate:,} requests a minute, with sandboxes",
        measures=MEASURES,
        rows=_rows(load),
        note=_note(load.speed),
        plotted="time",
    )


def _note(speed: float) -> str:
    sped = "" if speed == 1 else f"{speed:g} seconds passed in one. "
    return (
        f"{sped}Where jobs failed, the time of all is ∞: bria-client does not repeat a submit that "
        "was refused, and drops an answer that comes after its time."
    )


def _rows(load: _Load) -> dict[str, dict[str, Spread]]:
    def one(number: int) -> tuple[str, Figures]:
        turn, place = divmod(number, len(CONTESTANTS))
        # Another order in each round.
        name = CONTESTANTS[(turn + place) % len(CONTESTANTS)]
        if number < load.at_once:
            time.sleep(number * _APART)
        return name, _round(load, turn, name)

    with ThreadPoolExecutor(load.at_once) as runs:
        found = list(runs.map(one, range(ROUNDS * len(CONTESTANTS))))
    return {
        name: gathered([figures for each, figures in found if each == name]) for name in CONTESTANTS
    }


def _round(load: _Load, seed: int, name: str) -> Figures:
    rate, speed = load.rate, load.speed
    asked = {"count": JOBS, "most": 1800 / speed, "interval": 2.0, "speed": speed, "rate": rate}
    with judging(serve_sandbox, rate, speed, seed) as judge:
        found = one_round(name, judge, asked)
    return _figures(found, rate, found["seconds"] * speed)


def _virtual_round(rate: int, seeds: Iterator[int], name: str) -> Figures:
    seed = next(seeds) // len(CONTESTANTS)
    asked = {"count": JOBS, "most": 600, "interval": 2.0, "rate": rate, "seed": seed}
    python = OURS if name.startswith("this client") else THEIRS
    found = in_a_process(python, "benchmarks.working", asked | {"contestant": name}, timeout=660)
    return _figures(found, rate, found["seconds"])


def _figures(found: Mapping[str, Any], rate: int, taken: float) -> Figures:
    failed = JOBS - len(found["finished"])
    time_of_all = math.inf if failed else taken
    return {
        "time": time_of_all,
        "ratio": time_of_all / _bound(found["lengths"], rate),
        "looks": found["looks"] / max(1, found["submits"]),
        "429s": found["refused"],
        "lag": sum(found["lags"]) / max(1, len(found["lags"])),
        "lag 95": percentile(found["lags"], 0.95) if found["lags"] else 0.0,
        "failed": failed,
    }


def _bound(lengths: list[Any], rate: int) -> float:
    """When a clairvoyant would know of the last of these jobs, in the order of their submits."""
    return lower_bound(
        [Work(at=60.0 * (number // rate), takes=takes) for number, takes in enumerate(lengths)],
        rate,
    )


def _targets(rate: int, table: Table) -> list[Target]:
    row = table.rows["this client"]
    return [
        Target(
            key=f"{rate}-429s",
            what=f"{table.case}: 429s",
            bound=0,
            at_least=False,
            found=row["429s"],
            digits=0,
        ),
        Target(
            key=f"{rate}-failures",
            what=f"{table.case}: failures",
            bound=0,
            at_least=False,
            found=row["failed"],
            digits=0,
        ),
        Target(
            key=f"{rate}-time",
            what=f"{table.case}, cold: time over the lower bound",
            bound=1.15,
            at_least=False,
            found=row["ratio"],
        ),
    ]
