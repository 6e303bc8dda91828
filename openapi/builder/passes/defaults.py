"""Defaults of requests move into the prose: the generated client would send them.

Sent unasked they do harm: `lr_warmup_steps: 100` alone makes start_training answer 400 outside
expert mode.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from openapi.builder.documents import Document, Schema, operations, parts


def apply(document: Document) -> list[str]:
    """Take every `default` out of request bodies and parameters, and say it in words."""
    notes = []
    for operation in operations(document):
        if request := operation.request_schema():
            notes += [f"{operation.id}: {each}" for each in _taken(request, "body", request)]
        for parameter in operation.body.get("parameters", []):
            taken = _taken(parameter.get("schema", {}), parameter["name"], parameter)
            notes += [f"{operation.id}: {each}" for each in taken]
    return notes


def _taken(schema: Schema, name: str, described: dict[str, Any]) -> Iterator[str]:
    """Each default of a schema, as it moves into what describes the nearest named value."""
    if "default" in schema:
        yield f"{name} = {_say(described, schema.pop('default'))}"
    for key, child in schema.get("properties", {}).items():
        yield from _taken(child, key, child)
    for child in parts(schema):
        yield from _taken(child, name, described)


def _say(described: dict[str, Any], value: Any) -> str:
    words = json.dumps(value)
    prose = described.get("description", "").strip()
    described["description"] = f"{prose}\nBria's default: {words}.".strip()
    return words
