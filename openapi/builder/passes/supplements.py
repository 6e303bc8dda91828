"""What Bria's document leaves out: our own supplements, each entry with its source."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openapi.builder.documents import BuildError, Document, read_data
from openapi.builder.passes import overlays

FOLDER = Path(__file__).parents[2] / "supplement"


def apply(document: Document) -> list[str]:
    """Add the supplements' paths, schemas and tags, then apply their overlays."""
    notes: list[str] = []
    for path in sorted(FOLDER.glob("*.yaml")):
        if "overlay" in (data := read_data(path)):
            notes += overlays.apply(document, path)
        else:
            notes += _add(document, data, path.name)
    return notes


def _add(document: Document, data: dict[str, Any], name: str) -> list[str]:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for kind, ours, theirs in (
        ("path", data.get("paths", {}), document["paths"]),
        ("schema", data.get("components", {}).get("schemas", {}), schemas),
    ):
        for key, value in ours.items():
            if key in theirs:
                raise BuildError(
                    f"supplement/{name} adds the {kind} {key}, which Bria's document now has "
                    "itself. Compare the two and remove ours."
                )
            theirs[key] = value
    document.setdefault("tags", []).extend(data.get("tags", []))
    return [f"{name}: {key}" for key in data.get("paths", {})]
