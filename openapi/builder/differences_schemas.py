"""Two schemas, compared all the way down."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from openapi.builder import differences_rules as rules
from openapi.builder.differences_constraints import constraint_changes, type_change, types_of
from openapi.builder.differences_rules import judge
from openapi.builder.differences_shapes import PROSE, Schema, normal
from openapi.builder.differences_values import (
    Change,
    Documents,
    Place,
    Side,
    mapping,
    shown,
    spell,
    texts,
)

Open: TypeAlias = frozenset[tuple[str, str]]
"""The pairs of schemas being compared further up; meeting one again is recursion."""

MAX_DEPTH = 60


def compare_schemas(
    documents: Documents, place: Place, old: object, new: object, open_pairs: Open = frozenset()
) -> list[Change]:
    """Return what changed between two schemas and everything below them.

    References are followed in the document each schema comes from. A pair of schemas that is
    already being compared further up adds nothing: its changes are told there.
    """
    pair = (spell(old), spell(new))
    unchanged = pair[0] == pair[1] and '"$ref"' not in pair[0]
    if unchanged or pair in open_pairs:
        return []
    if len(open_pairs) >= MAX_DEPTH:
        return [judge(rules.TOO_DEEP, place)]
    before, after = normal(documents.old, old), normal(documents.new, new)
    return list(_compare(documents, place, before, after, open_pairs | {pair}))


def prose(place: Place, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Yield one change if anything written for people differs."""
    before, after = ({key: part.get(key) for key in PROSE} for part in (old, new))
    if spell(before) != spell(after):
        yield judge(rules.PROSE_CHANGED, place, places=place.where)


def _compare(
    documents: Documents, place: Place, old: Schema, new: Schema, open_pairs: Open
) -> Iterator[Change]:
    yield from prose(place, old, new)
    retyped = type_change(place, old, new)
    if retyped and not (_overlap(old, new) and _told_by_choices(old, new)):
        yield retyped
    if retyped and not _overlap(old, new):
        return
    if ("anyOf" in old) != ("anyOf" in new):
        old, new = _as_choices(old), _as_choices(new)
    yield from constraint_changes(place, old, new)
    yield from _fields(documents, place, old, new, open_pairs)
    yield from _further_fields(documents, place, old, new, open_pairs)
    yield from _items(documents, place, old, new, open_pairs)
    yield from _choices(documents, place, old, new, open_pairs)
    yield from _parts(documents, place, old, new, open_pairs)


def _overlap(old: Schema, new: Schema) -> bool:
    """Tell whether enough of the type is left for a closer look to be of use."""
    before, after = types_of(old), types_of(new)
    if not before or not after:
        return False
    return bool(before & after) or {*before, *after} == {"integer", "number"}


def _told_by_choices(old: Schema, new: Schema) -> bool:
    """Tell whether the types differ because the alternatives do."""
    divided = [schema for schema in (old, new) if "anyOf" in schema]
    return bool(divided) and all("type" not in schema for schema in divided)


def _fields(
    documents: Documents, place: Place, old: Schema, new: Schema, open_pairs: Open
) -> Iterator[Change]:
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
            yield from compare_schemas(documents, below, before[name], after[name], open_pairs)


def requirement(place: Place, before: bool, after: bool) -> Iterator[Change]:
    """Yield the change from optional to required or back."""
    if before != after:
        yield judge(rules.BECAME_REQUIRED if after else rules.BECAME_OPTIONAL, place)


def _declared(schema: Schema) -> dict[str, Any]:
    """Return the fields by name, with those that are required and described nowhere."""
    required: dict[str, Any] = {name: {} for name in texts(schema.get("required"))}
    return {**required, **mapping(schema.get("properties"))}


def _further_fields(
    documents: Documents, place: Place, old: Schema, new: Schema, open_pairs: Open
) -> Iterator[Change]:
    before, after = (schema.get("additionalProperties", {}) for schema in (old, new))
    if (before is False) != (after is False):
        yield judge(rules.FIELDS_CLOSED if after is False else rules.FIELDS_OPENED, place)
    elif before is not False:
        yield from compare_schemas(documents, place.below(".*"), before, after, open_pairs)


def _items(
    documents: Documents, place: Place, old: Schema, new: Schema, open_pairs: Open
) -> Iterator[Change]:
    before, after = old.get("items", {}), new.get("items", {})
    yield from compare_schemas(documents, place.below("[]"), before, after, open_pairs)


def _as_choices(schema: Schema) -> Schema:
    """Return a schema without alternatives as one that has them: one for each of its types."""
    if "anyOf" in schema:
        return schema
    about = {"nullable", "default", "deprecated"}
    member = {key: value for key, value in schema.items() if key not in about}
    outer = {key: value for key, value in schema.items() if key in about}
    names = sorted(types_of(schema))
    return {**outer, "anyOf": [{**member, "type": [name]} for name in names] or [member]}


def _choices(
    documents: Documents, place: Place, old: Schema, new: Schema, open_pairs: Open
) -> Iterator[Change]:
    before, after = old.get("anyOf", []), new.get("anyOf", [])
    pairs = _paired(documents, place, before, after, open_pairs)
    for index, member in enumerate(before):
        if index in pairs:
            found = pairs[index]
            label = f"<{_named(member)}>" if len(before) > 1 and len(after) > 1 else ""
            below = place.below(label)
            yield from compare_schemas(documents, below, member, after[found], open_pairs)
        else:
            yield judge(rules.CHOICE_REMOVED, place, name=_named(member))
    for index, member in enumerate(after):
        if index not in pairs.values():
            yield judge(rules.CHOICE_ADDED, place, name=_named(member))


def _paired(
    documents: Documents, place: Place, old: list[Schema], new: list[Schema], open_pairs: Open
) -> dict[int, int]:
    """Return which old alternative became which new one: types agree, then fewest changes."""
    ranked: list[tuple[bool, int, int, int]] = []
    for here, before in enumerate(old):
        for there, after in enumerate(new):
            retyped = types_of(before) != types_of(after)
            if not retyped or _overlap(before, after):
                changes = compare_schemas(documents, place, before, after, open_pairs)
                ranked.append((retyped, len(changes), here, there))
    pairs: dict[int, int] = {}
    for _, _, here, there in sorted(ranked):
        if here not in pairs and there not in pairs.values():
            pairs[here] = there
    return pairs


def _named(schema: Schema) -> str:
    """Return a short name for an alternative: its title, fields, words or type."""
    title = schema.get("title")
    if isinstance(title, str) and title:
        return title
    fields = list(mapping(schema.get("properties")))
    if fields:
        return "{" + ", ".join(fields[:3]) + (", …}" if len(fields) > 3 else "}")
    if "enum" in schema:
        return "enum " + shown(schema["enum"], limit=40)
    return " or ".join(sorted(types_of(schema))) or shown(schema, limit=40)


def _parts(
    documents: Documents, place: Place, old: Schema, new: Schema, open_pairs: Open
) -> Iterator[Change]:
    """Compare the `allOf` members that could not be merged into their schema."""
    before, after = list(old.get("allOf", ())), list(new.get("allOf", ()))
    for member in before:
        same = next((part for part in after if _equal(documents, member, part, open_pairs)), None)
        if same is None:
            yield judge(rules.ALL_OF_REMOVED, place, name=_named(member))
        else:
            after.remove(same)
    for member in after:
        yield judge(rules.ALL_OF_ADDED, place, name=_named(member))


def _equal(documents: Documents, old: Schema, new: Schema, open_pairs: Open) -> bool:
    nowhere = Place(operation="", side=Side.REQUEST)
    return not compare_schemas(documents, nowhere, old, new, open_pairs)
