"""Wrong words in descriptions, listed in `corrections/prose.yaml`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from openapi.builder.documents import BuildError, Document, read_data

DATA = Path(__file__).parents[2] / "corrections" / "prose.yaml"


def apply(document: Document) -> list[str]:
    """Replace each listed phrase wherever a description or summary has it."""
    notes = []
    for entry in read_data(DATA)["phrases"]:
        count = _replace(document, entry["find"], entry["replace"])
        if not count:
            raise BuildError(
                f"corrections/prose.yaml looks for {entry['find']!r}, which no description has any "
                "more. If Bria has mended it, remove the entry."
            )
        notes.append(f"{entry['find']!r} became {entry['replace']!r}, {count} times")
    return notes


def _replace(document: Document, find: str, replacement: str) -> int:
    count = 0

    def mend(text: str) -> str:
        nonlocal count
        count += text.count(find)
        return text.replace(find, replacement)

    _map_prose(document, mend)
    return count


def _map_prose(node: Any, mend: Callable[[str], str]) -> None:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("description", "summary") and isinstance(value, str):
                node[key] = mend(value)
            else:
                _map_prose(value, mend)
    elif isinstance(node, list):
        for value in node:
            _map_prose(value, mend)
