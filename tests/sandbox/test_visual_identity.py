"""Visual schemas: generated from pictures, refined by an instruction."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.conftest import base64_of, id_of, picture

if TYPE_CHECKING:
    from tests.sandbox.conftest import Caller

pytestmark = pytest.mark.anyio
GENERATE = "/v1/tailored-gen/generate_visual_schema"
REFINE = "/v1/tailored-gen/refine_structured_prompt"


def pictures(count: int) -> list[str]:
    return [base64_of(picture(index)) for index in range(count)]


@pytest.mark.parametrize("count", [5, 10])
async def test_schema_is_a_json_string_derived_from_the_pictures(bria: Caller, count: int) -> None:
    """The same pictures give the same schema, others another."""
    one = await bria.ok("POST", GENERATE, {"images": pictures(count)})
    same = await bria.ok("POST", GENERATE, {"images": pictures(count)})
    other = await bria.ok("POST", GENERATE, {"images": pictures(count)[:4] * 2})
    assert isinstance(json.loads(one["visual_schema"]), dict)
    assert one == same != other


@pytest.mark.parametrize("count", [0, 4, 11])
async def test_five_to_ten_pictures_are_needed(bria: Caller, count: int) -> None:
    """400 otherwise."""
    answer = await bria("POST", GENERATE, {"images": pictures(count)})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field_name"] == "images"


@pytest.mark.parametrize("images", [None, "abc", [1, 2, 3, 4, 5], {"a": 1}])
async def test_images_are_a_list_of_strings(bria: Caller, images: Any) -> None:
    """400 otherwise."""
    assert (await bria("POST", GENERATE, {"images": images})).status_code == 400


async def test_list_with_something_else_in_it_is_refused(bria: Caller) -> None:
    """Five good pictures and a number are not five good pictures."""
    answer = await bria("POST", GENERATE, {"images": [*pictures(5), 7]})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field_name"] == "images.5"


@pytest.mark.parametrize(
    ("odd", "status"),
    [
        (base64_of(b"text"), 415),
        (base64_of(picture(kind="GIF")), 415),
        ("no base64!", 400),
        ("https://example.com/a.png", 460),
        (base64_of(picture() + b"\0" * 12 * 1024 * 1024), 413),
        (base64_of(picture(0, 4, 4)), 422),
    ],
    ids=["text", "gif", "not base64", "elsewhere", "too large", "tiny"],
)
async def test_one_bad_picture_spoils_the_request(bria: Caller, odd: str, status: int) -> None:
    """Each with its own status, and nothing is billed."""
    answer = await bria("POST", GENERATE, {"images": [*pictures(4), odd]})
    assert answer.status_code == status
    assert bria.sandbox.books == ()


async def test_pictures_of_the_sandbox_can_be_named_by_url(bria: Caller) -> None:
    """Base64 and URLs may be mixed; the same pictures give the same schema."""
    large = picture(0, 1024, 1024)
    image = await bria.upload(await bria.dataset(), large)
    by_url = [image["image_url"], *pictures(5)[1:]]
    by_value = [base64_of(large), *pictures(5)[1:]]
    assert await bria.ok("POST", GENERATE, {"images": by_url}) == await bria.ok(
        "POST", GENERATE, {"images": by_value}
    )


async def test_refining_follows_the_instruction_and_stores_nothing(bria: Caller) -> None:
    """What comes back is changed; the dataset is not."""
    dataset = await bria.draft(images=0, schema=None)
    schema = (await bria.ok("POST", GENERATE, {"images": pictures(5)}))["visual_schema"]
    body = {
        "dataset_id": id_of(dataset),
        "structured_prompt": schema,
        "instruction": "make it warmer",
        "context_images": ["https://example.com/a.png"],
    }
    refined = await bria.ok("POST", REFINE, body)
    assert json.loads(refined["structured_prompt"]) != json.loads(schema)
    assert (await bria.ok("GET", dataset))["visual_schema"] is None


@pytest.mark.parametrize("missing", ["dataset_id", "structured_prompt", "instruction"])
async def test_refining_needs_all_three(bria: Caller, missing: str) -> None:
    """Each is required by the document."""
    body = {"dataset_id": id_of(await bria.dataset()), "structured_prompt": "{}"}
    body["instruction"] = "warmer"
    del body[missing]
    answer = await bria("POST", REFINE, body)
    assert answer.status_code == 400
    assert [error["field_name"] for error in answer.json()["errors"]] == [missing]


async def test_refining_something_that_is_not_json_is_refused(bria: Caller) -> None:
    """The structured prompt is JSON in a string."""
    body = {"structured_prompt": "flat", "instruction": "warmer"}
    answer = await bria("POST", REFINE, {**body, "dataset_id": id_of(await bria.dataset())})
    assert answer.status_code == 400


async def test_refining_needs_a_draft(bria: Caller) -> None:
    """404 without the dataset; 400 for a completed one, where the document has no 409."""
    body = {"structured_prompt": "{}", "instruction": "warmer"}
    unknown = await bria("POST", REFINE, {**body, "dataset_id": 1})
    assert (unknown.status_code, unknown.json()) == (404, "Dataset not found")
    completed = id_of(await bria.completed())
    assert (await bria("POST", REFINE, {**body, "dataset_id": completed})).status_code == 400
