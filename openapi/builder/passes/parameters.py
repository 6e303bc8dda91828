"""The description of a parameter is copied into its schema, where the generator looks for it."""

from __future__ import annotations

from openapi.builder.documents import Document, operations


def apply(document: Document) -> list[str]:
    """Describe the schema of every parameter that has a description."""
    notes = []
    for operation in operations(document):
        for parameter in operation.body.get("parameters", []):
            if "description" in parameter and "description" not in parameter["schema"]:
                parameter["schema"]["description"] = parameter["description"]
                notes.append(f"{operation.id}: {parameter['name']}")
    return notes
