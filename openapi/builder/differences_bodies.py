"""What one operation sends and answers, before and after."""

from collections.abc import Iterator, Mapping
from typing import Any

from openapi.builder import differences_rules as rules
from openapi.builder.differences_levels import prose, requirement
from openapi.builder.differences_references import resolved
from openapi.builder.differences_rules import judge
from openapi.builder.differences_schemas import compare_schemas
from openapi.builder.differences_values import Change, Documents, Operation, Place, Side, mapping


def request_body_changes(documents: Documents, old: Operation, new: Operation) -> Iterator[Change]:
    """Yield what changed about the body of the request."""
    place = Place(operation=old.label, side=Side.REQUEST, where="body")
    before = resolved(documents.old, old.body.get("requestBody"))
    after = resolved(documents.new, new.body.get("requestBody"))
    were_required, are_required = before.get("required") is True, after.get("required") is True
    had, has = bool(_contents(before)), bool(_contents(after))
    if has and not had:
        yield judge(rules.BODY_ADDED_REQUIRED if are_required else rules.BODY_ADDED, place)
    elif had and not has:
        yield judge(rules.BODY_REMOVED, place)
    elif had and has:
        yield from prose(place, before, after)
        yield from requirement(place, were_required, are_required)
        yield from _content_changes(documents, place, before, after)


def answer_changes(documents: Documents, old: Operation, new: Operation) -> Iterator[Change]:
    """Yield what changed about the answers, status by status."""
    before, after = mapping(old.body.get("responses")), mapping(new.body.get("responses"))
    for status in dict.fromkeys((*before, *after)):
        if status.startswith("x-"):
            continue
        place = Place(operation=old.label, side=Side.RESPONSE, where=status)
        is_success = status.startswith("2")
        if status not in after:
            rule = rules.SUCCESS_REMOVED if is_success else rules.STATUS_REMOVED
            yield judge(rule, place, name=status)
        elif status not in before:
            rule = rules.SUCCESS_ADDED if is_success else rules.STATUS_ADDED
            yield judge(rule, place, name=status)
        else:
            here = resolved(documents.old, before[status])
            there = resolved(documents.new, after[status])
            yield from _answer(documents, place, here, there)


def _answer(
    documents: Documents, place: Place, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Change]:
    yield from prose(place, old, new)
    yield from _headers(documents, place, old, new)
    body = place.below(" body")
    had, has = bool(_contents(old)), bool(_contents(new))
    if had != has:
        yield judge(rules.BODY_ADDED if has else rules.BODY_REMOVED, body)
    else:
        yield from _content_changes(documents, body, old, new)


def _headers(
    documents: Documents, place: Place, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Change]:
    before, after = _by_lower_name(old.get("headers")), _by_lower_name(new.get("headers"))
    for name in dict.fromkeys((*before, *after)):
        below = place.below(f" header {name}")
        if name not in before or name not in after:
            yield judge(rules.HEADER_REMOVED if name in before else rules.HEADER_ADDED, below)
            continue
        here, there = resolved(documents.old, before[name]), resolved(documents.new, after[name])
        yield from prose(below, here, there)
        yield from requirement(below, here.get("required") is True, there.get("required") is True)
        schemas = here.get("schema", {}), there.get("schema", {})
        yield from compare_schemas(documents, below, *schemas)


def _by_lower_name(headers: object) -> dict[str, Any]:
    return {name.lower(): node for name, node in mapping(headers).items()}


def _contents(body: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the described forms of a body by media type, without its parameters."""
    found = mapping(body.get("content")).items()
    return {name.split(";")[0].strip().lower(): mapping(content) for name, content in found}


def _content_changes(
    documents: Documents, place: Place, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Change]:
    before, after = _contents(old), _contents(new)
    for name in dict.fromkeys((*before, *after)):
        if name not in after:
            yield judge(rules.CONTENT_REMOVED, place, name=name)
        elif name not in before:
            yield judge(rules.CONTENT_ADDED, place, name=name)
        else:
            below = place if name == "application/json" else place.below(f" ({name})")
            yield from prose(below, before[name], after[name])
            schemas = before[name].get("schema", {}), after[name].get("schema", {})
            yield from compare_schemas(documents, below, *schemas)
