"""Two schemas, one level deep: what changed right here, and which pairs lie below."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from openapi.builder import differences_rules as rules
from openapi.builder.differences_constraints import constraint_changes, type_change, types_of
from openapi.builder.differences_rules import judge
from openapi.builder.differences_shapes import PROSE, Schema, normal
from openapi.builder.differences_values import Change, Documents, Place, mapping, spell, texts


@attrs.frozen
class Child:
    """A pair of schemas one step further down; `step` is `.name`, `[]` or the like."""

    step: str
    old: Any
    new: Any


@attrs.frozen(kw_only=True)
class Level:
    """What is known of two schemas without looking below them."""

    changes: tuple[Change, ...]
    children: tuple[Child, ...] = ()
    choices: tuple[tuple[Schema, ...], tuple[Schema, ...]] = ((), ())
    """The alternatives of the old schema and of the new one."""
    parts: tuple[tuple[Schema, ...], tuple[Schema, ...]] = ((), ())
    """The `allOf` members that could not be merged into their schema."""


def level(documents: Documents, place: Place, old: object, new: object) -> Level:
    """Return what changed right here between two schemas, and what is left to compare."""
    before, after = normal(documents.old, old), normal(documents.new, new)
    wording = prose(place, before, after)
    retyped = type_change(place, before, after)
    if retyped and not overlap(before, after):
        return Level(changes=(*wording, retyped))
    if retyped and not _told_by_choices(before, after):
        wording = (*wording, retyped)
    if ("anyOf" in before) != ("anyOf" in after):
        before, after = _as_choices(before), _as_choices(after)
    constraints = constraint_changes(place, before, after)
    return Level(
        changes=(*wording, *constraints, *_field_changes(place, before, after)),
        children=tuple(_children(before, after)),
        choices=(tuple(before.get("anyOf", ())), tuple(after.get("anyOf", ()))),
        parts=(tuple(before.get("allOf", ())), tuple(after.get("allOf", ()))),
    )


def prose(place: Place, old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return one change if anything written for people differs."""
    before, after = ({key: part.get(key) for key in PROSE} for part in (old, new))
    if spell(before) == spell(after):
        return ()
    return (judge(rules.PROSE_CHANGED, place, places=place.where),)


def requirement(place: Place, before: bool, after: bool) -> Iterator[Change]:
    """Yield the change from optional to required or back."""
    if before != after:
        yield judge(rules.BECAME_REQUIRED if after else rules.BECAME_OPTIONAL, place)


def overlap(old: Schema, new: Schema) -> bool:
    """Tell whether enough of the type is left for a closer look to be of use."""
    before, after = types_of(old), types_of(new)
    if not before or not after:
        return before == after
    return bool(before & after) or {*before, *after} == {"integer", "number"}


def _told_by_choices(old: Schema, new: Schema) -> bool:
    """Tell whether the types differ because the alternatives do."""
    divided = [schema for schema in (old, new) if "anyOf" in schema]
    return bool(divided) and all("type" not in schema for schema in divided)


def _as_choices(schema: Schema) -> Schema:
    """Return a schema without alternatives as one that has them: one for each of its types."""
    if "anyOf" in schema:
        return schema
    about = {"nullable", "default", "deprecated"}
    member = {key: value for key, value in schema.items() if key not in about}
    outer = {key: value for key, value in schema.items() if key in about}
    names = sorted(types_of(schema))
    return {**outer, "anyOf": [{**member, "type": [name]} for name in names] or [member]}


def _field_changes(place: Place, old: Schema, new: Schema) -> Iterator[Change]:
    before, after = _declared(old), _declared(new)
    were_required, are_required = texts(old.get("required")), texts(new.get("required"))
    for name in dict.fromkeys((*before, *after)):
        below = place.below(f".{name}")
        if name not in after:
            yield judge(rules.FIELD_REMOVED, below, name=name)
        elif name not in before:
            is_required = name in are_required
            rule = rules.FIELD_ADDED_REQUIRED if is_required else rules.FIELD_ADDED
            yield judge(rule, below, name=name)
        else:
            yield from requirement(below, name in were_required, name in are_required)
    was_closed, is_closed = _is_closed(old), _is_closed(new)
    if was_closed != is_closed:
        yield judge(rules.FIELDS_CLOSED if is_closed else rules.FIELDS_OPENED, place)


def _children(old: Schema, new: Schema) -> Iterator[Child]:
    before, after = _declared(old), _declared(new)
    for name, schema in before.items():
        if name in after:
            yield Child(f".{name}", schema, after[name])
    if not _is_closed(old) and not _is_closed(new):
        further = (schema.get("additionalProperties", {}) for schema in (old, new))
        yield Child(".*", *further)
    yield Child("[]", old.get("items", {}), new.get("items", {}))


def _declared(schema: Schema) -> dict[str, Any]:
    """Return the fields by name, with those that are required and described nowhere."""
    required: dict[str, Any] = {name: {} for name in texts(schema.get("required"))}
    return {**required, **mapping(schema.get("properties"))}


def _is_closed(schema: Schema) -> bool:
    return schema.get("additionalProperties") is False
