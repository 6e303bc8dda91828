"""One type per id: Bria's ids are integers, though some places say string.

`tailored_model_id` in generation bodies stays a string: that is what the wire wants there.
"""

from __future__ import annotations

from openapi.builder.documents import Document, Schema, operations, subschemas

INTEGERS = ("project_id", "dataset_id", "image_id", "model_id")


def apply(document: Document) -> list[str]:
    """Make every parameter and property named like an id an integer."""
    notes = []
    for operation in operations(document):
        for parameter in operation.body.get("parameters", []):
            if parameter["name"] in INTEGERS and _mend(parameter["schema"]):
                notes.append(f"{operation.id}: parameter {parameter['name']}")
        schemas = [operation.request_schema()]
        for _, answer in operation.answers():
            schemas += [content.get("schema") for content in answer.get("content", {}).values()]
        for schema in (each for root in schemas for each in subschemas(root)):
            for name, child in schema.get("properties", {}).items():
                if name in INTEGERS and _mend(child):
                    notes.append(f"{operation.id}: property {name}")
    return notes


def _mend(schema: Schema) -> bool:
    types = schema.get("type")
    if isinstance(types, list) and "string" in types:
        schema["type"] = ["integer", *(each for each in types if each not in ("string", "integer"))]
        return True
    if types == "string":
        schema["type"] = "integer"
        return True
    return False
