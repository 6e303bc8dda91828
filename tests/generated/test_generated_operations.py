"""Every generated operation, called once with little and once with everything, on no network."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from importlib import import_module
from typing import Any
from urllib.parse import quote

import attrs
import httpx
import pytest
from jsonschema import Draft202012Validator

from bria_tailored import UNSET, AuthenticatedClient, models
from bria_tailored.api import Facades
from bria_tailored.errors import UnexpectedAnswer
from bria_tailored.types import Response
from openapi.builder.__main__ import ROOT
from openapi.builder.commands import SHIPPED
from openapi.builder.documents import Operation, operations, read

DOCUMENT = read(ROOT / SHIPPED)
OPERATIONS = {each.id: each for each in operations(DOCUMENT)}
ORIGIN = "https://bria.test"
ODD_TEXT = "a/b c?d#é%2F"

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """One suffices: the operations await httpx alone. The client is tested on both."""
    return "asyncio"


each_operation = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)


class Network:
    """Gives one answer, and keeps what was asked."""

    def __init__(self, status: int = 200, content: bytes | None = None, **json_: Any) -> None:
        self.seen: list[httpx.Request] = []
        self._status, self._content, self._json = status, content, json_

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        if self._content is not None:
            return httpx.Response(self._status, content=self._content)
        return httpx.Response(self._status, **self._json)

    def client(self) -> AuthenticatedClient:
        arguments = {"transport": httpx.MockTransport(self)}
        return AuthenticatedClient(ORIGIN, "the token", httpx_args=arguments)


def schema_of(reference: dict[str, Any]) -> dict[str, Any]:
    name = reference["$ref"].rpartition("/")[2]
    found: dict[str, Any] = DOCUMENT["components"]["schemas"][name]
    return found


def example(schema: dict[str, Any], *, full: bool) -> Any:
    """A value that a schema allows, with all its properties or with the required ones."""
    if "$ref" in schema:
        return example(schema_of(schema), full=full)
    if "enum" in schema:
        return schema["enum"][0]
    if choices := schema.get("anyOf") or schema.get("allOf"):
        return example(choices[0], full=full)
    kinds = schema.get("type", "string")
    match kinds if isinstance(kinds, str) else kinds[0]:
        case "object":
            required = schema.get("required", ())
            return {
                name: example(child, full=full)
                for name, child in schema.get("properties", {}).items()
                if full or name in required
            }
        case "array":
            return [example(schema["items"], full=full)] * schema.get("minItems", 1)
        case "integer":
            return int(schema.get("minimum", 1))
        case "number":
            return float(schema.get("minimum", 0.5))
        case "boolean":
            return True
        case _:
            formats = {"date-time": "2024-05-26T12:00:00+00:00", "uri": f"{ORIGIN}/hook"}
            return formats.get(schema.get("format", ""), "text")


def python_name(operation: Operation) -> str:
    return operation.id.replace("-", "_")


def group(operation: Operation) -> str:
    return str(operation.body["tags"][0]).lower()


def body_class(operation: Operation) -> Any:
    schema = operation.request_schema()
    return getattr(models, schema["$ref"].rpartition("/")[2]) if schema else None


def parameters(operation: Operation, place: str) -> list[dict[str, Any]]:
    return [each for each in operation.body.get("parameters", []) if each["in"] == place]


def path_values(operation: Operation) -> dict[str, Any]:
    return {
        each["name"]: ODD_TEXT if each["schema"]["type"] == "string" else 7
        for each in parameters(operation, "path")
    }


def body_of(operation: Operation, *, full: bool) -> tuple[Any, Any]:
    """A body as an object, made by its constructor where it is minimal, and as JSON."""
    if (cls := body_class(operation)) is None:
        return None, None
    sent = example(operation.request_schema() or {}, full=full)
    if full:
        return cls.from_dict(sent), sent
    required = [
        each.name for each in attrs.fields(cls) if each.default is attrs.NOTHING and each.init
    ]
    assert sorted(required) == sorted(sent)
    return cls(**sent), sent


def success(operation: Operation, *, full: bool) -> tuple[int, Any]:
    """The first documented success: its status and a body."""
    status, answer = next(iter(operation.successes()))
    content = answer.get("content", {})
    schema = content.get("application/json", {}).get("schema")
    return int(status), example(schema, full=full) if schema else None


async def call(
    operation: Operation, client: AuthenticatedClient, **arguments: Any
) -> Response[Any]:
    module = import_module(f"bria_tailored.api.{group(operation)}.{python_name(operation)}")
    answer: Response[Any] = await module.asyncio_detailed(client=client, **arguments)
    return answer


class Bria(Facades):
    def __init__(self, api: AuthenticatedClient) -> None:
        self._api = api

    @property
    def api(self) -> AuthenticatedClient:
        return self._api


def facade(operation: Operation, client: AuthenticatedClient) -> Callable[..., Any]:
    facades = getattr(Bria(client), group(operation))
    method: Callable[..., Any] = getattr(facades, python_name(operation))
    return method


def arguments_of(operation: Operation, *, full: bool) -> tuple[dict[str, Any], Any]:
    body, sent = body_of(operation, full=full)
    arguments = path_values(operation) | ({"body": body} if body is not None else {})
    if full:
        query = parameters(operation, "query")
        arguments |= {each["name"]: example(each["schema"], full=True) for each in query}
    return arguments, sent


def is_valid(value: Any, schema: dict[str, Any]) -> bool:
    given = {**schema, "components": DOCUMENT["components"]}
    return Draft202012Validator(given).is_valid(value)


@each_operation
@pytest.mark.parametrize("full", [False, True])
async def test_a_call_is_what_the_document_says(operation: Operation, full: bool) -> None:
    """Method, quoted path, queries that were given and no others, a body that is valid."""
    status, body = success(operation, full=full)
    network = Network(status, json=body)
    arguments, sent = arguments_of(operation, full=full)
    answer = await call(operation, network.client(), **arguments)
    assert answer.is_success
    (request,) = network.seen
    path = operation.path
    for name, value in path_values(operation).items():
        path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
    asked, _, query = request.url.raw_path.decode().partition("?")
    assert (request.method, asked) == (operation.method.upper(), path)
    expected = [each["name"] for each in parameters(operation, "query")] if full else []
    assert sorted(httpx.QueryParams(query)) == sorted(expected)
    assert request.extensions["route"] == f"{operation.method.upper()} {operation.path}"
    assert request.headers["api_token"] == "the token"
    if sent is None:
        assert request.content == b""
        assert "content-type" not in request.headers
    else:
        assert request.headers["content-type"] == "application/json"
        assert json.loads(request.content) == sent
        assert is_valid(sent, operation.request_schema() or {})


@each_operation
@pytest.mark.parametrize("full", [False, True])
async def test_a_facade_returns_the_documented_success(operation: Operation, full: bool) -> None:
    """Of the class that the document names, with all that was in the answer."""
    status, body = success(operation, full=full)
    network = Network(status, json=body)
    given, _ = arguments_of(operation, full=full)
    method = facade(operation, network.client())
    positional = [given.pop(name) for name in path_values(operation)]
    parsed = await method(*positional, **given)
    assert network.seen[0].extensions["route"] == f"{operation.method.upper()} {operation.path}"
    assert inspect.getdoc(method)
    _, answer = next(iter(operation.successes()))
    if not answer.get("content"):
        assert parsed is None
        return
    schema = answer["content"]["application/json"]["schema"]
    name = schema.get("items", schema)["$ref"].rpartition("/")[2]
    values = parsed if "items" in schema else [parsed]
    assert all(type(each) is getattr(models, name) for each in values)
    assert [each.to_dict() for each in values] == (body if "items" in schema else [body])


def test_every_parameter_of_an_operation_is_an_argument_and_nothing_else() -> None:
    """Path parameters by position or name, all others by name, the optional ones unset."""
    for operation in OPERATIONS.values():
        method = facade(operation, Network().client())
        signature = inspect.signature(method).parameters
        names = [each["name"] for each in operation.body.get("parameters", [])]
        assert set(signature) == {*names, *(["body"] if body_class(operation) else [])}
        for each in signature.values():
            in_path = each.name in path_values(operation)
            assert (each.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD) is in_path
            if each.name != "body":
                assert each.default is (inspect.Parameter.empty if in_path else UNSET)


SINGLE = [each for each in OPERATIONS.values() if len(list(each.successes())) == 1]


@pytest.mark.parametrize("operation", SINGLE, ids=[each.id for each in SINGLE])
async def test_an_undocumented_success_is_read_like_the_documented_one(
    operation: Operation,
) -> None:
    """An answer that may have been paid for is not lost over its status."""
    _, body = success(operation, full=False)
    arguments, _ = arguments_of(operation, full=False)
    for status in (200, 202, 226):
        answer = await call(operation, Network(status, json=body).client(), **arguments)
        assert (answer.status_code, answer.is_success) == (status, True)


@each_operation
@pytest.mark.parametrize(
    ("status", "content"),
    [
        (520, b"<html>"),
        (460, b""),
        (506, b'{"error": {"code": 506, "message": "unsupported"}}'),
        (403, b'"Quota exceeded"'),
        (404, b'{"status": "NOT_FOUND"}'),
        (422, b'{"errors": [{"msg": "m", "field_name": "f", "field_input": 1}]}'),
        (400, b'{"message": "m"}'),
        (500, b"[1, 2]"),
        (302, b""),
    ],
)
async def test_whatever_comes_is_an_answer_and_the_facade_raises(
    operation: Operation, status: int, content: bytes
) -> None:
    """Statuses that Python does not know, bodies of all five shapes, HTML and nothing at all."""
    arguments, _ = arguments_of(operation, full=False)
    network = Network(status, content)
    answer = await call(operation, network.client(), **arguments)
    assert (answer.status_code, answer.content) == (status, content)
    assert not answer.is_success
    is_json = content[:1] in (b"{", b'"', b"[")
    assert (answer.problem is None) is is_json
    with pytest.raises(UnexpectedAnswer) as caught:
        await facade(operation, network.client())(**arguments)
    assert caught.value.status_code == status
    assert caught.value.body == answer.parsed
    assert caught.value.__cause__.__class__ is answer.problem.__class__


@each_operation
async def test_a_success_that_is_not_what_is_documented_is_a_problem(operation: Operation) -> None:
    """HTML with 200 is no exception of the parser but an answer whose problem is told."""
    status, body = success(operation, full=True)
    if body is None:
        return
    arguments, _ = arguments_of(operation, full=False)
    for content in (b"<html>", b"", b"null", b"7", b'"text"', b"\xff"):
        answer = await call(operation, Network(status, content).client(), **arguments)
        assert answer.parsed is None
        assert isinstance(answer.problem, (TypeError, ValueError))
    with pytest.raises(UnexpectedAnswer, match=f"answered {status} with an undocumented body"):
        await facade(operation, Network(status, b"<html>").client())(**arguments)
