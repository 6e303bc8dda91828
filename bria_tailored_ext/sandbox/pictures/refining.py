"""Refining a schema or caption by an instruction: a few visible rules, no model.

Understood: "name is X", "remove X" or "no X", "add X", "make it warmer | cooler | darker |
brighter". Whatever is not understood is kept under `notes`.
"""

import copy
import re
from collections.abc import Mapping
from typing import Any, cast

import numpy as np

from bria_tailored_ext.sandbox.pictures.colour import (
    from_oklab,
    name_of,
    named,
    parse_hex,
    to_hex,
    to_oklab,
)
from bria_tailored_ext.sandbox.pictures.json_values import items, mapping

_SHIFTS: dict[str, tuple[float, float, float]] = {
    "warmer": (0.0, 0.012, 0.03),
    "cooler": (0.0, -0.012, -0.03),
    "colder": (0.0, -0.012, -0.03),
    "darker": (-0.08, 0.0, 0.0),
    "brighter": (0.06, 0.0, 0.0),
    "lighter": (0.06, 0.0, 0.0),
}
_NAME = re.compile(
    r"\b(?:named?\s*:\s*|named?\s+(?:is|should be)\s+|named\s+)(?P<name>[^.,;\n]+)", re.IGNORECASE
)
_REMOVE = re.compile(
    r"\b(?:remove|without|drop|no(?: more)?)\s+(?:the |any |all )?(?P<what>[^.,;\n]+)",
    re.IGNORECASE,
)
_ADD = re.compile(r"\badd\s+(?:a |an |some |more |the )?(?P<what>[^.,;\n]+)", re.IGNORECASE)
_SHIFT = re.compile(rf"\b({'|'.join(_SHIFTS)})\b", re.IGNORECASE)


def refine(document: Mapping[str, Any], instruction: str) -> dict[str, Any]:
    """Apply an instruction to a schema or caption; the original is left alone.

    Args:
        document: Any JSON object. Keys that no rule touches stay as they are.
        instruction: Plain words.
    """
    refined: dict[str, Any] = copy.deepcopy(dict(document))
    understood = False
    for match in _NAME.finditer(instruction):
        refined["name"] = match["name"].strip().strip("\"'")
        understood = True
    for match in _REMOVE.finditer(instruction):
        for what in _several(match["what"]):
            _remove(refined, what)
            understood = True
    for match in _ADD.finditer(instruction):
        for what in _several(match["what"]):
            _add(refined, what)
            understood = True
    for match in _SHIFT.finditer(instruction):
        _shift(refined, match[1].lower())
        understood = True
    if not understood and instruction.strip():
        _append(refined, "notes", instruction.strip())
    return refined


def _several(what: str) -> list[str]:
    return [part.strip().strip("\"'") for part in re.split(r"\band\b", what) if part.strip()]


def _append(document: dict[str, Any], key: str, value: str) -> None:
    present: object = document.get(key)
    kept = cast("list[object]", present) if isinstance(present, list) else [present]
    document[key] = [*kept, value] if present is not None else [value]


def _swatches(document: dict[str, Any]) -> list[object]:
    return list(items(document.get("palette")))


def _remove(document: dict[str, Any], what: str) -> None:
    """Drop the colour from the palette and the word from every text, and record the wish."""
    word = re.compile(rf"\s*\b{re.escape(what)}\b", re.IGNORECASE)
    if "palette" in document:
        kept = [entry for entry in _swatches(document) if not _is_colour(entry, what)]
        document["palette"] = kept
    for key, value in document.items():
        if key not in ("palette", "avoid", "name"):
            document[key] = _without(value, word)
    _append(document, "avoid", what)


def _is_colour(entry: object, what: str) -> bool:
    name = entry if isinstance(entry, str) else mapping(entry).get("name")
    wanted = {part for part in what.lower().split() if part not in ("colour", "color", "colours")}
    return isinstance(name, str) and bool(wanted) and wanted <= set(name.lower().split())


def _without(value: object, word: re.Pattern[str]) -> object:
    if isinstance(value, str):
        shorter = word.sub("", value)
        return shorter if shorter == value else re.sub(r"(^|,)\s*,\s*", r"\1 ", shorter).strip(" ,")
    if isinstance(value, list):
        return [_without(inner, word) for inner in cast("list[object]", value)]
    return value


def _add(document: dict[str, Any], what: str) -> None:
    """Put a colour into the palette; anything else into `details`."""
    rgb = parse_hex(what) or named(what)
    if rgb is None:
        _append(document, "details", what)
        return
    swatch = {"name": name_of(rgb), "hex": to_hex(rgb), "share": 0.1}
    document["palette"] = [*_swatches(document), swatch]


def _shift(document: dict[str, Any], direction: str) -> None:
    """Move every colour of the palette, and say so under `lighting` or `mood`."""
    if "palette" in document:
        moved = [_moved(entry, _SHIFTS[direction]) for entry in _swatches(document)]
        document["palette"] = moved
    key = "mood" if direction in ("warmer", "cooler", "colder") else "lighting"
    present = document.get(key)
    if isinstance(present, str) and present:
        document[key] = f"{present}, {direction}"
    elif present is None:
        document[key] = direction
    else:
        _append(document, "notes", direction)


def _moved(entry: object, shift: tuple[float, float, float]) -> object:
    fields = dict(mapping(entry))
    word = entry if isinstance(entry, str) else fields.get("hex")
    rgb = parse_hex(word)
    if rgb is None:
        return entry
    changed = from_oklab(to_oklab(rgb) + np.array(shift))
    if isinstance(entry, str):
        return to_hex(changed)
    return {**fields, "name": name_of(changed), "hex": to_hex(changed)}
