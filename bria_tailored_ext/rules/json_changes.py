"""What changed between two JSON documents, in words that a person reads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, Literal, cast

import attrs

_MOST_WORDS = 300


@attrs.frozen(kw_only=True)
class Change:
    """One difference.

    Attributes:
        path: Where, such as `palette[1].hex`; the place in a list is the one before, but for what
            was added, where it is the one after. Empty for the whole document.
        kind: What happened there.
        before: The value before; `None` for what was added.
        after: The value after; `None` for what was removed.
    """

    path: str
    kind: Literal["added", "removed", "changed"]
    before: Any = None
    after: Any = None

    def __str__(self) -> str:
        where = self.path or "the whole"
        match self.kind:
            case "added":
                return f"added {where}: {_shown(self.after)}"
            case "removed":
                return f"removed {where}: {_shown(self.before)}"
            case "changed":
                return f"changed {where}: {_shown(self.before)} → {_shown(self.after)}"


def changes_between(before: object, after: object) -> tuple[Change, ...]:
    """Every difference, in the order of the document after; empty where the two say the same.

    What was put into a list does not make changes of all that stands behind it.
    """
    try:
        return tuple(_compared("", before, after))
    except RecursionError:
        return (Change(path="", kind="changed", before=before, after=after),)


def _compared(path: str, before: object, after: object) -> Iterator[Change]:
    if _key(before) == _key(after):
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        old, new = cast("Mapping[str, Any]", before), cast("Mapping[str, Any]", after)
        yield from _in_mappings(path, old, new)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _in_lists(path, cast("list[Any]", before), cast("list[Any]", after))
    else:
        yield Change(path=path, kind="changed", before=before, after=after)


def _in_mappings(
    path: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Change]:
    for name in before:
        if name not in after:
            yield Change(path=_below(path, name), kind="removed", before=before[name])
    for name, value in after.items():
        if name in before:
            yield from _compared(_below(path, name), before[name], value)
        else:
            yield Change(path=_below(path, name), kind="added", after=value)


def _in_lists(path: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[Change]:
    matcher = SequenceMatcher(
        None, [_key(item) for item in before], [_key(item) for item in after], autojunk=False
    )
    for kind, start, end, to_start, to_end in matcher.get_opcodes():
        if kind == "equal":
            continue
        paired = min(end - start, to_end - to_start)
        for offset in range(paired):
            place = f"{path}[{start + offset}]"
            yield from _compared(place, before[start + offset], after[to_start + offset])
        for index in range(start + paired, end):
            yield Change(path=f"{path}[{index}]", kind="removed", before=before[index])
        for index in range(to_start + paired, to_end):
            yield Change(path=f"{path}[{index}]", kind="added", after=after[index])


def _key(value: object) -> str:
    # Python takes True and 1 for the same, JSON does not.
    return json.dumps(value, sort_keys=True)


def _below(path: str, name: str) -> str:
    step = name if name.isidentifier() else f"[{json.dumps(name, ensure_ascii=False)}]"
    return f"{path}.{step}" if path and not step.startswith("[") else f"{path}{step}"


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _MOST_WORDS else f"{text[:_MOST_WORDS]}…"
