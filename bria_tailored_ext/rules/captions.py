"""What a caption must be: a JSON object with the keys of the visual schema."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias, cast

import attrs

Fault: TypeAlias = Literal["missing", "being made", "no JSON object", "lacks keys"]


@attrs.frozen
class CaptionFault:
    """What is wrong with one caption.

    Attributes:
        fault: In words.
        lacking: The keys that it lacks, in the order of the schema.
    """

    fault: Fault
    lacking: tuple[str, ...] = ()


def is_caption(caption: str | None) -> bool:
    """Whether a caption is there and is the JSON object that it should be."""
    return _object(caption) is not None


def schema_keys(visual_schema: str | None) -> tuple[str, ...]:
    """The top-level keys of a visual schema; none where it is none."""
    schema = _object(visual_schema)
    return () if schema is None else tuple(schema)


def fault_of(
    caption: str | None, keys: Sequence[str], *, pending: bool = False
) -> CaptionFault | None:
    """What is wrong with a caption, if anything is.

    Args:
        caption: As Bria shows it.
        keys: What it must have.
        pending: Whether it is being made.
    """
    if pending:
        return CaptionFault("being made")
    if not caption:
        return CaptionFault("missing")
    told = _object(caption)
    if told is None:
        return CaptionFault("no JSON object")
    lacking = tuple(key for key in keys if key not in told)
    return CaptionFault("lacks keys", lacking) if lacking else None


def _object(text: str | None) -> Mapping[str, Any] | None:
    try:
        value = json.loads(text or "")
    except (ValueError, RecursionError):
        return None
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else None
