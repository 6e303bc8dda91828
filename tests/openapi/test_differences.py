"""What `compare` says of two documents, and what it must not say."""

import copy
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openapi.builder import differences_rules
from openapi.builder.differences import Change, Side, compare

Json = dict[str, Any]
UPSTREAM = Path(__file__).parents[2].joinpath("openapi/upstream/tailored-generation.json")

TEXT = {"type": "string"}
COUNT = {"type": "integer"}
OBJECT = {"type": "object"}
PICTURE = {"type": "object", "properties": {"url": TEXT}}
CLIP = {"type": "object", "properties": {"seconds": COUNT}}


def words(*names: str) -> Json:
    return {"type": "string", "enum": [*names]}


def fields(*, required: Sequence[str] = (), **properties: Any) -> Json:
    return {"type": "object", "required": [*required], "properties": properties}


def either(*schemas: Any) -> Json:
    return {"anyOf": [*schemas]}


def content(schema: Any, media_type: str = "application/json") -> Json:
    return {"content": {media_type: {"schema": schema}}}


def document(operation: Json | None = None, **parts: Any) -> Json:
    body = {"operationId": "make", "responses": {}, **(operation or {})}
    return {"openapi": "3.1.0", "paths": {"/a": {"post": body}}, **parts}


def sent(schema: Any, **parts: Any) -> Json:
    return document({"requestBody": content(schema)}, **parts)


def answered(schema: Any, **parts: Any) -> Json:
    return document({"responses": {"200": content(schema)}}, **parts)


def taken(schema: Any, **parts: Any) -> Json:
    parameter = {"in": "query", "name": "x", "schema": schema}
    return document({"parameters": [parameter]}, **parts)


def upstream() -> Json:
    loaded: Json = json.loads(UPSTREAM.read_text(encoding="utf-8"))
    return loaded


# Before, after, where it shows, the sentence, and whether it breaks when sent and when read.
# fmt: off
SCHEMA_ROWS: list[tuple[Any, Any, str, str, bool, bool]] = [
    (fields(), fields(a=TEXT), ".a", 'field "a" added', False, False),
    (fields(), fields(a=TEXT, required=["a"]), ".a", 'required field "a" added', True, False),
    (fields(a=TEXT), fields(), ".a", 'field "a" removed', True, True),
    (fields(a=TEXT), fields(a=TEXT, required=["a"]), ".a", "became required", True, False),
    (fields(a=TEXT, required=["a"]), fields(a=TEXT), ".a", "became optional", False, True),
    (fields(a=PICTURE), fields(a=OBJECT), ".a.url", 'field "url" removed', True, True),
    (COUNT, TEXT, "", "type changed from integer to string", True, True),
    (TEXT, PICTURE, "", "type changed from string to object", True, True),
    (COUNT, {"type": "number"}, "", "type widened from integer to number", False, True),
    ({"type": "number"}, COUNT, "", "type narrowed from number to integer", True, False),
    (TEXT, {}, "", "type widened from string to any", False, True),
    ({}, TEXT, "", "type narrowed from any to string", True, False),
    ({}, either(PICTURE, TEXT), "", "type narrowed from any to object or string", True, False),
    (TEXT, either(TEXT, COUNT), "", "type widened from string to integer or string", False, True),
    (TEXT, {**TEXT, "nullable": True}, "", "may now be null", False, True),
    ({"type": ["string", "null"]}, TEXT, "", "may no longer be null", True, False),
    (either(PICTURE, {"type": "null"}), PICTURE, "", "may no longer be null", True, False),
    (words("a"), words("a", "b"), "", 'enum word "b" added', False, False),
    (words("a", "b"), words("a"), "", 'enum word "b" removed', True, False),
    (TEXT, words("a", "b"), "", 'limited to the words "a", "b"', True, False),
    (words("a", "b"), TEXT, "", 'no longer limited to the words "a", "b"', True, True),
    (words("a"), either(words("a"), TEXT), "", "enum opened: *", False, False),
    (either(words("a"), TEXT), words("a"), "", "enum closed: *", True, False),
    (either(words("a"), TEXT), either(words("a", "b"), TEXT), "", 'enum word "b" added', False,
     False),
    (TEXT, {**TEXT, "default": "a"}, "", 'default changed from none to "a"', False, False),
    ({**COUNT, "default": 1}, COUNT, "", "default changed from 1 to none", False, False),
    ({"type": "boolean", "default": False}, {"type": "boolean", "default": 0}, "",
     "default changed from false to 0", False, False),
    (COUNT, {**COUNT, "minimum": 1}, "", "minimum tightened: 1 added", True, False),
    ({**COUNT, "minimum": 1}, COUNT, "", "minimum loosened: 1 removed", False, False),
    ({**COUNT, "minimum": 1}, {**COUNT, "minimum": 2}, "", "minimum tightened: changed from 1 to 2",
     True, False),
    ({**COUNT, "maximum": 1}, {**COUNT, "maximum": 2}, "", "maximum loosened: changed from 1 to 2",
     False, False),
    ({**COUNT, "maximum": 2}, {**COUNT, "maximum": 2, "exclusiveMaximum": True}, "",
     "maximum tightened: changed from 2 to 2 (exclusive)", True, False),
    (TEXT, {**TEXT, "maxLength": 9}, "", "maxLength tightened: 9 added", True, False),
    ({"type": "array", "minItems": 5}, {"type": "array", "minItems": 4}, "",
     "minItems loosened: changed from 5 to 4", False, False),
    ({"type": "array", "maxItems": 5}, {"type": "array", "maxItems": 4}, "",
     "maxItems tightened: changed from 5 to 4", True, False),
    (TEXT, {**TEXT, "pattern": "^a"}, "", 'pattern tightened: "^a" added', True, False),
    ({**TEXT, "pattern": "^a"}, TEXT, "", 'pattern loosened: "^a" removed', False, False),
    (TEXT, {**TEXT, "format": "uri"}, "", 'format tightened from none to "uri"', True, False),
    ({**TEXT, "format": "uri"}, TEXT, "", 'format loosened from "uri" to none', False, False),
    ({**TEXT, "format": "date-time"}, TEXT, "", 'format changed from "date-time" to none', True,
     True),
    ({"type": "array", "items": COUNT}, {"type": "array", "items": TEXT}, "[]",
     "type changed from integer to string", True, True),
    ({"type": "array", "items": fields(a=TEXT)}, {"type": "array", "items": fields()}, "[].a",
     'field "a" removed', True, True),
    (either(PICTURE, TEXT), either(PICTURE, TEXT, CLIP), "", "alternative {*", False, True),
    (either(PICTURE, TEXT, CLIP), either(CLIP, TEXT), "", "alternative {url} removed", True, False),
    (PICTURE, either(PICTURE, CLIP), "", "alternative {seconds} added", False, True),
    (PICTURE, either(TEXT, PICTURE), "", "alternative string added", False, True),
    (either(PICTURE, TEXT), either(fields(url=TEXT, seed=COUNT), TEXT), "<{url}>.seed",
     'field "seed" added', False, False),
    (either(PICTURE, COUNT), either(PICTURE, {"type": "number"}), "<integer>",
     "type widened from integer to number", False, True),
    ({"allOf": [PICTURE]}, {"allOf": [PICTURE, CLIP]}, ".seconds", "field *", False, False),
    ({"allOf": [PICTURE, CLIP]}, {"allOf": [PICTURE]}, ".seconds", "field *", True, True),
    ({"allOf": [{"not": COUNT}]}, {"allOf": [{"not": COUNT}, {"not": TEXT}]}, "", "allOf member *",
     True, False),
    ({"allOf": [{"not": COUNT}, {"not": TEXT}]}, {"allOf": [{"not": COUNT}]}, "", "allOf member *",
     False, True),
    ({"allOf": [{"allOf": [{"not": COUNT}, {"not": TEXT}]}, {"not": PICTURE}]},
     {"allOf": [{"not": COUNT}, {"not": PICTURE}]}, "", "allOf member *", False, True),
    (OBJECT, {**OBJECT, "additionalProperties": False}, "", "further fields no longer allowed",
     True, True),
    ({**OBJECT, "additionalProperties": False}, OBJECT, "", "further fields allowed", False, False),
    ({**OBJECT, "additionalProperties": COUNT}, {**OBJECT, "additionalProperties": TEXT}, ".*",
     "type changed from integer to string", True, True),
    (TEXT, {**TEXT, "deprecated": True}, "", "deprecated", False, False),
    ({**TEXT, "deprecated": True}, TEXT, "", "no longer deprecated", False, False),
    (OBJECT, {**OBJECT, "propertyNames": TEXT}, "", '"propertyNames" changed from none to *', True,
     True),
]
# fmt: on


def said(changes: tuple[Change, ...]) -> list[tuple[str, str, bool]]:
    return [(change.where, change.what, change.breaking) for change in changes]


def assert_one(changes: tuple[Change, ...], where: str, what: str, breaking: bool) -> None:
    """Check that there is one change, of this place and verdict.

    A note in brackets may follow the sentence, and anything may follow a `*`.
    """
    assert len(changes) == 1, said(changes)
    change = changes[0]
    opening = what.removesuffix("*")
    assert change.where == where
    assert change.what.startswith(opening)
    assert what.endswith("*") or change.what.removeprefix(opening)[:2] in {"", " ("}
    assert change.breaking is breaking
    assert bool(change.why) is breaking


@pytest.mark.parametrize(("old", "new", "where", "what", "when_sent", "when_read"), SCHEMA_ROWS)
def test_a_change_of_a_schema_is_named_and_judged_by_its_direction(
    old: Any, new: Any, where: str, what: str, when_sent: bool, when_read: bool
) -> None:
    """What narrows breaks those who send; what widens breaks those who read."""
    at_body = compare(sent(old), sent(new))
    at_answer = compare(answered(old), answered(new))
    at_parameter = compare(taken(old), taken(new))
    assert_one(at_body, f"body{where}", what, when_sent)
    assert_one(at_answer, f"200 body{where}", what, when_read)
    assert_one(at_parameter, f"query x{where}", what, when_sent)
    sides = [changes[0].side for changes in (at_body, at_answer, at_parameter)]
    assert sides == [Side.REQUEST, Side.RESPONSE, Side.PARAMETER]
    assert {change.operation for change in at_body} == {"POST /a (make)"}


def test_a_new_word_in_an_answer_says_why_it_does_not_break() -> None:
    """Responses are open, and the report says so instead of leaving the reader to wonder."""
    (change,) = compare(answered(words("a")), answered(words("a", "b")))
    assert "responses are open" in change.what


PATH_ID = {"in": "path", "name": "id", "required": True, "schema": COUNT}
PATH_KEY = {**PATH_ID, "name": "key"}
FLAG = {"in": "query", "name": "flag", "schema": {"type": "boolean"}}
NEEDED_FLAG = {**FLAG, "required": True}
BODY = content(TEXT)
NEEDED_BODY = {**BODY, "required": True}
FORM = content(TEXT, "multipart/form-data")
LIMITED = {"description": "", "headers": {"Retry-After": {"schema": COUNT}}}

# fmt: off
OPERATION_ROWS: list[tuple[Json, Json, Side, str, str, bool]] = [
    ({"operationId": "a"}, {"operationId": "b"}, Side.OPERATION, "operationId", "operationId*",
     True),
    ({"tags": ["A"]}, {"tags": ["B"]}, Side.OPERATION, "tags", "first tag changed*", True),
    ({"tags": ["A"]}, {"tags": ["A", "B"]}, Side.OPERATION, "tags", "further tags*", False),
    ({}, {"deprecated": True}, Side.OPERATION, "", "deprecated", False),
    ({"deprecated": True}, {}, Side.OPERATION, "", "no longer deprecated", False),
    ({}, {"security": [{"token": []}]}, Side.OPERATION, "security", "security changed*", True),
    ({"servers": [{"url": "https://a.test/v1"}]}, {"servers": [{"url": "https://a.test/v2"}]},
     Side.OPERATION, "servers", "servers changed*", True),
    ({}, {"callbacks": {"done": {}}}, Side.OPERATION, "callbacks", '"callbacks" changed', False),
    ({}, {"parameters": [FLAG]}, Side.PARAMETER, "query flag", 'optional parameter "flag"*', False),
    ({}, {"parameters": [NEEDED_FLAG]}, Side.PARAMETER, "query flag", 'required parameter "flag"*',
     True),
    ({"parameters": [FLAG]}, {}, Side.PARAMETER, "query flag", 'parameter "flag" removed', True),
    ({"parameters": [FLAG]}, {"parameters": [NEEDED_FLAG]}, Side.PARAMETER, "query flag",
     "became required", True),
    ({"parameters": [NEEDED_FLAG]}, {"parameters": [FLAG]}, Side.PARAMETER, "query flag",
     "became optional", False),
    ({"parameters": [{"in": "header", "name": "X-Id", "schema": TEXT}]}, {}, Side.PARAMETER,
     "header x-id", 'parameter "x-id" removed', True),
    ({"parameters": [FLAG]}, {"parameters": [{**FLAG, "deprecated": True}]}, Side.PARAMETER,
     "query flag", "deprecated", False),
    ({"parameters": [FLAG]}, {"parameters": [{**FLAG, "explode": False}]}, Side.PARAMETER,
     "query flag", "serialisation changed*", True),
    ({}, {"requestBody": BODY}, Side.REQUEST, "body", "body added", False),
    ({}, {"requestBody": NEEDED_BODY}, Side.REQUEST, "body", "required body added", True),
    ({"requestBody": BODY}, {}, Side.REQUEST, "body", "body removed", True),
    ({"requestBody": BODY}, {"requestBody": NEEDED_BODY}, Side.REQUEST, "body", "became*", True),
    ({"requestBody": NEEDED_BODY}, {"requestBody": BODY}, Side.REQUEST, "body", "became*", False),
    ({"requestBody": BODY}, {"requestBody": {"content": BODY["content"] | FORM["content"]}},
     Side.REQUEST, "body", "content type multipart/form-data added", False),
    ({"requestBody": {"content": BODY["content"] | FORM["content"]}}, {"requestBody": BODY},
     Side.REQUEST, "body", "content type multipart/form-data removed", True),
    ({"requestBody": FORM}, {"requestBody": content(COUNT, "multipart/form-data")}, Side.REQUEST,
     "body (multipart/form-data)", "type changed*", True),
    ({}, {"responses": {"202": BODY}}, Side.RESPONSE, "202", "success status 202 added", True),
    ({"responses": {"202": BODY}}, {}, Side.RESPONSE, "202", "success status 202 removed", True),
    ({}, {"responses": {"409": BODY}}, Side.RESPONSE, "409", "status 409 added", False),
    ({"responses": {"409": BODY}}, {}, Side.RESPONSE, "409", "status 409 removed", False),
    ({"responses": {"200": {}}}, {"responses": {"200": BODY}}, Side.RESPONSE, "200 body",
     "body added", False),
    ({"responses": {"200": BODY}}, {"responses": {"200": {}}}, Side.RESPONSE, "200 body",
     "body removed", True),
    ({"responses": {"200": BODY}},
     {"responses": {"200": FORM | {"content": BODY["content"] | FORM["content"]}}}, Side.RESPONSE,
     "200 body", "content type multipart/form-data added", False),
    ({"responses": {"200": {"content": BODY["content"] | FORM["content"]}}},
     {"responses": {"200": BODY}}, Side.RESPONSE, "200 body",
     "content type multipart/form-data removed", True),
    ({"responses": {"429": {}}}, {"responses": {"429": LIMITED}}, Side.RESPONSE,
     "429 header retry-after", "header added", False),
    ({"responses": {"429": LIMITED}}, {"responses": {"429": {}}}, Side.RESPONSE,
     "429 header retry-after", "header removed", True),
]
# fmt: on


@pytest.mark.parametrize(("old", "new", "side", "where", "what", "breaking"), OPERATION_ROWS)
def test_a_change_of_an_operation_is_named_and_judged(
    old: Json, new: Json, side: Side, where: str, what: str, breaking: bool
) -> None:
    """Everything a call consists of is compared, each change told once."""
    changes = compare(document(old), document(new))
    assert_one(changes, where, what, breaking)
    assert changes[0].side is side


TOKEN = {"type": "apiKey", "in": "header", "name": "api_token"}
# fmt: off
DOCUMENT_ROWS: list[tuple[Json, Json, str, str, bool]] = [
    ({"openapi": "3.0.0"}, {"openapi": "3.1.0"}, "openapi", "OpenAPI version changed*", False),
    ({"info": {"version": "1"}}, {"info": {"version": "2"}}, "info.version", "version*", False),
    ({"servers": [{"url": "https://a.test"}]}, {"servers": [{"url": "https://b.test"}]}, "servers",
     "servers changed*", True),
    ({}, {"security": [{"token": []}]}, "security", "security changed*", True),
    ({}, {"components": {"securitySchemes": {"token": TOKEN}}}, "components.securitySchemes.token",
     'security scheme "token" added', False),
    ({"components": {"securitySchemes": {"token": TOKEN}}}, {}, "components.securitySchemes.token",
     'security scheme "token" removed', True),
    ({"components": {"securitySchemes": {"token": TOKEN}}},
     {"components": {"securitySchemes": {"token": {**TOKEN, "in": "query"}}}},
     "components.securitySchemes.token", 'security scheme "token" changed', True),
    ({}, {"tags": [{"name": "Model"}]}, "tags", 'tag "Model" added', False),
    ({"tags": [{"name": "Model"}]}, {}, "tags", 'tag "Model" removed', False),
    ({}, {"webhooks": {"done": {}}}, "webhooks", '"webhooks" changed', False),
    ({"components": {"schemas": {"Picture": PICTURE}}}, {}, "components.schemas.Picture",
     'schema name "Picture" removed', True),
]
# fmt: on


@pytest.mark.parametrize(("old", "new", "where", "what", "breaking"), DOCUMENT_ROWS)
def test_a_change_outside_every_operation_belongs_to_the_document(
    old: Json, new: Json, where: str, what: str, breaking: bool
) -> None:
    """Version, servers, security and tags are told once, not once per operation."""
    changes = compare(document(**old), document(**new))
    assert_one(changes, where, what, breaking)
    assert (changes[0].operation, changes[0].side) == ("document", Side.DOCUMENT)


def paths(**operations: Json) -> Json:
    """Return a document of operations, each keyed `method_path`."""
    listed: Json = {}
    for key, operation in operations.items():
        method, _, path = key.partition("_")
        listed.setdefault(f"/{path}", {})[method] = {"responses": {}, **operation}
    return {"openapi": "3.1.0", "paths": listed}


# fmt: off
PAIRING_ROWS: list[tuple[Json, Json, list[tuple[str, str, bool]]]] = [
    (paths(get_a={"operationId": "a"}),
     paths(get_a={"operationId": "a"}, put_a={"operationId": "b"}),
     [("PUT /a (b)", "operation added", False)]),
    (paths(get_a={"operationId": "a"}, put_a={"operationId": "b"}),
     paths(put_a={"operationId": "b"}), [("GET /a (a)", "operation removed", True)]),
    (paths(get_a={"operationId": "a"}), paths(get_b={"operationId": "a"}),
     [("GET /a (a)", "operation moved from GET /a to GET /b", True)]),
    (paths(get_a={"operationId": "a"}), paths(post_a={"operationId": "a"}),
     [("GET /a (a)", "operation moved from GET /a to POST /a", True)]),
    (paths(get_a={"operationId": "a"}, get_b={"operationId": "b"}),
     paths(get_a={"operationId": "b"}, get_b={"operationId": "a"}),
     [("GET /a (a)", "operation moved from GET /a to GET /b", True),
       ("GET /b (b)", "operation moved from GET /b to GET /a", True)]),
    (paths(get_a={"operationId": "a"}, get_b={"operationId": "a"}),
     paths(get_a={"operationId": "a"}), [("GET /b (a)", "operation removed", True)]),
    (paths(get_a={}), paths(get_a={}, get_b={}), [("GET /b", "operation added", False)]),
    ({"paths": {"/a/{id}": {"get": {"parameters": [PATH_ID]}}}},
     {"paths": {"/a/{key}": {"get": {"parameters": [PATH_KEY]}}}},
     [("GET /a/{id}", "parameter renamed from id to key", True)]),
]
# fmt: on


@pytest.mark.parametrize(("old", "new", "expected"), PAIRING_ROWS)
def test_operations_belong_together_by_name_then_by_address(
    old: Json, new: Json, expected: list[tuple[str, str, bool]]
) -> None:
    """A moved operation keeps its generated name, so it is one that moved and not two others."""
    found = [(change.operation, change.what, change.breaking) for change in compare(old, new)]
    assert found == expected


# fmt: off
SAME_ROWS: list[tuple[Any, Any]] = [
    ({**TEXT, "nullable": True}, {"type": ["string", "null"]}),
    ({"type": ["null", "string"]}, either(TEXT, {"type": "null"})),
    ({**PICTURE, "nullable": True}, {"oneOf": [PICTURE, {"type": "null"}]}),
    ({**words("a"), "nullable": True}, {"type": ["string", "null"], "enum": ["a", None]}),
    ({"enum": ["a", None]}, {**words("a"), "nullable": True}),
    ({**TEXT, "nullable": False}, TEXT),
    ({**PICTURE, "nullable": True}, {"allOf": [PICTURE], "nullable": True}),
    (PICTURE, {"$ref": "#/components/schemas/Picture"}),
    (PICTURE, {"$ref": "#/components/schemas/Alias"}),
    (PICTURE, {"$ref": "#/components/schemas/Odd~1Name%20~0"}),
    ({**PICTURE, "nullable": True},
     either({"$ref": "#/components/schemas/Picture"}, {"type": "null"})),
    (fields(url=TEXT, seconds=COUNT), {"allOf": [PICTURE, CLIP]}),
    ({"const": "a"}, words("a")),
    (either(TEXT, COUNT), {"type": ["integer", "string"]}),
    (either(PICTURE, CLIP), {"oneOf": [CLIP, PICTURE]}),
    (either(words("a"), TEXT), either(TEXT, words("a"))),
    ({**COUNT, "minimum": 1, "exclusiveMinimum": True}, {**COUNT, "exclusiveMinimum": 1}),
    ({**COUNT, "maximum": 1, "exclusiveMaximum": False}, {**COUNT, "maximum": 1.0}),
    ({"type": "array", "items": TEXT}, {"type": "array", "items": TEXT, "minItems": 0}),
    (words("a", "b"), words("b", "a")),
    (fields(a=TEXT, b=TEXT, required=["a", "b"]), fields(b=TEXT, a=TEXT, required=["b", "a"])),
    (OBJECT, {**OBJECT, "additionalProperties": True}),
    (OBJECT, {**OBJECT, "x-anything": 1}),
    ({"properties": {"url": TEXT}}, PICTURE),
]
# fmt: on
SHARED = {
    "schemas": {
        "Picture": PICTURE,
        "Alias": {"$ref": "#/components/schemas/Picture"},
        "Odd/Name ~": PICTURE,
    }
}


@pytest.mark.parametrize(("one", "other"), SAME_ROWS)
def test_two_spellings_of_one_schema_are_no_change(one: Any, other: Any) -> None:
    """What means the same must not show: 3.0 or 3.1, inline or shared, either way round."""
    for place in (sent, answered, taken):
        left, right = place(one, components=SHARED), place(other, components=SHARED)
        assert compare(left, right) == ()
        assert compare(right, left) == ()


def test_moving_parts_into_components_is_no_change() -> None:
    """References to parameters, bodies, answers and headers are followed like those to schemas."""
    inline = document(
        {"parameters": [FLAG], "requestBody": BODY, "responses": {"429": LIMITED}},
        components={},
    )
    shared = document(
        {
            "parameters": [{"$ref": "#/components/parameters/Flag"}],
            "requestBody": {"$ref": "#/components/requestBodies/Body"},
            "responses": {"429": {"$ref": "#/components/responses/Limited"}},
        },
        components={
            "parameters": {"Flag": FLAG},
            "requestBodies": {"Body": BODY},
            "responses": {
                "Limited": {"headers": {"Retry-After": {"$ref": "#/components/headers/Wait"}}}
            },
            "headers": {"Wait": {"schema": COUNT}},
        },
    )
    assert compare(inline, shared) == ()
    assert compare(shared, inline) == ()


def test_a_parameter_of_the_path_item_is_a_parameter_of_its_operations() -> None:
    """Where a parameter is written down makes no difference to a call."""
    own = {"paths": {"/a/{id}": {"get": {"parameters": [PATH_ID]}}}}
    shared = {"paths": {"/a/{id}": {"parameters": [PATH_ID], "get": {}}}}
    assert compare(own, shared) == ()


def test_a_server_repeated_at_the_operation_is_no_change() -> None:
    """What counts is where the request goes, the final slash apart."""
    servers = [{"url": "https://a.test/v1/"}]
    assert compare(document(servers=servers), document({"servers": servers}, servers=servers)) == ()


def tree(**extra: Any) -> Json:
    node = fields(
        name=TEXT, children={"type": "array", "items": {"$ref": "#/components/schemas/Node"}}
    )
    node["properties"] |= extra
    return {"schemas": {"Node": node}}


def test_recursive_schemas_are_compared_once_round() -> None:
    """Recursion ends, and a change inside it is told at the outermost place."""
    root = {"$ref": "#/components/schemas/Node"}
    assert compare(sent(root, components=tree()), sent(root, components=tree())) == ()
    changes = compare(sent(root, components=tree()), sent(root, components=tree(size=COUNT)))
    assert said(changes) == [("body.size", 'field "size" added', False)]


def test_a_recursive_schema_written_out_one_level_is_no_change() -> None:
    """Unrolling a recursion once means the same."""
    root, rolled = {"$ref": "#/components/schemas/Node"}, tree()
    unrolled = rolled["schemas"]["Node"]
    assert compare(sent(root, components=rolled), sent(unrolled, components=rolled)) == ()


@pytest.mark.parametrize("composed", ["allOf", "anyOf", "oneOf"])
def test_a_schema_that_contains_nothing_but_itself_ends(composed: str) -> None:
    """A document may be nonsense; comparing it may not be endless."""
    loop = {"schemas": {"Loop": {composed: [{"$ref": "#/components/schemas/Loop"}]}}}
    root = {"$ref": "#/components/schemas/Loop"}
    assert compare(sent(root, components=loop), sent(root, components=loop)) == ()
    assert compare(sent(root, components=loop), sent(TEXT, components=loop)) != ()


def test_schemas_that_all_refer_to_each_other_are_compared_in_reasonable_time() -> None:
    """The ways down multiply with every alternative; the work must not."""
    names = [f"n{index}" for index in range(7)]
    references = [{"$ref": f"#/components/schemas/{name}"} for name in names]
    lists = [{"type": "array", "items": reference} for reference in references]
    tangle = {name: either(fields(value=references[0]), *lists) for name in names}
    root = {"$ref": "#/components/schemas/n0"}
    longer = {**tangle, "n6": either(fields(value=TEXT), *lists)}
    old, new = ({"schemas": schemas} for schemas in (tangle, longer))
    assert compare(answered(root, components=old), answered(root, components=old)) == ()
    changes = compare(answered(root, components=old), answered(root, components=new))
    assert changes
    assert len(changes) <= 10
    assert all("value" in change.where + change.what for change in changes)


def test_alternatives_belong_together_by_likeness_and_not_by_order() -> None:
    """Two alternatives that swap places and gain a field each are not two other ones."""
    first: Json = {"a": TEXT, "b": TEXT}
    second: Json = {"c": TEXT, "d": TEXT}
    old = either(fields(**first), fields(**second))
    new = either(fields(**second, y=TEXT), fields(**first, x=TEXT))
    assert said(compare(sent(old), sent(new))) == [
        ("body<{a, b}>.x", 'field "x" added', False),
        ("body<{c, d}>.y", 'field "y" added', False),
    ]


def test_what_was_taken_to_be_the_same_is_forgotten_when_it_is_not() -> None:
    """Schemas that refer to each other all change when one does."""
    one, other, third = ({"$ref": f"#/components/schemas/{name}"} for name in "abc")

    def related(kind: Json) -> Json:
        last = fields(back=one)
        return {"schemas": {"a": fields(to=other, kind=kind), "b": fields(to=third), "c": last}}

    through_one = {"maxProperties": 2, "properties": {"one": one}}
    through_other = {"maxProperties": 3, "properties": {"other": other}}
    root = {"allOf": [{"maxProperties": 1}, through_one, through_other]}
    changes = compare(sent(root, components=related(TEXT)), sent(root, components=related(COUNT)))
    assert [change.what for change in changes] == [
        "allOf member {one} removed",
        "allOf member {other} removed",
        "allOf member {one} added",
        "allOf member {other} added",
    ]


def test_a_reference_that_leads_nowhere_is_compared_by_its_name() -> None:
    """Nothing is known of the target, so another name has to be looked at by hand."""
    here, there = {"$ref": "other.yaml#/A"}, {"$ref": "other.yaml#/B"}
    assert compare(sent(here), sent(here)) == ()
    assert [change.breaking for change in compare(sent(here), sent(there))] == [True]


def test_a_change_below_the_deepest_level_is_still_reported() -> None:
    """Depth is limited; silence about what lies deeper is not an option."""
    old: Json = TEXT
    new: Json = COUNT
    for _ in range(100):
        old, new = {"type": "array", "items": old}, {"type": "array", "items": new}
    (change,) = compare(sent(old), sent(new))
    assert change.breaking
    assert "too deep" in change.what


def worded(text: str) -> Json:
    described = {**TEXT, "description": text, "example": text}
    operation = {
        "description": text,
        "parameters": [{**FLAG, "description": text}],
        "requestBody": content(fields(a=described)),
        "responses": {"200": {"description": text}},
    }
    return document(operation, info={"description": text})


def test_wording_is_left_out_unless_asked_for() -> None:
    """A description breaks nobody, and upstream rewrites many at a time."""
    assert compare(worded("a"), worded("b")) == ()


def test_wording_is_one_line_per_operation() -> None:
    """Asked for, the places whose wording changed are told together."""
    changes = compare(worded("a"), worded("b"), prose=True)
    assert said(changes) == [
        ("description", "description changed in info", False),
        (
            "description",
            "description changed in operation, query flag, body.a, 200",
            False,
        ),
    ]
    assert [change.operation for change in changes] == ["document", "POST /a (make)"]


def test_a_field_named_like_a_keyword_is_still_a_field() -> None:
    """`description` is a property of many bodies: losing it is no change of wording."""
    changes = compare(sent(fields(description=TEXT)), sent(fields()))
    assert_one(changes, "body.description", 'field "description" removed', True)


def test_keys_and_numbers_from_yaml_compare_like_those_from_json() -> None:
    """YAML gives integer statuses and floats for whole numbers; they mean the same."""
    from_yaml: Any = document({"responses": {200: content({**COUNT, "default": 5.0})}})
    assert compare(from_yaml, answered({**COUNT, "default": 5})) == ()


def test_path_items_that_stray_outside_of_paths_are_left_to_the_caller() -> None:
    """Upstream has some at its top level; they are merged into `paths` before a comparison."""
    assert compare(document(), document(**{"/tailored-gen/models": {"get": {}}})) == ()


def test_a_schema_name_without_a_class_of_its_own_may_go() -> None:
    """Only objects and enums are generated under their names."""
    plain = document(components={"schemas": {"Name": TEXT}})
    assert compare(plain, document()) == ()


def test_the_order_is_document_then_old_operations_then_new_ones() -> None:
    """The same two documents always give the same list."""
    old = paths(get_b={"operationId": "b"}, get_a={"operationId": "a"}) | {"info": {"version": "1"}}
    new = paths(get_0={"operationId": "new"}, get_a={"operationId": "a", "deprecated": True})
    found = [change.operation for change in compare(old, new)]
    assert found == ["document", "GET /b (b)", "GET /a (a)", "GET /0 (new)"]


# One change each to Bria's own document: how it is made, and how it must be told.
JSON_BODY = ("requestBody", "content", "application/json", "schema")
MODELS, MODEL = "/tailored-gen/models", "/tailored-gen/models/{model_id}"


def at(node: Any, *steps: str) -> Any:
    for step in steps:
        node = node[step]
    return node


def answer(status: str) -> tuple[str, ...]:
    return ("responses", status, "content", "application/json", "schema", "properties")


def add_operation(new: Json) -> None:
    new["paths"][MODEL]["patch"] = {"operationId": "rename-model", "responses": {"200": {}}}


def remove_operation(new: Json) -> None:
    del new["paths"][MODEL]["delete"]


def add_field(new: Json) -> None:
    at(new, "paths", MODELS, "post", *JSON_BODY, "properties")["custom_metadata"] = OBJECT


def add_word(new: Json) -> None:
    at(new, "paths", MODELS, "post", *answer("201"), "status", "enum").append("Paused")


def remove_field(new: Json) -> None:
    del at(new, "paths", MODELS, "post", *answer("201"))["active_model_version"]


def change_type(new: Json) -> None:
    at(new, "paths", MODELS, "post", *JSON_BODY, "properties", "dataset_id")["type"] = "string"


# fmt: off
UPSTREAM_ROWS = [
    (add_operation, f"PATCH {MODEL} (rename-model)", "", "operation added", False),
    (remove_operation, f"DELETE {MODEL} (delete-model)", "", "operation removed", True),
    (add_field, f"POST {MODELS} (create-model)", "body.custom_metadata",
     'field "custom_metadata" added', False),
    (add_word, f"POST {MODELS} (create-model)", "201 body.status", 'enum word "Paused" added',
     False),
    (remove_field, f"POST {MODELS} (create-model)", "201 body.active_model_version",
     'field "active_model_version" removed', True),
    (change_type, f"POST {MODELS} (create-model)", "body.dataset_id",
     "type changed from integer to string", True),
]
# fmt: on


@pytest.mark.parametrize(("edit", "operation", "where", "what", "breaking"), UPSTREAM_ROWS)
def test_one_edit_of_the_upstream_document_is_told_and_nothing_else(
    edit: Any, operation: str, where: str, what: str, breaking: bool
) -> None:
    """In 38 operations of repeated inline schemas, one edit is one line, at the right place."""
    old = upstream()
    new = copy.deepcopy(old)
    edit(new)
    changes = compare(old, new)
    assert_one(changes, where, what, breaking)
    assert changes[0].operation == operation


def test_edits_of_the_upstream_document_are_all_told_together() -> None:
    """Several edits at once hide none of each other."""
    old = upstream()
    new = copy.deepcopy(old)
    for edit, *_ in UPSTREAM_ROWS:
        edit(new)
    found = {(change.operation, change.where, change.breaking) for change in compare(old, new)}
    assert found == {(operation, where, is_so) for _, operation, where, _, is_so in UPSTREAM_ROWS}


def test_every_line_of_the_decision_table_is_exercised_here() -> None:
    """A kind of change that no table above produces would be a verdict nobody checked."""
    found: list[Change] = []
    for before, after, *_ in SCHEMA_ROWS:
        found += compare(sent(before), sent(after)) + compare(answered(before), answered(after))
    for old, new, *_ in OPERATION_ROWS:
        found += compare(document(old), document(new))
    for old, new, *_ in DOCUMENT_ROWS:
        found += compare(document(**old), document(**new))
    for old, new, _ in PAIRING_ROWS:
        found += compare(old, new)
    table = {
        name: re.sub(r"\\{\w+\\}", ".+", re.escape(rule.what))
        for name, rule in vars(differences_rules).items()
        if isinstance(rule, differences_rules.Rule)
    }
    silent = {
        name
        for name, sentence in table.items()
        if not any(re.fullmatch(rf"{sentence}( \(.*\))?", change.what) for change in found)
    }
    assert silent == {"PROSE_CHANGED", "TOO_DEEP"}  # each has a test of its own


names = st.sampled_from(["a", "b", "c"])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(names, inner, max_size=2),
    max_leaves=4,
)
references = names.map(lambda name: {"$ref": f"#/components/schemas/{name}"})
leaves = st.fixed_dictionaries(
    {"type": st.sampled_from(["string", "integer", "number", "boolean"])},
    optional={
        "nullable": st.booleans(),
        "enum": st.lists(st.sampled_from(["a", "b", 1, None]), min_size=1, unique=True),
        "minimum": st.integers(0, 3),
        "format": st.sampled_from(["date", "float", "uri"]),
        "default": json_values,
        "deprecated": st.booleans(),
    },
)


def nested(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    several = st.lists(inner, min_size=1, max_size=3)
    objects = st.fixed_dictionaries(
        {"type": st.just("object")},
        optional={
            "properties": st.dictionaries(names, inner, max_size=2),
            "required": st.lists(names, unique=True),
            "additionalProperties": st.booleans() | inner,
        },
    )
    arrays = st.fixed_dictionaries({"type": st.just("array"), "items": inner})
    all_of = st.fixed_dictionaries({"allOf": several})
    any_of = st.fixed_dictionaries({"anyOf": several})
    one_of = st.fixed_dictionaries({"oneOf": several})
    return st.one_of(objects, arrays, all_of, any_of, one_of)


schemas = st.recursive(leaves | references, nested, max_leaves=5)
shared = st.fixed_dictionaries(dict.fromkeys(("a", "b", "c"), schemas))


@st.composite
def documents(draw: st.DrawFn) -> Json:
    parameter = st.fixed_dictionaries(
        {"in": st.sampled_from(["query", "header"]), "name": names, "schema": schemas},
        optional={"required": st.booleans()},
    )
    operation = {
        "operationId": draw(names),
        "parameters": draw(st.lists(parameter, max_size=2)),
        "requestBody": content(draw(schemas)),
        "responses": {draw(st.sampled_from(["200", "404", "default"])): content(draw(schemas))},
    }
    return document(operation, components={"schemas": draw(shared)}, info={"version": "1"})


def places(node: Any) -> list[tuple[Any, Any]]:
    """Return every container of a document with every key or index in it."""
    entries = [*node.items()] if isinstance(node, dict) else []
    entries = [*enumerate(node)] if isinstance(node, list) else entries
    found = [(node, key) for key, _ in entries]
    return [*found, *(place for _, value in entries for place in places(value))]


@st.composite
def mutations(draw: st.DrawFn) -> tuple[Json, Json]:
    """Return a valid document and one that has something arbitrary in one to three places."""
    old = draw(documents())
    new = copy.deepcopy(old)
    for _ in range(draw(st.integers(1, 3))):
        container, key = draw(st.sampled_from(places(new) or [(new, "paths")]))
        container[key] = draw(json_values | schemas)
    return old, new


@settings(deadline=None)
@given(documents())
def test_a_document_does_not_differ_from_itself(one: Json) -> None:
    """Nothing changed, nothing said, with wording included."""
    assert compare(one, copy.deepcopy(one), prose=True) == ()


@settings(deadline=None)
@given(schemas, shared, st.sampled_from(["$ref", "allOf", "anyOf", "oneOf"]))
def test_wrapping_a_schema_changes_nothing(schema: Json, named: Json, wrapping: str) -> None:
    """A reference to a schema, or a composition of it alone, means the schema."""
    moved = {"schemas": {**named, "moved": schema}}
    reference: Json = {"$ref": "#/components/schemas/moved"}
    wrapped = reference if wrapping == "$ref" else {wrapping: [reference]}
    assert compare(sent(schema, components=moved), sent(wrapped, components=moved)) == ()


@settings(deadline=None)
@given(mutations())
def test_any_document_can_be_compared_and_every_change_has_its_sentence(
    pair: tuple[Json, Json],
) -> None:
    """Upstream may send anything: the report must come out, and name what it speaks of."""
    for old, new in (pair, pair[::-1]):
        for change in compare(old, new, prose=True):
            assert change.operation
            assert change.what
            assert bool(change.why) is change.breaking


def test_a_change_is_a_value() -> None:
    """Changes compare by content, so two runs can be compared."""
    first, second = (compare(sent(TEXT), sent(COUNT)) for _ in range(2))
    assert first == second
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        first[0].what = ""  # type: ignore[misc]
