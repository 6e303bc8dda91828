"""Requests are held against the built document, operation by operation."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from bria_tailored_ext.sandbox.document import contract, document, operations
from tests.sandbox.conftest import base64_of, picture

if TYPE_CHECKING:
    from tests.sandbox.conftest import Caller

pytestmark = pytest.mark.anyio

# A value of none of the types that properties have, for each type that they can have.
WRONG: Mapping[str, Any] = {
    "string": 7,
    "integer": "seven",
    "number": "seven",
    "boolean": "yes",
    "array": "one",
    "object": "one",
}


def resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema that a reference leads to."""
    schema = schema["allOf"][0] if "allOf" in schema else schema
    if "$ref" not in schema:
        return schema
    name = schema["$ref"].rsplit("/", 1)[-1]
    found: Mapping[str, Any] = document()["components"]["schemas"][name]
    return resolved(found)


def bodies() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Every operation with a JSON body, and the body's schema."""
    for method, path in operations():
        operation = document()["paths"][path][method.lower()]
        if "requestBody" in operation:
            content = operation["requestBody"]["content"]["application/json"]
            yield method, path, resolved(content["schema"])


def wrong_bodies() -> Iterator[Any]:
    """Every property of every body, with a value of another type."""
    for method, path, schema in bodies():
        for name, told in schema["properties"].items():
            kind = resolved(told).get("type")
            if isinstance(kind, str):
                yield pytest.param(method, path, {name: WRONG[kind]}, name, id=f"{path}-{name}")


def lacking_bodies() -> Iterator[Any]:
    """Every property that has to be there, left out."""
    for method, path, schema in bodies():
        for name in schema.get("required", ()):
            yield pytest.param(method, path, {}, name, id=f"{path}-{name}")


def somewhere(path: str) -> str:
    """The path with ids that need not exist."""
    return path.replace("{", "").replace("}", "").replace("_id", "")


@pytest.mark.parametrize(("method", "path", "body", "field"), list(wrong_bodies()))
def test_every_property_of_every_body_is_checked(
    method: str, path: str, body: dict[str, Any], field: str
) -> None:
    """A value of another type is a problem of that very field."""
    told = contract(method, path).body_problems(body)
    assert field in [problem.field_name for problem in told]


@pytest.mark.parametrize(("method", "path", "body", "field"), list(lacking_bodies()))
def test_every_required_property_is_missed(
    method: str, path: str, body: dict[str, Any], field: str
) -> None:
    """By its name, in the words of Bria's framework."""
    told = {
        problem.field_name: problem.msg for problem in contract(method, path).body_problems(body)
    }
    assert told[field] == "Field required"


def test_there_is_much_to_check() -> None:
    """So that the two tests above cannot pass by checking nothing."""
    assert len(list(wrong_bodies())) > 100
    assert len(list(lacking_bodies())) > 20


async def test_v1_tells_every_problem_of_a_body(bria: Caller) -> None:
    """400 with one entry for each field, whichever rule it breaks."""
    body = {"project_name": 7, "ip_medium": "pottery"}
    answer = await bria("POST", "/v1/tailored-gen/projects", body)
    assert answer.status_code == 400
    assert {each["field_name"]: each["msg"] for each in answer.json()["errors"]} == {
        "project_name": "Input should be a valid string",
        "ip_medium": "Input should be 'photography' or 'illustration'",
        "ip_type": "Field required",
    }


async def test_v2_tells_them_in_its_envelope(bria: Caller) -> None:
    """400 `{"error": ..., "request_id": ...}`."""
    body = {"tailored_model_id": 7, "prompt": "a teapot", "steps_num": 1}
    answer = await bria("POST", "/v2/image/generate/tailored", body)
    assert answer.status_code == 400
    told = answer.json()
    assert told["request_id"]
    assert "tailored_model_id: Input should be a valid string" in told["error"]["details"]
    assert "steps_num: Input should be greater than or equal to 20" in told["error"]["details"]


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/v1/tailored-gen/models", "include_training_parameters=true", 200),
        ("/v1/tailored-gen/models", "include_training_parameters=maybe", 400),
        ("/v1/tailored-gen/models", "something_else=maybe", 200),
        ("/v1/tailored-gen/datasets/1", "max_images=0", 400),
        ("/v1/tailored-gen/datasets/1", "max_images=many", 400),
        ("/v1/tailored-gen/datasets/1", "max_images=1e999", 400),
        ("/v1/tailored-gen/datasets/1", "max_images=" + "[" * 30_000, 400),
    ],
)
async def test_the_query_is_checked(bria: Caller, path: str, query: str, status: int) -> None:
    """Numbers and booleans are text there; what the document does not know is let through."""
    answer = await bria.http.get(f"{path}?{query}", headers={"api_token": bria.sandbox.api_token})
    assert answer.status_code == status
    if status == 400:
        assert answer.json()["errors"][0]["field_name"] == query.partition("=")[0]


@pytest.mark.parametrize(("written", "shown"), [("2", 2), ("2.0", 2), ("2e0", 2), ("1e2", 5)])
async def test_a_whole_number_of_the_query_may_be_written_with_a_point(
    bria: Caller, written: str, shown: int
) -> None:
    """By JSON Schema 2.0 is one, as it is in a body."""
    dataset = await bria.ok("GET", f"{await bria.draft()}?max_images={written}")
    assert len(dataset["images"]) == shown


@pytest.mark.parametrize(
    ("method", "path", "body", "named"),
    [
        ("POST", "/v1/tailored-gen/projects", {"Name": 1, "ip_kind": 2}, "'Name', 'ip_kind'"),
        ("POST", "/v2/structured_prompt/generate/tailored", {"Seed": 5}, "'Seed'"),
        ("GET", "/v1/tailored-gen/models?include_training_params=1", None, "_params'"),
    ],
)
async def test_a_name_that_the_document_does_not_have_is_logged(
    bria: Caller, caplog: pytest.LogCaptureFixture, method: str, path: str, body: Any, named: str
) -> None:
    """It forbids none, so the request passes; a mistake in a name is found out all the same."""
    if path.endswith("/projects"):
        body |= {"project_name": "P", "ip_medium": "illustration", "ip_type": "stylized_scene"}
    elif body is not None:
        model = bria.sandbox.add_trained_model()
        body |= {"prompt": "a teapot", "tailored_model_id": str(model)}
    await bria.ok(method, path, body)
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert record.getMessage().startswith(f"{method} {path.partition('?')[0]}: ")
    assert record.getMessage().endswith(named)


async def test_of_a_body_that_the_document_leaves_open_nothing_is_logged(
    bria: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    """Reimagine's body is known from prose only."""
    model = bria.sandbox.add_trained_model()
    body = {"prompt": "a teapot", "structure_image_file": base64_of(picture()), "more": 1}
    await bria.ok("POST", f"/v1/reimagine/tailored/{model}", body)
    assert not caplog.records


async def test_a_long_value_is_not_repeated(bria: Caller) -> None:
    """A picture in the wrong field does not come back whole."""
    picture = "x" * 1_000_000
    answer = await bria("POST", "/v1/tailored-gen/projects", {"ip_medium": picture})
    assert answer.status_code == 400
    assert len(answer.content) < 2000


async def test_without_the_token_nothing_is_told_about_the_body(bria: Caller) -> None:
    """401 goes before 400, for every operation of the document."""
    for method, path in operations():
        answer = await bria.http.request(method, somewhere(path), json={"prompt": 7})
        assert answer.status_code == 401, path


async def test_every_operation_of_the_document_exists(bria: Caller) -> None:
    """None is an unknown path or method: what is missing is the token or a record."""
    for method, path in operations():
        answer = await bria(method, somewhere(path), {} if method in ("POST", "PUT") else None)
        assert answer.status_code != 405, path
        assert answer.json() != {"message": "Not Found"}, path


async def test_the_document_itself_can_be_fetched(live: Caller) -> None:
    """As an OpenAPI document for other programs, valid for this very server."""
    told: httpx.Response = await live.http.get("/sandbox/openapi.json")
    assert json.loads(told.content) == {
        **document(),
        "servers": [{"url": live.sandbox.base_url}],
    }
