"""Plots as inline SVG: bars for one case, lines over sizes. Colours come from the page's CSS."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

WIDTH = 760
_LEFT, _RIGHT, _BAR, _GAP = 230, 90, 20, 8
_WIDE = WIDTH - _LEFT - _RIGHT
Point = tuple[float, float]


def shown(value: float | None) -> str:
    """A figure, short: three digits that count."""
    if value is None:
        return "∞"
    if value and abs(value) < 100:
        return f"{value:.3g}"
    return f"{value:,.0f}"


def is_ours(name: str) -> bool:
    """Whether it is this client's."""
    return name.startswith("this client")


def bars(rows: Mapping[str, Mapping[str, Any]], title: str) -> str:
    """One bar for each row: the median, with a line from the least to the most.

    Args:
        rows: Per contestant `median`, `low` and `high`.
        title: What screen readers are told.
    """
    most = max((row["high"] or 0.0 for row in rows.values()), default=0.0) or 1.0
    height = len(rows) * (_BAR + _GAP) + _GAP
    parts = []
    for number, (name, row) in enumerate(rows.items()):
        top = _GAP + number * (_BAR + _GAP)
        parts.append(_bar(name, row, top, most))
    return _svg(height, title, parts)


def _bar(name: str, row: Mapping[str, Any], top: float, most: float) -> str:
    def x(value: float | None) -> float:
        return _LEFT + _WIDE * (most if value is None else value) / most

    middle = top + _BAR / 2
    kind = "ours" if is_ours(name) else "theirs"
    median, low, high = x(row["median"]), x(row["low"]), x(row["high"])
    return (
        f'<text class="name" x="{_LEFT - 10}" y="{middle + 4}">{escape(name)}</text>'
        f'<rect class="{kind}" x="{_LEFT}" y="{top}" width="{max(1.0, median - _LEFT):.1f}" '
        f'height="{_BAR}" rx="2"/>'
        f'<path class="whisker" d="M{low:.1f} {middle}H{high:.1f}M{low:.1f} {middle - 4}v8'
        f'M{high:.1f} {middle - 4}v8"/>'
        f'<text class="value" x="{high + 8:.1f}" y="{middle + 4}">{shown(row["median"])}</text>'
    )


def lines(series: Mapping[str, Sequence[Point]], title: str, *, across: str, up: str) -> str:
    """One line for each contestant over sizes, both axes logarithmic.

    Args:
        series: Per contestant its sizes and figures; figures of 0 are left out.
        title: What screen readers are told.
        across: The name of the axis of sizes.
        up: The name of the other axis.
    """
    kept = {
        name: [(size, value) for size, value in points if size > 0 and value > 0]
        for name, points in series.items()
    }
    kept = {name: points for name, points in kept.items() if points}
    sizes = sorted({size for points in kept.values() for size, _ in points})
    values = [value for points in kept.values() for _, value in points]
    if not values:
        return ""
    plot = _Plot(sizes, values)
    parts = [plot.grid(across, up)]
    ends = plot.label_places({name: points[-1] for name, points in kept.items()})
    for number, (name, points) in enumerate(kept.items()):
        kind = "ours" if is_ours(name) else "theirs"
        path = " ".join(f"{plot.x(size):.1f},{plot.y(value):.1f}" for size, value in points)
        dash = "" if number % 3 == 0 else f' stroke-dasharray="{2 + 3 * (number % 3)} 3"'
        parts.append(f'<polyline class="{kind}" points="{path}"{dash}/>')
        parts += [
            f'<circle class="{kind}" cx="{plot.x(size):.1f}" cy="{plot.y(value):.1f}" r="3"/>'
            for size, value in points
        ]
        x, y = plot.x(points[-1][0]), ends[name]
        parts.append(f'<text class="end" x="{x + 10:.1f}" y="{y + 4:.1f}">{escape(name)}</text>')
    return _svg(_Plot.HEIGHT, title, parts)


class _Plot:
    """The axes of a plot of lines."""

    HEIGHT = 340
    _TOP, _BOTTOM, _START, _END = 16, 44, 70, 220

    def __init__(self, sizes: Sequence[float], values: Sequence[float]) -> None:
        self._sizes = sizes
        self._low = math.floor(math.log10(min(values)))
        self._high = max(math.ceil(math.log10(max(values))), self._low + 1)

    def x(self, size: float) -> float:
        """Where a size stands."""
        first, last = math.log10(self._sizes[0]), math.log10(self._sizes[-1])
        part = (math.log10(size) - first) / (last - first) if last > first else 0.5
        return self._START + part * (WIDTH - self._START - self._END)

    def y(self, value: float) -> float:
        """Where a figure stands."""
        part = (math.log10(value) - self._low) / (self._high - self._low)
        return self.HEIGHT - self._BOTTOM - part * (self.HEIGHT - self._TOP - self._BOTTOM)

    def label_places(self, ends: Mapping[str, Point]) -> dict[str, float]:
        """Heights for the names at the lines' ends, so that none lies on another."""
        places: dict[str, float] = {}
        last = -math.inf
        for name, (_, value) in sorted(ends.items(), key=lambda end: self.y(end[1][1])):
            last = places[name] = max(self.y(value), last + 14)
        over = max(0.0, last - (self.HEIGHT - self._BOTTOM))
        return {name: place - over for name, place in places.items()}

    def grid(self, across: str, up: str) -> str:
        """Lines at powers of ten, sizes, and what the axes are."""
        parts = []
        right, floor = WIDTH - self._END, self.HEIGHT - self._BOTTOM
        for power in range(self._low, self._high + 1):
            y = self.y(10.0**power)
            parts.append(f'<path class="grid" d="M{self._START} {y:.1f}H{right}"/>')
            parts.append(
                f'<text class="tick" x="{self._START - 8}" y="{y + 4:.1f}" text-anchor="end">'
                f"{shown(10.0**power)}</text>"
            )
        for size in self._sizes:
            parts.append(
                f'<text class="tick" x="{self.x(size):.1f}" y="{floor + 18}" '
                f'text-anchor="middle">{shown(size)}</text>'
            )
        middle = (self._START + right) / 2
        parts.append(
            f'<text class="axis" x="{middle}" y="{self.HEIGHT - 6}" text-anchor="middle">'
            f"{escape(across)}</text>"
            f'<text class="axis" x="{self._START}" y="{self._TOP - 4}">{escape(up)}</text>'
        )
        return "".join(parts)


def _svg(height: float, title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg>"
    )
