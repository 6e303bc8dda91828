"""What changed between two OpenAPI documents, operation by operation, and what it breaks.

Pure functions over plain dicts. The verdicts are a table in `differences_rules`; the rest says
which parts of two documents belong together:

    differences             documents and the pairing of their operations
    differences_operations  one operation; its parameters and bodies have a module each
    differences_schemas     two schemas, all the way down
    differences_levels      two schemas, one level deep
    differences_constraints what a schema says of one value
    differences_shapes      one normal form for the many spellings of a schema
"""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from typing import Any

from openapi.builder import differences_rules as rules
from openapi.builder.differences_constraints import types_of
from openapi.builder.differences_levels import prose as prose_changes
from openapi.builder.differences_operations import compare_operations, server_urls
from openapi.builder.differences_references import resolved
from openapi.builder.differences_rules import is_prose, judge
from openapi.builder.differences_shapes import normal
from openapi.builder.differences_values import (
    Change,
    Documents,
    Operation,
    Place,
    Side,
    mapping,
    plain,
    sequence,
    shown,
    spell,
)
from openapi.builder.documents import METHODS

__all__ = ["Change", "Side", "compare"]

_COMPARED = {"openapi", "info", "servers", "security", "tags", "paths", "components"}
_COMPARED |= {"externalDocs", "jsonSchemaDialect"}
_DOCUMENT = "document"
_PLACES_NAMED = 4


def compare(
    old: Mapping[str, Any], new: Mapping[str, Any], *, prose: bool = False
) -> tuple[Change, ...]:
    """Return every difference between two documents; empty when they mean the same.

    The document comes first, then the operations in the order of the old document, then those
    that only the new one has. Operations belong together by `operationId`, else by method and
    path: users of the client know them by the first.

    Args:
        old: The document that the client in use was generated from.
        new: The document that may replace it.
        prose: Also tell, in one line per operation, that descriptions or examples changed.
    """
    documents = Documents(old=mapping(plain(old)), new=mapping(plain(new)))
    before, after = _operations(documents.old), _operations(documents.new)
    pairs = _paired(before, after)
    found = list(_gathered(_document_changes(documents), prose))
    for index, operation in enumerate(before):
        if index in pairs:
            changes = compare_operations(documents, operation, after[pairs[index]])
            found += _gathered(changes, prose)
        else:
            found.append(judge(rules.OPERATION_REMOVED, _whole(operation)))
    paired = set(pairs.values())
    added = (operation for index, operation in enumerate(after) if index not in paired)
    found += [judge(rules.OPERATION_ADDED, _whole(operation)) for operation in added]
    return tuple(found)


def _whole(operation: Operation) -> Place:
    return Place(operation=operation.label, side=Side.OPERATION)


def _operations(document: Mapping[str, Any]) -> list[Operation]:
    found: list[Operation] = []
    for path, node in mapping(document.get("paths")).items():
        item = resolved(document, node)
        for method, body in item.items():
            if method in METHODS and isinstance(body, Mapping):
                found.append(Operation(method=method, path=path, item=item, body=body))
    return found


def _paired(old: list[Operation], new: list[Operation]) -> dict[int, int]:
    """Return which old operation is which new one, by their places in the two lists."""
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for key_of in (_identity, _exact_address, _template):
        here = _unique(old, pairs, key_of)
        there = _unique(new, taken, key_of)
        matches = {here[key]: there[key] for key in here if key in there}
        pairs |= matches
        taken |= set(matches.values())
    return pairs


def _identity(operation: Operation) -> str:
    return operation.identity


def _exact_address(operation: Operation) -> str:
    return operation.address


def _template(operation: Operation) -> str:
    return operation.template


def _unique(
    operations: list[Operation], used: Container[int], key_of: Callable[[Operation], str]
) -> dict[str, int]:
    """Return the places of the unused operations, by each key that only one of them has."""
    keys = {place: key_of(one) for place, one in enumerate(operations) if place not in used}
    counts = Counter(keys.values())
    return {key: place for place, key in keys.items() if key and counts[key] == 1}


def _gathered(changes: Iterable[Change], prose: bool) -> Iterator[Change]:
    """Yield the changes, those of wording drawn together into one line or left out."""
    wordings: list[Change] = []
    for change in changes:
        if is_prose(change):
            wordings.append(change)
        else:
            yield change
    if prose and wordings:
        yield _one_line(wordings)


def _one_line(wordings: Sequence[Change]) -> Change:
    named = ", ".join(change.where for change in wordings[:_PLACES_NAMED])
    more = len(wordings) - _PLACES_NAMED
    name = wordings[0].operation
    side = Side.DOCUMENT if name == _DOCUMENT else Side.OPERATION
    place = Place(operation=name, side=side, where="description")
    return judge(rules.PROSE_CHANGED, place, places=named + (f" and {more} more" * (more > 0)))


def _document_changes(documents: Documents) -> Iterator[Change]:
    old, new = documents.old, documents.new
    yield from _stated(rules.OPENAPI_CHANGED, "openapi", old.get("openapi"), new.get("openapi"))
    before, after = mapping(old.get("info")), mapping(new.get("info"))
    versions = before.get("version"), after.get("version")
    yield from _stated(rules.VERSION_CHANGED, "info.version", *versions)
    yield from prose_changes(_document("info"), before, after)
    servers = server_urls(old.get("servers")), server_urls(new.get("servers"))
    yield from _stated(rules.SERVERS_CHANGED, "servers", *servers)
    securities = old.get("security", []), new.get("security", [])
    yield from _stated(rules.SECURITY_CHANGED, "security", *securities)
    yield from _schemes(old, new)
    yield from _tags(old, new)
    yield from _names(documents)
    for name in dict.fromkeys((*old, *new)):
        known = name in _COMPARED or name.startswith(("x-", "/"))
        if not known and spell(old.get(name)) != spell(new.get(name)):
            yield judge(rules.PART_CHANGED, _document(name), name=name)


def _document(where: str) -> Place:
    return Place(operation=_DOCUMENT, side=Side.DOCUMENT, where=where)


def _stated(rule: rules.Rule, where: str, old: object, new: object) -> Iterator[Change]:
    if spell(old) != spell(new):
        yield judge(rule, _document(where), old=shown(old), new=shown(new))


def _components(document: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    return mapping(mapping(document.get("components")).get(kind))


def _schemes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    before, after = (_components(document, "securitySchemes") for document in (old, new))
    for name in dict.fromkeys((*before, *after)):
        place = _document(f"components.securitySchemes.{name}")
        if name not in before or name not in after:
            yield judge(
                rules.SCHEME_REMOVED if name in before else rules.SCHEME_ADDED, place, name=name
            )
            continue
        here, there = resolved(old, before[name]), resolved(new, after[name])
        yield from prose_changes(place, here, there)
        if spell({**here, "description": ""}) != spell({**there, "description": ""}):
            yield judge(rules.SCHEME_CHANGED, place, name=name)


def _tags(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    before, after = (_by_name(document.get("tags")) for document in (old, new))
    for name in dict.fromkeys((*before, *after)):
        if name not in before or name not in after:
            rule = rules.TAG_REMOVED if name in before else rules.TAG_ADDED
            yield judge(rule, _document("tags"), name=name)
        else:
            yield from prose_changes(_document(f"tag {name}"), before[name], after[name])


def _by_name(tags: object) -> dict[str, Mapping[str, Any]]:
    found = [mapping(tag) for tag in sequence(tags)]
    return {tag["name"]: tag for tag in found if isinstance(tag.get("name"), str)}


def _names(documents: Documents) -> Iterator[Change]:
    """Yield the named schemas that are gone, where a class was generated under the name."""
    remaining = _components(documents.new, "schemas")
    for name, node in _components(documents.old, "schemas").items():
        schema = normal(documents.old, node)
        has_class = "enum" in schema or types_of(schema) == {"object"}
        if has_class and name not in remaining:
            yield judge(rules.NAME_REMOVED, _document(f"components.schemas.{name}"), name=name)
