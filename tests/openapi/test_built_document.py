"""The built document: what the generator and everybody else may rely on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from openapi.builder.__main__ import ROOT
from openapi.builder.commands import BUILT
from openapi.builder.documents import Document, Operation, operations, read
from openapi.builder.passes.json_schema import without_null

REF = "#/components/schemas/"
NAMES = {
    "CreateProject", "UpdateProject", "CreateDataset", "UpdateDataset", "CloneDataset",
    "UploadImage", "UpdateImageCaption", "BulkUploadImages", "GenerateVisualSchema",
    "RefineStructuredPrompt", "CreateModel", "UpdateModel", "StartTraining", "UploadModel",
    "ImageRequest", "StructuredPromptRequest", "VideoRequest",
    "Project", "Dataset", "DatasetImage", "Model", "TrainingParameters", "Checkpoint",
    "CheckpointList", "BulkUpload", "BulkUploadFailure", "AcceptedJob", "JobStatus", "JobResult",
    "ModelDownload", "DatasetDownload", "VisualSchema", "RefinedPrompt", "ImageAnswer",
    "StructuredPromptAnswer", "LegacyResult",
}  # fmt: skip
GENERATION = {"generate-image", "generate-structured-prompt", "generate-video"}
LEGACY = {
    "text-to-image-tailored": "/v1/text-to-image/tailored/{model_id}",
    "text-to-vector-tailored": "/v1/text-to-vector/tailored/{model_id}",
    "reimagine-tailored": "/v1/reimagine/tailored/{model_id}",
    "restyle-portrait": "/v1/tailored-gen/restyle_portrait",
    "generate-prefix": "/v1/tailored-gen/generate_prefix",
}


@pytest.fixture(scope="module")
def document() -> Document:
    """As it is committed."""
    return read(ROOT / BUILT)


def schemas_of(document: Document) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = document["components"]["schemas"]
    return found


def by_id(document: Document) -> dict[str, Operation]:
    return {each.id: each for each in operations(document)}


def reachable(document: Document, node: Any, seen: set[str] | None = None) -> Iterator[Any]:
    """Every dictionary in a part of the document, and in what it refers to, once."""
    seen = set() if seen is None else seen
    if isinstance(node, list):
        for child in node:
            yield from reachable(document, child, seen)
    elif isinstance(node, dict):
        yield node
        name = str(node.get("$ref", "")).removeprefix(REF)
        if name and name not in seen:
            seen.add(name)
            yield from reachable(document, schemas_of(document)[name], seen)
        for key, child in node.items():
            if key not in ("example", "examples", "enum"):
                yield from reachable(document, child, seen)


def test_the_committed_document_is_the_built_one(document: Document, built: Document) -> None:
    """What is read back from its YAML is what the passes made."""
    assert document == built


def test_it_is_valid(document: Document) -> None:
    """By the validator of the OpenAPI 3.1 standard."""
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    assert document["openapi"] == "3.1.0"


def test_every_operation_is_there(document: Document, upstream: Document) -> None:
    """The 38 of `paths`, upload_model, the Status Service, and the five legacy ones."""
    found = by_id(document)
    assert len(found) == len(list(operations(document))) >= 45
    documented = {(each.method, each.path) for each in operations(upstream)}
    assert len(documented) >= 38
    addresses = {(each.method, re.sub("^/v[12]", "", each.path)) for each in found.values()}
    extra = {("post", "/tailored-gen/models/upload_model"), ("get", "/status/{request_id}")}
    extra |= {("post", path.removeprefix("/v1")) for path in LEGACY.values()}
    assert addresses == documented | extra
    assert {name: found[name].path for name in LEGACY} == LEGACY
    assert all(found[name].body["deprecated"] for name in LEGACY)
    assert found["get-status"].path == "/v2/status/{request_id}"


def test_every_path_has_the_version_of_its_service(document: Document) -> None:
    """Generation and status are at /v2; projects, datasets, models and the past at /v1."""
    versions = {each.id for each in operations(document) if each.path.startswith("/v2/")}
    assert versions >= {*GENERATION, "get-status"}
    assert all(re.match("/v[12]/", path) for path in document["paths"])
    assert document["servers"] == [{"url": "https://engine.prod.bria-api.com"}]
    assert "servers" not in str([each.body for each in operations(document)])


def test_every_operation_has_one_tag_that_is_declared(document: Document) -> None:
    """A tag is an attribute of the client."""
    declared = [tag["name"] for tag in document["tags"]]
    assert declared[:5] == ["Projects", "Datasets", "Models", "Images", "Videos"]
    assert {"Legacy", "Status"} <= set(declared[5:])
    assert {name for each in operations(document) for name in each.body["tags"]} == set(declared)
    assert {len(each.body["tags"]) for each in operations(document)} == {1}


def test_the_token_is_a_security_scheme_and_no_argument(document: Document) -> None:
    """Once for the whole document."""
    names = [
        parameter["name"]
        for each in operations(document)
        for parameter in each.body.get("parameters", [])
    ]
    assert "api_token" not in names
    (scheme,) = document["components"]["securitySchemes"].values()
    assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "header", "api_token")
    assert document["security"] == [{"apiToken": []}]
    assert not any("security" in each.body for each in operations(document))


def test_no_request_has_a_default(document: Document) -> None:
    """Unset means absent: the generator would send a default."""
    for operation in operations(document):
        sent = (operation.body.get("requestBody", {}), operation.body.get("parameters", []))
        for node in reachable(document, list(sent)):
            assert "default" not in node or isinstance(node["default"], dict)


def test_no_file_is_binary_inside_json(document: Document) -> None:
    """Neither in requests nor in answers."""
    assert [node for node in reachable(document, document) if node.get("format") == "binary"] == []


def answers(document: Document) -> Iterator[Any]:
    for operation in operations(document):
        yield from reachable(document, operation.body["responses"])


def test_every_enum_of_an_answer_is_open(document: Document) -> None:
    """Known words are named, and any other word may stand in their place."""
    enums = {name for name, schema in schemas_of(document).items() if "enum" in schema}
    used = set()
    for node in answers(document):
        assert "enum" not in node or node in [schemas_of(document)[name] for name in enums]
        for child in (*node.get("properties", {}).values(), node.get("items", {})):
            assert child.get("$ref", "").removeprefix(REF) not in enums
        members = node.get("anyOf", [])
        for name in {each.get("$ref", "").removeprefix(REF) for each in members} & enums:
            assert {"type": schemas_of(document)[name]["type"]} in members
            used.add(name)
    assert {"ModelStatus", "DatasetStatus", "CaptionSource", "JobStatusWord", "IpType"} <= used


def test_every_optional_property_of_an_answer_may_be_null(document: Document) -> None:
    """Bria's document promises no field, and running code meets nulls."""
    missing = [
        (key, child)
        for node in answers(document)
        for key, child in node.get("properties", {}).items()
        if isinstance(child, dict) and key not in node.get("required", ())
        # A schema without any of these takes every value, null among them.
        if child.keys() & {"type", "anyOf", "$ref", "enum"} and not without_null(child)[1]
    ]
    assert missing == []


@pytest.mark.parametrize("name", ["Project", "Dataset", "DatasetImage", "Model"])
def test_what_has_an_id_always_has_it(name: str, document: Document) -> None:
    """An answer without the identity field is malformed; nothing else is required."""
    schema = schemas_of(document)[name]
    assert schema["required"] == ["id"]
    assert schema["properties"]["id"]["type"] == "integer"


def test_names_are_those_that_users_look_for(document: Document) -> None:
    """None is made of status codes and positions."""
    found = set(schemas_of(document))
    assert found >= NAMES
    assert [name for name in found if re.search(r"Response\d|Item|Type\d|Body\d|\d", name)] == []


def test_every_schema_is_used(document: Document) -> None:
    """What nothing refers to would be a class that no operation takes or gives."""
    nodes = reachable(document, document["paths"])
    used = {node["$ref"].removeprefix(REF) for node in nodes if "$ref" in node}
    assert set(schemas_of(document)) == used


def test_bodies_and_answers_refer_to_named_schemas(document: Document) -> None:
    """No object is left inline where the generator would name it by itself."""
    for operation in operations(document):
        for node in reachable(document, operation.body.get("requestBody", {}).get("content", {})):
            schema = node.get("schema", {})
            assert "properties" not in schema
        for _, answer in operation.successes():
            for content in answer.get("content", {}).values():
                root = content["schema"].get("items", content["schema"])
                assert root["$ref"].startswith(REF)


def test_generation_takes_a_documented_webhook(document: Document) -> None:
    """An optional property of exactly the three v2 bodies."""
    takes = set()
    for operation in operations(document):
        name = str((operation.request_schema() or {}).get("$ref", "")).removeprefix(REF)
        schema = schemas_of(document).get(name, {})
        if "webhook_url" in schema.get("properties", {}):
            takes.add(operation.id)
            assert "webhook_url" not in schema.get("required", [])
            told = schema["properties"]["webhook_url"]["description"]
            assert "Bria-Webhook-Signature" in told
            assert "Source: https://docs.bria.ai/webhooks" in told
    assert takes == GENERATION


def test_every_error_has_a_body_type(document: Document) -> None:
    """An open one: a dictionary in any of Bria's four shapes, or a bare string."""
    for operation in operations(document):
        for _, answer in operation.failures():
            schema = answer["content"]["application/json"]["schema"]
            assert schema == {"anyOf": [{"$ref": f"{REF}ErrorBody"}, {"type": "string"}]}


def test_required_fields_of_requests(document: Document) -> None:
    """Exactly these; a field too many would lock users out of a call."""
    required = {}
    for operation in operations(document):
        name = str((operation.request_schema() or {}).get("$ref", "")).removeprefix(REF)
        if "required" in (schema := schemas_of(document).get(name, {})):
            required[name] = set(schema["required"])
    expected = {
        "CreateProject": {"project_name", "ip_medium", "ip_type"},
        "CreateDataset": {"project_id", "name"},
        "CreateModel": {"name", "dataset_id"},
        "BulkUploadImages": {"zip_url"},
        "ImageRequest": {"tailored_model_id"},
        "StructuredPromptRequest": {"tailored_model_id"},
    }
    assert {name: required.get(name) for name in expected} == expected
    for name in ("StartTraining", "UpdateProject", "UpdateDataset", "UploadImage"):
        assert name not in required
