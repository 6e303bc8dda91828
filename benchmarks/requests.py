"""How many requests a second go through the stack, and what each costs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import attrs

from benchmarks.calling import CONTESTANTS
from benchmarks.figures import Spread, ratios
from benchmarks.frame import Answer, Figures, Measure, Scope, Table, Target, in_turns, number
from benchmarks.machine import OURS, THEIRS
from benchmarks.processes import in_a_process
from benchmarks.server import answering

NAME = "requests"
TITLE = "Requests"
METHOD = (
    "Small GETs to a thin asyncio server in another process, over loopback, in two shapes. "
    "Steady: so many callers, each with one request after the other, for 2 seconds (1 below "
    "1,000 in flight). Waves: so many requests started at once (`asyncio.gather`), all awaited, "
    "and again, three times at least and until such a time is over; with one in flight it is the"
    " same loop. Every round is a fresh process with a fresh client; what is imported on first "
    "use is paid for before, by a request of another client. At 1,000 and more, bare httpx and "
    "bria-client need so long that a round of theirs is ended after 20 seconds of the steady "
    "loop, and after 30 of the waves, mostly within the first. A round counts what was answered;"
    " CPU is the client process's, per answered request; memory is its peak above that of the "
    "open client. Bare httpx has its limits raised to the number in flight; everything else is "
    "as it comes, without a plan. Bare httpx and bria-client have a second row for a client that"
    " has sent one request before: the program that has been at work, where the fresh client is "
    "that of a program which begins with its thousand requests. The 40 times are judged by the "
    "waves of a fresh client, with the steady loop's ratio beside it, and those after one "
    "request."
)
_POOL = (
    "Httpx's pool counts all its connections for each idle one (`len([... .is_idle() ...])` in "
    "httpcore 1.0.9), at each request that comes and each that goes: quadratic, once there are "
    "as many connections as requests, until those that were idle for 5 seconds are closed. A "
    "client that has sent a single request before does not open so many: all requests that find "
    "its connection idle are given that one and take turns at it, and those which find it busy "
    "in their turn look again, so that some dozens of connections serve a thousand."
)
"""Why a fresh client over httpx's pool is so slow, and one that has sent a request is not."""
PACKAGES = ("aiohttp", "bria-client", "bria-tailored", "httpcore", "httpx", "httpx-aiohttp")

MEASURES = {
    "rate": Measure(unit="requests/s", digits=0, better="more"),
    "cpu": Measure(unit="ms", digits=2, better="less"),
    "p50": Measure(unit="ms", digits=1, better="less"),
    "p99": Measure(unit="ms", digits=1, better="less"),
    "memory": Measure(unit="MB", digits=1, better="less"),
    "failures": Measure(unit="%", digits=1, better="less"),
}
SLOW = ("bare httpx", "bria-client")
"""Those with httpx's own pool and nothing before it."""

_AFTER_ONE = ", after one request"
_OURS_AIOHTTP, _OURS_HTTPX = "this client over aiohttp", "this client over httpx"
_BARE_AIOHTTP = "bare httpx over aiohttp"
_Rows = Mapping[str, Mapping[str, Spread]]


@attrs.frozen(kw_only=True)
class _Case:
    """One table.

    Attributes:
        shape: "steady" or "waves".
        in_flight: How many at once.
    """

    shape: str
    in_flight: int

    @property
    def title(self) -> str:
        """Its heading."""
        return f"{self.in_flight:,} in flight, {self.shape}"

    @property
    def is_large(self) -> bool:
        """Whether the slow ones are slow in it."""
        return self.in_flight >= 1000


def ask(scope: Scope) -> Answer:
    """Measure all contestants at each number in flight, in both shapes."""
    answer, judged = Answer(), dict[str, _Rows]()
    widths = (1, 10, 100, 1000, 3000) if scope.is_full else (1, 100, 1000)
    # Those of one shape behind one another: the page draws a line over them.
    cases = [
        _Case(shape=shape, in_flight=width)
        for shape in ("steady", "waves")
        for width in widths
        if shape == "steady" or width > 1
    ]
    with answering() as origin:
        for case in cases:
            answer.tables.append(_table(origin, case, scope))
            if case.in_flight == 1000:
                judged[case.shape] = answer.tables[-1].rows
    answer.targets += _targets(judged)
    return answer


def _table(origin: str, case: _Case, scope: Scope) -> Table:
    names, left_out = _contestants(case, scope)
    # Five rounds of half a minute each are enough; those that are quick have more.
    fewer = dict.fromkeys((name for name in names if name.startswith(SLOW)), 5)
    rounds = 9 if case.in_flight == 1000 and scope.is_full else 5
    return Table(
        case=case.title,
        measures=MEASURES,
        rows=in_turns(names, partial(_round, origin, case), rounds, fewer=fewer),
        note=" ".join([_left_out(left_out), _POOL * (case.in_flight == 1000)]).strip(),
        plotted="rate",
        size=case.in_flight,
    )


def _contestants(case: _Case, scope: Scope) -> tuple[list[str], list[str]]:
    left_out = []
    if case.title == "3,000 in flight, waves":
        left_out = list(SLOW)
    elif case.is_large and not scope.is_full:
        # What is judged stays.
        left_out = [name for name in SLOW if (name, case.shape) != ("bare httpx", "waves")]
    names = [name for name in CONTESTANTS if name not in left_out]
    if case.in_flight == 1000 or (case.in_flight == 100 and scope.is_full):
        names += [f"{name}{_AFTER_ONE}" for name in SLOW]
    return names, left_out


def _left_out(names: list[str]) -> str:
    return f"Left out, for they need half a minute a round: {', '.join(names)}." if names else ""


def _round(origin: str, case: _Case, name: str) -> Figures:
    contestant = name.removesuffix(_AFTER_ONE)
    is_after_one = contestant != name
    seconds = 2.0 if case.is_large else 1.0
    most = seconds if case.shape == "steady" else 30.0
    if case.shape == "steady" and case.is_large and name.startswith(SLOW):
        most = 4.0 if is_after_one else 20.0
    asked = {
        "contestant": contestant,
        "origin": origin,
        "in_flight": case.in_flight,
        "shape": case.shape,
        "after_one": is_after_one,
        "seconds": seconds,
        "most": most,
    }
    python = OURS if name.startswith("this client") else THEIRS
    return in_a_process(python, "benchmarks.calling", asked, timeout=most + 60)


def _targets(judged: Mapping[str, _Rows]) -> list[Target]:
    steady, waves = judged["steady"], judged["waves"]
    found = [
        Target(
            key=f"over-aiohttp-{shape}",
            what=f"1,000 in flight over aiohttp, {shape}: requests/s, over those of bare httpx "
            "over aiohttp",
            bound=0.85,
            at_least=True,
            found=_over(rows, _OURS_AIOHTTP, _BARE_AIOHTTP),
            beside="CPU per request, over that of bare httpx over aiohttp: "
            f"{_shown(_over(rows, _OURS_AIOHTTP, _BARE_AIOHTTP, 'cpu'), 2)}.",
        )
        for shape, rows in judged.items()
    ]
    if "bria-client" in steady:
        found += [
            Target(
                key=f"over-bria-client-{shape}",
                what=f"1,000 in flight over aiohttp, {shape}: requests/s, over those of "
                "bria-client",
                bound=20,
                at_least=True,
                found=_over(rows, _OURS_AIOHTTP, "bria-client"),
                digits=1,
                beside="Where bria-client has sent one request before: "
                f"{_shown(_over(rows, _OURS_AIOHTTP, 'bria-client' + _AFTER_ONE), 1)} times.",
            )
            for shape, rows in judged.items()
        ]
    if "bare httpx" in waves:
        after = [
            _shown(_over(rows, _OURS_HTTPX, "bare httpx" + _AFTER_ONE), 1)
            for rows in (waves, steady)
        ]
        steadily = (
            f"In the steady loop {_shown(_over(steady, _OURS_HTTPX, 'bare httpx'), 1)} times; "
            if "bare httpx" in steady
            else ""
        )
        found.append(
            Target(
                key="own-pool-waves",
                what="1,000 in flight over httpx's own pool, waves: requests/s, over those of "
                "bare httpx",
                bound=40,
                at_least=True,
                found=_over(waves, _OURS_HTTPX, "bare httpx"),
                digits=1,
                beside=f"{steadily}Where bare httpx has sent one request before, {after[0]} times "
                f"in waves and {after[1]} in the steady loop.",
            )
        )
    return found


def _over(rows: _Rows, mine: str, theirs: str, measure: str = "rate") -> Spread:
    ours, others = rows[mine][measure].rounds, rows[theirs][measure].rounds
    return ratios(ours[: len(others)], others)


def _shown(found: Spread, digits: int) -> str:
    low, high = number(found.low, digits), number(found.high, digits)
    return f"{number(found.median, digits)} ({low} to {high})"
