"""Several inline copies of one object as one schema."""

from __future__ import annotations

from typing import Any

from openapi.builder.documents import BuildError, Schema
from openapi.builder.passes.json_schema import admit_null, without_null


def union(one: Schema, other: Schema, where: str) -> Schema:
    """A schema that accepts and describes what either of two copies does.

    Properties and enum words are joined, the longer description stays, `required` is what both
    require, and an empty object gives way to a described one. Of two types both are accepted.

    Raises:
        BuildError: The copies say different things of one type, and neither includes the other.
    """
    (one, one_null), (other, other_null) = without_null(one), without_null(other)
    if _is_empty_object(one) and _is_object(other):
        joined = _described(other, one)
    elif _is_empty_object(other) and _is_object(one):
        joined = _described(one, other)
    elif _is_alike(one, other):
        joined = _joined(one, other, where)
    else:
        joined = _alternatives(one, other, where)
    if one_null or other_null:
        admit_null(joined)
    return joined


def _kind(schema: Schema) -> Any:
    if "$ref" in schema or "properties" in schema:
        return "object"
    return "choice" if "anyOf" in schema or "oneOf" in schema else schema.get("type")


def _is_alike(one: Schema, other: Schema) -> bool:
    kinds = (_kind(one), _kind(other))
    return one == other or None in kinds or (kinds[0] == kinds[1] != "choice")


def _alternatives(one: Schema, other: Schema, where: str) -> Schema:
    members = _members(one)
    for candidate in _members(other):
        for index, known in enumerate(members):
            if _is_alike(known, candidate):
                members[index] = union(known, candidate, where)
                break
        else:
            members.append(candidate)
    prose = max(one.get("description", ""), other.get("description", ""), key=len)
    return {**({"description": prose} if prose else {}), "anyOf": members}


def _members(schema: Schema) -> list[Schema]:
    if found := schema.get("anyOf") or schema.get("oneOf"):
        return list(found)
    bare = {key: value for key, value in schema.items() if key not in ("description", "example")}
    if isinstance(schema.get("type"), list):
        return [{**bare, "type": each} for each in schema["type"]]
    return [bare]


def _joined(one: Schema, other: Schema, where: str) -> Schema:
    joined = {**other, **one}
    for key in one.keys() & other.keys():
        if one[key] != other[key]:
            joined[key] = _either(key, one[key], other[key], f"{where}.{key}")
    for key in ("required", "enum", "minimum", "maximum", "format"):
        # What only one copy demands is not demanded by the other; its enum words stay words.
        if key in joined and not (key in one and key in other) and key not in ("enum", "format"):
            del joined[key]
    return joined


def _either(key: str, one: Any, other: Any, where: str) -> Any:
    match key:
        case "properties":
            return {
                name: union(one[name], other[name], f"{where}.{name}")
                if name in one and name in other
                else one.get(name, other.get(name))
                for name in [*one, *(name for name in other if name not in one)]
            }
        case "items":
            return union(one, other, where)
        case "enum":
            return [*one, *(word for word in other if word not in one)]
        case "required":
            return [name for name in one if name in other]
        case "description":
            return max(one, other, key=len)
        case "example" | "examples" | "title":
            return one
        case "minimum":
            return min(one, other)
        case "maximum":
            return max(one, other)
        case _:
            raise BuildError(
                f"{where} is {one!r} in one copy of the object and {other!r} in another. Decide "
                "which is right and add an action to corrections/overlay.yaml."
            )


def _is_empty_object(schema: Schema) -> bool:
    return schema.get("type") == "object" and "properties" not in schema


def _is_object(schema: Schema) -> bool:
    return schema.get("type") == "object" or "$ref" in schema


def _described(schema: Schema, also: Schema) -> Schema:
    prose = max(schema.get("description", ""), also.get("description", ""), key=len)
    return {**schema, **({"description": prose} if prose else {})}
