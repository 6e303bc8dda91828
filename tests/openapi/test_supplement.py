"""What the supplements promise to the builder and to the generated client."""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonpath
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from ruamel.yaml import YAML

Json = dict[str, Any]

OPENAPI = Path(__file__).parents[2] / "openapi"
FRAGMENTS = ("status", "errors", "legacy")
OVERLAY = "webhook-url"
V2_BODIES = (
    "/v2/image/generate/tailored",
    "/v2/structured_prompt/generate/tailored",
    "/v2/video/generate/tailored/image-to-video",
)
UNKNOWN_WORD = "A_WORD_THAT_NOBODY_KNOWS_YET"


def load(name: str) -> Json:
    text = (OPENAPI / "supplement" / f"{name}.yaml").read_text(encoding="utf-8")
    loaded: Json = YAML(typ="safe").load(text)
    return loaded


def stub_of_a_v2_operation() -> Json:
    body = {"application/json": {"schema": {"type": "object", "properties": {}}}}
    answers = {"202": {"description": "Accepted."}}
    return {"post": {"requestBody": {"content": body}, "responses": answers}}


def merged() -> Json:
    """One document made of all supplements, over stubs of what they refer to."""
    paths: Json = {path: stub_of_a_v2_operation() for path in V2_BODIES}
    schemas: Json = {}
    for name in FRAGMENTS:
        fragment = load(name)
        paths |= fragment.get("paths", {})
        schemas |= fragment["components"]["schemas"]
    document: Json = {
        "openapi": "3.1.0",
        "info": {"title": "The supplements alone", "version": "0"},
        "paths": paths,
        "components": {"schemas": schemas},
    }
    for action in load(OVERLAY)["actions"]:
        for match in jsonpath.finditer(action["target"], document):
            assert isinstance(match.obj, dict)
            match.obj.update(copy.deepcopy(action["update"]))
    return document


DOCUMENT = merged()
SCHEMAS: Json = DOCUMENT["components"]["schemas"]
OPERATIONS: dict[str, Json] = {
    operation["operationId"]: operation
    for item in DOCUMENT["paths"].values()
    for operation in item.values()
    if "operationId" in operation
}


def accepts(schema: Json, value: object) -> bool:
    rooted = {"allOf": [schema], "components": DOCUMENT["components"]}
    return Draft202012Validator(rooted).is_valid(value)


def named(reference: str) -> Json:
    found: Json = SCHEMAS[reference.removeprefix("#/components/schemas/")]
    return found


def alternatives(schema: Json) -> Iterator[Json]:
    """The schema itself and all that it may be by reference, choice or combination."""
    yield schema
    if "$ref" in schema:
        yield from alternatives(named(schema["$ref"]))
    for word in ("anyOf", "oneOf", "allOf"):
        for part in schema.get(word, ()):
            yield from alternatives(part)


def places(name: str, schema: Json) -> Iterator[tuple[str, Json, bool]]:
    """Every property and item below a schema: where, what, and whether it may be missing."""
    for part in alternatives(schema):
        for key, value in part.get("properties", {}).items():
            yield f"{name}.{key}", value, key not in part.get("required", ())
            yield from places(f"{name}.{key}", value)
        if "items" in part:
            yield f"{name}[]", part["items"], False
            yield from places(f"{name}[]", part["items"])


def answers() -> Iterator[tuple[str, Json]]:
    for operation_id, operation in OPERATIONS.items():
        for answer in operation["responses"].values():
            for content in answer.get("content", {}).values():
                yield operation_id, content["schema"]
    # A builder pass attaches this one to every error answer.
    yield "error", SCHEMAS["ErrorBody"]


def request_bodies() -> Iterator[tuple[str, Json]]:
    for operation_id, operation in OPERATIONS.items():
        if "requestBody" in operation:
            yield operation_id, operation["requestBody"]["content"]["application/json"]["schema"]


ANSWER_PLACES = [place for name, schema in answers() for place in places(name, schema)]
REQUEST_PLACES = [place for name, schema in request_bodies() for place in places(name, schema)]


def has_enum(schema: Json) -> bool:
    return any("enum" in part or "const" in part for part in alternatives(schema))


def keys_named_default(node: object, where: str = "") -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "default" and not where.endswith("/properties"):
                yield f"{where}/{key}"
            yield from keys_named_default(value, f"{where}/{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from keys_named_default(value, f"{where}/{index}")


def sources() -> Iterator[tuple[str, str]]:
    for operation_id, operation in OPERATIONS.items():
        yield operation_id, operation.get("x-source", "")
    for name, schema in SCHEMAS.items():
        yield name, schema.get("x-source", "")
    for action in load(OVERLAY)["actions"]:
        yield action["target"], action["update"]["webhook_url"].get("x-source", "")


def test_the_supplements_together_make_a_valid_document() -> None:
    """No supplement refers to anything that none of them defines, or breaks OpenAPI 3.1."""
    errors = [error.message for error in OpenAPIV31SpecValidator(DOCUMENT).iter_errors()]
    assert errors == []


def test_no_two_supplements_define_the_same_name() -> None:
    """A merge never has to choose between two definitions."""
    schemas = [name for each in FRAGMENTS for name in load(each)["components"]["schemas"]]
    paths = [path for each in FRAGMENTS for path in load(each).get("paths", {})]
    assert sorted(schemas) == sorted(set(schemas))
    assert sorted(paths) == sorted(set(paths))


@pytest.mark.parametrize("name", [*FRAGMENTS, OVERLAY])
def test_no_default_is_declared(name: str) -> None:
    """The generated client would send a default, so only the descriptions tell it."""
    assert list(keys_named_default(load(name))) == []


@pytest.mark.parametrize(("name", "source"), list(sources()))
def test_every_operation_and_schema_names_a_public_source(name: str, source: str) -> None:
    """What Bria's document lacks says where it comes from, in words that anyone can follow."""
    assert source, name
    assert not re.search(r"/|\.(txt|md|json|ya?ml)\b", source), name


def test_every_property_an_answer_may_lack_may_also_be_null() -> None:
    """Missing and null are the same news; neither may break the parsing of a paid answer."""
    optional = [(name, schema) for name, schema, may_be_missing in ANSWER_PLACES if may_be_missing]
    assert optional
    assert [name for name, schema in optional if not accepts(schema, None)] == []


def test_enums_in_answers_take_a_word_that_is_not_listed() -> None:
    """A new word at Bria must not turn a finished job into a parse error."""
    enums = {name: schema for name, schema, _ in ANSWER_PLACES if has_enum(schema)}
    assert "get-status.status" in enums
    assert [name for name, schema in enums.items() if not accepts(schema, UNKNOWN_WORD)] == []


def test_enums_in_requests_refuse_a_word_that_is_not_listed() -> None:
    """A typing error in a request is told before it is paid for."""
    enums = {name: schema for name, schema, _ in REQUEST_PLACES if has_enum(schema)}
    assert "text-to-image-tailored.aspect_ratio" in enums
    assert [name for name, schema in enums.items() if accepts(schema, UNKNOWN_WORD)] == []


def test_the_answers_are_open() -> None:
    """A property that Bria adds later is kept, not refused."""
    roots = [schema for _, schema in answers()] + [schema for _, schema, _ in ANSWER_PLACES]
    objects = [part for each in roots for part in alternatives(each) if "properties" in part]
    assert objects
    assert all(part.get("additionalProperties") is True for part in objects)


def test_error_answers_leave_their_body_to_the_builder() -> None:
    """One pass adds the error body everywhere, so no supplement adds it by hand."""
    for operation in OPERATIONS.values():
        errors = {code: answer for code, answer in operation["responses"].items() if code >= "400"}
        assert errors
        assert all(set(answer) == {"description"} for answer in errors.values())


def test_get_status_tells_the_body_of_its_404() -> None:
    """The one error with no error in it is described where it happens."""
    status = DOCUMENT["paths"]["/v2/status/{request_id}"]["get"]
    assert status["operationId"] == "get-status"
    assert status["tags"] == ["Status"]
    assert '`{"status": "NOT_FOUND"}`' in status["responses"]["404"]["description"]


def test_only_the_status_of_a_job_is_required() -> None:
    """Every other part of a status answer is missing from some documented answer."""
    assert SCHEMAS["JobStatus"]["required"] == ["status"]
    assert "required" not in SCHEMAS["JobResult"]
    assert "required" not in SCHEMAS["ErrorDetail"]
    assert "required" not in SCHEMAS["ErrorBody"]


@pytest.mark.parametrize(
    "body",
    [
        {"status": "IN_PROGRESS", "request_id": "r"},
        {"status": "COMPLETED", "request_id": "r", "result": {"image_url": "u", "seed": 7}},
        {"status": "COMPLETED", "request_id": "r", "result": {"video_url": "u", "seed": "7"}},
        {"status": "COMPLETED", "request_id": "r", "result": {"structured_prompt": "{}"}},
        {"status": "COMPLETED", "result": {"image_url": "u", "new": 1}, "warning": "w"},
        {"status": "ERROR", "error": {"code": 123, "message": "m", "details": ["d"]}},
        {"status": "FAILED", "error": {"code": "moderation", "message": "m"}},
        {"status": "UNKNOWN", "error": {"code": 500, "message": "m", "details": "d"}},
        {"status": UNKNOWN_WORD, "request_id": None, "result": None, "error": None},
    ],
)
def test_every_documented_status_answer_fits(body: Json) -> None:
    """Each outcome, with and without its optional parts, and a word from the future."""
    assert accepts(SCHEMAS["JobStatus"], body)


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"code": 401, "message": "m", "details": {}}, "request_id": "r"},
        {"error": {"code": "denied", "message": "m"}},
        {"message": "m"},
        {"errors": [{"msg": "m", "field_name": "prompt", "field_input": 7}]},
        {"status": "NOT_FOUND"},
    ],
)
def test_every_documented_error_object_fits(body: Json) -> None:
    """The four shapes that are objects; the fifth is a bare string."""
    assert accepts(SCHEMAS["ErrorBody"], body)
    assert set(body) <= set(SCHEMAS["ErrorBody"]["properties"])


def test_an_error_code_is_a_number_or_a_word() -> None:
    """Anything else would be a shape that nobody documents."""
    assert not accepts(SCHEMAS["ErrorDetail"], {"code": ["500"]})


def test_the_five_legacy_operations_are_deprecated() -> None:
    """Five, each with its real path, under one tag, and marked as leaving."""
    legacy = {
        path: [
            (method, operation["operationId"], operation["tags"], operation["deprecated"])
            for method, operation in item.items()
        ]
        for path, item in load("legacy")["paths"].items()
    }
    expected = {
        "/v1/text-to-image/tailored/{model_id}": "text-to-image-tailored",
        "/v1/text-to-vector/tailored/{model_id}": "text-to-vector-tailored",
        "/v1/reimagine/tailored/{model_id}": "reimagine-tailored",
        "/v1/tailored-gen/restyle_portrait": "restyle-portrait",
        "/v1/tailored-gen/generate_prefix": "generate-prefix",
    }
    assert legacy == {path: [("post", name, ["Legacy"], True)] for path, name in expected.items()}


@pytest.mark.parametrize(
    ("operation_id", "body", "answer"),
    [
        ("text-to-image-tailored", "TextToImageRequest", "LegacyResult"),
        ("text-to-vector-tailored", "TextToVectorRequest", "LegacyResult"),
        ("reimagine-tailored", "ReimagineRequest", "LegacyResult"),
        ("restyle-portrait", "RestylePortraitRequest", "RestyledPortrait"),
        ("generate-prefix", "GeneratePrefixRequest", "GeneratedPrefix"),
    ],
)
def test_bodies_and_answers_have_the_names_users_look_for(
    operation_id: str, body: str, answer: str
) -> None:
    """Named schemas, so that no class is called after an operation and a status code."""
    operation = OPERATIONS[operation_id]
    request = operation["requestBody"]["content"]["application/json"]["schema"]
    response = operation["responses"]["200"]["content"]["application/json"]["schema"]
    assert request == {"$ref": f"#/components/schemas/{body}"}
    assert response == {"$ref": f"#/components/schemas/{answer}"}


@pytest.mark.parametrize(
    ("schema", "answer"),
    [
        ("LegacyResult", {"result": [{"urls": ["u"], "seed": 1, "uuid": "i"}, {}]}),
        ("RestyledPortrait", {"image_res": "u"}),
        ("GeneratedPrefix", {"prefix": "A photo of"}),
    ],
)
def test_every_documented_legacy_answer_fits(schema: str, answer: Json) -> None:
    """The answer fits, and an answer without its one content does not."""
    assert accepts(SCHEMAS[schema], answer)
    assert not accepts(SCHEMAS[schema], {})


@pytest.mark.parametrize("schema", ["TextToImageRequest", "TextToVectorRequest"])
@pytest.mark.parametrize(
    ("name", "fits", "fails"),
    [
        ("num_results", (1, 4), (0, 5)),
        ("steps_num", (4, 20, 50), (3, 51)),
        ("model_influence", (0, 1), (-0.1, 1.1)),
        ("guidance_method_1_scale", (0, 1), (-0.1, 1.1)),
        ("guidance_method_4_scale", (0, 1), (-0.1, 1.1)),
        ("image_prompt_scale", (0, 1), (-0.1, 1.1)),
        ("aspect_ratio", ("1:1", "16:9"), ("21:9",)),
        ("guidance_method_4", ("controlnet_canny", "controlnet_color_grid"), ("canny",)),
        ("image_prompt_mode", ("regular", "style_only"), ("style",)),
    ],
)
def test_documented_limits_hold(
    schema: str, name: str, fits: tuple[object, ...], fails: tuple[object, ...]
) -> None:
    """Both ends of each documented range fit, and the next value outside does not."""
    declared = SCHEMAS[schema]["properties"][name]
    assert all(accepts(declared, value) for value in fits)
    assert not any(accepts(declared, value) for value in fails)


@pytest.mark.parametrize("name", ["images", "image_urls"])
def test_a_prefix_takes_one_to_six_images(name: str) -> None:
    """Neither none nor seven."""
    declared = SCHEMAS["GeneratePrefixRequest"]["properties"][name]
    fitting = [count for count in range(9) if accepts(declared, ["image"] * count)]
    assert fitting == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("schema", "name", "told"),
    [
        ("TextToImageRequest", "sync", "Bria's default: false."),
        ("TextToVectorRequest", "sync", "Bria's default: true."),
        ("TextToImageRequest", "num_results", "Bria's default: 4."),
        ("ReimagineRequest", "structure_ref_influence", "Bria's default: 0.75."),
        ("RestylePortraitRequest", "tailored_model_influence", "Bria's default: 0.9."),
        ("RestylePortraitRequest", "id_strength", "Bria's default: 0.7."),
    ],
)
def test_documented_defaults_are_told_in_words(schema: str, name: str, told: str) -> None:
    """A reader learns what happens to a property that is left out."""
    assert told in SCHEMAS[schema]["properties"][name]["description"]


def test_text_to_vector_has_the_body_of_text_to_image() -> None:
    """The references document one body; only the choice for `sync` differs."""
    image = SCHEMAS["TextToImageRequest"]["properties"]
    vector = SCHEMAS["TextToVectorRequest"]["properties"]
    assert list(image) == list(vector)
    assert [name for name in image if image[name] != vector[name]] == ["sync"]


def test_images_in_a_request_are_raw_base64_strings() -> None:
    """`format: binary` inside JSON makes the generated client crash."""
    files = {
        name: schema
        for name, schema, _ in REQUEST_PLACES
        if name.endswith(("_file", "generate-prefix.images"))
    }
    assert len(files) == 13
    for name, schema in files.items():
        value = schema.get("items", schema)
        assert set(value) - {"description"} == {"type"}, name
        assert value["type"] == "string", name
        assert "Raw base64, without a `data:` prefix" in schema["description"], name


def test_the_body_of_reimagine_is_open() -> None:
    """It is known from prose only, so an option that nobody listed can still be sent."""
    assert SCHEMAS["ReimagineRequest"]["additionalProperties"] is True
    assert accepts(SCHEMAS["ReimagineRequest"], {"prompt": "p", "not_listed": True})


def test_the_overlay_targets_the_three_v2_bodies() -> None:
    """One strict match each, in the properties of the operation's JSON body."""
    overlay = load(OVERLAY)
    assert overlay["overlay"] == "1.1.0"
    assert set(overlay["info"]) >= {"title", "version"}
    assert [action["target"] for action in overlay["actions"]] == [
        f"$.paths['{path}'].post.requestBody.content['application/json'].schema.properties"
        for path in V2_BODIES
    ]
    for action in overlay["actions"]:
        assert set(action) == {"target", "description", "update"}
        assert len(jsonpath.findall(action["target"], DOCUMENT)) == 1


def test_the_bodies_that_take_a_webhook_exist_upstream() -> None:
    """The overlay's paths are Bria's own, with the version that their server adds."""
    text = (OPENAPI / "upstream" / "tailored-generation.json").read_text(encoding="utf-8")
    upstream = json.loads(text)["paths"]
    for path in V2_BODIES:
        operation = upstream[path.removeprefix("/v2")]["post"]
        assert operation["servers"][0]["url"].endswith("/v2")
        assert "properties" in operation["requestBody"]["content"]["application/json"]["schema"]


def test_webhook_url_is_the_same_optional_property_everywhere() -> None:
    """An optional URL, which says what will be sent, how often, and how to believe it."""
    updates = [action["update"] for action in load(OVERLAY)["actions"]]
    assert updates == [updates[0]] * 3
    assert list(updates[0]) == ["webhook_url"]
    declared = updates[0]["webhook_url"]
    assert (declared["type"], declared["format"]) == ("string", "uri")
    for fact in ("2xx", "10 seconds", "5 attempts", "45 minutes", "in no order", "Source:"):
        assert fact in declared["description"]
    for header in ("Bria-Webhook-Id", "Bria-Webhook-Timestamp", "Bria-Webhook-Signature"):
        assert header in declared["description"]
