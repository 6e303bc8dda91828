"""Inline objects become named, shared schemas, by the table in `corrections/names.yaml`."""

from __future__ import annotations

import re
from typing import Any

from openapi.builder.documents import BuildError, Document, Operation, Schema, operations, parts
from openapi.builder.passes import names
from openapi.builder.passes.json_schema import admit_null, without_null
from openapi.builder.passes.unions import union

REF = "#/components/schemas/"


def apply(document: Document) -> list[str]:
    """Lift every inline object of a request body or a successful answer into `components`."""
    lift = _Lift(document.setdefault("components", {}).setdefault("schemas", {}))
    for operation in operations(document):
        if request := operation.request_schema():
            lift.request(operation, request)
        for _, answer in operation.successes():
            for content in answer.get("content", {}).values():
                lift.answer(operation, content.get("schema", {}))
    lift.complain_of_unused()
    lift.untyped()
    lift.free_form()
    return lift.notes


def pascal_case(text: str) -> str:
    """`create-project` and `failed_images` as CreateProject and FailedImages."""
    return "".join(word[:1].upper() + word[1:] for word in re.split(r"[^0-9A-Za-z]+", text))


class _Lift:
    """The schemas so far, and which entries of the table have been of use."""

    def __init__(self, schemas: dict[str, Schema]) -> None:
        self.schemas = schemas
        self.notes: list[str] = []
        self._table = names.table()
        self._own = set(schemas)
        self._lifted: set[str] = set()
        self._reserved = self._own | {str(each["name"]) for each in self._table["answers"]}
        self._unused = [each for part in ("requests", "answers") for each in self._table[part]]

    def request(self, operation: Operation, schema: Schema) -> None:
        name = pascal_case(operation.id)
        for entry in self._table["requests"]:
            if entry["operation"] == operation.id:
                self._use(entry)
                name = entry["name"]
        self._name(schema, name, operation, recognise=False)

    def answer(self, operation: Operation, schema: Schema) -> None:
        hint = pascal_case(operation.id) + "Result"
        self._name(schema, hint, operation, recognise=True)
        self._free_form(schema, hint, operation.id)

    def untyped(self) -> None:
        for entry in self._table["untyped"]:
            owner, _, property_name = entry["at"].removesuffix("[]").partition(".")
            schema = self.schemas.get(owner, {}).get("properties", {}).get(property_name, {})
            schema = schema.get("items", {}) if entry["at"].endswith("[]") else schema
            if schema.get("type") != "object" or entry["is"] not in self.schemas:
                raise BuildError(
                    f"corrections/names.yaml, `untyped`: {entry['at']} is not an empty object any "
                    "more. Remove the entry if Bria's document now describes it."
                )
            _refer(schema, entry["is"])
            self.notes.append(f"{entry['at']} is a {entry['is']}")

    def free_form(self) -> None:
        """Name the objects that hold no named properties, where the generator would."""
        for owner in sorted(self._lifted):
            for key, child in self.schemas[owner].get("properties", {}).items():
                self._free_form(child, owner + pascal_case(key), owner)

    def _free_form(self, schema: Schema, name: str, whose: str) -> None:
        for part in parts(schema):
            inner = name + "Value" if part is schema.get("additionalProperties") else name
            self._free_form(part, inner, whose)
        if schema.get("type") in ("object", ["object", "null"]) and "properties" not in schema:
            self._register(name, schema, whose)

    def complain_of_unused(self) -> None:
        if self._unused:
            entry = self._unused[0]
            looked_for = {key: entry[key] for key in ("operation", "fields") if key in entry}
            raise BuildError(
                f"corrections/names.yaml, {entry['name']}: nothing in the document matches "
                f"{looked_for}. Adapt the entry to what Bria's document says now, or remove it."
            )

    def _name(self, schema: Schema, hint: str, operation: Operation, *, recognise: bool) -> None:
        if "$ref" in schema:
            return
        if isinstance(schema.get("items"), dict):
            self._name(schema["items"], _singular(hint), operation, recognise=recognise)
        for member in (
            *schema.get("anyOf", ()),
            *schema.get("oneOf", ()),
            *schema.get("allOf", ()),
        ):
            self._name(member, hint, operation, recognise=recognise)
        if isinstance(schema.get("additionalProperties"), dict):
            values = schema["additionalProperties"]
            self._name(values, hint + "Value", operation, recognise=recognise)
        if "properties" not in schema:
            return
        name = (recognise and self._recognised(schema, operation)) or self._free(hint, recognise)
        for key, child in schema["properties"].items():
            self._name(child, name + pascal_case(key), operation, recognise=recognise)
        self._register(name, schema, operation.id)

    def _free(self, hint: str, is_answer: bool) -> str:
        """The name by rule, unless something of another kind has it."""
        if is_answer:
            return hint + "Answer" if hint in self._own else hint
        return hint + "Request" if hint in self._reserved else hint

    def _recognised(self, schema: Schema, operation: Operation) -> str | None:
        by_operation_first = sorted(
            self._table["answers"], key=lambda each: "operation" not in each
        )
        for entry in by_operation_first:
            fits_operation = entry.get("operation", operation.id) == operation.id
            if fits_operation and schema["properties"].keys() >= set(entry.get("fields", ())):
                self._use(entry)
                return str(entry["name"])
        return None

    def _register(self, name: str, schema: Schema, whose: str) -> None:
        found, nullable = without_null(schema)
        self._lifted.add(name)
        self.schemas[name] = (
            union(self.schemas[name], found, name) if name in self.schemas else found
        )
        description = schema.get("description")
        _refer(schema, name)
        if nullable:
            admit_null(schema)
        if description:
            schema["description"] = description
        self.notes.append(f"{whose}: {name}")

    def _use(self, entry: dict[str, Any]) -> None:
        self._unused = [each for each in self._unused if each is not entry]


def _refer(schema: Schema, name: str) -> None:
    schema.clear()
    schema["$ref"] = REF + name


def _singular(name: str) -> str:
    return name.removesuffix("s")
