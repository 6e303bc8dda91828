"""The token is a header parameter of every operation; it becomes a security scheme."""

from __future__ import annotations

from openapi.builder.documents import BuildError, Document, operations

HEADER = "api_token"
SCHEME = "apiToken"


def apply(document: Document) -> list[str]:
    """Lift the `api_token` parameter out of every operation."""
    notes = []
    for operation in operations(document):
        parameters = operation.body.get("parameters", [])
        kept = [
            each for each in parameters if (each.get("in"), each.get("name")) != ("header", HEADER)
        ]
        if len(kept) == len(parameters):
            raise BuildError(
                f"{operation.method} {operation.path} has no header parameter `{HEADER}`, unlike "
                "every other operation. If it needs no token, add an exception to this pass."
            )
        notes.append(f"{operation.method} {operation.path}")
        operation.body["parameters"] = kept
        if not kept:
            del operation.body["parameters"]
    schemes = document.setdefault("components", {}).setdefault("securitySchemes", {})
    schemes[SCHEME] = {
        "type": "apiKey",
        "in": "header",
        "name": HEADER,
        "description": "The organisation's token.",
    }
    document["security"] = [{SCHEME: []}]
    return notes
