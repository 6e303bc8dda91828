"""What a request must have, though only the prose, or nothing but sense, says so."""

from __future__ import annotations

import re

from openapi.builder.documents import Document, operations, request_schemas

_SAYS_REQUIRED = re.compile(r"\(required\)", re.IGNORECASE)


def apply(document: Document) -> list[str]:
    """Require the properties that prose calls "(required)", and each body that requires one."""
    notes = []
    for operation, schema in request_schemas(document):
        added = [
            name
            for name, child in schema.get("properties", {}).items()
            if _SAYS_REQUIRED.search(child.get("description", ""))
            and name not in schema.get("required", ())
        ]
        if added:
            schema["required"] = [*schema.get("required", ()), *added]
            notes.append(f"{operation.id}: {', '.join(added)}")
    for operation in operations(document):
        body = operation.body.get("requestBody", {})
        if (operation.request_schema() or {}).get("required") and not body.get("required"):
            body["required"] = True
            notes.append(f"{operation.id}: the body")
    return notes
