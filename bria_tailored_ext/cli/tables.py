"""Rows on a terminal as a table that fits, elsewhere as plain lines."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar, cast

import attrs
import click

T = TypeVar("T")

NARROW = 72
"""Columns of a terminal below which something is left out."""

COLOURS = {
    "completed": "green",
    "active": "green",
    "inprogress": "yellow",
    "stopping": "yellow",
    "failed": "bold red",
    "stopped": "red",
}
"""By the wire's words on how something stands, in lower case."""


@attrs.frozen
class Column(Generic[T]):
    """One column.

    Attributes:
        title: Its heading on a terminal.
        value: What stands in it.
        is_wide: Whether a narrow terminal does without it.
        is_free: Whether it may be as long as it likes, and is folded.
    """

    title: str
    value: Callable[[T], object]
    is_wide: bool = attrs.field(default=False, kw_only=True)
    is_free: bool = attrs.field(default=False, kw_only=True)


def print_rows(items: Sequence[T], columns: Sequence[Column[T]]) -> None:
    """Print a row for each, on standard output."""
    if sys.stdout.isatty():
        _print_table(items, columns)
        return
    rows = [[cell(column.value(item)) for column in columns] for item in items]
    widths = [max((len(row[place]) for row in rows), default=0) for place in range(len(columns))]
    for row in rows:
        padded = (text.ljust(width) for text, width in zip(row, widths, strict=True))
        click.echo("  ".join(padded).rstrip())


def print_facts(facts: Iterable[tuple[str, object]]) -> None:
    """Print what is known of one thing, a line for each; what is not known is left out."""
    told = [(name, cell(value)) for name, value in facts if cell(value) != _NOTHING]
    widest = max((len(name) for name, _ in told), default=0)
    if not sys.stdout.isatty():
        for name, value in told:
            click.echo(f"{name.ljust(widest)}  {value}")
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for name, value in told:
        table.add_row(Text(name), Text(value, COLOURS.get(value.lower(), "")))
    Console(highlight=False).print(table)


_NOTHING = "-"


def cell(value: object) -> str:
    """A value as a person reads it. Times are in UTC, to the minute."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, list | tuple):
        return ", ".join(cell(each) for each in cast("Sequence[object]", value)) or _NOTHING
    # The generated client has an object of its own for what is not there.
    if value is None or type(value).__name__ == "Unset" or value == "":
        return _NOTHING
    return shown(str(value))


def shown(text: str) -> str:
    """A text of somebody else's, on one line, without what would steer a terminal."""
    return printable(" ".join(text.split()))


def printable(text: str) -> str:
    """A text of somebody else's, such as a name on disk, without what would steer a terminal."""
    return "".join(each if each.isprintable() else "�" for each in text)


def as_pretty_json(text: object) -> str:
    """A string of JSON, indented; as it is where it is none."""
    try:
        return json.dumps(json.loads(str(text)), indent=2, ensure_ascii=False)
    except ValueError:
        return shown(str(text))


def _print_table(items: Sequence[Any], columns: Sequence[Column[Any]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    kept = [each for each in columns if console.width >= NARROW or not each.is_wide]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for column in kept:
        table.add_column(column.title, no_wrap=not column.is_free, overflow="fold")
    for item in items:
        texts = [cell(column.value(item)) for column in kept]
        table.add_row(*(Text(text, COLOURS.get(text.lower(), "")) for text in texts))
    console.print(table)
