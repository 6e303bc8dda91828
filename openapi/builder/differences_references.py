"""Following `$ref` inside one document."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from openapi.builder.differences_values import mapping


def target(document: Mapping[str, Any], reference: str) -> object:
    """Return what a reference points at; None if it leads nowhere or out of the document."""
    if not reference.startswith("#/"):
        return None
    found: object = document
    for step in reference[2:].split("/"):
        key = unquote(step).replace("~1", "/").replace("~0", "~")
        if isinstance(found, Mapping):
            found = found.get(key)
        elif isinstance(found, list) and key in map(str, range(len(found))):
            found = found[int(key)]
        else:
            return None
    return found


def resolved(document: Mapping[str, Any], node: object) -> dict[str, Any]:
    """Return a parameter, body, answer or the like with its references followed.

    Keys beside a `$ref` win over those of its target. A reference that leads nowhere or round in
    a circle is left as it is.
    """
    result = dict(mapping(node))
    seen: set[str] = set()
    while isinstance(reference := result.get("$ref"), str) and reference not in seen:
        found = target(document, reference)
        if not isinstance(found, Mapping):
            break
        seen.add(reference)
        del result["$ref"]
        result = {**found, **result}
    return result
