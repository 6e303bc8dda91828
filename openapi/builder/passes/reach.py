"""Which named schemas a request or an answer can contain."""

from __future__ import annotations

from typing import Any

from openapi.builder.documents import Document, operations
from openapi.builder.passes.components import REF


def in_answers(document: Document) -> set[str]:
    """The names of the schemas that an answer can contain."""
    found: set[str] = set()
    for operation in operations(document):
        _collect(document, operation.body.get("responses", {}), found)
    return found


def _collect(document: Document, node: Any, found: set[str]) -> None:
    if isinstance(node, list):
        for child in node:
            _collect(document, child, found)
    elif isinstance(node, dict):
        name = str(node.get("$ref", "")).removeprefix(REF)
        if name and name not in found:
            found.add(name)
            _collect(document, document["components"]["schemas"].get(name, {}), found)
        for child in node.values():
            _collect(document, child, found)
