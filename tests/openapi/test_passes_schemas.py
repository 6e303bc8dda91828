"""Each pass over schemas: copies of one object, names, open enums, what may be null."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from openapi.builder.documents import BuildError, Document
from openapi.builder.passes import Pass, answers, components, enums, names, run
from openapi.builder.passes.components import pascal_case
from openapi.builder.passes.unions import union

Schema = dict[str, Any]

TEXT = {"type": "string"}
COUNT = {"type": "integer"}
NULL = {"type": "null"}
EMPTY: dict[str, list[dict[str, Any]]] = {
    key: [] for key in ("requests", "answers", "untyped", "enums")
}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def fields(**properties: Any) -> Schema:
    return {"type": "object", "properties": properties}


def content(schema: Schema) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": copy.deepcopy(schema)}}}


def answering(*schemas: Schema, **responses: Any) -> Document:
    """A document with an operation `make-a-thing` per answer."""
    paths = {
        f"/{number}": {
            "get": {"operationId": "make-a-thing", "responses": {"200": content(schema)}}
        }
        for number, schema in enumerate(schemas)
    }
    if responses:
        paths["/r"] = {"get": {"operationId": "make-a-thing", "responses": responses}}
    return {"paths": paths}


def taking(schema: Schema) -> Document:
    operation = {"operationId": "make-a-thing", "requestBody": content(schema)}
    return {"paths": {"/0": {"post": operation}}}


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[dict[str, Any]]]:
    """The table of names, empty until a test fills it."""
    given = copy.deepcopy(EMPTY)
    monkeypatch.setattr(names, "table", lambda: given)
    return given


Table = dict[str, list[dict[str, Any]]]

STEPS = {"components": components.apply, "enums": enums.apply, "answers": answers.apply}


def through(document: Document, *steps: str) -> dict[str, Schema]:
    """The named schemas that come out of some passes."""
    passes = [Pass(name, "A defect.", STEPS[name]) for name in steps]
    schemas: dict[str, Schema] = run(document, passes).document["components"]["schemas"]
    return schemas


def stops(document: Document, *steps: str) -> str:
    with pytest.raises(BuildError) as caught:
        through(document, *steps)
    return str(caught.value)


UNIONS: list[tuple[Schema, Schema, Schema]] = [
    (fields(a=TEXT), fields(b=COUNT), fields(a=TEXT, b=COUNT)),
    (fields(a=fields(b=TEXT)), fields(a=fields(c=TEXT)), fields(a=fields(b=TEXT, c=TEXT))),
    (
        {**fields(a=TEXT), "required": ["a", "b"]},
        {**fields(a=TEXT), "required": ["b", "c"]},
        {**fields(a=TEXT), "required": ["b"]},
    ),
    ({**fields(a=TEXT), "required": ["a"]}, fields(a=TEXT), fields(a=TEXT)),
    ({**TEXT, "enum": ["a"]}, {**TEXT, "enum": ["b", "a"]}, {**TEXT, "enum": ["a", "b"]}),
    ({**TEXT, "enum": ["a"]}, TEXT, {**TEXT, "enum": ["a"]}),
    (
        {**TEXT, "description": "short"},
        {**TEXT, "description": "longer words"},
        {**TEXT, "description": "longer words"},
    ),
    ({**COUNT, "minimum": 2}, {**COUNT, "minimum": 1}, {**COUNT, "minimum": 1}),
    ({**COUNT, "maximum": 2}, {**COUNT, "maximum": 3}, {**COUNT, "maximum": 3}),
    ({**COUNT, "maximum": 2}, COUNT, COUNT),
    ({**TEXT, "example": "a"}, {**TEXT, "example": "b"}, {**TEXT, "example": "a"}),
    ({"type": ["string", "null"]}, TEXT, {"type": ["string", "null"]}),
    ({"items": TEXT}, {"items": {**TEXT, "enum": ["a"]}}, {"items": {**TEXT, "enum": ["a"]}}),
    ({"type": "object"}, fields(a=TEXT), fields(a=TEXT)),
    (ref("Thing"), {"type": "object", "description": "D"}, {**ref("Thing"), "description": "D"}),
    (COUNT, TEXT, {"anyOf": [COUNT, TEXT]}),
    (
        {"anyOf": [COUNT, TEXT]},
        {**TEXT, "enum": ["a"]},
        {"anyOf": [COUNT, {**TEXT, "enum": ["a"]}]},
    ),
    ({"type": ["integer", "string"]}, COUNT, {"anyOf": [COUNT, TEXT]}),
    (ref("Thing"), TEXT, {"anyOf": [ref("Thing"), TEXT]}),
    ({**COUNT, "description": "D"}, TEXT, {"description": "D", "anyOf": [COUNT, TEXT]}),
    ({"type": ["integer", "null"]}, TEXT, {"anyOf": [COUNT, TEXT, NULL]}),
    (fields(a=COUNT), fields(a=TEXT), fields(a={"anyOf": [COUNT, TEXT]})),
]


@pytest.mark.parametrize(("one", "other", "expected"), UNIONS)
def test_a_union_accepts_what_either_copy_does(
    one: Schema, other: Schema, expected: Schema
) -> None:
    """Fields and words are joined, bounds are widened, and of two types both are accepted."""
    kept = copy.deepcopy((one, other))
    assert union(one, other, "x") == expected
    assert (one, other) == kept


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({**TEXT, "format": "date"}, {**TEXT, "format": "date-time"}),
        ({**TEXT, "pattern": "a"}, {**TEXT, "pattern": "b"}),
        (ref("This"), ref("That")),
        ({"type": "object", "additionalProperties": True}, {"additionalProperties": False}),
    ],
)
def test_copies_that_contradict_each_other_stop_the_build(one: Schema, other: Schema) -> None:
    """The sentence says where, what each copy says, and where to put the decision."""
    with pytest.raises(BuildError) as caught:
        union(fields(a=one), fields(a=other), "Thing")
    assert str(caught.value).startswith("Thing.properties.a.")
    assert " in one copy of the object and " in str(caught.value)
    assert str(caught.value).endswith("add an action to corrections/overlay.yaml.")


@pytest.mark.parametrize(
    ("text", "name"),
    [("create-project", "CreateProject"), ("failed_images", "FailedImages"), ("a b/c", "ABC")],
)
def test_names_are_made_by_rule(text: str, name: str) -> None:
    """Whatever separates words, each begins with a capital; the rest stays as it is."""
    assert pascal_case(text) == name


@pytest.mark.usefixtures("table")
def test_inline_objects_are_named_after_what_holds_them() -> None:
    """An answer after its operation, a nested object after owner and property, items singular."""
    schema = fields(
        part=fields(a=TEXT), parts={"type": "array", "items": fields(b=TEXT)}, plain=TEXT
    )
    found = through(answering(schema), "components")
    assert found["MakeAThingResult"]["properties"] == {
        "part": ref("MakeAThingResultPart"),
        "parts": {"type": "array", "items": ref("MakeAThingResultPart")},
        "plain": TEXT,
    }
    assert found["MakeAThingResultPart"] == fields(a=TEXT, b=TEXT)


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (fields(a=TEXT), {"MakeAThingResult"}),
        ({"type": "array", "items": fields(a=TEXT)}, {"MakeAThingResult"}),
        ({"type": "object"}, {"MakeAThingResult"}),
        ({"type": "object", "additionalProperties": TEXT}, {"MakeAThingResult"}),
        (
            {"type": "object", "additionalProperties": fields(a=TEXT)},
            {"MakeAThingResult", "MakeAThingResultValue"},
        ),
        (fields(a={"type": "object"}), {"MakeAThingResult", "MakeAThingResultA"}),
        ({"anyOf": [fields(a=TEXT), TEXT]}, {"MakeAThingResult"}),
        (TEXT, set()),
    ],
)
def test_the_generator_has_no_name_left_to_invent(schema: Schema, expected: set[str]) -> None:
    """Also for maps and free-form objects, which it would call after status and type."""
    assert through_or_nothing(answering(schema)) == expected


def through_or_nothing(document: Document) -> set[str]:
    components.apply(document)
    return set(document["components"]["schemas"])


def test_an_object_is_recognised_by_its_fields_wherever_it_stands(table: Table) -> None:
    """In any answer, with any other fields; never in a request."""
    table["answers"] = [{"name": "Thing", "fields": ["a", "b"]}]
    thing = fields(a=TEXT, b=TEXT)
    document = answering(
        {"type": "array", "items": fields(x=fields(a=TEXT, b=TEXT, c=TEXT))}, thing
    )
    document["paths"] |= taking(thing)["paths"] | answering(TEXT, fields(a=TEXT), thing)["paths"]
    document["paths"]["/9"] = taking(thing)["paths"]["/0"]
    found = through(document, "components")
    assert found["Thing"] == fields(a=TEXT, b=TEXT)
    assert found["MakeAThing"] == fields(a=TEXT, b=TEXT)


def test_an_entry_for_one_operation_goes_before_one_for_all(table: Table) -> None:
    """And it is for that operation alone."""
    table["answers"] = [
        {"name": "Thing", "fields": ["a"]},
        {"name": "Special", "operation": "make-a-thing", "fields": ["b"]},
    ]
    document = answering(fields(a=TEXT, b=TEXT))
    document["paths"]["/o"] = {
        "get": {"operationId": "other", "responses": {"200": content(fields(a=TEXT, b=TEXT))}}
    }
    assert set(through(document, "components")) == {"Special", "Thing"}


def test_a_request_is_called_after_its_operation_or_as_the_table_says(table: Table) -> None:
    """Users build them by name."""
    assert set(through(taking(fields(a=TEXT)), "components")) == {"MakeAThing"}
    table["requests"] = [{"operation": "make-a-thing", "name": "ThingRequest"}]
    assert set(through(taking(fields(a=TEXT)), "components")) == {"ThingRequest"}


def test_a_name_that_something_else_has_is_not_taken(table: Table) -> None:
    """A body named like an answer, or anything named like our own, would be merged with it."""
    table["answers"] = [{"name": "MakeAThing", "fields": ["a"]}]
    document = taking(fields(z=TEXT))
    document["paths"]["/0"]["post"]["responses"] = {"200": content(fields(a=TEXT))}
    assert set(through(document, "components")) == {"MakeAThing", "MakeAThingRequest"}
    table["answers"] = []
    own = {"components": {"schemas": {"MakeAThingResult": {"type": "string"}}}}
    found = through({**answering(fields(a=TEXT)), **own}, "components")
    assert found["MakeAThingResult"] == TEXT
    assert found["MakeAThingResultAnswer"] == fields(a=TEXT)


def test_an_entry_without_a_match_stops_the_build(table: Table) -> None:
    """Before anything that would follow from it, and with what was looked for."""
    table["answers"] = [{"name": "Thing", "fields": ["gone"]}]
    table["untyped"] = [{"at": "Other.things[]", "is": "Thing"}]
    said = stops(answering(fields(a=TEXT)), "components")
    assert "corrections/names.yaml, Thing: nothing in the document matches {'fields'" in said
    assert "Adapt the entry to what Bria's document says now, or remove it." in said


def test_an_empty_object_becomes_what_the_table_says(table: Table) -> None:
    """Until Bria describes it: then the build stops."""
    table["answers"] = [{"name": "Thing", "fields": ["a"]}, {"name": "Box", "fields": ["things"]}]
    table["untyped"] = [{"at": "Box.things[]", "is": "Thing"}]
    empty = fields(things={"type": "array", "items": {"type": "object"}})
    found = through(answering(empty, fields(a=TEXT)), "components")
    assert found["Box"]["properties"]["things"]["items"] == ref("Thing")
    full = fields(things={"type": "array", "items": fields(z=TEXT)})
    said = stops(answering(full, fields(a=TEXT)), "components")
    assert "`untyped`: Box.things[] is not an empty object any more. Remove the entry" in said


WORDS = {"type": "string", "enum": ["a", "b"]}
OPEN = {"anyOf": [ref("MakeAThingResultX"), TEXT]}


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (WORDS, OPEN),
        ({**WORDS, "description": "D"}, {"description": "D", **OPEN}),
        ({**WORDS, "enum": ["a", "b", None]}, {"anyOf": [*OPEN["anyOf"], NULL]}),
        ({"anyOf": [WORDS, NULL]}, {"anyOf": [*OPEN["anyOf"], NULL]}),
        ({"type": "array", "items": WORDS}, {"type": "array", "items": OPEN}),
        (
            {"type": "array", "items": {"type": "array", "items": WORDS}},
            {"type": "array", "items": {"type": "array", "items": OPEN}},
        ),
        ({"anyOf": [WORDS, COUNT]}, {"anyOf": [OPEN, COUNT]}),
        ({"enum": ["a", "b"]}, OPEN),
    ],
)
def test_the_words_of_an_answer_are_open_wherever_they_stand(
    schema: Schema, expected: Schema
) -> None:
    """A new word must not break parsing, in a list or an alternative either."""
    found = through(answering(fields(x=schema)), "components", "enums")
    assert found["MakeAThingResult"]["properties"]["x"] == expected
    assert found["MakeAThingResultX"] == WORDS


@pytest.mark.usefixtures("table")
def test_numbers_are_enums_too() -> None:
    """Known numbers beside any other number."""
    found = through(answering(fields(x={**COUNT, "enum": [5, 10]})), "components", "enums")
    assert found["MakeAThingResult"]["properties"]["x"] == {
        "anyOf": [ref("MakeAThingResultX"), COUNT]
    }
    assert found["MakeAThingResultX"] == {**COUNT, "enum": [5, 10]}


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize(
    ("schema", "name"),
    [
        (WORDS, "MakeAThingResult"),
        ({"type": "array", "items": WORDS}, "MakeAThingResult"),
        ({"type": "object", "additionalProperties": WORDS}, "MakeAThingResultValue"),
    ],
)
def test_an_answer_that_is_nothing_but_words_is_open(schema: Schema, name: str) -> None:
    """Bare, in a bare list, and in a map."""
    document = answering(schema)
    passes = [Pass(step, "A defect.", STEPS[step]) for step in ("components", "enums")][1:]
    components.apply(document)
    after = run(document, passes).document
    assert after["components"]["schemas"][name] == WORDS
    assert {"anyOf": [ref(name), TEXT]} in list(everything(after))


def everything(node: Any) -> Any:
    yield node
    for child in (
        node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    ):
        yield from everything(child)


def test_the_words_of_a_request_stay_closed_and_its_own(table: Table) -> None:
    """A request shares the table's name only if it takes all the words that go by it."""
    table["enums"] = [{"property": "x", "name": "Kind"}]
    document = taking(fields(x=WORDS))
    document["paths"] |= answering(TEXT, fields(x={**WORDS, "enum": ["b", "a"]}))["paths"] | {
        "/2": {
            "put": {
                "operationId": "change",
                "requestBody": content(fields(x={**TEXT, "enum": ["a"]})),
            }
        },
        "/0": document["paths"]["/0"],
    }
    found = through(document, "components", "enums")
    assert found["MakeAThing"]["properties"]["x"] == ref("Kind")
    assert found["MakeAThingResult"]["properties"]["x"] == {"anyOf": [ref("Kind"), TEXT]}
    assert found["Change"]["properties"]["x"] == ref("ChangeX")
    assert found["ChangeX"]["enum"] == ["a"]


def test_an_enum_of_the_table_that_is_gone_stops_the_build(table: Table) -> None:
    """The sentence names the property."""
    table["enums"] = [{"property": "gone", "name": "Kind"}]
    said = stops(answering(fields(x=WORDS)), "components", "enums")
    assert "`enums`: no property 'gone' with an enum is left in the document. Remove" in said


def test_an_enum_does_not_take_the_name_of_an_object(table: Table) -> None:
    """Two things under one name would be one thing."""
    table["enums"] = [{"property": "x", "name": "MakeAThingResult"}]
    said = stops(answering(fields(x=WORDS)), "components", "enums")
    assert "The enum MakeAThingResult would take the name of another schema" in said


NULLS: list[tuple[Schema, Schema]] = [
    (TEXT, {"type": ["string", "null"]}),
    ({"type": ["string", "null"]}, {"type": ["string", "null"]}),
    ({"anyOf": [TEXT, COUNT]}, {"anyOf": [TEXT, COUNT, NULL]}),
    (ref("Other"), {"anyOf": [ref("Other"), NULL]}),
    ({**ref("Other"), "description": "D"}, {"description": "D", "anyOf": [ref("Other"), NULL]}),
    ({}, {}),
]


@pytest.mark.parametrize(("old", "new"), NULLS)
def test_what_is_optional_in_an_answer_may_be_null(old: Schema, new: Schema, table: Table) -> None:
    """Identity fields are required instead, and requests are left alone."""
    table["answers"] = [{"name": "Thing", "required": ["id"]}]
    thing, other = fields(id=COUNT, x=copy.deepcopy(old)), fields(a={"type": ["string", "null"]})
    document: Document = {
        **answering(ref("Thing")),
        "components": {"schemas": {"Thing": thing, "Body": fields(x=TEXT), "Other": other}},
    }
    found = through(document, "answers")
    assert found["Thing"] == {**fields(id=COUNT, x=new), "required": ["id"]}
    assert found["Body"] == fields(x=TEXT)


def test_an_identity_field_that_is_gone_stops_the_build(table: Table) -> None:
    """The sentence names type and field."""
    table["answers"] = [{"name": "Thing", "required": ["id"]}]
    document = {**answering(ref("Thing")), "components": {"schemas": {"Thing": fields(x=TEXT)}}}
    said = stops(document, "answers")
    assert "corrections/names.yaml, Thing: `required` names 'id', which no copy of the" in said
