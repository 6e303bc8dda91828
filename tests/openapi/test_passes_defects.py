"""Every known defect of Bria's document: there before its pass, and gone after it."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from ruamel.yaml import YAML

from bria_tailored.types import parse_timestamp
from openapi.builder.documents import Document, Operation, operations, subschemas
from openapi.builder.passes import NORMALISE, PASSES, run, servers

Finder: TypeAlias = Callable[[Document], list[str]]

METHODS = {"get", "put", "post", "delete"}
IDS = {"project_id", "dataset_id", "image_id", "model_id"}
REQUIRED = {
    "create-project": ("project_name", "ip_medium", "ip_type"),
    "create-dataset": ("project_id", "name"),
    "create-model": ("name", "dataset_id"),
    "bulk-upload-images": ("zip_url",),
}
SUPPLEMENTED = (
    "/v2/status/{request_id}",
    "/v1/text-to-image/tailored/{model_id}",
    "/v1/text-to-vector/tailored/{model_id}",
    "/v1/reimagine/tailored/{model_id}",
    "/v1/tailored-gen/restyle_portrait",
    "/v1/tailored-gen/generate_prefix",
)
GENERATION = (
    "/image/generate/tailored",
    "/structured_prompt/generate/tailored",
    "/video/generate/tailored/image-to-video",
)


def parameters(operation: Operation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = operation.body.get("parameters", [])
    return found


def answered(operation: Operation) -> Iterator[tuple[str, Any]]:
    for status, answer in operation.answers():
        for content in answer.get("content", {}).values():
            yield status, content.get("schema", {})


def named(schema: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every named property of a schema, however deep."""
    for each in subschemas(schema):
        yield from each.get("properties", {}).items()


def properties(operation: Operation) -> Iterator[tuple[str, dict[str, Any]]]:
    for schema in (operation.request_schema(), *(schema for _, schema in answered(operation))):
        yield from named(schema)


def prose(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("description", "summary") and isinstance(value, str):
                yield value
            else:
                yield from prose(value)
    elif isinstance(node, list):
        for value in node:
            yield from prose(value)


def stray_path_items(document: Document) -> list[str]:
    return [key for key in document if key.startswith("/")]


def servers_of_operations(document: Document) -> list[str]:
    return [each.id for each in operations(document) if "servers" in each.body]


def paths_without_a_version(document: Document) -> list[str]:
    return [path for path in document["paths"] if not re.match("/v[12]/", path)]


def tokens_as_parameters(document: Document) -> list[str]:
    return [
        each.id
        for each in operations(document)
        if any(parameter["name"] == "api_token" for parameter in parameters(each))
    ]


def inline_objects(document: Document) -> list[str]:
    return [
        f"{operation.id} {where}"
        for operation in operations(document)
        for where, root in (("body", operation.request_schema()), *answered(operation))
        if where == "body" or where.startswith("2")
        for schema in subschemas(root)
        if "properties" in schema
    ]


def ids_that_are_strings(document: Document) -> list[str]:
    return [
        f"{operation.id}.{name}"
        for operation in operations(document)
        for name, schema in (
            *((each["name"], each["schema"]) for each in parameters(operation)),
            *properties(operation),
        )
        if name in IDS and "string" in (schema.get("type"), *schema.get("type", ()))
    ]


def properties_that_should_be_required(document: Document) -> list[str]:
    return [
        f"{operation.id}.{name}"
        for operation in operations(document)
        for name in REQUIRED.get(operation.id, ())
        if name not in (operation.request_schema() or {}).get("required", ())
    ]


def defaults_of_requests(document: Document) -> list[str]:
    bodies = [
        f"{operation.id}.{name}"
        for operation in operations(document)
        for name, schema in named(operation.request_schema())
        if "default" in schema
    ]
    return bodies + [
        f"{operation.id}?{parameter['name']}"
        for operation in operations(document)
        for parameter in parameters(operation)
        if "default" in parameter["schema"]
    ]


def binary_inside_json(document: Document) -> list[str]:
    return [
        f"{operation.id}.{name}"
        for operation in operations(document)
        for name, schema in named(operation.request_schema())
        if schema.get("format") == "binary"
    ]


def closed_enums_of_answers(document: Document) -> list[str]:
    """Every enum that an answer can contain, unless any other word may stand beside it."""
    schemas = document.get("components", {}).get("schemas", {})
    found: list[str] = []
    seen: set[str] = set()

    def look(where: str, schema: Any, *, is_open: bool) -> None:
        if not isinstance(schema, dict):
            return
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        if name and (name not in seen or "enum" in schemas[name]):
            seen.add(name)
            look(name, schemas[name], is_open=is_open)
        if "enum" in schema and not is_open:
            found.append(where)
        for key, child in schema.get("properties", {}).items():
            look(f"{where}.{key}", child, is_open=False)
        for key in ("items", "additionalProperties"):
            look(where, schema.get(key), is_open=False)
        members = [*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())]
        any_word = any("enum" not in each and each.get("type") == "string" for each in members)
        for member in members:
            look(where, member, is_open=is_open or any_word)

    for operation in operations(document):
        for status, schema in answered(operation):
            look(f"{operation.id} {status}", schema, is_open=False)
    return found


def errors_without_a_body(document: Document) -> list[str]:
    return [
        f"{operation.id} {status}"
        for operation in operations(document)
        for status, answer in operation.answers()
        if status.startswith(("4", "5"))
        and not answer.get("content", {}).get("application/json", {}).get("schema")
    ]


def steps_of_one_type(document: Document) -> list[str]:
    wanted = {"checkpoint_steps", "active_model_version"}
    return [
        f"{operation.id}.{name}"
        for operation in operations(document)
        for name, schema in properties(operation)
        if name in wanted and not isinstance(schema.get("items", schema).get("type"), list)
    ]


def wrong_paths_in_prose(document: Document) -> list[str]:
    wrong = r"images/bulk(?!-upload)|(?<!images/)bulk-upload/status`"
    return [text for text in prose(document) if re.search(wrong, text)]


def missing_operations(document: Document) -> list[str]:
    return [path for path in SUPPLEMENTED if path not in document["paths"]]


def generation_without_a_webhook(document: Document) -> list[str]:
    return [
        operation.id
        for operation in operations(document)
        if operation.path.endswith(GENERATION)
        and "webhook_url" not in dict(named(operation.request_schema()))
    ]


def nullable(document: Document) -> list[str]:
    return [
        f"{operation.id}.{name}"
        for operation in operations(document)
        for name, schema in properties(operation)
        if "nullable" in schema
    ]


def parameters_that_are_described_beside_their_schema(document: Document) -> list[str]:
    return [
        f"{operation.id}?{parameter['name']}"
        for operation in operations(document)
        for parameter in parameters(operation)
        if "description" in parameter and "description" not in parameter["schema"]
    ]


def ids_that_read_backwards(document: Document) -> list[str]:
    return [
        each.id
        for each in operations(document)
        if each.id.endswith(("-tailored", "-tailored-image", "-json"))
        and each.body["tags"] != ["Legacy"]
    ]


# The number in the list of known defects (0: not in it), the pass, and how the defect is seen.
DEFECTS: list[tuple[int, str, Finder]] = [
    (1, "stray-paths", stray_path_items),
    (2, "servers", servers_of_operations),
    (2, "servers", paths_without_a_version),
    (3, "authentication", tokens_as_parameters),
    (4, "components", inline_objects),
    (5, "identifiers", ids_that_are_strings),
    (6, "required", properties_that_should_be_required),
    (7, "defaults", defaults_of_requests),
    (8, "base64", binary_inside_json),
    (9, "enums", closed_enums_of_answers),
    (10, "error-bodies", errors_without_a_body),
    (12, "corrections", steps_of_one_type),
    (14, "prose", wrong_paths_in_prose),
    (15, "supplements", missing_operations),
    (15, "supplements", generation_without_a_webhook),
    (0, "json-schema", nullable),
    (0, "parameters", parameters_that_are_described_beside_their_schema),
    (0, "names", ids_that_read_backwards),
]


@pytest.mark.parametrize(
    ("step", "finder"),
    [pytest.param(step, finder, id=f"{n}-{step}-{finder.__name__}") for n, step, finder in DEFECTS],
)
def test_a_defect_is_in_the_document_until_its_pass(
    step: str, finder: Finder, upstream: Document, before: Callable[[str], Document]
) -> None:
    """Bria's document has each defect, its pass still meets it, and nothing is left behind it."""
    document = before(step)
    assert finder(upstream)
    assert finder(document)
    ((_, notes),) = run(document, [each for each in PASSES if each.name == step]).notes
    assert notes
    after = run(document, [each for each in PASSES if each.name == step]).document
    assert finder(after) == []


def written_out(document: Document, node: Any) -> Any:
    """A part of a document with the schemas in place of the references to them."""
    if isinstance(node, list):
        return [written_out(document, each) for each in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        name = node["$ref"].rpartition("/")[2]
        rest = {key: value for key, value in node.items() if key != "$ref"}
        return {**written_out(document, document["components"]["schemas"][name]), **rest}
    return {key: written_out(document, value) for key, value in node.items()}


@pytest.mark.parametrize("finder", [each for n, _, each in DEFECTS if n != 4])
def test_no_later_pass_brings_a_defect_back(finder: Finder, built: Document) -> None:
    """What one pass has mended, the supplements and the passes after it leave mended."""
    assert finder(written_out(built, built)) == []


def test_what_is_required_of_a_request_is_so_for_different_reasons(
    before: Callable[[str], Document],
) -> None:
    """Prose says "(required)" of all but the zip of a bulk upload, which a correction names."""
    assert properties_that_should_be_required(before("required")) == [
        f"{operation}.{name}"
        for operation, names in REQUIRED.items()
        for name in names
        if name != "zip_url"
    ]
    assert "bulk-upload-images.zip_url" in properties_that_should_be_required(before("corrections"))


def test_the_operation_that_only_stands_beside_paths_is_kept(
    upstream: Document, before: Callable[[str], Document]
) -> None:
    """One of the nine stray items has no twin, and is the only place of its operation."""
    twins = [path in upstream["paths"] for path in stray_path_items(upstream)]
    assert (len(twins), twins.count(False)) == (9, 1)
    assert "upload-model" in {each.id for each in operations(before("servers"))}
    assert "upload-model" not in {each.id for each in operations(upstream)}


def test_versions_are_those_of_the_servers_that_operations_declare(
    upstream: Document, before: Callable[[str], Document]
) -> None:
    """Most operations are at /v1 and three at /v2, though the document's own server is /v2."""
    declared = {
        operation.id: operation.body["servers"][0]["url"].rstrip("/").rpartition("/")[2]
        for operation in operations(run(upstream, NORMALISE[:1]).document)
    }
    versions = {each.id: each.path.split("/")[1] for each in operations(before("authentication"))}
    assert versions == declared
    del versions["upload-model"]
    one, two = (list(versions.values()).count(version) for version in ("v1", "v2"))
    assert one >= 35
    assert two >= 3
    assert before("authentication")["servers"] == [{"url": "https://engine.prod.bria-api.com"}]


def test_the_token_is_a_security_scheme_of_the_whole_document(built: Document) -> None:
    """What was a parameter of every operation is said once."""
    assert built["components"]["securitySchemes"]["apiToken"] == {
        "type": "apiKey",
        "in": "header",
        "name": "api_token",
        "description": "The organisation's token.",
    }
    assert built["security"] == [{"apiToken": []}]


def test_the_copies_of_one_object_become_one_schema(
    built: Document, before: Callable[[str], Document]
) -> None:
    """A dataset is written out nine times, with different fields, and is one type afterwards."""
    copies = [
        set(schema["properties"])
        for operation in operations(before("components"))
        for status, root in answered(operation)
        for schema in subschemas(root)
        if {"project_id", "captions_update_status"} <= schema.get("properties", {}).keys()
    ]
    assert len(copies) > 6
    assert len({frozenset(copy) for copy in copies}) > 1
    assert set(built["components"]["schemas"]["Dataset"]["properties"]) == set.union(*copies)


def test_a_default_that_is_not_sent_is_still_told(
    built: Document, before: Callable[[str], Document]
) -> None:
    """The documentation keeps what the wire loses."""
    schemas = built["components"]["schemas"]
    told = schemas["StartTraining"]["properties"]["lr_warmup_steps"]["description"]
    assert told.endswith("Bria's default: 100.")
    said = {
        parameter["name"]: parameter.get("description", "")
        for operation in operations(built)
        if operation.id == "get-dataset-by-id"
        for parameter in parameters(operation)
    }
    assert said["max_images"].endswith("Bria's default: 200.")
    assert len(defaults_of_requests(before("defaults"))) == 24


def test_the_file_of_an_upload_is_base64(built: Document) -> None:
    """What is sent is text inside JSON, and the prose says of which kind."""
    file = built["components"]["schemas"]["UploadImage"]["properties"]["file"]
    assert (file["type"], file["contentEncoding"]) == ("string", "base64")
    assert file["description"].endswith("Raw base64, without a `data:` prefix.")


@pytest.mark.parametrize(
    ("enum", "word"),
    [
        ("CaptionSource", "pending"),
        ("CaptionSource", "unknown"),
        ("DatasetStatus", "created"),
        ("ModelStatus", "syncing"),
    ],
)
def test_words_that_only_some_places_know_are_known(enum: str, word: str, built: Document) -> None:
    """The drift that is known already is in the enums."""
    assert word in built["components"]["schemas"][enum]["enum"]


def test_enums_of_requests_stay_closed(built: Document) -> None:
    """What Bria would refuse, a type checker refuses first."""
    create = built["components"]["schemas"]["CreateProject"]["properties"]
    assert create["ip_type"]["$ref"] == "#/components/schemas/IpType"
    body = built["components"]["schemas"]["GeneratePrefixRequest"]["properties"]["ip_type"]
    narrower = built["components"]["schemas"][body["$ref"].rpartition("/")[2]]
    assert narrower["enum"] == ["stylized_scene", "defined_character", "object_variants"]


def test_timestamps_come_in_two_forms_and_one_is_read(upstream: Document) -> None:
    """Some of Bria's timestamps are naive: no pass can mend that, so the parser does."""

    def timestamps(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            for key, value in node.items():
                if key in ("created_at", "updated_at") and isinstance(value, str):
                    yield value
                else:
                    yield from timestamps(value)
        elif isinstance(node, list):
            for value in node:
                yield from timestamps(value)

    examples = set(timestamps(upstream))
    naive = {text for text in examples if datetime.fromisoformat(text).tzinfo is None}
    assert naive
    assert examples - naive
    assert all(parse_timestamp(text).tzinfo for text in examples)


def test_the_path_that_is_probably_a_typo_is_kept_and_easily_changed(
    upstream: Document, built: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One word in a table moves the operation, and nothing else changes."""
    documented, prefixed = (
        "/v1/datasets/{dataset_id}/download",
        "/v1/tailored-gen/datasets/{dataset_id}/download",
    )
    assert documented.removeprefix("/v1") in upstream["paths"]
    assert documented in built["paths"]
    table = YAML(typ="safe").load(servers.MOVED_PATHS.read_text(encoding="utf-8"))
    (entry,) = table["paths"]
    entry["used"] = prefixed
    moved = tmp_path / "paths.yaml"
    with moved.open("w", encoding="utf-8") as stream:
        YAML(typ="safe").dump(table, stream)
    monkeypatch.setattr(servers, "MOVED_PATHS", moved)
    after = run(upstream).document
    assert documented not in after["paths"]
    built["paths"][prefixed] = built["paths"].pop(documented)
    assert after == built


def test_every_listed_defect_has_its_pass() -> None:
    """The fifteen of the list, two of them (11 and 13) in tests of their own, and every pass."""
    assert {number for number, _, _ in DEFECTS} | {11, 13} == set(range(16))
    tested = {step for _, step, _ in DEFECTS} | {"moved-paths", "answers"}
    assert tested == {each.name for each in PASSES}


def test_passes_never_change_the_document_they_are_given(upstream: Document) -> None:
    """A build works on a copy, so that the same document can be built again and compared."""
    kept = copy.deepcopy(upstream)
    first = run(upstream).document
    assert upstream == kept
    assert run(upstream).document == first
