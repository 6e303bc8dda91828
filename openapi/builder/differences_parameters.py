"""The parameters of one operation before and after."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from openapi.builder import differences_rules as rules
from openapi.builder.differences_constraints import deprecation
from openapi.builder.differences_levels import prose, requirement
from openapi.builder.differences_references import resolved
from openapi.builder.differences_rules import judge
from openapi.builder.differences_schemas import compare_schemas
from openapi.builder.differences_values import (
    Change,
    Documents,
    Operation,
    Place,
    Side,
    mapping,
    sequence,
)

Key: TypeAlias = tuple[str, str]
Parameter: TypeAlias = Mapping[str, Any]


def parameter_changes(documents: Documents, old: Operation, new: Operation) -> Iterator[Change]:
    """Yield what changed about the parameters, those of the path item included."""
    before, after = _parameters(documents.old, old), _parameters(documents.new, new)
    renamed = _renamed(old, new)
    taken: set[Key] = set()
    for key, parameter in before.items():
        found = renamed.get(key, key)
        place = _place(old, key)
        if found not in after:
            yield judge(rules.PARAMETER_REMOVED, place, name=key[1])
            continue
        taken.add(found)
        if found[1].lower() != key[1].lower():
            yield judge(rules.PARAMETER_RENAMED, place, old=key[1], new=found[1])
        yield from _compare(documents, place, parameter, after[found])
    for key, parameter in after.items():
        if key not in taken:
            is_required = _is_required(key, parameter)
            rule = rules.PARAMETER_ADDED_REQUIRED if is_required else rules.PARAMETER_ADDED
            yield judge(rule, _place(old, key), name=key[1])


def _place(operation: Operation, key: Key) -> Place:
    return Place(operation=operation.label, side=Side.PARAMETER, where=" ".join(key))


def _parameters(document: Mapping[str, Any], operation: Operation) -> dict[Key, Parameter]:
    """Return the parameters by place and name; an operation's own win over its path item's."""
    listed = [
        *sequence(operation.item.get("parameters")),
        *sequence(operation.body.get("parameters")),
    ]
    found: dict[Key, Parameter] = {}
    for node in listed:
        parameter = resolved(document, node)
        kind, name = parameter.get("in"), parameter.get("name")
        if isinstance(kind, str) and isinstance(name, str):
            found[kind, name.lower() if kind == "header" else name] = parameter
    return found


def _renamed(old: Operation, new: Operation) -> dict[Key, Key]:
    """Return which path parameter stands where another one stood in the same path."""
    if old.template != new.template:
        return {}
    before, after = (re.findall(r"\{([^{}]*)\}", operation.path) for operation in (old, new))
    return {("path", here): ("path", there) for here, there in zip(before, after, strict=True)}


def _compare(
    documents: Documents, place: Place, old: Parameter, new: Parameter
) -> Iterator[Change]:
    yield from prose(place, old, new)
    key = (str(old.get("in")), "")
    yield from requirement(place, _is_required(key, old), _is_required(key, new))
    yield from deprecation(place, old, new)
    before, after = _style(old), _style(new)
    if before != after:
        yield judge(rules.STYLE_CHANGED, place, old=before, new=after)
    yield from compare_schemas(documents, place, _schema(old), _schema(new))


def _is_required(key: Key, parameter: Parameter) -> bool:
    return key[0] == "path" or parameter.get("required") is True


def _style(parameter: Parameter) -> str:
    """Return how the value is written; the defaults depend on where the parameter stands."""
    is_form = parameter.get("in") in {"query", "cookie"}
    style = parameter.get("style", "form" if is_form else "simple")
    explode = parameter.get("explode", style == "form")
    media_types = ", ".join(mapping(parameter.get("content")))
    return media_types or f"{style} ({'exploded' if explode else 'not exploded'})"


def _schema(parameter: Parameter) -> object:
    contents = mapping(parameter.get("content")).values()
    described = next((mapping(content).get("schema") for content in contents), None)
    return parameter.get("schema", described if described is not None else {})
