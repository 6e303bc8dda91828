"""OpenAPI 3.0's own `nullable` becomes the `null` of JSON Schema, which OpenAPI 3.1 uses."""

from __future__ import annotations

from collections.abc import Iterator

from openapi.builder.documents import BuildError, Document, Schema, operations, subschemas

VERSION = "3.1.0"


def apply(document: Document) -> list[str]:
    """Rewrite every `nullable` and name the new version of OpenAPI."""
    found = str(document.get("openapi"))
    if not found.startswith("3.0"):
        raise BuildError(
            f"The document is OpenAPI {found}; 3.0 was expected. If Bria has moved to 3.1, "
            "take this pass out."
        )
    document["openapi"] = VERSION
    notes = [f"OpenAPI {found} is now {VERSION}"]
    for where, schema in _all_schemas(document):
        if schema.pop("nullable", False):
            admit_null(schema)
            notes.append(where)
    return notes


def admit_null(schema: Schema) -> None:
    """Let a schema also accept `null`."""
    if "anyOf" in schema:
        if {"type": "null"} not in schema["anyOf"]:
            schema["anyOf"].append({"type": "null"})
        return
    if "$ref" in schema or "enum" in schema or "oneOf" in schema or "allOf" in schema:
        prose: Schema = {
            key: schema.pop(key) for key in ("description", "example", "x-source") if key in schema
        }
        inner = dict(schema)
        schema.clear()
        schema.update(prose)
        schema["anyOf"] = [inner, {"type": "null"}]
        return
    if "type" not in schema:
        return
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    schema["type"] = types if "null" in types else [*types, "null"]


def _all_schemas(document: Document) -> Iterator[tuple[str, Schema]]:
    for operation in operations(document):
        for parameter in operation.body.get("parameters", []):
            for schema in subschemas(parameter.get("schema")):
                yield f"{operation.id}, parameter {parameter['name']}", schema
        for schema in subschemas(operation.request_schema()):
            yield f"{operation.id}, request", schema
        for status, answer in operation.answers():
            for content in answer.get("content", {}).values():
                for schema in subschemas(content.get("schema")):
                    yield f"{operation.id}, {status}", schema


def without_null(schema: Schema) -> tuple[Schema, bool]:
    """A copy of the schema that does not accept `null`, and whether it did."""
    types = schema.get("type")
    if isinstance(types, list) and "null" in types:
        rest = [each for each in types if each != "null"]
        return {**schema, "type": rest[0] if len(rest) == 1 else rest}, True
    members = schema.get("anyOf", [])
    if {"type": "null"} not in members:
        return dict(schema), False
    rest = [each for each in members if each != {"type": "null"}]
    if len(rest) > 1:
        return {**schema, "anyOf": rest}, True
    return {**{key: value for key, value in schema.items() if key != "anyOf"}, **rest[0]}, True
