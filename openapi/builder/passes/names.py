"""Operation ids and tags, renamed by `corrections/names.yaml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from openapi.builder.documents import BuildError, Document, operations, read_data

DATA = Path(__file__).parents[2] / "corrections" / "names.yaml"


@cache
def table() -> dict[str, list[dict[str, Any]]]:
    """The whole of `corrections/names.yaml`."""
    return read_data(DATA)


def apply(document: Document) -> list[str]:
    """Rename operation ids and tags."""
    return [_rename_operation(document, entry) for entry in table()["operations"]] + [
        _rename_tag(document, entry) for entry in table()["tags"]
    ]


def _rename_operation(document: Document, entry: dict[str, Any]) -> str:
    found = [each for each in operations(document) if each.body.get("operationId") == entry["from"]]
    if not found:
        raise _missing("operations", "operation id", entry["from"])
    for operation in found:
        operation.body["operationId"] = entry["to"]
    return f"operation {entry['from']} is now {entry['to']}"


def _rename_tag(document: Document, entry: dict[str, Any]) -> str:
    old, new = entry["from"], entry["to"]
    lists = [each.body["tags"] for each in operations(document) if old in each.body.get("tags", ())]
    lists += [group["tags"] for group in document.get("x-tagGroups", ()) if old in group["tags"]]
    declared = [tag for tag in document.get("tags", ()) if tag["name"] == old]
    if not lists and not declared:
        raise _missing("tags", "tag", old)
    for names in lists:
        names[:] = [new if name == old else name for name in names]
    for tag in declared:
        tag["name"] = new
    return f"tag {old} is now {new}"


def _missing(section: str, kind: str, name: str) -> BuildError:
    return BuildError(
        f"corrections/names.yaml, `{section}`: the document has no {kind} {name!r} any more. "
        "Rename the entry to what Bria calls it now, or remove it."
    )
