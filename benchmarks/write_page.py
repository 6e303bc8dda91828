"""`python -m benchmarks.write_page`: `docs/benchmarks.md`, from the JSON of the last runs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import fill
from typing import Any

from benchmarks.findings import NONE_YET, finding
from benchmarks.frame import RESULTS
from benchmarks.machine import disturbance
from benchmarks.page import bound, figure, read_results, where, write_plots

PAGE = Path("docs/benchmarks.md")
_OPENING = """<!-- Written by `python -m benchmarks.write_page` from a run. Do not edit. -->
# Measured against the others

`make bench` measures this client beside Bria's own, beside bare httpx and aiohttp, and beside the
loops that users write, in a few minutes; `make bench-full` takes an hour and a half, and has
everything. Both print tables, write `out/bench/*.json`, and draw `out/bench/index.html`. This page
is written from such a run by `python -m benchmarks.write_page`.

Contestants take turns, in another order each round, five rounds or more. A figure is the median of
its rounds, with the least and the most of them behind it; a ratio is the median of each round's own
ratio, so what disturbs the machine for a while disturbs both sides. Nothing in the client is tuned
to the benchmark: it is as `TailoredClient` comes, but for what each method names. Absolute figures
are this machine's; ratios travel better.
"""


def written(results: Sequence[Mapping[str, Any]]) -> str:
    """The page as Markdown."""
    parts = [_OPENING, f"Measured on {where(results)}", _must_reach(results)]
    parts += [_question(result) for result in results]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _must_reach(results: Sequence[Mapping[str, Any]]) -> str:
    rows, notes = [], []
    for result in results:
        for target in result["targets"]:
            found = figure(target["found"], target["digits"])
            mark = "met" if target["is_met"] else "**short**"
            texts = [target["beside"], finding(result["question"], target)]
            if told := " ".join(filter(None, texts)):
                notes.append(f"{target['what']}: {told}")
                mark += f" ({len(notes)})"
            rows.append([_cell(target["what"]), bound(target), found, mark])
    table = _markdown(["must reach", "wanted", "found", ""], rows)
    numbered = [fill(f"({number}) {note}", 100) for number, note in enumerate(notes, 1)]
    return "\n\n".join(["## What must be reached", table, *numbered])


def _question(result: Mapping[str, Any]) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in result["versions"].items())
    parts = [
        f"## {result['title']}",
        fill(result["method"], 100),
        fill(
            f"{versions}. A {result['scope']} run of {result['measured_on']}, on "
            f"{disturbance(result['load_before'])}.",
            100,
        ),
    ]
    for table in result["tables"]:
        heads = [_head(name, each["unit"]) for name, each in table["measures"].items()]
        rows = [
            [
                _cell(name),
                *(
                    figure(row[key], each["digits"]) if key in row else ""
                    for key, each in table["measures"].items()
                ),
            ]
            for name, row in table["rows"].items()
        ]
        parts += [f"### {table['case']}", _markdown(["", *heads], rows)]
        if table["note"]:
            parts.append(fill(table["note"], 100))
    return "\n\n".join(parts)


def _head(name: str, unit: str) -> str:
    return f"{name}, {unit}" if unit else name


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _markdown(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] + ["---:"] * (len(heads) - 1), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> int:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=Path, default=RESULTS, help="where the JSON is")
    parser.add_argument("--page", type=Path, default=PAGE, help="what to write")
    arguments = parser.parse_args()
    results = read_results(arguments.results)
    if not results:
        print(f"There are no results in {arguments.results}: run `make bench`.", file=sys.stderr)
        return 1
    arguments.page.write_text(written(results), encoding="utf-8")
    print(f"Wrote {arguments.page}, and drew {write_plots(arguments.results)}.")
    for result in results:
        for target in result["targets"]:
            if finding(result["question"], target) == NONE_YET:
                print(f"benchmarks/findings.toml lacks {result['question']}.{target['key']}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
