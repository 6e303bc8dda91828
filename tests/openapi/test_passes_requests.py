"""Each pass over what is sent, and over errors, on documents small enough to read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from openapi.builder.documents import BuildError, Document
from openapi.builder.passes import (
    Pass,
    base64_files,
    defaults,
    error_bodies,
    identifiers,
    parameters,
    required,
    run,
)

Apply = Callable[[Document], Sequence[str]]

TEXT = {"type": "string"}


def document(operation: dict[str, Any] | None = None, **parts: Any) -> Document:
    return {"openapi": "3.0.0", "paths": {"/a": {"get": operation or {}}}, **parts}


def sent(schema: dict[str, Any]) -> Document:
    return document(
        {
            "operationId": "make",
            "requestBody": {"content": {"application/json": {"schema": schema}}},
        }
    )


def asked(**schema: Any) -> Document:
    return document({"parameters": [{"in": "query", "name": "q", "schema": schema}]})


def operation_of(built: Document) -> dict[str, Any]:
    found: dict[str, Any] = built["paths"]["/a"]["get"]
    return found


def body_of(built: Document) -> dict[str, Any]:
    content = operation_of(built)["requestBody"]["content"]
    found: dict[str, Any] = content["application/json"]["schema"]
    return found


def one_pass(apply: Apply, given: Document) -> Document:
    return run(given, [Pass("this", "A defect.", apply)]).document


def sentence(apply: Apply, given: Document) -> str:
    with pytest.raises(BuildError) as caught:
        one_pass(apply, given)
    return str(caught.value)


NOTHING_TO_DO: list[tuple[Apply, Document]] = [
    (parameters.apply, document()),
    (required.apply, sent({"properties": {"a": TEXT}})),
    (defaults.apply, sent({"properties": {"a": TEXT}})),
    (base64_files.apply, sent({"properties": {"a": TEXT}})),
    (identifiers.apply, sent({"properties": {"project_id": {"type": "integer"}}})),
    (error_bodies.apply, document({"responses": {"200": {}}})),
]


@pytest.mark.parametrize(("apply", "given"), NOTHING_TO_DO)
def test_a_pass_that_finds_nothing_to_do_stops_the_build(apply: Apply, given: Document) -> None:
    """A pass without work has lost its reason; the sentence says which one, and where it is."""
    said = sentence(apply, given)
    assert said.startswith("Pass `this` found nothing to do. It handles this defect: A defect. ")
    assert said.endswith("take the pass out of openapi/builder/passes/__init__.py.")


def test_what_prose_calls_required_is_required_and_so_is_its_body() -> None:
    """Inside nested objects too; what is required already is not repeated."""
    inner = {"properties": {"b": {"description": "B (Required)"}, "c": TEXT}}
    schema = {"required": ["d"], "properties": {"a": inner, "d": {"description": "(required)"}}}
    after = one_pass(required.apply, sent(schema))
    assert body_of(after)["properties"]["a"]["required"] == ["b"]
    assert body_of(after)["required"] == ["d"]
    assert operation_of(after)["requestBody"]["required"] is True


def test_not_every_talk_of_requirements_makes_a_property_required() -> None:
    """`(required if file not provided)` is a condition, which a schema's list cannot say."""
    given = sent({"properties": {"a": {"description": "(required if b is not provided)"}}})
    assert "found nothing to do" in sentence(required.apply, given)


DEFAULTS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"default": 1}, {"description": "Bria's default: 1."}),
    ({"default": None}, {"description": "Bria's default: null."}),
    ({"default": False, "description": "D. "}, {"description": "D.\nBria's default: false."}),
    ({"items": {"default": "x"}}, {"items": {}, "description": 'Bria\'s default: "x".'}),
    ({"anyOf": [{"default": 1}]}, {"anyOf": [{}], "description": "Bria's default: 1."}),
    (
        {"properties": {"default": {"default": 1}}},
        {"properties": {"default": {"description": "Bria's default: 1."}}},
    ),
]


@pytest.mark.parametrize(("old", "new"), DEFAULTS)
def test_a_default_moves_into_the_nearest_description(
    old: dict[str, Any], new: dict[str, Any]
) -> None:
    """At a property, in its items and alternatives, in a bare body, and of a parameter."""
    after = one_pass(defaults.apply, sent({"properties": {"x": old}}))
    assert body_of(after)["properties"]["x"] == new
    assert body_of(one_pass(defaults.apply, sent(old))) == new


def test_a_parameter_says_its_default_beside_its_schema() -> None:
    """That is where its prose stands."""
    (after,) = operation_of(one_pass(defaults.apply, asked(type="integer", default=5)))[
        "parameters"
    ]
    assert after["schema"] == {"type": "integer"}
    assert after["description"] == "Bria's default: 5."


def test_parameters_are_described_in_their_schema_unless_they_are_already() -> None:
    """A schema's own words are not overwritten."""
    given = asked(type="integer")
    given["paths"]["/a"]["get"]["parameters"][0]["description"] = "Q."
    (after,) = operation_of(one_pass(parameters.apply, given))["parameters"]
    assert after["schema"] == {"type": "integer", "description": "Q."}
    after["schema"]["description"] = "Mine."
    assert "found nothing to do" in sentence(parameters.apply, document({"parameters": [after]}))


@pytest.mark.parametrize("wrap", [lambda x: x, lambda x: {"items": x}, lambda x: {"oneOf": [x]}])
def test_binary_inside_json_becomes_base64(wrap: Callable[[Any], Any]) -> None:
    """Alone, in a list, and as an alternative."""
    binary = {"type": "string", "format": "binary", "description": "A picture."}
    after = body_of(one_pass(base64_files.apply, sent({"properties": {"file": wrap(binary)}})))
    assert after["properties"]["file"] == wrap(
        {
            "type": "string",
            "contentEncoding": "base64",
            "description": "A picture. Raw base64, without a `data:` prefix.",
        }
    )


def test_a_binary_file_outside_json_stays_one() -> None:
    """A form sends the bytes themselves."""
    schema = {"properties": {"file": {"type": "string", "format": "binary"}}}
    form = {"multipart/form-data": {"schema": schema}}
    given = document({"requestBody": {"content": form}})
    assert "found nothing to do" in sentence(base64_files.apply, given)


@pytest.mark.parametrize(
    ("old", "new"), [("string", "integer"), (["string", "null"], ["integer", "null"])]
)
def test_an_id_is_an_integer_wherever_it_stands(old: Any, new: Any) -> None:
    """As a parameter, in a body, in an answer; the id of a generation body stays a string."""
    schema = {"properties": {"model_id": {"type": old}, "tailored_model_id": TEXT}}
    content = {"content": {"application/json": {"schema": {"items": schema}}}}
    query = {"in": "query", "name": "model_id", "schema": {"type": old}}
    given = document({"parameters": [query], "requestBody": content, "responses": {"200": content}})
    after = operation_of(one_pass(identifiers.apply, given))
    assert after["parameters"][0]["schema"] == {"type": new}
    for place in (after["requestBody"], after["responses"]["200"]):
        properties = place["content"]["application/json"]["schema"]["items"]["properties"]
        assert properties == {"model_id": {"type": new}, "tailored_model_id": TEXT}


def test_an_error_has_one_body_type_and_keeps_its_examples() -> None:
    """Also `4XX`, and `default` where a success is documented beside it."""
    content = {"application/json": {"schema": TEXT, "example": "no"}}
    errors = {"403": {"content": content}, "5XX": {}, "default": {}}
    after = operation_of(
        one_pass(error_bodies.apply, document({"responses": {"200": {}, **errors}}))
    )["responses"]
    assert after["200"] == {}
    assert after["403"]["content"]["application/json"] == {
        "schema": error_bodies.ERROR,
        "example": "no",
    }
    for status in ("5XX", "default"):
        assert after[status]["content"]["application/json"]["schema"] == error_bodies.ERROR


def test_a_lone_default_answer_is_no_error() -> None:
    """It is all that is documented, so it is what success looks like."""
    given = document({"responses": {"default": {}}})
    assert "found nothing to do" in sentence(error_bodies.apply, given)
