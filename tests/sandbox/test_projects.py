"""Projects: what they need, what they tell, and what goes with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.sandbox.conftest import Caller

pytestmark = pytest.mark.anyio
PROJECTS = "/v1/tailored-gen/projects"
GOOD = {"project_name": "Branded", "ip_medium": "illustration", "ip_type": "stylized_scene"}


async def test_created_project_tells_what_was_asked_and_its_defaults(bria: Caller) -> None:
    """Texts that were left out are empty strings, as in the document's example."""
    made = await bria.ok("POST", PROJECTS, GOOD)
    assert isinstance(made.pop("id"), int)
    assert made.pop("created_at").endswith("Z")
    assert made == {
        **GOOD,
        "project_description": "",
        "ip_name": "",
        "ip_description": "",
        "status": "active",
        "training_version": None,
    }


@pytest.mark.parametrize("missing", ["project_name", "ip_medium", "ip_type"])
async def test_required_field_is_named_when_it_is_missing(bria: Caller, missing: str) -> None:
    """The prose of the document marks three fields as required."""
    body = {key: value for key, value in GOOD.items() if key != missing}
    answer = await bria("POST", PROJECTS, body)
    assert answer.status_code == 400
    assert answer.json() == {
        "errors": [{"msg": "Field required", "field_name": missing, "field_input": ""}]
    }


async def test_all_wrong_fields_are_named_at_once(bria: Caller) -> None:
    """One refusal tells everything, with the input as it was sent."""
    answer = await bria("POST", PROJECTS, {"project_name": 7, "ip_medium": "oil", "ip_type": ""})
    told = {error["field_name"]: error["field_input"] for error in answer.json()["errors"]}
    assert told == {"project_name": "7", "ip_medium": "oil", "ip_type": ""}


async def test_blank_name_is_refused(bria: Caller) -> None:
    """A required name has to say something."""
    answer = await bria("POST", PROJECTS, {**GOOD, "project_name": "  "})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("ip_type", "needed"),
    [
        ("defined_character", {"ip_name", "ip_description"}),
        ("object_variants", {"ip_description"}),
        ("other", set()),
    ],
)
async def test_some_types_need_the_ip_described(
    bria: Caller, ip_type: str, needed: set[str]
) -> None:
    """A character needs a name and a description, object variants a description."""
    answer = await bria("POST", PROJECTS, {**GOOD, "ip_type": ip_type})
    named = {error["field_name"] for error in answer.json().get("errors", [])}
    assert named == needed
    assert answer.status_code == (400 if needed else 201)


@pytest.mark.parametrize("ip_type", ["multi_object_set", "icons", "character_variants"])
async def test_some_types_are_for_illustrations_only(bria: Caller, ip_type: str) -> None:
    """Photography does not have these types."""
    drawn = {**GOOD, "ip_type": ip_type, "ip_description": "small flat symbols"}
    assert (await bria("POST", PROJECTS, drawn)).status_code == 201
    answer = await bria("POST", PROJECTS, {**drawn, "ip_medium": "photography"})
    assert answer.status_code == 400


async def test_null_is_not_the_same_as_absent(bria: Caller) -> None:
    """The document knows no null here: a client that sends it has drifted."""
    answer = await bria("POST", PROJECTS, {**GOOD, "ip_name": None})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field_name"] == "ip_name"
    assert (await bria.ok("POST", PROJECTS, GOOD))["ip_name"] == ""


async def test_list_has_every_project_and_when_it_changed(bria: Caller) -> None:
    """Only the list tells `updated_at`; with no project it is empty."""
    assert await bria.ok("GET", PROJECTS) == []
    ids = [await bria.project() for _ in range(2)]
    listed = await bria.ok("GET", PROJECTS)
    assert [each["id"] for each in listed] == ids
    assert all("updated_at" in each for each in listed)


async def test_update_changes_only_what_it_names(bria: Caller) -> None:
    """The rest stays, and the change is dated."""
    project = f"{PROJECTS}/{await bria.project(ip_name='Lora')}"
    before = await bria.ok("GET", project)
    bria.sandbox.advance(90)
    after = await bria.ok("PUT", project, {"ip_description": "A girl with purple hair"})
    assert after == {**before, "ip_description": "A girl with purple hair"}
    listed = (await bria.ok("GET", PROJECTS))[0]
    assert listed["updated_at"] > listed["created_at"]


@pytest.mark.parametrize("body", [{"project_name": ""}, {"ip_name": 7}])
async def test_update_with_a_wrong_field_is_refused(bria: Caller, body: Any) -> None:
    """Nothing is changed by a refused update."""
    project = f"{PROJECTS}/{await bria.project()}"
    assert (await bria("PUT", project, body)).status_code == 400


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("wrong", ["999999", "abc", "-1", "1e3", "9" * 40])
async def test_unknown_project_is_a_bare_string_404(bria: Caller, method: str, wrong: str) -> None:
    """v1 answers 404 with a JSON string; an id that is no number leads nowhere too."""
    answer = await bria(method, f"{PROJECTS}/{wrong}", {} if method == "PUT" else None)
    assert (answer.status_code, answer.json()) == (404, "Project not found")


async def test_delete_takes_datasets_images_and_models_along(bria: Caller) -> None:
    """Deleting a project deletes all that belongs to it, and nothing else."""
    other = await bria.draft(images=1)
    project_id = await bria.project()
    dataset = await bria.dataset(project_id)
    image = await bria.upload(dataset)
    model = await bria.model(dataset=dataset)
    assert await bria.ok("DELETE", f"{PROJECTS}/{project_id}") is None
    for path in (f"{PROJECTS}/{project_id}", dataset, model, image["image_url"]):
        assert (await bria("GET", path)).status_code == 404
    assert (await bria.ok("GET", other))["images_count"] == 1


async def test_project_in_training_cannot_be_deleted(bria: Caller) -> None:
    """Training models must be stopped first."""
    model = await bria.model()
    await bria.ok("POST", f"{model}/start_training", {})
    project = f"{PROJECTS}/{(await bria.ok('GET', model))['project_id']}"
    answer = await bria("DELETE", project)
    assert answer.status_code == 409
    assert answer.json() == {"message": "Cannot delete project while models are in training"}
    assert (await bria("GET", project)).status_code == 200
    bria.sandbox.advance(hours=5)
    assert (await bria("DELETE", project)).status_code == 204
