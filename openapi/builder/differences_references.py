"""Following `$ref` inside one document."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from openapi.builder.differences_values import mapping


def resolve(
    document: Mapping[str, Any], node: object, seen: frozenset[str] = frozenset()
) -> tuple[dict[str, Any], frozenset[str]]:
    """Return what `node` refers to, and the references followed so far.

    Keys beside a `$ref` win over those of its target. A reference that leads nowhere, out of the
    document or back into `seen` stays in the answer, so that it can still be compared by name.
    """
    result = dict(mapping(node))
    while isinstance(reference := result.get("$ref"), str):
        target = _target(document, reference)
        if reference in seen or not isinstance(target, Mapping):
            break
        seen |= {reference}
        result.pop("$ref")
        result = {**target, **result}
    return result, seen


def resolved(document: Mapping[str, Any], node: object) -> dict[str, Any]:
    """Return what `node` refers to, where nothing can refer back to it."""
    return resolve(document, node)[0]


def _target(document: Mapping[str, Any], reference: str) -> object:
    if not reference.startswith("#/"):
        return None
    found: object = document
    for step in reference[2:].split("/"):
        key = unquote(step).replace("~1", "/").replace("~0", "~")
        if isinstance(found, Mapping):
            found = found.get(key)
        elif isinstance(found, list) and key.isdecimal() and int(key) < len(found):
            found = found[int(key)]
        else:
            return None
    return found
