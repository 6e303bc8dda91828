"""What all questions share: rounds in turns, tables of medians, targets, and the JSON.

A question is a module with `NAME`, `TITLE`, `METHOD`, `PACKAGES` and `ask(scope)`; it fills in an
`Answer`. Nothing here knows what is measured.
"""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Protocol

import attrs

from benchmarks.figures import Spread, spread
from benchmarks.machine import machine, versions

RESULTS = Path("out/bench")
LOAD_BEFORE = round(os.getloadavg()[0], 1)
"""Of the machine, before anything is measured here."""

Figures = Mapping[str, float]


@attrs.frozen(kw_only=True)
class Scope:
    """How much is to be measured.

    Attributes:
        is_full: `make bench-full`; else what fits into a few minutes.
        folder: On which disk files are written.
    """

    is_full: bool
    folder: Path = attrs.field(factory=Path.cwd)

    @property
    def rounds(self) -> int:
        """Of each comparison, five at least."""
        return 7 if self.is_full else 5


@attrs.frozen(kw_only=True)
class Measure:
    """One column of a table.

    Attributes:
        unit: Such as "requests/s"; empty for a count or a ratio.
        digits: Behind the point.
        better: Which way is good; `None` where neither is.
    """

    unit: str = ""
    digits: int = 1
    better: Literal["more", "less"] | None = None


@attrs.frozen(kw_only=True)
class Table:
    """One case, all contestants, all measures.

    Attributes:
        case: Such as "1,000 in flight".
        measures: Its columns.
        rows: Per contestant and measure what the rounds gave.
        note: What has to be known in order to read it.
        plotted: The measure that the page draws.
        size: Where the cases of a question are steps of one size: this one's.
    """

    case: str
    measures: Mapping[str, Measure]
    rows: Mapping[str, Mapping[str, Spread]]
    note: str = ""
    plotted: str = ""
    size: float | None = None


@attrs.frozen(kw_only=True)
class Target:
    """What has to be reached, and what was.

    Attributes:
        key: By which `findings.toml` says why it falls short, should it.
        what: In words, the bound left out.
        bound: As compared with.
        at_least: Whether more is better.
        found: What the rounds gave; judged by their median.
        digits: Behind the point.
        beside: Other figures that have to be read with it, whether it is met or not.
    """

    key: str
    what: str
    bound: float
    at_least: bool
    found: Spread
    digits: int = 2
    beside: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the median keeps to the bound."""
        found = self.found.median
        return found >= self.bound if self.at_least else found <= self.bound


@attrs.define(kw_only=True)
class Answer:
    """What came of a question."""

    tables: list[Table] = attrs.field(factory=list)
    targets: list[Target] = attrs.field(factory=list)


class Question(Protocol):
    """A module of this package."""

    NAME: str
    TITLE: str
    METHOD: str
    PACKAGES: Sequence[str]

    def ask(self, scope: Scope) -> Answer:
        """Measure."""
        ...


def in_turns(
    contestants: Sequence[str],
    measure: Callable[[str], Figures],
    rounds: int,
    *,
    fewer: Mapping[str, int] | None = None,
) -> dict[str, dict[str, Spread]]:
    """Measure all contestants, round by round, each round in another order.

    Args:
        contestants: Their names.
        measure: Gives the figures of one round of one.
        rounds: How many there are.
        fewer: Those that take part in the first so many rounds only.

    Returns:
        Per contestant and measure what the rounds gave; a measure must be there each time.
    """
    found: dict[str, list[Figures]] = {name: [] for name in contestants}
    for turn in range(rounds):
        first = turn % len(contestants)
        for name in [*contestants[first:], *contestants[:first]]:
            if fewer is None or turn < fewer.get(name, rounds):
                found[name].append(measure(name))
    return {name: gathered(each) for name, each in found.items()}


def gathered(rounds: Sequence[Figures]) -> dict[str, Spread]:
    """The rounds of one contestant, measure by measure."""
    return {key: spread([each[key] for each in rounds]) for key in rounds[0]}


def show(table: Table) -> None:
    """Print a table: medians, and the spread of what is plotted."""
    width = max(map(len, table.rows)) + 2
    heads = "".join(f"{_head(name, each):>17}" for name, each in table.measures.items())
    print(f"\n{table.case}\n{'':<{width}}{heads}   {table.plotted} from, to")
    for name, row in table.rows.items():
        cells = "".join(
            f"{number(row[key].median, each.digits) if key in row else '':>17}"
            for key, each in table.measures.items()
        )
        plotted, digits = row.get(table.plotted), table.measures[table.plotted].digits
        ends = (
            f"   {number(plotted.low, digits)} to {number(plotted.high, digits)}" if plotted else ""
        )
        print(f"{name:<{width}}{cells}{ends}", flush=True)
    if table.note:
        print(f"  {table.note}")


def _head(name: str, measure: Measure) -> str:
    return f"{name}, {measure.unit}" if measure.unit else name


def number(value: float, digits: int) -> str:
    """A figure as it is shown."""
    return f"{value:,.{digits}f}" if math.isfinite(value) else "∞"


def show_target(target: Target) -> None:
    """Print a target beside what was found."""
    sign = "≥" if target.at_least else "≤"
    print(
        f"  {'met  ' if target.is_met else 'SHORT'} {target.what}: "
        f"{number(target.found.median, target.digits)} (wanted {sign} {target.bound:g})"
    )
    if target.beside:
        print(f"        {target.beside}")


def run(question: Question, scope: Scope, *, into: Path = RESULTS) -> dict[str, Any]:
    """Ask one question, print what came of it, and write it as JSON."""
    print(f"\n== {question.TITLE}\n{question.METHOD}")
    start = time.monotonic()
    answer = question.ask(scope)
    for table in answer.tables:
        show(table)
    for target in answer.targets:
        show_target(target)
    result = {
        "question": question.NAME,
        "title": question.TITLE,
        "method": question.METHOD,
        "scope": "full" if scope.is_full else "quick",
        "measured_on": datetime.now(UTC).date().isoformat(),
        "seconds": round(time.monotonic() - start),
        "machine": machine(),
        "load_before": LOAD_BEFORE,
        "versions": versions(question.PACKAGES),
        "tables": [attrs.asdict(each) for each in answer.tables],
        "targets": [attrs.asdict(each) | {"is_met": each.is_met} for each in answer.targets],
    }
    into.mkdir(parents=True, exist_ok=True)
    text = json.dumps(finite(result), indent=1, ensure_ascii=False) + "\n"
    (into / f"{question.NAME}.json").write_text(text, encoding="utf-8")
    return result


def finite(value: Any) -> Any:
    """The same for JSON, which knows no infinity: `null` in its place."""
    if isinstance(value, dict):
        return {key: finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
