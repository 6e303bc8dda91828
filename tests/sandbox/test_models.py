"""Models: made, listed, renamed, deleted, downloaded, uploaded."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.conftest import id_of

if TYPE_CHECKING:
    from tests.sandbox.conftest import Caller

pytestmark = pytest.mark.anyio
MODELS = "/v1/tailored-gen/models"
NAIVE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}")


async def test_new_model_is_created_and_not_trained(bria: Caller) -> None:
    """As in the document's example, naive timestamps with microseconds included."""
    dataset = await bria.dataset()
    body = {"name": "Lora", "dataset_id": id_of(dataset), "description": "A character"}
    made = await bria.ok("POST", MODELS, body)
    assert isinstance(made.pop("id"), int)
    assert NAIVE.fullmatch(made.pop("created_at"))
    assert NAIVE.fullmatch(made.pop("updated_at"))
    assert made == {
        "name": "Lora",
        "description": "A character",
        "status": "Created",
        "training_mode": "fully_automated",
        "project_id": (await bria.ok("GET", dataset))["project_id"],
        "dataset_id": id_of(dataset),
        "custom_metadata": "",
        "active_model_version": "default",
        "training_parameters": {},
        "checkpoint_steps": [],
    }


@pytest.mark.parametrize("missing", ["name", "dataset_id"])
async def test_required_field_is_named_when_it_is_missing(bria: Caller, missing: str) -> None:
    """The prose of the document marks both as required."""
    body: dict[str, Any] = {"name": "M", "dataset_id": id_of(await bria.dataset())}
    del body[missing]
    answer = await bria("POST", MODELS, body)
    assert answer.status_code == 400
    assert [error["field_name"] for error in answer.json()["errors"]] == [missing]


async def test_unknown_training_mode_is_refused(bria: Caller) -> None:
    """Fully automated and expert are all there is; older words are gone."""
    body = {"name": "M", "dataset_id": id_of(await bria.dataset()), "training_mode": "max"}
    answer = await bria("POST", MODELS, body)
    assert answer.json()["errors"][0]["msg"] == "Input should be 'fully_automated' or 'expert'"


async def test_model_of_an_unknown_dataset_is_refused(bria: Caller) -> None:
    """404 with the bare string."""
    answer = await bria("POST", MODELS, {"name": "M", "dataset_id": 1})
    assert (answer.status_code, answer.json()) == (404, "Dataset not found")


async def test_lists_leave_training_parameters_out_unless_asked(bria: Caller) -> None:
    """`include_training_parameters` adds both fields; one list tells `updated_at`."""
    model = await bria.model("expert")
    whole = await bria.ok("GET", model)
    both = {"training_parameters", "checkpoint_steps"}
    for path, extra in (
        (MODELS, set()),
        (f"/v1/tailored-gen/projects/{whole['project_id']}/models", {"updated_at"}),
    ):
        brief = (await bria.ok("GET", path))[0]
        full = (await bria.ok("GET", f"{path}?include_training_parameters=true"))[0]
        assert set(brief) == set(whole) - both | extra
        assert set(full) == set(whole) | extra


async def test_lists_hold_all_models_or_one_projects(bria: Caller) -> None:
    """Empty without any, 404 without the project."""
    assert await bria.ok("GET", MODELS) == []
    first, second = await bria.model(), await bria.model()
    assert [m["id"] for m in await bria.ok("GET", MODELS)] == [id_of(first), id_of(second)]
    project_id = (await bria.ok("GET", second))["project_id"]
    own = await bria.ok("GET", f"/v1/tailored-gen/projects/{project_id}/models")
    assert [m["id"] for m in own] == [id_of(second)]
    answer = await bria("GET", "/v1/tailored-gen/projects/1/models")
    assert (answer.status_code, answer.json()) == (404, "Project not found")


async def test_name_and_description_can_change(bria: Caller) -> None:
    """The answer is the short form of the model."""
    model = await bria.model()
    changed = await bria.ok("PUT", model, {"name": "New"})
    assert changed["name"] == "New"
    assert "training_mode" not in changed
    await bria.ok("PUT", model, {"description": "Better"})
    after = await bria.ok("GET", model)
    assert (after["name"], after["description"]) == ("New", "Better")
    assert (await bria("PUT", model, {"name": ""})).status_code == 400


async def test_deleted_model_is_gone(bria: Caller) -> None:
    """404 afterwards, its file included."""
    model = await bria.trained()
    url = (await bria.ok("GET", f"{model}/download"))["download_url"]
    await bria.ok("DELETE", model)
    assert (await bria("GET", model)).json() == "Model not found"
    assert (await bria.http.get(url)).status_code == 404


@pytest.mark.parametrize(
    ("method", "rest"),
    [
        ("GET", ""),
        ("PUT", ""),
        ("DELETE", ""),
        ("POST", "/start_training"),
        ("POST", "/stop_training"),
        ("GET", "/checkpoints"),
        ("GET", "/checkpoints/500"),
        ("DELETE", "/checkpoints/500"),
        ("GET", "/download"),
    ],
)
@pytest.mark.parametrize("wrong", ["999999", "model_123"])
async def test_unknown_model_is_a_bare_string_404(
    bria: Caller, method: str, rest: str, wrong: str
) -> None:
    """Whatever is asked of it."""
    answer = await bria(method, f"{MODELS}/{wrong}{rest}", {} if method == "PUT" else None)
    assert (answer.status_code, answer.json()) == (404, "Model not found")


async def test_download_needs_a_completed_model(bria: Caller) -> None:
    """400 with a bare string before that."""
    model = await bria.model()
    answer = await bria("GET", f"{model}/download")
    assert (answer.status_code, answer.json()) == (400, "The model status is not completed")


async def test_downloaded_model_says_that_it_holds_no_weights(bria: Caller) -> None:
    """A valid .safetensors file without tensors, and honest about it."""
    model = await bria.trained()
    told = await bria.ok("GET", f"{model}/download")
    assert told["base_model_name"] == "BRIA-FIBO"
    served = await bria.http.get(told["download_url"])
    length = int.from_bytes(served.content[:8], "little")
    assert len(served.content) == 8 + length
    header = json.loads(served.content[8:])
    assert list(header) == ["__metadata__"]
    assert "no weights" in header["__metadata__"]["note"]
    assert header["__metadata__"]["model_id"] == str(id_of(model))


async def test_downloaded_model_can_be_uploaded_and_used(bria: Caller) -> None:
    """It is "syncing", then "completed", in lower case, and generates then."""
    source = await bria.trained()
    url = (await bria.ok("GET", f"{source}/download"))["download_url"]
    body = {
        "model_url": url,
        "project_parameters": {"project_name": "U", "ip_medium": "photography"},
    }
    made = await bria.ok("POST", f"{MODELS}/upload_model", body)
    assert made["status"] == "syncing"
    assert made["name"].endswith(".safetensors")
    bria.sandbox.advance(300)
    model = await bria.ok("GET", f"{MODELS}/{made['id']}")
    assert model["status"] == "completed"
    project = await bria.ok("GET", f"/v1/tailored-gen/projects/{model['project_id']}")
    assert (project["project_name"], project["ip_type"]) == ("U", "other")
    ask = {"tailored_model_id": str(made["id"]), "prompt": "a cat"}
    assert "image_url" in await bria.finished("/v2/image/generate/tailored", ask)


async def test_uploaded_model_can_join_a_project(bria: Caller) -> None:
    """By `project_id`; 404 for one that does not exist."""
    url = (await bria.ok("GET", f"{await bria.trained()}/download"))["download_url"]
    project_id = await bria.project()
    body = {"model_url": url, "project_id": project_id, "model_name": "Mine"}
    made = await bria.ok("POST", f"{MODELS}/upload_model", body)
    assert (made["project_id"], made["name"]) == (project_id, "Mine")
    unknown = await bria("POST", f"{MODELS}/upload_model", {**body, "project_id": 1})
    assert unknown.status_code == 404
    assert (await bria("POST", f"{MODELS}/{made['id']}/start_training", {})).status_code == 409


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"model_url": "http://sandbox.test/files/a.safetensors"}, 400),
        ({"model_url": "http://sandbox.test/files/a.zip", "project_id": 1}, 415),
        ({"model_url": "https://example.com/a.safetensors", "project_parameters": {}}, 400),
        ({"model_url": "x.safetensors", "project_parameters": {"ip_medium": "photography"}}, 400),
        (
            {
                "model_url": "https://example.com/a.safetensors",
                "project_parameters": {"project_name": "U", "ip_medium": "photography"},
            },
            422,
        ),
    ],
    ids=[
        "nothing",
        "no project",
        "no safetensors",
        "empty project",
        "no project name",
        "elsewhere",
    ],
)
async def test_bad_model_upload_is_refused(bria: Caller, body: Any, status: int) -> None:
    """Wrong parameters 400, wrong format 415, out of reach 422; no project is left behind."""
    assert (await bria("POST", f"{MODELS}/upload_model", body)).status_code == status
    assert await bria.ok("GET", "/v1/tailored-gen/projects") == []
