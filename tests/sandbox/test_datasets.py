"""Datasets: drafts, completion, what is frozen afterwards, and clones."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from bria_tailored_ext.sandbox.dataset_rules import MOST_IMAGES

if TYPE_CHECKING:
    from tests.sandbox.conftest import Caller

pytestmark = pytest.mark.anyio
DATASETS = "/v1/tailored-gen/datasets"
SCHEMA = '{"style": "flat"}'


async def test_new_dataset_is_an_empty_basic_draft(bria: Caller) -> None:
    """As in the document's example: no schema, no captions, nothing to count."""
    project_id = await bria.project()
    made = await bria.ok("POST", DATASETS, {"project_id": project_id, "name": "v1"})
    assert isinstance(made.pop("id"), int)
    assert made.pop("created_at") == made.pop("updated_at")
    assert made == {
        "project_id": project_id,
        "name": "v1",
        "visual_schema": None,
        "status": "draft",
        "captions_update_status": "empty",
        "upload_type": "basic",
    }


@pytest.mark.parametrize("missing", ["project_id", "name"])
async def test_required_field_is_named_when_it_is_missing(bria: Caller, missing: str) -> None:
    """The prose of the document marks both as required."""
    body = {"project_id": await bria.project(), "name": "v1"}
    del body[missing]
    answer = await bria("POST", DATASETS, body)
    assert answer.status_code == 400
    assert [error["field_name"] for error in answer.json()["errors"]] == [missing]


async def test_project_id_is_a_number_in_the_body(bria: Caller) -> None:
    """It is a string in some paths, but an integer here."""
    body = {"project_id": str(await bria.project()), "name": "v1"}
    assert (await bria("POST", DATASETS, body)).status_code == 400


async def test_dataset_of_an_unknown_project_is_refused(bria: Caller) -> None:
    """404 with the bare string."""
    answer = await bria("POST", DATASETS, {"project_id": 1, "name": "v1"})
    assert (answer.status_code, answer.json()) == (404, "Project not found")


async def test_unknown_upload_type_is_refused(bria: Caller) -> None:
    """Only basic and advanced exist."""
    body = {"project_id": await bria.project(), "name": "v1", "upload_type": "ftp"}
    assert (await bria("POST", DATASETS, body)).status_code == 400


async def test_lists_count_images(bria: Caller) -> None:
    """Both lists have `images_count`; the project's list has only its own."""
    dataset = await bria.draft(images=2)
    await bria.dataset()
    listed = await bria.ok("GET", DATASETS)
    assert [each["images_count"] for each in listed] == [2, 0]
    project_id = (await bria.ok("GET", dataset))["project_id"]
    own = await bria.ok("GET", f"/v1/tailored-gen/projects/{project_id}/datasets")
    assert own == listed[:1]
    assert (await bria("GET", "/v1/tailored-gen/projects/1/datasets")).status_code == 404


async def test_project_list_includes_models_when_asked(bria: Caller) -> None:
    """`models` and `model_ids` come only on request; ids are strings there."""
    dataset = await bria.completed()
    model = await bria.ok("GET", await bria.model(dataset=dataset))
    path = f"/v1/tailored-gen/projects/{model['project_id']}/datasets"
    plain = (await bria.ok("GET", path))[0]
    assert not {"models", "model_ids"} & set(plain)
    both = (
        await bria.http.get(
            path,
            params={"include_models": "true", "include_models_ids": "true"},
            headers={"api_token": bria.sandbox.api_token},
        )
    ).json()[0]
    assert both["model_ids"] == [str(model["id"])]
    assert both["models"] == [model]


async def test_max_images_limits_what_is_shown_but_not_the_count(bria: Caller) -> None:
    """The count is of all images."""
    dataset = await bria.draft(images=3)
    shown = await bria.ok("GET", f"{dataset}?max_images=2")
    assert (len(shown["images"]), shown["images_count"]) == (2, 3)


@pytest.mark.parametrize("wrong", ["0", "201", "many", "-1", ""])
async def test_max_images_out_of_range_is_refused(bria: Caller, wrong: str) -> None:
    """1 to 200."""
    dataset = await bria.dataset()
    answer = await bria("GET", f"{dataset}?max_images={wrong}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field_name"] == "max_images"


async def test_images_inside_a_dataset_tell_where_they_came_from(bria: Caller) -> None:
    """Only this answer has `upload_source_url`, null for an uploaded file."""
    dataset = await bria.draft(images=1)
    inside = (await bria.ok("GET", dataset))["images"][0]
    assert inside.pop("upload_source_url") is None
    assert inside == (await bria.ok("GET", f"{dataset}/images"))[0]


@pytest.mark.parametrize("images", [0, 4])
async def test_fewer_than_five_images_do_not_complete(bria: Caller, images: int) -> None:
    """409, and the dataset stays a draft."""
    dataset = await bria.draft(images=images)
    answer = await bria("PUT", dataset, {"status": "completed"})
    assert answer.status_code == 409
    assert "at least 5 images" in answer.json()["message"]
    assert (await bria.ok("GET", dataset))["status"] == "draft"


async def test_dataset_without_schema_does_not_complete(bria: Caller) -> None:
    """A visual schema must be there before the dataset is completed."""
    dataset = await bria.draft(schema=None)
    answer = await bria("PUT", dataset, {"status": "completed"})
    assert answer.status_code == 409
    assert "visual_schema" in answer.json()["message"]


async def test_schema_and_completion_may_come_together(bria: Caller) -> None:
    """The schema of the same update counts."""
    dataset = await bria.draft(schema=None)
    changed = await bria.ok("PUT", dataset, {"visual_schema": SCHEMA, "status": "completed"})
    assert (changed["visual_schema"], changed["status"]) == (SCHEMA, "completed")


async def test_refused_update_changes_nothing(bria: Caller) -> None:
    """An update counts as a whole."""
    dataset = await bria.draft(images=1, schema=None)
    body = {"name": "new", "visual_schema": SCHEMA, "status": "completed"}
    assert (await bria("PUT", dataset, body)).status_code == 409
    after = await bria.ok("GET", dataset)
    assert (after["name"], after["visual_schema"]) == ("D", None)


@pytest.mark.parametrize("change", [{"visual_schema": '{"style": "new"}'}, {"status": "draft"}])
async def test_completed_dataset_is_frozen(bria: Caller, change: Any) -> None:
    """Neither its schema nor its status can change: 409."""
    dataset = await bria.completed()
    assert (await bria("PUT", dataset, change)).status_code == 409
    after = await bria.ok("GET", dataset)
    assert (after["visual_schema"], after["status"]) == (SCHEMA, "completed")


async def test_completed_dataset_can_be_renamed_and_completed_again(bria: Caller) -> None:
    """The document forbids the schema only; saying "completed" twice does no harm."""
    dataset = await bria.completed()
    changed = await bria.ok("PUT", dataset, {"name": "new", "status": "completed"})
    assert changed["name"] == "new"


@pytest.mark.parametrize(
    "schema", ["not json", "[1]", '"text"', "{", "NaN", '{"a": NaN}', '{"a": 1e999}', "[" * 5000]
)
async def test_schema_must_be_a_json_object_in_a_string(bria: Caller, schema: str) -> None:
    """400, and the problem is laid at the field's door."""
    dataset = await bria.dataset()
    answer = await bria("PUT", dataset, {"visual_schema": schema})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field_name"] == "visual_schema"


async def test_schema_nested_beyond_reason_is_refused(bria: Caller) -> None:
    """Nesting that no code could walk through is refused, not stumbled over."""
    deep = '{"a":' * 200 + "1" + "}" * 200
    dataset = await bria.dataset()
    assert (await bria("PUT", dataset, {"visual_schema": deep})).status_code == 400


async def test_schema_given_as_an_object_is_refused(bria: Caller) -> None:
    """It is a string on the wire."""
    dataset = await bria.dataset()
    answer = await bria("PUT", dataset, {"visual_schema": {"style": "flat"}})
    assert answer.status_code == 400


async def test_delete_removes_the_dataset_and_its_files(bria: Caller) -> None:
    """Images are deleted with it."""
    dataset = await bria.draft(images=1)
    url = (await bria.ok("GET", dataset))["images"][0]["image_url"]
    await bria.ok("DELETE", dataset)
    assert (await bria("GET", dataset)).status_code == 404
    assert (await bria.http.get(url)).status_code == 404


async def test_dataset_of_a_model_in_training_cannot_be_deleted(bria: Caller) -> None:
    """409 until the training is over."""
    dataset = await bria.completed()
    model = await bria.model(dataset=dataset)
    await bria.ok("POST", f"{model}/start_training", {})
    assert (await bria("DELETE", dataset)).status_code == 409
    bria.sandbox.advance(hours=5)
    assert (await bria("DELETE", dataset)).status_code == 204


async def test_clone_is_a_draft_with_the_same_schema_images_and_captions(bria: Caller) -> None:
    """The copy has ids and files of its own, and outlives the original."""
    dataset = await bria.completed()
    original = await bria.ok("GET", dataset)
    copy = await bria.ok("POST", f"{dataset}/clone")
    assert copy["name"] == "Copy of D"
    assert copy["status"] == "draft"
    assert copy["visual_schema"] == original["visual_schema"]
    assert copy["images_count"] == 5
    before, after = original["images"], copy["images"]
    assert [each["caption"] for each in after] == [each["caption"] for each in before]
    assert all(json.loads(each["caption"]) for each in after)
    assert not {each["id"] for each in after} & {each["id"] for each in before}
    await bria.ok("DELETE", dataset)
    assert (await bria.http.get(after[0]["image_url"])).status_code == 200
    assert (await bria.http.get(after[0]["thumbnail_url"])).status_code == 200


async def test_clone_can_be_named_and_changed(bria: Caller) -> None:
    """This is how one goes on from a completed dataset."""
    dataset = await bria.completed()
    copy = await bria.ok("POST", f"{dataset}/clone", {"name": "v2", "description": "more"})
    assert copy["name"] == "v2"
    path = f"{DATASETS}/{copy['id']}"
    await bria.upload(path)
    changed = await bria.ok("PUT", path, {"visual_schema": '{"style": "new"}'})
    assert changed["status"] == "draft"
    assert (await bria.ok("GET", dataset))["images_count"] == 5


async def test_clone_with_a_wrong_field_is_refused(bria: Caller) -> None:
    """A name is a string."""
    dataset = await bria.dataset()
    assert (await bria("POST", f"{dataset}/clone", {"name": 7})).status_code == 400


@pytest.mark.parametrize(
    ("method", "rest"),
    [
        ("GET", ""),
        ("PUT", ""),
        ("DELETE", ""),
        ("POST", "/clone"),
        ("GET", "/images"),
        ("PUT", "/images"),
        ("POST", "/images"),
        ("GET", "/images/1"),
        ("PUT", "/images/1"),
        ("DELETE", "/images/1"),
        ("POST", "/images/bulk-upload"),
        ("GET", "/images/bulk-upload/status"),
    ],
)
@pytest.mark.parametrize("wrong", ["999999", "x"])
async def test_unknown_dataset_is_a_bare_string_404(
    bria: Caller, method: str, rest: str, wrong: str
) -> None:
    """Whatever is asked of it."""
    body = {
        "PUT/images/1": {"caption": "{}"},
        "POST/images": {"file": "eA=="},
        "POST/images/bulk-upload": {"zip_url": "http://sandbox.test/a.zip"},
    }.get(method + rest, {} if method != "GET" else None)
    answer = await bria(method, f"{DATASETS}/{wrong}{rest}", body)
    assert (answer.status_code, answer.json()) == (404, "Dataset not found")


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_two_hundred_images_are_the_most(bria: Caller) -> None:
    """The 201st is refused with 409."""
    dataset = await bria.draft(images=0, schema=None)
    for _ in range(MOST_IMAGES):
        await bria.upload(dataset)
    answer = await bria("POST", f"{dataset}/images", {"file": "eA=="})
    assert answer.status_code == 409
    assert "200 images" in answer.json()["message"]
    assert (await bria.ok("GET", dataset))["images_count"] == MOST_IMAGES == 200


async def test_only_advanced_datasets_can_be_downloaded(bria: Caller) -> None:
    """409 for a basic one, 404 for none; the path lacks its neighbours' prefix."""
    dataset = await bria.completed()
    path = dataset.replace("/tailored-gen", "") + "/download"
    answer = await bria("GET", path)
    assert answer.status_code == 409
    assert answer.json()["message"] == "Download is only supported for advanced dataset types"
    assert (await bria("GET", "/v1/datasets/1/download")).status_code == 404
