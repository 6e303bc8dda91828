"""Defaults of requests move into the prose: the generated client would send them.

Sent unasked they do harm: `lr_warmup_steps: 100` alone makes start_training answer 400 outside
expert mode.
"""

from __future__ import annotations

import json
from typing import Any

from openapi.builder.documents import Document, operations, request_schemas


def apply(document: Document) -> list[str]:
    """Take every `default` out of request bodies and parameters, and say it in words."""
    notes = []
    for operation, schema in request_schemas(document):
        for name, child in schema.get("properties", {}).items():
            if "default" in child:
                notes.append(f"{operation.id}: {name} = {_say(child, child.pop('default'))}")
    for operation in operations(document):
        for parameter in operation.body.get("parameters", []):
            if "default" in parameter.get("schema", {}):
                value = _say(parameter, parameter["schema"].pop("default"))
                notes.append(f"{operation.id}: {parameter['name']} = {value}")
    return notes


def _say(described: dict[str, Any], value: Any) -> str:
    words = json.dumps(value)
    prose = described.get("description", "").strip()
    described["description"] = f"{prose}\nBria's default: {words}.".strip()
    return words
