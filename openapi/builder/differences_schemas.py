"""Two schemas, compared all the way down, through references and recursion.

Recursive schemas with alternatives have exponentially many ways down. Two things keep the work
small: which alternatives belong together is decided by sameness, which is computed once per pair
of schemas; and a pair behind a reference is told at a few places only, not at all of them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import attrs

from openapi.builder import differences_rules as rules
from openapi.builder.differences_constraints import types_of
from openapi.builder.differences_levels import Level, level, overlap
from openapi.builder.differences_rules import is_prose, judge
from openapi.builder.differences_shapes import Schema
from openapi.builder.differences_values import Change, Documents, Place, mapping, shown, spell

Pair: TypeAlias = tuple[str, str]

MAX_DEPTH = 60
MAX_PLACES = 10
"""At how many places of one body the changes of one referenced schema are told."""


@attrs.define
class _Memory:
    """What was found out so far while two schemas are compared."""

    documents: Documents
    place: Place
    levels: dict[Pair, Level] = attrs.field(factory=dict)
    same: dict[Pair, None] = attrs.field(factory=dict)
    """Pairs taken to be the same, in the order of the assumptions."""
    different: set[Pair] = attrs.field(factory=set)
    visits: Counter[Pair] = attrs.field(factory=Counter)


def compare_schemas(documents: Documents, place: Place, old: object, new: object) -> list[Change]:
    """Return what changed between two schemas and everything below them.

    References are followed in the document each schema comes from. What lies behind recursion is
    told at the outermost place.
    """
    memory = _Memory(documents, attrs.evolve(place, where=""))
    return list(_walk(memory, place.where, old, new, ()))


def _walk(
    memory: _Memory, where: str, old: object, new: object, above: tuple[Pair, ...]
) -> Iterator[Change]:
    pair = (spell(old), spell(new))
    if _is_unchanged(pair) or pair in above:
        return
    if len(above) >= MAX_DEPTH:
        yield judge(rules.TOO_DEEP, attrs.evolve(memory.place, where=where))
        return
    if '"$ref"' in pair[0] + pair[1]:
        memory.visits[pair] += 1
        if memory.visits[pair] > MAX_PLACES:
            return
    here, above = _level(memory, pair, old, new), (*above, pair)
    for change in here.changes:
        yield _placed(change, where)
    for child in here.children:
        yield from _walk(memory, where + child.step, child.old, child.new, above)
    yield from _choices(memory, where, here, above)
    yield from _parts(memory, where, here)


def _placed(change: Change, where: str) -> Change:
    if is_prose(change):
        place = Place(operation=change.operation, side=change.side, where=where)
        return judge(rules.PROSE_CHANGED, place, places=where)
    return attrs.evolve(change, where=where + change.where)


def _is_unchanged(pair: Pair) -> bool:
    return pair[0] == pair[1] and '"$ref"' not in pair[0]


def _level(memory: _Memory, pair: Pair, old: object, new: object) -> Level:
    if pair not in memory.levels:
        memory.levels[pair] = level(memory.documents, memory.place, old, new)
    return memory.levels[pair]


def _is_same(memory: _Memory, old: object, new: object) -> bool:
    """Tell whether two schemas mean the same, wording apart.

    A pair met again further down is taken to be the same. If the pair above turns out different,
    whatever was concluded meanwhile is forgotten; "different" needs no assumption and stays.
    """
    pair = (spell(old), spell(new))
    if _is_unchanged(pair) or pair in memory.same:
        return True
    if pair in memory.different:
        return False
    memory.same[pair] = None
    here = _level(memory, pair, old, new)
    if _own_changes(here) == 0 and _is_same_below(memory, here):
        return True
    while memory.same.popitem()[0] != pair:
        pass
    memory.different.add(pair)
    return False


def _own_changes(here: Level) -> int:
    return sum(not is_prose(change) for change in here.changes)


def _is_same_below(memory: _Memory, here: Level) -> bool:
    if not all(_is_same(memory, child.old, child.new) for child in here.children):
        return False
    groups = (here.choices, here.parts)
    return all(
        len(old) == len(new) and len(_same_members(memory, old, new)) == len(old)
        for old, new in groups
    )


def _same_members(memory: _Memory, old: Sequence[Schema], new: Sequence[Schema]) -> dict[int, int]:
    """Return which old member means the same as which new one."""
    pairs: dict[int, int] = {}
    for here, before in enumerate(old):
        for there, after in enumerate(new):
            if there not in pairs.values() and _is_same(memory, before, after):
                pairs[here] = there
                break
    return pairs


def _matched(memory: _Memory, old: Sequence[Schema], new: Sequence[Schema]) -> dict[int, int]:
    """Return which old alternative became which new one: types agree, then the most alike."""
    ranked = sorted(
        (types_of(before) != types_of(after), _distance(memory, before, after), here, there)
        for here, before in enumerate(old)
        for there, after in enumerate(new)
        if overlap(before, after)
    )
    pairs: dict[int, int] = {}
    for _, _, here, there in ranked:
        if here not in pairs and there not in pairs.values():
            pairs[here] = there
    return pairs


def _distance(memory: _Memory, old: Schema, new: Schema) -> int:
    """Return how much of two alternatives differs, as far as one level shows; 0 if nothing."""
    if _is_same(memory, old, new):
        return 0
    here = _level(memory, (spell(old), spell(new)), old, new)
    below = sum(not _is_same(memory, child.old, child.new) for child in here.children)
    return 1 + _own_changes(here) + below


def _choices(memory: _Memory, where: str, here: Level, above: tuple[Pair, ...]) -> Iterator[Change]:
    old, new = here.choices
    pairs = _matched(memory, old, new)
    place = attrs.evolve(memory.place, where=where)
    for index, member in enumerate(old):
        if index in pairs:
            label = f"<{_named(member)}>" if len(old) > 1 and len(new) > 1 else ""
            yield from _walk(memory, where + label, member, new[pairs[index]], above)
        else:
            yield judge(rules.CHOICE_REMOVED, place, name=_named(member))
    for index, member in enumerate(new):
        if index not in pairs.values():
            yield judge(rules.CHOICE_ADDED, place, name=_named(member))


def _parts(memory: _Memory, where: str, here: Level) -> Iterator[Change]:
    """Yield the `allOf` members that came or went."""
    old, new = here.parts
    pairs = _same_members(memory, old, new)
    place = attrs.evolve(memory.place, where=where)
    for index, member in enumerate(old):
        if index not in pairs:
            yield judge(rules.ALL_OF_REMOVED, place, name=_named(member))
    for index, member in enumerate(new):
        if index not in pairs.values():
            yield judge(rules.ALL_OF_ADDED, place, name=_named(member))


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
