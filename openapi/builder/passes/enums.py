"""Enums get names; in answers they are open, so that a new word of Bria's does not break parsing.

`anyOf: [known words, string]` gives `Known | str` with the stock generator. A request that takes
fewer words than the rest of the document knows keeps an enum of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from openapi.builder.documents import BuildError, Document, Schema, operations, parts
from openapi.builder.passes import names
from openapi.builder.passes.components import REF, pascal_case
from openapi.builder.passes.json_schema import admit_null, without_null
from openapi.builder.passes.reach import in_answers


@attrs.frozen
class _Enum:
    """An inline enum: where it stands, and what it is called there and by the table."""

    schema: Schema
    where: str
    own_name: str
    given_name: str | None
    is_open: bool

    @property
    def words(self) -> list[Any]:
        return [word for word in without_null(self.schema)[0]["enum"] if word is not None]

    @property
    def type(self) -> str:
        declared = without_null(self.schema)[0].get("type")
        if isinstance(declared, str):
            return declared
        return "string" if all(isinstance(word, str) for word in self.words) else "integer"


def apply(document: Document) -> list[str]:
    """Name every inline enum of a component or an answer, and open those in answers."""
    schemas: dict[str, Schema] = document["components"]["schemas"]
    given = {entry["property"]: entry["name"] for entry in names.table()["enums"]}
    found = [*_in_components(document, given), *_in_bare_answers(document)]
    notes = []
    for each, wanted in [(each, _name(each, found)) for each in found]:
        name = _register(schemas, wanted, each)
        _refer(each, name)
        notes.append(f"{each.where}: {name}, {'open' if each.is_open else 'closed'}")
    for property_name, name in given.items():
        if name not in schemas:
            raise BuildError(
                f"corrections/names.yaml, `enums`: no property {property_name!r} with an enum is "
                "left in the document. Remove the entry."
            )
    return notes


def _in_components(document: Document, given: dict[str, str]) -> Iterator[_Enum]:
    answers = in_answers(document)
    for owner, schema in document["components"]["schemas"].items():
        is_open = owner in answers
        for key, child in schema.get("properties", {}).items():
            for enum in _inline(child):
                own = owner + pascal_case(key)
                yield _Enum(enum, f"{owner}.{key}", own, given.get(key), is_open)
        for enum in (each for part in parts(schema) for each in _inline(part)):
            yield _Enum(enum, f"{owner}[]", owner + "Value", None, is_open)


def _in_bare_answers(document: Document) -> Iterator[_Enum]:
    for operation in operations(document):
        name = pascal_case(operation.id) + "Result"
        for status, answer in operation.successes():
            for content in answer.get("content", {}).values():
                for enum in _inline(content.get("schema", {})):
                    yield _Enum(enum, f"{operation.id}, {status}", name, None, is_open=True)


def _inline(schema: Schema) -> Iterator[Schema]:
    if "enum" in without_null(schema)[0]:
        yield schema
        return
    for part in parts(schema):
        yield from _inline(part)


def _name(enum: _Enum, found: list[_Enum]) -> str:
    """The table's name, but for a request that takes fewer words than the others."""
    if enum.given_name is None:
        return enum.own_name
    alike = [each for each in found if each.given_name == enum.given_name]
    if any(each.is_open for each in alike):
        known = {word for each in alike for word in each.words}
    else:
        known = max((set(each.words) for each in alike), key=len)
    return enum.given_name if enum.is_open or set(enum.words) == known else enum.own_name


def _register(schemas: dict[str, Schema], name: str, enum: _Enum) -> str:
    known = schemas.get(name, {"type": enum.type, "enum": []})
    if "enum" not in known:
        raise BuildError(
            f"The enum {name} would take the name of another schema. "
            "Name it in corrections/names.yaml."
        )
    if known["type"] != enum.type:
        return _register(schemas, name + pascal_case(enum.type), enum)
    known["enum"] += [word for word in enum.words if word not in known["enum"]]
    schemas[name] = known
    return name


def _refer(enum: _Enum, name: str) -> None:
    schema, kind = enum.schema, enum.type
    core, nullable = without_null(schema)
    nullable = nullable or None in core["enum"]
    description = schema.get("description") or core.get("description")
    schema.clear()
    if description:
        schema["description"] = description
    if enum.is_open:
        schema["anyOf"] = [{"$ref": REF + name}, {"type": kind}]
    else:
        schema["$ref"] = REF + name
    if nullable:
        admit_null(schema)
