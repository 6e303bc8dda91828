"""Enums get names; in answers they are open, so that a new word of Bria's does not break parsing.

`anyOf: [known words, string]` gives `Known | str` with the stock generator.
"""

from __future__ import annotations

from collections.abc import Iterator

from openapi.builder.documents import BuildError, Document, Schema
from openapi.builder.passes import names
from openapi.builder.passes.components import REF, pascal_case
from openapi.builder.passes.json_schema import admit_null, without_null
from openapi.builder.passes.reach import in_answers


def apply(document: Document) -> list[str]:
    """Name every inline enum of a component, and open those that stand in answers."""
    schemas: dict[str, Schema] = document["components"]["schemas"]
    given = {entry["property"]: entry["name"] for entry in names.table()["enums"]}
    answers = in_answers(document)
    notes = []
    for owner in list(schemas):
        for key, schema in _inline_enums(schemas[owner]):
            name = given.get(key, owner + pascal_case(key))
            _register(schemas, name, without_null(schema)[0])
            _refer(schema, name, is_open=owner in answers)
            notes.append(f"{owner}.{key}: {name}, {'open' if owner in answers else 'closed'}")
    for property_name, name in given.items():
        if name not in schemas:
            raise BuildError(
                f"corrections/names.yaml, `enums`: no property {property_name!r} with an enum is "
                "left in the document. Remove the entry."
            )
    return notes


def _inline_enums(owner: Schema) -> Iterator[tuple[str, Schema]]:
    for key, schema in owner.get("properties", {}).items():
        for candidate in (schema, schema.get("items", {})):
            if isinstance(candidate, dict) and "enum" in without_null(candidate)[0]:
                yield key, candidate


def _register(schemas: dict[str, Schema], name: str, schema: Schema) -> None:
    known = schemas.get(name, {"type": schema["type"], "enum": []})
    if "enum" not in known:
        raise BuildError(
            f"The enum {name} would take the name of another schema. "
            "Name it in corrections/names.yaml."
        )
    known["enum"] += [word for word in schema["enum"] if word not in known["enum"]]
    schemas[name] = known


def _refer(schema: Schema, name: str, *, is_open: bool) -> None:
    core, nullable = without_null(schema)
    description = schema.get("description") or core.get("description")
    schema.clear()
    if description:
        schema["description"] = description
    if is_open:
        schema["anyOf"] = [{"$ref": REF + name}, {"type": core["type"]}]
    else:
        schema["$ref"] = REF + name
    if nullable:
        admit_null(schema)
