"""How time and memory grow with the jobs that wait, and with the rows of a journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.figures import Spread, exponent, spread
from benchmarks.frame import Answer, Figures, Measure, Scope, Table, Target, gathered
from benchmarks.machine import OURS
from benchmarks.processes import in_a_process

NAME = "scale"
TITLE = "Cost of scale"
METHOD = (
    "Every round in a fresh process. Jobs: so many wait at once with one client, from which only "
    "the clock and the network are replaced; time is virtual, so what is measured is the client's "
    "own work until the last of them (lognormal, about 20 s) is known to be ready: CPU, and memory "
    "at its most above the idle client. Journal: so many requests from their intent to their file, "
    "four entries each, in commits of a hundred as a batch does, each flushed to disk; then its "
    "status is read. Idle: so many tasks of asyncio wait in real time, with nothing due for long: "
    "memory above the idle client, and the processor's time in ten seconds. The exponent is the "
    "slope of both logarithms, 1 for in proportion: once over all sizes, and once from 1,000 on, "
    "where fixed costs no longer hide the growth. Of sizes that take a minute there are fewer "
    "rounds; the tables' spread says of how many."
)
PACKAGES = ("anyio", "attrs", "bria-tailored", "httpx")

_WAITING = {
    "cpu": Measure(unit="s", digits=3, better="less"),
    "each": Measure(unit="µs a job", digits=0, better="less"),
    "memory": Measure(unit="MB", digits=1, better="less"),
    "looks": Measure(unit="a job", digits=2, better="less"),
}
_IDLE = {
    "core": Measure(unit="%", digits=2, better="less"),
    "memory": Measure(unit="MB", digits=1, better="less"),
}
_JOURNAL = {
    "write": Measure(unit="s", digits=2, better="less"),
    "each": Measure(unit="µs a row", digits=0, better="less"),
    "read": Measure(unit="ms", digits=1, better="less"),
    "size": Measure(unit="MB", digits=1),
    "memory": Measure(unit="MB", digits=1, better="less"),
}
_EXPONENT = {"exponent": Measure(digits=3, better="less")}


def ask(scope: Scope) -> Answer:
    """Measure each size, and fit."""
    jobs = [10, 100, 1000, 10_000] + [100_000] * scope.is_full
    rows = [1000, 10_000, 100_000] + [1_000_000] * scope.is_full
    waiting = {size: _measured("waiting", size, 1 if size > 10_000 else 5) for size in jobs}
    journal = {size: _measured("journal", size, 1 if size > 100_000 else 5) for size in rows}
    idle = {5000: _measured("idle", 5000, 5)}
    fitted = {
        **_fitted("waiting jobs", waiting, ("cpu", "memory")),
        **_fitted("journal rows", journal, ("write", "size")),
    }
    tables = [
        _table("Jobs that wait at once", "jobs", waiting, _WAITING, "cpu"),
        _table("Jobs that wait while nothing is due", "jobs", idle, _IDLE, "memory"),
        _table("Rows of a journal", "rows", journal, _JOURNAL, "write"),
        Table(case="Exponents", measures=_EXPONENT, rows=fitted, plotted="exponent"),
    ]
    targets = [
        Target(
            key=name.replace(",", "").replace(" ", "-"),
            what=f"Growth: {name}",
            bound=1.05,
            at_least=False,
            found=row["exponent"],
            digits=3,
        )
        for name, row in fitted.items()
    ]
    targets += [
        Target(
            key=f"idle-{key}",
            what=f"5,000 jobs that wait while nothing is due: {what}",
            bound=bound,
            at_least=False,
            found=idle[5000][key],
        )
        for key, what, bound in (
            ("memory", "MB above the idle client", 20),
            ("core", "% of a core", 5),
        )
    ]
    return Answer(tables=tables, targets=targets)


def _measured(what: str, size: int, rounds: int) -> dict[str, Spread]:
    found: list[Figures] = [
        in_a_process(OURS, "benchmarks.scaling", {"what": what, "size": size}, timeout=1800)
        for _ in range(rounds)
    ]
    return gathered(found)


def _table(
    case: str,
    unit: str,
    measured: Mapping[int, Mapping[str, Spread]],
    measures: Mapping[str, Measure],
    plotted: str,
) -> Table:
    rows = {f"{size:,} {unit}": row for size, row in measured.items()}
    return Table(case=case, measures=measures, rows=rows, plotted=plotted)


def _fitted(
    what: str, measured: Mapping[int, Mapping[str, Spread]], costs: Sequence[str]
) -> dict[str, dict[str, Spread]]:
    """Exponents of the medians, over all sizes and over those from 1,000 on."""
    fitted = {}
    for cost in costs:
        # A page or two more or less is no growth.
        medians = {size: max(row[cost].median, 1e-3) for size, row in measured.items()}
        large = {size: median for size, median in medians.items() if size >= 1000}
        fitted[f"{cost} of {what}"] = {"exponent": spread([exponent(medians)])}
        if len(large) < len(medians):
            fitted[f"{cost} of {what}, from 1,000 on"] = {"exponent": spread([exponent(large)])}
    return fitted
