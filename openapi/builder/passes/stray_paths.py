"""Path items that stand at the top of the document, beside `paths`, move into it.

Most are richer twins of an item that is also in `paths`. Both sides are merged and nothing is
dropped: where the two disagree the stray side wins, except that of two descriptions the longer
one stays.
"""

from __future__ import annotations

from typing import Any

from openapi.builder.documents import BuildError, Document


def apply(document: Document) -> list[str]:
    """Merge every stray path item into `paths`."""
    notes = []
    for path in [key for key in document if key.startswith("/")]:
        stray = document.pop(path)
        if path in document["paths"]:
            conflicts: list[str] = []
            document["paths"][path] = merge(document["paths"][path], stray, path, conflicts)
            notes.append(f"{path}: merged with its twin")
            notes += [f"conflict: {conflict}" for conflict in conflicts]
        else:
            document["paths"][path] = stray
            notes.append(f"{path}: moved into `paths`")
    return notes


def merge(base: Any, rich: Any, where: str, conflicts: list[str]) -> Any:
    """Both values in one; `rich` wins, and each value it displaces is added to `conflicts`."""
    if base == rich:
        return base
    if isinstance(base, dict) and isinstance(rich, dict):
        merged = dict(base)
        for key, value in rich.items():
            merged[key] = (
                merge(base[key], value, f"{where}.{key}", conflicts) if key in base else value
            )
        return merged
    if where.endswith(".parameters"):
        return _merge_parameters(base, rich, where, conflicts)
    if where.endswith(".description"):
        return max(rich, base, key=lambda text: len(text.split()))
    if type(base) is not type(rich) and not _both_numbers(base, rich):
        raise BuildError(
            f"{where} is {type(base).__name__} in `paths` and {type(rich).__name__} in the stray "
            "twin. Decide which is right and add a correction before this pass."
        )
    conflicts.append(f"{where}: {base!r} gave way to {rich!r}")
    return rich


def _both_numbers(base: Any, rich: Any) -> bool:
    return isinstance(base, int | float) and isinstance(rich, int | float)


def _merge_parameters(
    base: list[dict[str, Any]], rich: list[dict[str, Any]], where: str, conflicts: list[str]
) -> list[dict[str, Any]]:
    twins = {(each["in"], each["name"]): each for each in rich}
    merged = []
    for each in base:
        twin = twins.pop((each["in"], each["name"]), each)
        merged.append(merge(each, twin, f"{where}.{each['name']}", conflicts))
    return merged + list(twins.values())
