"""Training: its rules, its time, its checkpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bria_tailored_ext.sandbox.pictures import read_picture
from tests.sandbox.conftest import id_of

if TYPE_CHECKING:
    from tests.sandbox.conftest import Caller

pytestmark = pytest.mark.anyio
DEFAULTS = {
    "learning_rate": 0.0001,
    "lr_scheduler": "constant_with_warmup",
    "rank": 128,
    "total_training_steps": 750,
    "checkpoint_interval": 500,
    "lr_warmup_steps": 100,
}


async def status(bria: Caller, model: str) -> str:
    return str((await bria.ok("GET", model))["status"])


async def test_training_takes_two_to_six_hours(bria: Caller) -> None:
    """InProgress at first, Completed in the end, by simulated time alone."""
    model = await bria.model()
    started = await bria.ok("POST", f"{model}/start_training", {})
    assert started["status"] == "InProgress"
    bria.sandbox.advance(hours=1.99)
    assert await status(bria, model) == "InProgress"
    bria.sandbox.advance(hours=4.02)
    assert await status(bria, model) == "Completed"


async def test_trainings_do_not_all_take_equally_long(bria: Caller) -> None:
    """Durations are seeded, but differ."""
    dataset = await bria.completed()
    models = [await bria.model(dataset=dataset) for _ in range(8)]
    for model in models:
        await bria.ok("POST", f"{model}/start_training", {})
    bria.sandbox.advance(hours=3)
    assert {await status(bria, model) for model in models} == {"InProgress", "Completed"}


async def test_end_of_training_is_when_the_model_was_updated(bria: Caller) -> None:
    """`updated_at` tells the end, not the moment somebody looked."""
    model = await bria.trained()
    path = f"/v1/tailored-gen/projects/{(await bria.ok('GET', model))['project_id']}/models"
    first = (await bria.ok("GET", path))[0]
    bria.sandbox.advance(hours=5)
    assert (await bria.ok("GET", path))[0] == first
    assert first["updated_at"] > first["created_at"]


async def test_dataset_must_be_completed(bria: Caller) -> None:
    """412 with a draft, and the model stays as it is."""
    dataset = await bria.draft()
    model = await bria.model(dataset=dataset)
    answer = await bria("POST", f"{model}/start_training", {})
    assert answer.status_code == 412
    assert answer.json() == {"message": "Dataset status must be 'completed' to start training"}
    assert await status(bria, model) == "Created"
    await bria.ok("PUT", dataset, {"status": "completed"})
    await bria.ok("POST", f"{model}/start_training", {})


async def test_training_without_its_dataset_cannot_start(bria: Caller) -> None:
    """It may have been deleted meanwhile: 404."""
    dataset = await bria.completed()
    model = await bria.model(dataset=dataset)
    await bria.ok("DELETE", dataset)
    answer = await bria("POST", f"{model}/start_training", {})
    assert (answer.status_code, answer.json()) == (404, "Dataset not found")


@pytest.mark.parametrize("hours", [0, 5], ids=["while it runs", "when it is done"])
async def test_training_starts_only_once(bria: Caller, hours: int) -> None:
    """409 ever after, and only the first is billed."""
    model = await bria.model()
    await bria.ok("POST", f"{model}/start_training", {})
    bria.sandbox.advance(hours=hours)
    answer = await bria("POST", f"{model}/start_training", {})
    assert answer.status_code == 409
    assert answer.json() == {"message": "Training already started/cannot be resumed"}
    assert [call.operation for call in bria.sandbox.books] == ["start-training"]


@pytest.mark.parametrize("name", sorted(DEFAULTS))
async def test_parameters_need_the_expert_mode(bria: Caller, name: str) -> None:
    """Any of them, even with its default value, is refused word for word as documented."""
    model = await bria.model()
    answer = await bria("POST", f"{model}/start_training", {name: DEFAULTS[name]})
    assert answer.status_code == 400
    assert answer.json() == {
        "message": "Advanced training parameters are only supported"
        " when training_mode is set to 'expert'."
    }
    assert await status(bria, model) == "Created"


async def test_automated_training_tells_no_parameters(bria: Caller) -> None:
    """As in the document's examples: an empty object, no checkpoints, version "default"."""
    told = await bria.ok("GET", await bria.trained())
    assert (told["training_parameters"], told["checkpoint_steps"]) == ({}, [])
    assert told["active_model_version"] == "default"


async def test_expert_defaults_are_filled_in(bria: Caller) -> None:
    """What was not set is Bria's documented default."""
    model = await bria.model("expert")
    started = await bria.ok("POST", f"{model}/start_training", {})
    assert started["training_parameters"] == DEFAULTS
    assert started["checkpoint_steps"] == []


async def test_expert_parameters_are_kept(bria: Caller) -> None:
    """What was set is told, at the edges of its range too."""
    asked = {
        "learning_rate": 0.001,
        "lr_scheduler": "cosine",
        "rank": 4,
        "total_training_steps": 1,
        "checkpoint_interval": 100,
    }
    told = await bria.ok("GET", await bria.trained("expert", **asked))
    assert told["training_parameters"] == {**asked, "lr_warmup_steps": None}


async def test_warmup_only_goes_with_its_scheduler(bria: Caller) -> None:
    """Null with any other one, even if it was set."""
    asked: dict[str, Any] = {"lr_scheduler": "linear", "lr_warmup_steps": 5}
    told = await bria.ok("GET", await bria.trained("expert", **asked))
    assert told["training_parameters"]["lr_warmup_steps"] is None
    asked["lr_scheduler"] = "constant_with_warmup"
    told = await bria.ok("GET", await bria.trained("expert", **asked))
    assert told["training_parameters"]["lr_warmup_steps"] == 5


@pytest.mark.parametrize(
    ("name", "value", "msg"),
    [
        ("total_training_steps", 1000000, "Input should be less than or equal to 5000"),
        ("total_training_steps", 0, "Input should be greater than or equal to 1"),
        ("rank", 3, "Input should be greater than or equal to 4"),
        ("rank", 257, "Input should be less than or equal to 256"),
        ("rank", 4.5, "Input should be a valid integer"),
        ("rank", True, "Input should be a valid integer"),
        ("rank", "128", "Input should be a valid integer"),
        ("learning_rate", 0.0011, "Input should be less than or equal to 0.001"),
        ("learning_rate", 0, "Input should be greater than or equal to 1e-06"),
        ("learning_rate", "fast", "Input should be a valid number"),
        ("checkpoint_interval", 99, "Input should be greater than or equal to 100"),
        ("lr_warmup_steps", 1001, "Input should be less than or equal to 1000"),
        ("lr_warmup_steps", -1, "Input should be greater than or equal to 0"),
        ("lr_scheduler", 7, "Input should be a valid string"),
    ],
)
async def test_parameter_out_of_range_is_told_with_its_input(
    bria: Caller, name: str, value: Any, msg: str
) -> None:
    """400 with `{"errors": [...]}`, the input as a string, as in the document's example."""
    model = await bria.model("expert")
    answer = await bria("POST", f"{model}/start_training", {name: value})
    assert answer.status_code == 400
    shown = {True: "true"}.get(value, str(value))
    assert answer.json() == {"errors": [{"msg": msg, "field_name": name, "field_input": shown}]}
    assert await status(bria, model) == "Created"


async def test_unknown_scheduler_is_refused(bria: Caller) -> None:
    """The six documented ones are all there is."""
    model = await bria.model("expert")
    answer = await bria("POST", f"{model}/start_training", {"lr_scheduler": "warp"})
    assert answer.json()["errors"][0]["field_input"] == "warp"


async def test_stopping_takes_a_while_and_is_for_good(bria: Caller) -> None:
    """Stopping, then Stopped; it cannot be stopped or started again, nor completes."""
    model = await bria.model()
    await bria.ok("POST", f"{model}/start_training", {})
    bria.sandbox.advance(hours=1)
    stopped = await bria("POST", f"{model}/stop_training")
    assert (stopped.status_code, stopped.content) == (200, b"")
    assert await status(bria, model) == "Stopping"
    again = await bria("POST", f"{model}/stop_training")
    assert again.status_code == 409
    assert again.json() == {"message": "Training already stopped/not in training"}
    bria.sandbox.advance(121)
    assert await status(bria, model) == "Stopped"
    assert (await bria("POST", f"{model}/stop_training")).status_code == 409
    assert (await bria("POST", f"{model}/start_training", {})).status_code == 409
    bria.sandbox.advance(hours=5)
    assert await status(bria, model) == "Stopped"


async def test_only_a_running_training_can_be_stopped(bria: Caller) -> None:
    """409 before it has begun and after it is done."""
    fresh, done = await bria.model(), await bria.trained()
    for model in (fresh, done):
        assert (await bria("POST", f"{model}/stop_training")).status_code == 409
    assert await status(bria, done) == "Completed"


async def test_model_in_training_cannot_be_deleted(bria: Caller) -> None:
    """409 while InProgress and while Stopping; afterwards it can."""
    model = await bria.model()
    await bria.ok("POST", f"{model}/start_training", {})
    answer = await bria("DELETE", model)
    assert answer.status_code == 409
    assert answer.json() == {"message": "Cannot delete model while it is in training"}
    await bria("POST", f"{model}/stop_training")
    assert (await bria("DELETE", model)).status_code == 409
    bria.sandbox.advance(121)
    assert (await bria("DELETE", model)).status_code == 204


async def test_checkpoints_appear_as_the_training_goes_on(bria: Caller) -> None:
    """Steps are strings in the model, the latest first; the last is the final step."""
    model = await bria.model("expert")
    body = {"total_training_steps": 1500, "checkpoint_interval": 500}
    await bria.ok("POST", f"{model}/start_training", body)
    seen: list[list[str]] = []
    for _ in range(25):
        steps = (await bria.ok("GET", model))["checkpoint_steps"]
        seen += [steps] if steps not in seen else []
        bria.sandbox.advance(600)
    assert seen == [[], ["500"], ["1000", "500"], ["1500", "1000", "500"]]
    assert (await bria.ok("GET", model))["active_model_version"] == "1500"


async def test_list_of_checkpoints_tells_step_job_and_naive_time(bria: Caller) -> None:
    """Steps are numbers here, and the version a string."""
    model = await bria.trained("expert")
    listed = await bria.ok("GET", f"{model}/checkpoints")
    assert [each["checkpoint_step"] for each in listed["checkpoints"]] == [750, 500]
    assert listed["active_model_version"] == "750"
    first = listed["checkpoints"][0]
    assert len(first["created_at"]) == len("2025-08-20T10:04:13.827379")
    assert await bria.ok("GET", f"{model}/checkpoints/750") == first


@pytest.mark.parametrize("rest", ["/checkpoints", "/checkpoints/500"])
async def test_checkpoints_need_a_completed_expert_model(bria: Caller, rest: str) -> None:
    """400 with a bare string before it is done, and in the fully automated mode."""
    model = await bria.model("expert")
    await bria.ok("POST", f"{model}/start_training", {})
    answer = await bria("GET", model + rest)
    assert (answer.status_code, answer.json()) == (400, "The model status is not completed")
    automated = await bria.trained()
    answer = await bria("GET", automated + rest)
    assert answer.status_code == 400
    assert "expert" in answer.json()


@pytest.mark.parametrize("step", ["501", "final"])
async def test_unknown_checkpoint_is_a_bare_string_404(bria: Caller, step: str) -> None:
    """For reading and deleting."""
    model = await bria.trained("expert")
    for method in ("GET", "DELETE"):
        answer = await bria(method, f"{model}/checkpoints/{step}")
        assert (answer.status_code, answer.json()) == (404, "Checkpoint not found")


async def test_checkpoint_in_use_cannot_be_deleted(bria: Caller) -> None:
    """400 with a bare string; any other one can, and is gone everywhere."""
    model = await bria.trained("expert")
    answer = await bria("DELETE", f"{model}/checkpoints/750")
    assert answer.status_code == 400
    assert answer.json() == "Cannot delete checkpoint currently selected for inference"
    await bria.ok("DELETE", f"{model}/checkpoints/500")
    assert (await bria("GET", f"{model}/checkpoints/500")).status_code == 404
    assert (await bria.ok("GET", model))["checkpoint_steps"] == ["750"]


async def test_stopped_training_saves_no_more_checkpoints(bria: Caller) -> None:
    """What was saved before stays listed."""
    model = await bria.model("expert")
    await bria.ok("POST", f"{model}/start_training", {"checkpoint_interval": 100})
    bria.sandbox.advance(hours=1)
    await bria("POST", f"{model}/stop_training")
    before = (await bria.ok("GET", model))["checkpoint_steps"]
    bria.sandbox.advance(hours=5)
    assert (await bria.ok("GET", model))["checkpoint_steps"] == before
    assert before
    assert (await bria("GET", f"{model}/checkpoints")).status_code == 400


async def test_ids_of_different_kinds_never_coincide(bria: Caller) -> None:
    """An id used in the wrong place leads to 404, not to something else."""
    model = await bria.trained()
    told = await bria.ok("GET", model)
    assert len({told["id"], told["dataset_id"], told["project_id"]}) == 3
    wrong = f"/v1/tailored-gen/models/{told['dataset_id']}"
    assert id_of(wrong) == told["dataset_id"]
    assert (await bria("GET", wrong)).status_code == 404


async def test_a_model_has_the_colours_of_its_images_if_no_schema_names_any(bria: Caller) -> None:
    """A schema in plain words is usual; what comes out is not grey."""
    dataset = await bria.completed(schema='{"style": "flat", "colors": "a cool blue"}')
    model = await bria.model(dataset=dataset)
    await bria.ok("POST", f"{model}/start_training", {})
    bria.sandbox.advance(hours=7)
    body = {"tailored_model_id": str(id_of(model)), "prompt": "a teapot", "seed": 3}
    result = await bria.finished("/v2/image/generate/tailored", body)
    drawn = read_picture((await bria.http.get(result["image_url"])).content)
    assert drawn.features.saturation > 0.05
