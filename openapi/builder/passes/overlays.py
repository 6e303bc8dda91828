"""OpenAPI Overlays (v1.1), applied strictly: an action that matches nothing stops the build.

Source: https://spec.openapis.org/overlay/v1.1.0.html
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import jsonpath

from openapi.builder.documents import BuildError, Document, read_data

CORRECTIONS = Path(__file__).parents[2] / "corrections" / "overlay.yaml"


def correct(document: Document) -> list[str]:
    """Apply `corrections/overlay.yaml`."""
    return apply(document, CORRECTIONS)


def apply(document: Document, path: Path) -> list[str]:
    """Apply every action of an overlay file in order.

    Raises:
        BuildError: An action's target matches nothing, or its update does not fit the target.
    """
    return [_act(document, action, path.name) for action in read_data(path)["actions"]]


def _act(document: Document, action: dict[str, Any], name: str) -> str:
    target = action["target"]
    matches = list(jsonpath.finditer(target, document))
    if not matches:
        until = action.get("x-until")
        raise BuildError(
            f"the action of {name} with target {target} matches nothing. It is there because: "
            f"{action.get('x-reason') or action.get('description')} "
            + (f"It may go when: {until} " if until else "")
            + "Look at what the document says there now, and change or remove the action."
        )
    # Backwards, so that taking something out of a list does not move what is still to go.
    for match in reversed(matches) if action.get("remove") else matches:
        parent, key = _parent(document, match)
        if action.get("remove"):
            del parent[key]
        else:
            parent[key] = _updated(parent[key], copy.deepcopy(action["update"]), target)
    return f"{target}: {len(matches)} places"


def _parent(document: Document, match: jsonpath.JSONPathMatch) -> tuple[Any, Any]:
    node: Any = document
    *way, last = match.parts
    for part in way:
        node = node[part]
    return node, last


def _updated(old: Any, update: Any, target: str) -> Any:
    """Objects are merged, arrays grow, anything else is replaced."""
    if isinstance(old, dict):
        if not isinstance(update, dict):
            raise BuildError(f"{target} is an object; an update of it must be one too.")
        return {
            **old,
            **{
                k: _updated(old[k], v, target) if _mergeable(old.get(k), v) else v
                for k, v in update.items()
            },
        }
    if isinstance(old, list):
        return [*old, *update] if isinstance(update, list) else [*old, update]
    return update


def _mergeable(old: Any, update: Any) -> bool:
    return isinstance(old, dict) and isinstance(update, dict)
