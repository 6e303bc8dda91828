"""Schemas in one normal form, so that two spellings of the same thing compare as equal.

The spellings that fall together: inline and `$ref`; OpenAPI 3.0 `nullable` and 3.1 `null` as a
type, an enum word or an alternative; 3.0 and 3.1 exclusive bounds; `const` and a one-word enum;
`oneOf` and `anyOf`; an `allOf` and the schema it adds up to; alternatives of bare types and a
list of types; `anyOf: [known words, string]` and an enum that is open.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

from openapi.builder.differences_references import target
from openapi.builder.differences_values import json_type, mapping, sequence, spell, texts

Schema: TypeAlias = dict[str, Any]

OPEN = "(open)"
"""Marks, in a normal form, an enum beside which any other string is allowed."""

PROSE = ("title", "summary", "description", "example", "examples", "externalDocs", "$comment")
_OUTER_WINS = frozenset({*PROSE, "default", "deprecated", "$schema", "$id", "$anchor"})


def normal(document: Mapping[str, Any], node: object) -> Schema:
    """Return `node` in the normal form; its properties and items stay as they are."""
    return _normal(document, node, frozenset()) or {}


def _normal(document: Mapping[str, Any], node: object, seen: frozenset[str]) -> Schema | None:
    """Return the normal form; None for a schema that is made of itself and so adds nothing."""
    if node is False:
        return {"not": {}}
    schema = _with_siblings(mapping(node))
    reference = schema.get("$ref")
    if isinstance(reference, str):
        if reference in seen:
            return None
        found = target(document, reference)
        if found is not None:
            return _normal(document, found, seen | {reference})
    folded = _fold_choices(document, _fold_all_of(document, _tidy(schema), seen), seen)
    if _only_null(folded):
        folded = {key: value for key, value in folded.items() if key != "enum"}
        folded["type"] = ["null"]
    return folded


def _with_siblings(node: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a reference that has other keys beside it as an `allOf` of both."""
    if "$ref" not in node or len(node) == 1:
        return node
    siblings = {key: value for key, value in node.items() if key != "$ref"}
    return {**siblings, "allOf": [*sequence(node.get("allOf")), {"$ref": node["$ref"]}]}


def _tidy(schema: Mapping[str, Any]) -> Schema:
    """Return one spelling of types, null, constants, alternatives and exclusive bounds."""
    tidy = dict(schema)
    declared = tidy.pop("type", None)
    names = [declared] if isinstance(declared, str) else texts(declared)
    nullable = tidy.pop("nullable", False) is True or "null" in names
    if names:
        tidy["type"] = sorted(set(names) - {"null"}) or ["null"]
    if "const" in tidy:
        tidy["enum"] = [tidy.pop("const")]
    if isinstance(tidy.get("enum"), list) and None in tidy["enum"]:
        nullable = nullable or not names
        tidy["enum"] = [word for word in tidy["enum"] if word is not None]
    alternatives = [*sequence(tidy.pop("anyOf", ())), *sequence(tidy.pop("oneOf", ()))]
    if alternatives:
        tidy["anyOf"] = alternatives
    if nullable:
        tidy["nullable"] = True
    return _tidy_bounds(tidy)


def _tidy_bounds(schema: Schema) -> Schema:
    for inclusive, exclusive in (
        ("minimum", "exclusiveMinimum"),
        ("maximum", "exclusiveMaximum"),
    ):
        if isinstance(schema.get(exclusive), bool):
            is_exclusive = schema.pop(exclusive)
            if is_exclusive and inclusive in schema:
                schema[exclusive] = schema.pop(inclusive)
    return schema


def _fold_all_of(document: Mapping[str, Any], schema: Schema, seen: frozenset[str]) -> Schema:
    """Return the schema with every `allOf` member merged into it that can be."""
    folded = {key: value for key, value in schema.items() if key != "allOf"}
    left: list[Schema] = []
    for member in sequence(schema.get("allOf")):
        part = _normal(document, member, seen)
        merged = folded if part is None else merge(folded, part)
        if part is not None and merged is None:
            left.append(part)
        folded = merged or folded
    if left:
        folded["allOf"] = [*folded.get("allOf", ()), *left]
    return folded


def merge(outer: Schema, inner: Schema) -> Schema | None:
    """Return one schema that asks for what both ask for, or None if no plain one does."""
    merged = dict(outer)
    for key, value in inner.items():
        if key not in merged:
            merged[key] = value
        elif key == "properties":
            merged[key] = _merge_properties(mapping(merged[key]), mapping(value))
        elif key == "required":
            merged[key] = sorted({*texts(merged[key]), *texts(value)})
        elif key not in _OUTER_WINS and spell(merged[key]) != spell(value):
            return None
    return merged


def _merge_properties(outer: Mapping[str, Any], inner: Mapping[str, Any]) -> Schema:
    merged = dict(outer)
    for name, node in inner.items():
        if name in merged and spell(merged[name]) != spell(node):
            merged[name] = {"allOf": _distinct(_members(merged[name]) + _members(node))}
        else:
            merged[name] = node
    return merged


def _members(node: object) -> list[Any]:
    """Return what an `allOf` that holds nothing else holds, else the node alone."""
    parts = mapping(node)
    return list(sequence(parts.get("allOf"))) if set(parts) == {"allOf"} else [node]


def _distinct(nodes: list[Any]) -> list[Any]:
    return list({spell(node): node for node in nodes}.values())


def _fold_choices(document: Mapping[str, Any], schema: Schema, seen: frozenset[str]) -> Schema:
    """Return the schema with null lifted out of its alternatives, and none that add nothing."""
    if "anyOf" not in schema:
        return schema
    found = (_normal(document, member, seen) for member in schema["anyOf"])
    members = [member for member in found if member is not None]
    folded = {key: value for key, value in schema.items() if key != "anyOf"}
    if any(member.get("nullable") for member in members):
        folded["nullable"] = True
    rest = _distinct([_without_null(member) for member in members if not _only_null(member)])
    rest = rest or members[:1]
    if not rest:
        return folded
    single = _one_for_all(rest)
    merged = None if single is None else merge(folded, single)
    return {**folded, "anyOf": rest} if merged is None else merged


def _only_null(schema: Schema) -> bool:
    no_word = schema.get("nullable") is True and schema.get("enum") == []
    return no_word or schema.get("type") == ["null"]


def _without_null(schema: Schema) -> Schema:
    return {key: value for key, value in schema.items() if key != "nullable"}


def _one_for_all(members: list[Schema]) -> Schema | None:
    """Return the one schema that these alternatives come to, if there is one."""
    if len(members) == 1:
        return members[0]
    if all(_is_bare(member) for member in members):
        return {"type": sorted({name for member in members for name in member["type"]})}
    words = [member for member in members if "enum" in member]
    others = [member for member in members if _is_bare(member) and member["type"] == ["string"]]
    if len(members) == 2 and len(words) == 1 and len(others) == 1 and _all_text(words[0]):
        return {**words[0], "type": ["string"], OPEN: True}
    return None


def _is_bare(schema: Schema) -> bool:
    return "type" in schema and set(schema) <= {"type", *PROSE}


def _all_text(schema: Schema) -> bool:
    return all(json_type(word) == "string" for word in sequence(schema["enum"]))
