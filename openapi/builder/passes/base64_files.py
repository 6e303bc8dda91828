"""A `format: binary` inside JSON is a base64 string on the wire.

Source: running code sends raw base64 without a `data:` prefix; the document says `binary`, from
which the generator makes a tuple that no JSON encoder takes.
"""

from __future__ import annotations

from openapi.builder.documents import Document, Schema, request_schemas, subschemas


def apply(document: Document) -> list[str]:
    """Turn binary strings in JSON bodies into base64 strings."""
    notes = []
    for operation, schema in request_schemas(document):
        for name, child in schema.get("properties", {}).items():
            for part in subschemas(child):
                if part.get("format") == "binary":
                    _mend(part)
                    notes.append(f"{operation.id}: {name}")
    return notes


def _mend(schema: Schema) -> None:
    del schema["format"]
    schema["contentEncoding"] = "base64"
    prose = schema.get("description", "").rstrip(". ")
    schema["description"] = f"{prose}. Raw base64, without a `data:` prefix.".lstrip(". ")
