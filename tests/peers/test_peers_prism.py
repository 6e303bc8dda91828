"""Prism serves the built document and judges every request that the generated client makes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pytest

from bria_tailored import AuthenticatedClient, models
from tests.peers.conftest import running

pytestmark = pytest.mark.anyio


def resolved(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema that a reference, alone or in an `allOf`, leads to."""
    schema = schema["allOf"][0] if "allOf" in schema else schema
    if "$ref" not in schema:
        return schema
    return resolved(document, document["components"]["schemas"][schema["$ref"].split("/")[-1]])


def value(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Any:
    """A value that a schema allows, with all its properties."""
    schema = resolved(document, schema)
    if "enum" in schema:
        return schema["enum"][-1]
    if "anyOf" in schema:
        return value(document, schema["anyOf"][0])
    match schema.get("type"):
        case "object":
            return {name: value(document, each) for name, each in schema["properties"].items()}
        case "array":
            return [value(document, schema["items"])] * schema.get("minItems", 1)
        case "integer":
            return int(schema.get("minimum", 1))
        case "number":
            return float(schema.get("maximum", 0.5))
        case "boolean":
            return True
        case _:
            return "https://example.com/a.png" if schema.get("format") == "uri" else "text"


def bodies(document: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[Any]:
    """Bodies to send: with everything, with what is required, and with each property beside it."""
    if "requestBody" not in operation:
        yield None
        return
    reference = operation["requestBody"]["content"]["application/json"]["schema"]
    cls = getattr(models, reference["$ref"].split("/")[-1])
    whole = value(document, reference)
    required = resolved(document, reference).get("required", ())
    least = {name: whole[name] for name in required}
    yield from (cls.from_dict({**least, name: each}) for name, each in whole.items())
    yield from (cls.from_dict(each) for each in (whole, least))


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every operation, with its module in the generated client."""
    for item in document["paths"].values():
        for method, operation in item.items():
            if method in ("get", "put", "post", "delete"):
                name = operation["operationId"].replace("-", "_")
                yield f"bria_tailored.api.{operation['tags'][0].lower()}.{name}", operation


def arguments(operation: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """Values for the path and the query."""
    return {
        each["name"]: value(document, each["schema"]) for each in operation.get("parameters", ())
    }


def of_the_request(problem: Mapping[str, Any]) -> bool:
    """Whether a request is at fault, and not an example of Bria's that Prism itself answers with.

    Those of models have naive times, which are no `date-time`.
    """
    found = problem.get("validation", ())
    return not found or any(each["location"][0] != "response" for each in found)


@pytest.fixture
def anyio_backend() -> str:
    """Once is enough: the judge sees requests, not event loops."""
    return "asyncio"


async def test_prism_accepts_every_request_of_the_generated_client(
    prism: Path, document: dict[str, Any], tmp_path: Path, free_port: int
) -> None:
    """No request breaks the document that the client was generated from."""
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(document))
    refused: list[str] = []
    seen: list[str] = []

    async def note(response: httpx.Response) -> None:
        seen.append(response.request.url.path)
        if "problem" in response.headers.get("content-type", "") and of_the_request(
            problem := json.loads(await response.aread())
        ):
            refused.append(f"{response.request.method} {response.request.url.path}: {problem}")

    command = [str(prism), "mock", "--errors", "--port", str(free_port), str(path)]
    with running(command, free_port):
        client = AuthenticatedClient(
            f"http://127.0.0.1:{free_port}",
            "token",
            httpx_args={"event_hooks": {"response": [note]}},
        )
        async with client:
            for module, operation in operations(document):
                call = import_module(module).asyncio_detailed
                for body in bodies(document, operation):
                    given = arguments(operation, document)
                    await call(client=client, **given, **({} if body is None else {"body": body}))
    assert refused == []
    assert len(seen) > 150
