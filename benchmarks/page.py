"""`out/bench/index.html`: the results with plots, one file that needs nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from benchmarks.charts import bars, is_ours, lines
from benchmarks.findings import finding
from benchmarks.frame import number
from benchmarks.machine import disturbance

QUESTIONS = (
    "start",
    "requests",
    "jobs",
    "limits",
    "batch",
    "uploads",
    "downloads",
    "scale",
    "pictures",
)
"""One file each, in the order in which they are asked and shown."""

_STYLE = """
:root { --ink: #1d2430; --soft: #5d6879; --line: #d9dee6; --paper: #fff; --page: #f5f6f8;
  --ours: #0a7f6f; --theirs: #93a0b4; --short: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7eaf0; --soft: #9aa6b8; --line: #333c4b;
  --paper: #1a202b; --page: #12161e; --ours: #35c2ac; --theirs: #66738a; --short: #ff8a80; } }
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif }
main { max-width: 900px; margin: 0 auto; padding: 32px 20px 80px }
h1 { font-size: 26px; margin: 0 0 4px } h2 { font-size: 20px; margin: 0 0 6px }
h3 { font-size: 15px; margin: 26px 0 6px }
section { background: var(--paper); border: 1px solid var(--line); border-radius: 10px;
  padding: 22px 24px; margin: 22px 0 }
p, .soft { color: var(--soft); margin: 0 0 10px }
.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-size: 13px;
  font-variant-numeric: tabular-nums }
th, td { padding: 4px 8px; text-align: right; border-bottom: 1px solid var(--line);
  white-space: nowrap }
th:first-child, td:first-child { text-align: left }
th { color: var(--soft); font-weight: 500 } tr.ours td { color: var(--ours); font-weight: 600 }
.targets td:first-child { white-space: normal } .targets td.short { color: var(--short) }
small { color: var(--soft); font-weight: 400 }
svg { width: 100%; min-width: 660px; height: auto; display: block; margin: 8px 0 12px;
  font: 12px system-ui }
svg text { fill: var(--ink) } svg .name { text-anchor: end }
svg .tick, svg .axis { fill: var(--soft) }
rect.ours, circle.ours { fill: var(--ours) } rect.theirs, circle.theirs { fill: var(--theirs) }
polyline { fill: none; stroke-width: 2 } polyline.ours { stroke: var(--ours) }
polyline.theirs { stroke: var(--theirs) }
.whisker { stroke: var(--ink); fill: none; opacity: .55 } .grid { stroke: var(--line) }
"""


def read_results(folder: Path) -> list[dict[str, Any]]:
    """What was measured, in the questions' order; what was not is left out."""
    found = [folder / f"{name}.json" for name in QUESTIONS]
    return [json.loads(path.read_text(encoding="utf-8")) for path in found if path.exists()]


def write_plots(folder: Path) -> Path:
    """Draw all results of a folder into its `index.html`."""
    path = folder / "index.html"
    path.write_text(drawn(read_results(folder)), encoding="utf-8")
    return path


def drawn(results: Sequence[Mapping[str, Any]]) -> str:
    """The page."""
    sections = "".join(map(_section, results))
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>bria-tailored: benchmarks</title><style>{_STYLE}</style><main>"
        "<h1>Measured against the others</h1>"
        f"<p>{escape(where(results))}</p>{sections}</main></html>\n"
    )


def where(results: Sequence[Mapping[str, Any]]) -> str:
    """On what was measured, and when; every kind of machine that the results name."""
    machines = dict.fromkeys(
        f"{each['machine']['cores']} cores of {each['machine']['processor']}, "
        f"{each['machine']['memory']}, {each['machine']['system']}, {each['machine']['python']}"
        for each in results
    )
    days = dict.fromkeys(each["measured_on"] for each in results)
    return f"{'; '.join(machines)}. {', '.join(days)}."


def _section(result: Mapping[str, Any]) -> str:
    names = ", ".join(f"{name} {version}" for name, version in result["versions"].items())
    return (
        f'<section id="{result["question"]}"><h2>{escape(result["title"])}</h2>'
        f"<p>{escape(result['method'])}</p>{_targets(result)}"
        f"{_over_sizes(result)}{''.join(map(_table, result['tables']))}"
        f'<p class="soft">{escape(names)}; {result["scope"]}, {result["seconds"]} s, '
        f"{disturbance(result['load_before'])}</p></section>"
    )


def _targets(result: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<tr><td>{escape(target['what'])}{_small(target['beside'])}"
        f"{_small(finding(result['question'], target))}</td>"
        f"<td>{bound(target)}</td><td>{figure(target['found'], target['digits'])}</td>"
        f'<td class="{"met" if target["is_met"] else "short"}">'
        f"{'met' if target['is_met'] else 'short'}</td></tr>"
        for target in result["targets"]
    )
    head = "<tr><th>must reach</th><th>wanted</th><th>found</th><th></th></tr>"
    return f'<div class="scroll"><table class="targets">{head}{rows}</table></div>' if rows else ""


def _small(text: str) -> str:
    return f"<br><small>{escape(text)}</small>" if text else ""


def bound(target: Mapping[str, Any]) -> str:
    """What was wanted."""
    return f"{'≥' if target['at_least'] else '≤'} {target['bound']:,g}"


def figure(spread: Mapping[str, Any], digits: int) -> str:
    """A median with its spread."""
    median, low, high = (
        "∞" if spread[key] is None else number(spread[key], digits)
        for key in ("median", "low", "high")
    )
    return median if low == high else f"{median} ({low} to {high})"


def _over_sizes(result: Mapping[str, Any]) -> str:
    steps: dict[str, list[Mapping[str, Any]]] = {}
    for table in result["tables"]:
        if table["size"] is not None:
            steps.setdefault(table["case"].split(maxsplit=1)[-1], []).append(table)
    return "".join(_lines(across, tables) for across, tables in steps.items() if len(tables) > 2)


def _lines(across: str, tables: Sequence[Mapping[str, Any]]) -> str:
    measure = tables[0]["plotted"]
    unit = tables[0]["measures"][measure]["unit"]
    names = dict.fromkeys(name for table in tables for name in table["rows"])
    series = {
        name: [
            (table["size"], table["rows"][name][measure]["median"] or 0.0)
            for table in tables
            if name in table["rows"]
        ]
        for name in names
    }
    up = f"{measure}, {unit}" if unit else measure
    return (
        f'<h3>{escape(across)}</h3><div class="scroll">'
        f"{lines(series, across, across=across, up=up)}</div>"
    )


def _table(table: Mapping[str, Any]) -> str:
    measures = table["measures"]
    heads = "".join(
        f"<th>{escape(name)} <small>{escape(each['unit'])}</small></th>"
        for name, each in measures.items()
    )
    rows = "".join(
        f'<tr class="{"ours" if is_ours(name) else "theirs"}"><td>{escape(name)}</td>'
        + "".join(
            f"<td>{figure(row[key], each['digits']) if key in row else ''}</td>"
            for key, each in measures.items()
        )
        + "</tr>"
        for name, row in table["rows"].items()
    )
    plotted = table["plotted"]
    drawn_rows = {name: row[plotted] for name, row in table["rows"].items() if plotted in row}
    unit = measures[plotted]["unit"] if plotted in measures else ""
    label = f"{table['case']}: {plotted}" + (f", {unit}" if unit else "")
    return (
        f'<h3>{escape(label)}</h3><div class="scroll">{bars(drawn_rows, label)}</div>'
        f'<div class="scroll"><table><tr><th></th>{heads}</tr>{rows}</table></div>'
        f"<p>{escape(table['note'])}</p>"
    )
