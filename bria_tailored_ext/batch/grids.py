"""Grids: prompts × models × influences × seeds from a small file; and one picture again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any, cast

from bria_tailored.models import ImageRequest
from bria_tailored_ext.batch.columns import columns
from bria_tailored_ext.batch.rows import read_row
from bria_tailored_ext.batch.yaml_files import read_yaml
from bria_tailored_ext.values import wire
from bria_tailored_ext.values.errors import BatchInputError, InvalidInputError
from bria_tailored_ext.values.jobs import JobKind

_AXES = {
    "prompts": "prompt",
    "models": "tailored_model_id",
    "influences": "tailored_model_influence",
    "seeds": "seed",
}
_LETTERS = {"prompts": "p", "models": "m", "influences": "i", "seeds": "s"}


def read_grid(path: Path) -> Iterator[Mapping[str, Any]]:
    """The rows of a grid in YAML.

    Raises:
        BatchInputError: It is no grid; says which line of it.
        ConfigurationError: What reads YAML is not installed.
    """
    try:
        grid = read_yaml(path, "A grid")
    except InvalidInputError as error:
        raise BatchInputError(str(error)) from error
    yield from expand(grid, str(path))


def expand(grid: object, name: str = "The grid") -> Iterator[Mapping[str, Any]]:
    """The rows of a grid: every prompt with every model, influence and seed.

    Args:
        grid: `prompts` and `models` (lists), and if wanted `influences`, `seeds` (lists, or
            `{from: 1, count: 4}`), and any other column of a request, the same for every row.
            A prompt may be `{id: ..., prompt: ..., any column: ...}`.
        name: What errors call it.

    Raises:
        BatchInputError: It is no grid.
    """
    if not isinstance(grid, dict):
        raise BatchInputError(f"{name} must be a mapping with prompts and models.")
    given = cast("dict[str, Any]", grid)
    also = {key: value for key, value in given.items() if key not in _AXES}
    known = columns(JobKind.IMAGE)
    for key in also:
        if key not in known and key != "kind":
            raise BatchInputError(
                f"{name} has {key!r} in it. A grid has {', '.join(_AXES)}, kind, and the columns "
                f"{', '.join(known)}."
            )
    axes = {key: _axis(given.get(key), key, name) for key in _AXES}
    for combination in product(*axes.values()):
        raw: dict[str, Any] = dict(also)
        parts: list[str] = []
        for column, (label, value) in zip(_AXES.values(), combination, strict=True):
            if value is None:
                continue
            parts.append(label)
            fields = wire.mapping(value)
            raw.update({column: value} if fields is None else fields)
        yield {**raw, "id": "-".join(parts)}


def _axis(values: object, key: str, name: str) -> list[tuple[str, Any]]:
    """The values of one axis, each with its part of the id; one of nothing if it is not given."""
    if values is None:
        if key in ("prompts", "models"):
            raise BatchInputError(f"{name} has no {key}.")
        return [("", None)]
    if key == "seeds" and isinstance(values, dict):
        span = cast("dict[str, Any]", values)
        first, count = span.get("from", 0), span.get("count")
        if set(span) - {"from", "count"} or type(first) is not int or type(count) is not int:
            raise BatchInputError(f"{name}: seeds must be a list, or {{from: 1, count: 4}}.")
        values = list(range(first, first + count))
    if not isinstance(values, list) or not values:
        raise BatchInputError(f"{name}: {key} must be a list with something in it.")
    found = cast("list[Any]", values)
    return [_point(key, number, value, len(found)) for number, value in enumerate(found, start=1)]


def _point(key: str, number: int, value: Any, count: int) -> tuple[str, Any]:
    if key != "prompts":
        return f"{_LETTERS[key]}{value}", value
    label = f"p{number:0{len(str(count))}d}"
    if isinstance(value, dict):
        fields = dict(cast("dict[str, Any]", value))
        return str(fields.pop("id", label)), fields
    return label, value


def recreate(line: Mapping[str, Any]) -> ImageRequest:
    """The request that draws a picture again, from its line of the manifest.

    Args:
        line: The line of `manifest.jsonl`, parsed.

    Raises:
        InvalidInputError: It is no picture's, or its seed or structured prompt is not known.
    """
    asked = wire.mapping(line.get("request")) or {}
    structured, seed = line.get("structured_prompt"), line.get("seed")
    if line.get("kind") != JobKind.IMAGE.value or not structured or seed is None:
        raise InvalidInputError(
            f"{line.get('id')} cannot be drawn again: that needs a picture's structured prompt "
            "and seed, and this line of the manifest lacks one of them."
        )
    again = {key: value for key, value in asked.items() if key != "prompt"}
    text = structured if isinstance(structured, str) else json.dumps(structured)
    row = read_row(1, {**again, "structured_prompt": text, "seed": seed})
    return ImageRequest.from_dict(json.loads(row.body))
