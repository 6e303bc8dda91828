"""The document's own examples, and the small print of its answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.conftest import base64_of, document, id_of, picture

if TYPE_CHECKING:
    from tests.sandbox.conftest import Caller

pytestmark = pytest.mark.anyio
ZULU = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
NAIVE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}")
# Placeholders of the examples that stand for something that only the sandbox knows.
UNREADABLE = {'{"main_subject": ...}'}


def request_examples() -> Iterator[Any]:
    """Every example of a request body, as (method, path, body)."""
    for (method, path), operation in document().items():
        content = operation.get("requestBody", {}).get("content", {})
        told = content.get("application/json", {})
        examples = [told["example"]] if "example" in told else []
        examples += [each["value"] for each in told.get("examples", {}).values()]
        for number, body in enumerate(examples):
            yield pytest.param(method, path, body, id=f"{operation['operationId']}-{number}")


class World:
    """Ids and pictures to put in the places that examples leave open."""

    def __init__(self, draft: str, model: str, project_id: int, image: Any) -> None:
        self.ids = {
            "project_id": project_id,
            "dataset_id": id_of(draft),
            "image_id": image["id"],
            "model_id": id_of(model),
            "tailored_model_id": str(id_of(model)),
        }
        self.url = image["image_url"]

    def filled(self, body: dict[str, Any]) -> dict[str, Any]:
        """The same body with ids that exist, and with pictures that can be fetched."""
        known = {key: self.ids.get(key, value) for key, value in body.items()}
        for key in ("image_url", "image"):
            if key in known:
                known[key] = self.url
        if known.get("structured_prompt") in UNREADABLE:
            known["structured_prompt"] = '{"main_subject": "a teapot"}'
        if "caption" in known:
            known["caption"] = '{"subject": "character"}'
        return known

    def path(self, template: str) -> str:
        """The path with ids that exist."""
        return re.sub(r"\{(\w+)\}", lambda match: str(self.ids[match[1]]), template)


@pytest.mark.parametrize(("method", "path", "body"), list(request_examples()))
async def test_request_examples_of_the_document_are_accepted(
    bria: Caller, method: str, path: str, body: dict[str, Any]
) -> None:
    """With ids that exist in the place of the example's, each one succeeds."""
    draft = await bria.draft()
    image = (await bria.ok("GET", f"{draft}/images"))[0]
    model = await bria.model() if "start_training" in path else await bria.trained()
    project_id = (await bria.ok("GET", draft))["project_id"]
    world = World(draft, model, project_id, image)
    answer = await bria(method, world.path(path), world.filled(body))
    assert answer.is_success, answer.text


def test_there_are_examples_to_try() -> None:
    """So that the test above cannot pass by trying none."""
    assert len(list(request_examples())) >= 12


async def every_answer(bria: Caller) -> dict[str, Any]:
    """One answer of each operation that tells a time, by a name of our own."""
    dataset = await bria.completed()
    model = await bria.trained("expert")
    project_id = (await bria.ok("GET", dataset))["project_id"]
    v1 = "/v1/tailored-gen"
    draft = await bria.dataset()
    return {
        "project": await bria.ok("GET", f"{v1}/projects/{project_id}"),
        "projects": await bria.ok("GET", f"{v1}/projects"),
        "dataset": await bria.ok("GET", dataset),
        "datasets": await bria.ok("GET", f"{v1}/datasets"),
        "own datasets": await bria.ok("GET", f"{v1}/projects/{project_id}/datasets"),
        "images": await bria.ok("GET", f"{dataset}/images"),
        "clone": await bria.ok("POST", f"{dataset}/clone"),
        "image": await bria.upload(draft, picture()),
        "model": await bria.ok("GET", model),
        "models": await bria.ok("GET", f"{v1}/models"),
        "renamed model": await bria.ok("PUT", model, {"name": "N"}),
        "checkpoints": await bria.ok("GET", f"{model}/checkpoints"),
        "new model": await bria.ok("GET", await bria.model(dataset=dataset)),
    }


def times_in(value: Any) -> Iterator[str]:
    """Every `created_at` and `updated_at` in an answer."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from [inner] if key in ("created_at", "updated_at") else times_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from times_in(inner)


async def test_models_tell_naive_times_and_all_else_tells_utc(bria: Caller) -> None:
    """Both kinds occur at Bria, and a client has to read both."""
    for name, answer in (await every_answer(bria)).items():
        pattern = NAIVE if "model" in name or name == "checkpoints" else ZULU
        times = list(times_in(answer))
        assert times, name
        assert all(pattern.fullmatch(each) for each in times), name


async def test_ids_are_numbers_here_and_strings_there(bria: Caller) -> None:
    """Numbers in answers, but a string in generation bodies, steps and versions."""
    answers = await every_answer(bria)
    model = answers["model"]
    assert all(isinstance(model[key], int) for key in ("id", "project_id", "dataset_id"))
    assert all(isinstance(step, str) for step in model["checkpoint_steps"])
    assert isinstance(model["active_model_version"], str)
    assert all(
        isinstance(each["checkpoint_step"], int) for each in answers["checkpoints"]["checkpoints"]
    )


async def test_path_ids_work_whatever_their_documented_type(bria: Caller) -> None:
    """`project_id` is a string in some paths and a number in others; on the wire it is text."""
    project_id = await bria.project()
    for rest in ("", "/datasets", "/models"):
        path = f"/v1/tailored-gen/projects/{project_id}{rest}"
        assert (await bria("GET", path)).status_code == 200


async def test_unknown_fields_of_a_body_are_ignored(bria: Caller) -> None:
    """The document does not forbid them; what Bria adds later must not break a client."""
    body = {"project_name": "P", "ip_medium": "illustration", "ip_type": "other", "new": [1]}
    assert "new" not in await bria.ok("POST", "/v1/tailored-gen/projects", body)
    dataset = await bria.dataset()
    image = await bria.upload(dataset, picture(), folder="x")
    assert "folder" not in image


async def test_moderation_flags_are_taken_and_have_no_effect(bria: Caller) -> None:
    """The sandbox moderates nothing."""
    dataset = await bria.dataset()
    assert await bria.upload(dataset, picture(), content_moderation=True)
    images = [base64_of(picture(index)) for index in range(5)]
    body = {"images": images, "content_moderation": True}
    assert await bria.ok("POST", "/v1/tailored-gen/generate_visual_schema", body)
    wrong = {"images": images, "content_moderation": "yes"}
    answer = await bria("POST", "/v1/tailored-gen/generate_visual_schema", wrong)
    assert answer.status_code == 400
