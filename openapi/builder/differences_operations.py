"""One operation before and after: parameters, body, answers, and what is said of the whole."""

from collections.abc import Iterator

from openapi.builder import differences_rules as rules
from openapi.builder.differences_bodies import answer_changes, request_body_changes
from openapi.builder.differences_constraints import deprecation
from openapi.builder.differences_levels import prose
from openapi.builder.differences_parameters import parameter_changes
from openapi.builder.differences_rules import judge
from openapi.builder.differences_values import (
    Change,
    Documents,
    Operation,
    Place,
    Side,
    mapping,
    sequence,
    shown,
    spell,
    texts,
)

_COMPARED = {"tags", "summary", "description", "externalDocs", "operationId", "parameters"}
_COMPARED |= {"requestBody", "responses", "deprecated", "security", "servers"}


def compare_operations(documents: Documents, old: Operation, new: Operation) -> Iterator[Change]:
    """Yield what changed between two versions of one operation."""
    place = Place(operation=old.label, side=Side.OPERATION)
    yield from _identity(place, old, new)
    yield from _about(documents, place, old, new)
    yield from parameter_changes(documents, old, new)
    yield from request_body_changes(documents, old, new)
    yield from answer_changes(documents, old, new)


def server_urls(value: object) -> list[str]:
    """Return the addresses of a list of servers, without the final slash that means nothing."""
    urls = (mapping(server).get("url") for server in sequence(value))
    return [url.rstrip("/") for url in urls if isinstance(url, str)]


def _identity(place: Place, old: Operation, new: Operation) -> Iterator[Change]:
    if old.template != new.template:
        where = place.below("path")
        yield judge(rules.OPERATION_MOVED, where, old=old.address, new=new.address)
    if old.identity != new.identity:
        where, names = place.below("operationId"), (old.identity or None, new.identity or None)
        yield judge(rules.OPERATION_RENAMED, where, old=shown(names[0]), new=shown(names[1]))
    before, after = (texts(operation.body.get("tags")) for operation in (old, new))
    if before[:1] != after[:1]:
        facts = {"old": shown(_first(before)), "new": shown(_first(after))}
        yield judge(rules.GROUP_CHANGED, place.below("tags"), **facts)
    elif set(before) != set(after):
        yield judge(rules.TAGS_CHANGED, place.below("tags"), old=shown(before), new=shown(after))


def _first(names: list[str]) -> str | None:
    return names[0] if names else None


def _about(documents: Documents, place: Place, old: Operation, new: Operation) -> Iterator[Change]:
    wording = place.below("operation")
    yield from prose(wording, old.body, new.body)
    yield from deprecation(place, old.body, new.body)
    yield from _servers(documents, place.below("servers"), old, new)
    yield from _security(documents, place.below("security"), old, new)
    for name in dict.fromkeys((*old.body, *new.body)):
        known = name in _COMPARED or name.startswith("x-")
        if not known and spell(old.body.get(name)) != spell(new.body.get(name)):
            yield judge(rules.PART_CHANGED, place.below(name), name=name)


def _servers(
    documents: Documents, place: Place, old: Operation, new: Operation
) -> Iterator[Change]:
    """Yield a change of address, unless it is the document's, which is told once and for all."""
    own, others = _own_servers(old), _own_servers(new)
    before = own or server_urls(documents.old.get("servers"))
    after = others or server_urls(documents.new.get("servers"))
    if own != others and before != after:
        yield judge(rules.SERVERS_CHANGED, place, old=shown(before), new=shown(after))


def _own_servers(operation: Operation) -> list[str]:
    return server_urls(operation.body.get("servers")) or server_urls(operation.item.get("servers"))


def _security(
    documents: Documents, place: Place, old: Operation, new: Operation
) -> Iterator[Change]:
    if "security" not in old.body and "security" not in new.body:
        return
    before = old.body.get("security", documents.old.get("security", []))
    after = new.body.get("security", documents.new.get("security", []))
    if spell(before) != spell(after):
        yield judge(rules.SECURITY_CHANGED, place, old=shown(before), new=shown(after))
