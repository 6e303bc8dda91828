"""How many requests a second go through the stack, and what each costs."""

from __future__ import annotations

from functools import partial

from benchmarks.calling import CONTESTANTS
from benchmarks.figures import ratios
from benchmarks.frame import Answer, Figures, Measure, Scope, Table, Target, in_turns
from benchmarks.machine import OURS, THEIRS
from benchmarks.processes import in_a_process
from benchmarks.server import answering

NAME = "requests"
TITLE = "Requests"
METHOD = (
    "Small GETs to a thin asyncio server in another process, over loopback, so many in flight at "
    "any time, each answered one followed by the next; every round in a fresh process. A round "
    "counts what is answered within 2 seconds from the start of the first, and within 30 for bare "
    "httpx and bria-client at 1,000 and more, which need half of that until every connection is "
    "open. CPU is the client process's, per answered request; memory is its peak above what it had "
    "with the client open and one request answered. Bare httpx has its limits raised to the number "
    "in flight; everything else is as it comes, without a plan."
)
PACKAGES = ("aiohttp", "bria-client", "bria-tailored", "httpx", "httpx-aiohttp")

MEASURES = {
    "rate": Measure(unit="requests/s", digits=0, better="more"),
    "cpu": Measure(unit="ms", digits=2, better="less"),
    "p50": Measure(unit="ms", digits=1, better="less"),
    "p99": Measure(unit="ms", digits=1, better="less"),
    "memory": Measure(unit="MB", digits=1, better="less"),
    "failures": Measure(unit="%", digits=1, better="less"),
}
_FINDINGS = {
    "bare httpx over aiohttp": (
        "The rounds disagree widely where the machine has other work; the CPU per request is "
        "steadier: this client adds its pacing, retries and books, under 0.1 ms."
    ),
    "bria-client": (
        "Here a request by bria-client costs some 9 ms of CPU; httpx with such limits cost 66 "
        "where the bound was set. "
        "What differs has not been found; the ratio of the CPU is the one to look at where the "
        "machine has other work."
    ),
    "bare httpx": (
        "Here a request over bare httpx's pool costs some 5 ms of CPU, where the bound was found "
        "53. What differs has not been found; this client's own cost does not grow with the "
        "number in flight, see the table."
    ),
}
SLOW = ("bare httpx", "bria-client")
"""Beyond 100 in flight these come into their stride late, or never."""


def ask(scope: Scope) -> Answer:
    """Measure all contestants at each number in flight."""
    answer = Answer()
    with answering() as origin:
        for in_flight in (1, 10, 100, 1000, 3000) if scope.is_full else (1, 100, 1000):
            answer.tables.append(_table(origin, in_flight, scope))
            if in_flight == 1000:
                answer.targets += _targets(answer.tables[-1])
    return answer


def _table(origin: str, in_flight: int, scope: Scope) -> Table:
    left_out = SLOW if in_flight >= 1000 and not scope.is_full else ()
    names = [name for name in CONTESTANTS if name not in left_out]
    # Five rounds of a minute each are enough.
    rounds = 5 if in_flight >= 1000 else scope.rounds
    return Table(
        case=f"{in_flight:,} in flight",
        measures=MEASURES,
        rows=in_turns(names, partial(_round, origin, in_flight), rounds),
        note=f"Left out, for they need half a minute a round: {', '.join(left_out)}."
        if left_out
        else "",
        plotted="rate",
        size=in_flight,
    )


def _round(origin: str, in_flight: int, name: str) -> Figures:
    seconds = 30.0 if name in SLOW and in_flight >= 1000 else 2.0
    asked = {"contestant": name, "origin": origin, "in_flight": in_flight, "seconds": seconds}
    python = OURS if name.startswith("this client") else THEIRS
    return in_a_process(python, "benchmarks.calling", asked, timeout=seconds + 60)


def _targets(table: Table) -> list[Target]:
    def found(mine: str, theirs: str) -> list[Target]:
        if theirs not in table.rows:
            return []
        bound = {"bare httpx over aiohttp": 0.85, "bria-client": 20.0, "bare httpx": 40.0}[theirs]
        return [
            Target(
                what=f"{table.case}, {mine}: requests/s, over those of {theirs}",
                bound=bound,
                at_least=True,
                finding=_FINDINGS[theirs],
                found=ratios(table.rows[mine]["rate"].rounds, table.rows[theirs]["rate"].rounds),
            )
        ]

    return [
        *found("this client over aiohttp", "bare httpx over aiohttp"),
        *found("this client over aiohttp", "bria-client"),
        *found("this client over httpx", "bare httpx"),
    ]
