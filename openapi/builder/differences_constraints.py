"""What two schemas in normal form say about a single value: type, null, words, format, bounds."""

from collections.abc import Iterator, Mapping
from typing import Any

from openapi.builder import differences_rules as rules
from openapi.builder.differences_rules import judge
from openapi.builder.differences_shapes import OPEN, PROSE, Schema
from openapi.builder.differences_values import Change, Place, json_type, sequence, shown, spell

_LOWER = {
    "minimum": "exclusiveMinimum",
    "minLength": "",
    "minItems": "",
    "minProperties": "",
}
_UPPER = {
    "maximum": "exclusiveMaximum",
    "maxLength": "",
    "maxItems": "",
    "maxProperties": "",
}
_EXACT = ("pattern", "multipleOf", "uniqueItems")
_IMPLIED = {"minLength": 0, "minItems": 0, "minProperties": 0, "uniqueItems": False}

# Formats that the generator turns into a Python type of their own.
_TYPED_FORMATS = frozenset({"date", "date-time", "uuid", "binary"})
# Formats that say how wide a number is; Python's numbers hold them all.
_WIDTHS = frozenset({"float", "double", "int64"})

_TYPE_BY_KEYWORD = {
    "properties": "object",
    "required": "object",
    "additionalProperties": "object",
    "items": "array",
}
_STRUCTURE = frozenset({"type", "nullable", "anyOf", "allOf", *_TYPE_BY_KEYWORD})
_VALUE = frozenset({"enum", OPEN, "format", "default", "deprecated", *_EXACT, *_LOWER, *_UPPER})
_IGNORED = frozenset({*PROSE, "xml", "$schema", "$id", "$anchor", "$defs", "definitions"})
_KNOWN = _STRUCTURE | _VALUE | _IGNORED | {"exclusiveMinimum", "exclusiveMaximum"}


def types_of(schema: Schema) -> frozenset[str]:
    """Return the types that a value may have; empty when it may have any."""
    if "type" in schema:
        return frozenset(schema["type"])
    if "anyOf" in schema:
        found = [types_of(member) for member in schema["anyOf"]]
        return frozenset().union(*found) if all(found) else frozenset()
    implied = {name for keyword, name in _TYPE_BY_KEYWORD.items() if keyword in schema}
    return frozenset(implied or {json_type(word) for word in sequence(schema.get("enum"))})


def type_change(place: Place, old: Schema, new: Schema) -> Change | None:
    """Return the change from the types of one schema to those of the other, if there is one."""
    before, after = types_of(old), types_of(new)
    if before == after:
        return None
    if not after or (before and before <= _with_integers(after)):
        rule = rules.TYPE_WIDENED
    elif not before or after <= _with_integers(before):
        rule = rules.TYPE_NARROWED
    else:
        rule = rules.TYPE_CHANGED
    return judge(rule, place, old=_spoken(before), new=_spoken(after))


def _with_integers(types: frozenset[str]) -> frozenset[str]:
    return types | {"integer"} if "number" in types else types


def _spoken(types: frozenset[str]) -> str:
    return " or ".join(sorted(types)) or "any"


def constraint_changes(place: Place, old: Schema, new: Schema) -> Iterator[Change]:
    """Yield what changed about a value whose type is still the same, or nearly."""
    yield from _null(place, old, new)
    yield from _words(place, old, new)
    yield from _format(place, old, new)
    yield from _bounds(place, old, new)
    yield from _exact(place, old, new)
    yield from _default(place, old, new)
    yield from deprecation(place, old, new)
    yield from _other_keywords(place, old, new)


def deprecation(place: Place, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Yield the change of `deprecated`, which operations and parameters have as well."""
    before, after = old.get("deprecated") is True, new.get("deprecated") is True
    if before != after:
        yield judge(rules.DEPRECATED if after else rules.UNDEPRECATED, place)


def _null(place: Place, old: Schema, new: Schema) -> Iterator[Change]:
    before, after = bool(old.get("nullable")), bool(new.get("nullable"))
    if before != after:
        yield judge(rules.NULL_ALLOWED if after else rules.NULL_REFUSED, place)


def _words(place: Place, old: Schema, new: Schema) -> Iterator[Change]:
    before, after = (list(map(spell, sequence(schema.get("enum")))) for schema in (old, new))
    if before and after:
        for word in dict.fromkeys(before):
            if word not in after:
                yield judge(rules.WORD_REMOVED, place, name=word)
        for word in dict.fromkeys(after):
            if word not in before:
                yield judge(rules.WORD_ADDED, place, name=word)
        if bool(old.get(OPEN)) != bool(new.get(OPEN)):
            yield judge(rules.ENUM_OPENED if new.get(OPEN) else rules.ENUM_CLOSED, place)
    elif before:
        yield judge(rules.ENUM_REMOVED, place, old=", ".join(before))
    elif after:
        yield judge(rules.ENUM_ADDED, place, new=", ".join(after))


def _format(place: Place, old: Schema, new: Schema) -> Iterator[Change]:
    before, after = old.get("format"), new.get("format")
    if spell(before) == spell(after):
        return
    names = {name for name in (before, after) if isinstance(name, str)}
    if names & _TYPED_FORMATS:
        rule = rules.FORMAT_RETYPED
    elif after is None or (isinstance(after, str) and after in _WIDTHS):
        rule = rules.FORMAT_LOOSENED
    else:
        rule = rules.FORMAT_TIGHTENED
    yield judge(rule, place, old=shown(before), new=shown(after))


def _bounds(place: Place, old: Schema, new: Schema) -> Iterator[Change]:
    for table, sign in ((_LOWER, 1), (_UPPER, -1)):
        for name, exclusive in table.items():
            before, after = _bound(old, name, exclusive, sign), _bound(new, name, exclusive, sign)
            if before != after:
                tighter = before is None or (after is not None and after > before)
                rule = rules.TIGHTENED if tighter else rules.LOOSENED
                change = _moved(_bound_text(before, sign), _bound_text(after, sign))
                yield judge(rule, place, name=name, change=change)


def _bound(schema: Schema, name: str, exclusive: str, sign: int) -> tuple[float, bool] | None:
    """Return the strictest bound of this name as a pair of which the greater is the tighter."""
    stated = ((schema.get(name), False), (schema.get(exclusive), True))
    found = [
        (sign * value, is_exclusive)
        for value, is_exclusive in stated
        if isinstance(value, int | float)
        and not isinstance(value, bool)
        and value != _IMPLIED.get(name)
    ]
    return max(found, default=None)


def _bound_text(bound: tuple[float, bool] | None, sign: int) -> str:
    if bound is None:
        return ""
    return shown(sign * bound[0]) + (" (exclusive)" if bound[1] else "")


def _exact(place: Place, old: Schema, new: Schema) -> Iterator[Change]:
    for name in _EXACT:
        before, after = (
            None if schema.get(name) == _IMPLIED.get(name) else schema.get(name)
            for schema in (old, new)
        )
        if spell(before) != spell(after):
            texts = ("" if value is None else shown(value) for value in (before, after))
            change = _moved(*texts)
            rule = rules.LOOSENED if after is None else rules.TIGHTENED
            yield judge(rule, place, name=name, change=change)


def _moved(before: str, after: str) -> str:
    if before and after:
        return f"changed from {before} to {after}"
    return f"{after} added" if after else f"{before} removed"


def _default(place: Place, old: Schema, new: Schema) -> Iterator[Change]:
    if _differs(old, new, "default"):
        before, after = _stated(old, "default"), _stated(new, "default")
        yield judge(rules.DEFAULT_CHANGED, place, old=before, new=after)


def _other_keywords(place: Place, old: Schema, new: Schema) -> Iterator[Change]:
    for name in dict.fromkeys((*old, *new)):
        known = name in _KNOWN or name.startswith("x-")
        if not known and _differs(old, new, name):
            before, after = _stated(old, name), _stated(new, name)
            yield judge(rules.KEYWORD_CHANGED, place, name=name, old=before, new=after)


def _differs(old: Schema, new: Schema, name: str) -> bool:
    return (name in old) != (name in new) or spell(old.get(name)) != spell(new.get(name))


def _stated(schema: Schema, name: str) -> str:
    if name not in schema:
        return "none"
    return "null" if schema[name] is None else shown(schema[name])
