"""Errors in the journal: class, sentence and facts, and back again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from bria_tailored_ext.values import errors
from bria_tailored_ext.values.errors import BriaError

_PLAIN = (str, int, float, bool, type(None))


def error_columns(error: BriaError) -> tuple[str, str, str | None]:
    """An error as the three columns of the journal."""
    facts = {name: value for name, value in vars(error).items() if _is_plain(value)}
    return (
        type(error).__name__,
        encodable(str(error)),
        encodable(json.dumps(facts, ensure_ascii=False)) if facts else None,
    )


def encodable(text: str) -> str:
    """The text with half characters (lone surrogates) escaped, as JSON does: SQLite takes none."""
    return text.encode(errors="backslashreplace").decode()


def error_of(columns: Mapping[str, Any]) -> BriaError | None:
    """The error that the journal's columns describe, of the same class and with the same facts."""
    name, sentence = columns["error_kind"], columns["error"]
    if name is None:
        return None
    kind: Any = getattr(errors, name, None)
    if not (isinstance(kind, type) and issubclass(kind, BriaError)):
        kind = BriaError
    # As unpickling does: the constructors want facts that may not have been kept.
    error: BriaError = kind.__new__(kind, sentence)
    vars(error).update(json.loads(columns["error_facts"] or "{}"))
    return error


def _is_plain(value: object) -> bool:
    if isinstance(value, dict):
        values = cast("dict[str, object]", value).values()
        return all(_is_plain(each) for each in values)
    return isinstance(value, _PLAIN)
