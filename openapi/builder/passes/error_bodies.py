"""The bodies of errors: five shapes in use, few of them declared, so one open type for all."""

from __future__ import annotations

from openapi.builder.documents import Document, operations

ERROR = {"anyOf": [{"$ref": "#/components/schemas/ErrorBody"}, {"type": "string"}]}


def apply(document: Document) -> list[str]:
    """Declare the body of every answer from 400 on; examples stay where they are."""
    notes = []
    for operation in operations(document):
        for status, answer in operation.failures():
            content = answer.setdefault("content", {}).setdefault("application/json", {})
            content["schema"] = {"anyOf": list(ERROR["anyOf"])}
            notes.append(f"{operation.id}: {status}")
    return notes
