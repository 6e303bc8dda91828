"""Files of requests, row by row: JSON lines, CSV, Parquet, or a grid in YAML."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from bria_tailored_ext.batch import grids
from bria_tailored_ext.batch.columns import MODELS, Column, columns
from bria_tailored_ext.values import wire
from bria_tailored_ext.values.errors import BatchInputError, ConfigurationError

Raw = tuple[int, "Mapping[str, Any] | str"]
"""A line (or row) number, and the columns; or, in their place, why they cannot be read."""

_LONGEST_LINE = 64 * 1024 * 1024


def read_file(path: Path) -> Iterator[Raw]:
    """The rows of a file, by its ending, one after the other.

    Raises:
        BatchInputError: It cannot be read as a whole.
        ConfigurationError: Its ending is unknown, or what reads it is not installed.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise ConfigurationError(
            f"{path} has no known ending. A batch reads {', '.join(_READERS)}."
        )
    try:
        yield from reader(path)
    except FileNotFoundError:
        raise BatchInputError(f"There is no file {path}. Check its name.") from None
    except OSError as error:
        raise BatchInputError(f"{path} cannot be read: {error}.") from error


def _json_lines(path: Path) -> Iterator[Raw]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            if not line.strip():
                continue
            yield number, _json_object(line)


def _json_object(line: bytes) -> Mapping[str, Any] | str:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        return f"This is not JSON: {error}."
    fields = wire.mapping(value)
    return "This is JSON, but no object." if fields is None else fields


def _csv(path: Path) -> Iterator[Raw]:
    csv.field_size_limit(_LONGEST_LINE)
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            reader = csv.reader(file, strict=True)
            empty: list[str] = []
            header = [name.strip() for name in next(reader, empty)]
            if not header:
                raise BatchInputError(f"{path} is empty: its first line must name the columns.")
            twice = {name for name in header if header.count(name) > 1}
            if twice:
                raise BatchInputError(f"{path} names a column twice: {', '.join(sorted(twice))}.")
            line = reader.line_num + 1
            for cells in reader:
                if cells:
                    yield line, _typed(header, cells)
                line = reader.line_num + 1
        except csv.Error as error:
            raise BatchInputError(f"{path} is not CSV: {error}.") from error
        except UnicodeDecodeError as error:
            raise BatchInputError(f"{path} is not UTF-8: {error}.") from error


def _typed(header: list[str], cells: list[str]) -> Mapping[str, Any] | str:
    if len(cells) != len(header):
        return f"This line has {len(cells)} cells; the first line names {len(header)} columns."
    raw: dict[str, Any] = {}
    for name, cell in zip(header, cells, strict=True):
        if cell:
            raw[name] = _value(_CSV_COLUMNS.get(name), cell)
    return raw


def _value(column: Column | None, cell: str) -> Any:
    """A cell as what its column takes; what cannot be read so stays text, and is refused later."""
    types = column.types if column else ()
    if types == (bool,):
        return {"true": True, "false": False}.get(cell.strip().lower(), cell)
    for kind in types:
        if kind in (int, float):
            try:
                return kind(cell)
            except ValueError:
                continue
    return cell


def _parquet(path: Path) -> Iterator[Raw]:
    try:
        # Imported here: it takes long, and only Parquet needs it.
        parquet: Any = import_module("pyarrow.parquet")
        arrow: Any = import_module("pyarrow")
    except ModuleNotFoundError:
        raise ConfigurationError(
            "Parquet needs pyarrow. Run: pip install 'bria-tailored[parquet]'"
        ) from None
    try:
        with parquet.ParquetFile(path) as file:
            number = 0
            for batch in file.iter_batches(batch_size=2000):
                for raw in batch.to_pylist():
                    number += 1
                    yield number, raw
    except arrow.ArrowException as error:
        raise BatchInputError(f"{path} is not Parquet: {error}.") from error


def _grid(path: Path) -> Iterator[Raw]:
    yield from enumerate(grids.read_grid(path), start=1)


_CSV_COLUMNS: Mapping[str, Column] = {
    name: column for kind in MODELS for name, column in columns(kind).items()
}
_READERS: Mapping[str, Callable[[Path], Iterator[Raw]]] = {
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".csv": _csv,
    ".parquet": _parquet,
    ".yaml": _grid,
    ".yml": _grid,
}
