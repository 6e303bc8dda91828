"""A `format: binary` inside JSON is a base64 string on the wire.

Source: running code sends raw base64 without a `data:` prefix; the document says `binary`, from
which the generator makes a tuple that no JSON encoder takes.
"""

from __future__ import annotations

from openapi.builder.documents import Document, request_schemas


def apply(document: Document) -> list[str]:
    """Turn binary strings in JSON bodies into base64 strings."""
    notes = []
    for operation, schema in request_schemas(document):
        for name, child in schema.get("properties", {}).items():
            if child.get("format") == "binary":
                del child["format"]
                child["contentEncoding"] = "base64"
                prose = child.get("description", "").rstrip(". ")
                child["description"] = f"{prose}. Raw base64, without a `data:` prefix.".lstrip(
                    ". "
                )
                notes.append(f"{operation.id}: {name}")
    return notes
