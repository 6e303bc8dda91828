"""OpenAPI documents as plain dictionaries: reading, writing, and walking them."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import attrs
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

Document: TypeAlias = dict[str, Any]
Schema: TypeAlias = dict[str, Any]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class BuildError(Exception):
    """The build stopped. The message says where, what was looked for, and what to do."""


@attrs.frozen
class Operation:
    """One operation of a document. `item` and `body` are the document's own dictionaries."""

    path: str
    method: str
    item: dict[str, Any]
    body: dict[str, Any]

    @property
    def id(self) -> str:
        """Its `operationId`, or method and path where the document gives none."""
        return str(self.body.get("operationId") or f"{self.method} {self.path}")

    def request_schema(self) -> Schema | None:
        """The schema of its JSON request body, if it has one."""
        content = self.body.get("requestBody", {}).get("content", {})
        schema: Schema | None = content.get("application/json", {}).get("schema")
        return schema

    def answers(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Its declared answers, as (status code, response)."""
        yield from self.body.get("responses", {}).items()

    def successes(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Its answers of 2xx; `default` is one where no other is declared."""
        found = [each for each in self.answers() if each[0].startswith("2")]
        yield from found or [each for each in self.answers() if each[0] == "default"]

    def failures(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Its answers from 400 on, and `default` beside a success."""
        successes = [status for status, _ in self.successes()]
        for status, answer in self.answers():
            if status.startswith(("4", "5")) or (status == "default" and status not in successes):
                yield status, answer


def operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    """Every operation under `paths`, in the document's order."""
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                yield Operation(path, method, item, item[method])


def subschemas(schema: Any) -> Iterator[Schema]:
    """A schema and every schema inside it, outermost first, without following `$ref`."""
    if not isinstance(schema, dict):
        return
    yield schema
    for child in schema.get("properties", {}).values():
        yield from subschemas(child)
    for child in parts(schema):
        yield from subschemas(child)


def parts(schema: Schema) -> Iterator[Schema]:
    """The schemas directly inside one that are no named property: items, alternatives, …."""
    for key in ("items", "additionalProperties", "not"):
        if isinstance(schema.get(key), dict):
            yield schema[key]
    for key in ("allOf", "anyOf", "oneOf"):
        yield from schema.get(key, ())


def request_schemas(document: Document) -> Iterator[tuple[Operation, Schema]]:
    """Every schema in a JSON request body, nested ones included."""
    for operation in operations(document):
        for schema in subschemas(operation.request_schema()):
            yield operation, schema


def read(path: Path) -> Document:
    """Read a JSON or YAML document.

    Raises:
        BuildError: The file is missing, is neither JSON nor YAML, or is not an OpenAPI document.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BuildError(
            f"Cannot read {path}: {error}. Give the path of a JSON or YAML file."
        ) from error
    try:
        loaded = json.loads(text) if path.suffix == ".json" else YAML(typ="safe").load(text)
        document = _as_json(loaded)
    except (ValueError, YAMLError) as error:
        first_line = str(error).splitlines()[0]
        raise BuildError(
            f"{path} is neither JSON nor YAML: {first_line}. Fetch it again."
        ) from error
    except RecursionError as error:
        raise BuildError(
            f"{path} contains itself, or is nested without end. Fetch it again."
        ) from error
    if not isinstance(document, dict) or not isinstance(document.get("paths"), dict):
        raise BuildError(f"{path} is not an OpenAPI document: it has no `paths`. Fetch it again.")
    if "openapi" not in document:
        raise BuildError(
            f"{path} does not say which version of OpenAPI it is, as `openapi: 3…`. Fetch it again."
        )
    _check_shape(document, path)
    return document


def _as_json(node: Any) -> Any:
    """The same values as JSON has them: YAML knows integer keys, dates, and shared nodes."""
    if isinstance(node, dict):
        return {str(key): _as_json(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_as_json(value) for value in node]
    return node.isoformat() if isinstance(node, datetime.date) else node


def _check_shape(document: Document, path: Path) -> None:
    for route, item in document["paths"].items():
        bodies = [item.get(method, {}) for method in METHODS] if isinstance(item, dict) else [item]
        if not all(isinstance(body, dict) for body in bodies):
            raise BuildError(
                f"{path} is not an OpenAPI document: under {route} stands something that is no "
                "operation. Fetch it again."
            )


def read_data(path: Path) -> dict[str, Any]:
    """Read one of our own YAML files of corrections or supplements."""
    data: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return data


def as_yaml(document: Document) -> str:
    """The document as YAML: stable order, block scalars for prose, no line folding."""
    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 100_000
    yaml.representer.ignore_aliases = lambda _data: True
    yaml.representer.add_representer(str, _represent_text)
    stream = io.StringIO()
    yaml.dump(document, stream)
    return stream.getvalue()


def _represent_text(representer: Any, text: str) -> Any:
    style = "|" if "\n" in text else None
    return representer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def checked_upstream(folder: Path) -> Document:
    """Bria's document, after its checksum in `sources.toml` was compared with its bytes.

    Raises:
        BuildError: The bytes are not those that `sources.toml` records.
    """
    source = tomllib.loads((folder / "sources.toml").read_text())["upstream"]
    path = folder / source["file"]
    if not path.is_file():
        raise BuildError(f"{path} is missing, though sources.toml names it. Restore it from git.")
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != source["sha256"]:
        raise BuildError(
            f"{path} was changed by hand: its SHA-256 is {found}, sources.toml says "
            f"{source['sha256']}. Bring a new document in with `make spec-update NEW=file`."
        )
    return read(path)
