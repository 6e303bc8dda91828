"""Charts as SVG: throughput, latency and polls. Values in, text out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

import attrs

_WIDTH, _HEIGHT = 360.0, 150.0
_LEFT, _TOP, _BOTTOM = 40.0, 10.0, 22.0
_MOST_BARS = 48


@attrs.frozen(kw_only=True)
class Bars:
    """One chart.

    Attributes:
        title: What it shows.
        unit: Of the values.
        values: The height of each bar.
        labels: What each bar stands for.
        note: A sentence beside the title.
    """

    title: str
    unit: str
    values: Sequence[float]
    labels: Sequence[str]
    note: str = ""


def svg(chart: Bars) -> str:
    """The chart as an SVG element, with a title on every bar."""
    top = nice_top(max(chart.values, default=0.0))
    high = _HEIGHT - _TOP - _BOTTOM
    step = (_WIDTH - _LEFT) / max(len(chart.values), 1)
    parts = [
        f'<svg viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" role="img" aria-label="{escape(chart.title)}">'
    ]
    for share in (0.0, 0.5, 1.0):
        y = _TOP + high * (1 - share)
        parts.append(
            f'<line class="grid" x1="{_LEFT:g}" x2="{_WIDTH:g}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text class="y" x="{_LEFT - 5:g}" y="{y + 3.5:.1f}">{number(top * share)}</text>'
        )
    for place, (value, label) in enumerate(zip(chart.values, chart.labels, strict=True)):
        tall = high * value / top
        parts.append(
            f'<rect x="{_LEFT + place * step + step * 0.1:.2f}" y="{_TOP + high - tall:.2f}"'
            f' width="{step * 0.8:.2f}" height="{tall:.2f}">'
            f"<title>{escape(label)}: {number(value)} {escape(chart.unit)}</title></rect>"
        )
    if chart.labels:
        y = _HEIGHT - 6
        parts.append(
            f'<text class="x" x="{_LEFT:g}" y="{y:g}">{escape(chart.labels[0])}</text>'
            f'<text class="x end" x="{_WIDTH:g}" y="{y:g}">{escape(chart.labels[-1])}</text>'
        )
    return "".join([*parts, "</svg>"])


def figure(chart: Bars) -> str:
    """The chart with its title, unit and note; nothing if there is nothing to show."""
    if not chart.values:
        return ""
    note = f" <small>{escape(chart.note)}</small>" if chart.note else ""
    return (
        f"<figure><figcaption>{escape(chart.title)}, {escape(chart.unit)}{note}</figcaption>"
        f"{svg(chart)}</figure>"
    )


def histogram(values: Sequence[float]) -> tuple[list[float], list[str]]:
    """How many values fall into each of some bars of equal width, and the bars' labels."""
    if not values:
        return [], []
    ordered = sorted(values)
    # A single straggler would press everything else into one bar.
    high = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    width = nice_top(max(high, 1e-3) / 24)
    count = max(1, min(_MOST_BARS, math.floor(high / width) + 1))
    bars = [0.0] * count
    for value in ordered:
        bars[min(count - 1, max(0, int(value / width)))] += 1
    labels = [f"{number(place * width)} s" for place in range(count)]
    if ordered[-1] >= count * width:
        labels[-1] += " and more"
    return bars, labels


def buckets(instants: Sequence[float]) -> tuple[float, list[int]]:
    """Instants counted in steps of equal length: the length in seconds, and the counts."""
    if not instants:
        return 1.0, []
    first, last = min(instants), max(instants)
    width = next(
        (each for each in _STEPS if (last - first) / each < _MOST_BARS), (last - first) / _MOST_BARS
    )
    counts = [0] * (int((last - first) / width) + 1)
    for each in instants:
        counts[int((each - first) / width)] += 1
    return width, counts


def quantile(values: Sequence[float], share: float) -> float:
    """The value that this share of all values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def length(seconds: float) -> str:
    """A length of time in words."""
    if seconds < 120:
        return f"{number(seconds)} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def number(value: float) -> str:
    """A number as short as it can be read."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def nice_top(value: float) -> float:
    """The next of 1, 2, 5, 10, 20, ... that is not below the value."""
    if value <= 0:
        return 1.0
    power: float = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value * 0.999999)


_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)
