"""The differences between two documents, to be read by people or by programs."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

import attrs

from openapi.builder.differences_values import Change

WIDTH = 88
_BREAKING = "BREAKING"
_INDENT = " " * 12


def render(changes: Iterable[Change]) -> str:
    """Return the differences as text: by operation, those that break first, then the counts."""
    listed = list(changes)
    if not listed:
        return "No differences."
    blocks = ["\n".join(_block(name, group)) for name, group in _grouped(listed)]
    return "\n\n".join([*blocks, _wrapped(_summary(listed), "")])


def as_data(changes: Iterable[Change]) -> dict[str, Any]:
    """Return the differences as values that JSON can hold, with the same counts as the text."""
    listed = list(changes)
    return {
        "differences": len(listed),
        "breaking": _breaking(listed),
        "operations": _operations(listed),
        "changes": [{**attrs.asdict(change), "side": change.side.value} for change in listed],
    }


def _grouped(changes: Iterable[Change]) -> Iterator[tuple[str, list[Change]]]:
    for name, group in groupby(changes, key=attrgetter("operation")):
        yield name, sorted(group, key=lambda change: not change.breaking)


def _block(name: str, changes: Sequence[Change]) -> Iterator[str]:
    yield _wrapped(name, "  ")
    for change in changes:
        mark = _BREAKING if change.breaking else "fine"
        text = f"{change.where}: {change.what}" if change.where else change.what
        yield _wrapped(f"  {mark:<8}  {text}", _INDENT)
        if change.why:
            yield _wrapped(f"{_INDENT}{change.why}", _INDENT)


def _wrapped(text: str, indent: str) -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent=indent, break_on_hyphens=False)


def _summary(changes: Sequence[Change]) -> str:
    count, breaking = len(changes), _breaking(changes)
    operations = _operations(changes)
    differences = "1 difference" if count == 1 else f"{count} differences"
    where = "1 operation" if operations == 1 else f"{operations} operations"
    return f"{differences} in {where}: {breaking} breaking, {count - breaking} not."


def _breaking(changes: Iterable[Change]) -> int:
    return sum(change.breaking for change in changes)


def _operations(changes: Iterable[Change]) -> int:
    return len({change.operation for change in changes} - {"document"})
