"""Reading JSON that a user may have edited: the wrong type counts as missing."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from bria_tailored_ext.sandbox.pictures.colour import Rgb, named, parse_hex

_MAX_TEXT = 2_000


def text(document: Mapping[str, Any], key: str, default: str = "") -> str:
    """The string under a key, trimmed, or the default."""
    value: object = document.get(key)
    if isinstance(value, str) and value.strip():
        return value.strip()[:_MAX_TEXT]
    return default


def mapping(value: object) -> Mapping[str, Any]:
    """The value if it is an object, or an empty one."""
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def items(value: object) -> Sequence[object]:
    """The value if it is a list; a lone string or object as a list of one."""
    if isinstance(value, str | Mapping):
        return [cast("object", value)]
    if isinstance(value, Sequence):
        return cast("Sequence[object]", value)
    return []


def words(value: object, depth: int = 4) -> Iterator[str]:
    """Every string inside a value, in order, keys left out."""
    if isinstance(value, str):
        yield value[:_MAX_TEXT]
    elif depth > 0 and isinstance(value, Mapping):
        for inner in cast("Mapping[str, object]", value).values():
            yield from words(inner, depth - 1)
    elif depth > 0 and isinstance(value, Sequence):
        for inner in cast("Sequence[object]", value):
            yield from words(inner, depth - 1)


def palette(document: Mapping[str, Any]) -> list[tuple[Rgb, float]]:
    """The colours under `palette` (or `colors`) with their shares, as far as they can be read.

    Entries may be objects with `hex` or `name`, hex words, or everyday colour names.
    """
    for key in ("palette", "colors", "colours"):
        found = [swatch for entry in items(document.get(key)) if (swatch := _swatch(entry))]
        if found:
            return found[:32]
    return []


def _swatch(entry: object) -> tuple[Rgb, float] | None:
    if isinstance(entry, str):
        rgb = parse_hex(entry) or named(entry.strip())
        return (rgb, 0.1) if rgb else None
    fields = mapping(entry)
    rgb = parse_hex(fields.get("hex")) or named(text(fields, "name"))
    if rgb is None:
        return None
    share: object = fields.get("share")
    usable = isinstance(share, int | float) and not isinstance(share, bool) and 0 < share <= 1
    return rgb, float(cast("float", share)) if usable else 0.1
