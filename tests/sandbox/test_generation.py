"""Generation and the Status Service."""

from __future__ import annotations

import io
import json
from typing import Any

import httpx
import pytest
from PIL import Image

from bria_tailored_ext.sandbox import Sandbox
from tests.sandbox.conftest import Caller, base64_of, id_of, picture

pytestmark = pytest.mark.anyio
IMAGE = "/v2/image/generate/tailored"
PROMPT = "/v2/structured_prompt/generate/tailored"
VIDEO = "/v2/video/generate/tailored/image-to-video"


class Studio(Caller):
    """A caller with a trained model."""

    model_id = ""

    def ask(self, **changes: Any) -> dict[str, Any]:
        """A good body, with changes; `None` leaves a field out."""
        body = {"tailored_model_id": self.model_id, "prompt": "a red teapot", **changes}
        return {key: value for key, value in body.items() if value is not None}


@pytest.fixture
async def studio(bria: Caller) -> Studio:
    made = Studio(bria.sandbox, bria.http)
    made.model_id = str(id_of(await bria.trained()))
    return made


async def test_submit_answers_at_once_with_id_and_status_url(studio: Studio) -> None:
    """202; the URL is the Status Service's, at the address the caller used."""
    answer = await studio("POST", IMAGE, studio.ask())
    assert answer.status_code == 202
    request_id = answer.json()["request_id"]
    assert answer.json() == {
        "request_id": request_id,
        "status_url": f"http://sandbox.test/v2/status/{request_id}",
    }


@pytest.mark.parametrize(
    ("path", "fastest", "slowest"),
    [(IMAGE, 5, 60), (PROMPT, 3, 8), (VIDEO, 60, 180)],
)
async def test_open_job_tells_nothing_but_that_it_is_open(
    studio: Studio, path: str, fastest: float, slowest: float
) -> None:
    """`status` and `request_id` only, until its simulated time has passed."""
    body = studio.ask(image=base64_of(picture()))
    accepted = await studio.ok("POST", path, body)
    open_answer = {"status": "IN_PROGRESS", "request_id": accepted["request_id"]}
    assert await studio.ok("GET", accepted["status_url"]) == open_answer
    studio.sandbox.advance(fastest - 0.1)
    assert await studio.ok("GET", accepted["status_url"]) == open_answer
    studio.sandbox.advance(slowest - fastest + 0.2)
    done = await studio.ok("GET", accepted["status_url"])
    assert set(done) == {"status", "result", "request_id"}
    assert done["status"] == "COMPLETED"


async def test_image_result_tells_all_that_made_it(studio: Studio) -> None:
    """URL, the structured prompt as a JSON string, seed and prompt."""
    result = await studio.finished(IMAGE, studio.ask(seed=42))
    assert set(result) == {"image_url", "structured_prompt", "seed", "prompt"}
    assert (result["seed"], result["prompt"]) == (42, "a red teapot")
    assert "teapot" in json.dumps(json.loads(result["structured_prompt"]))


async def test_structured_prompt_result_is_that_alone(studio: Studio) -> None:
    """A JSON string and nothing else."""
    result = await studio.finished(PROMPT, studio.ask())
    assert list(result) == ["structured_prompt"]
    assert isinstance(json.loads(result["structured_prompt"]), dict)


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_video_result_has_its_url_and_plays(studio: Studio) -> None:
    """An MP4, of a picture that was sent along."""
    body = {"tailored_model_id": studio.model_id, "image": base64_of(picture()), "seed": 3}
    result = await studio.finished(VIDEO, body)
    assert result["seed"] == 3
    served = await studio.http.get(result["video_url"])
    assert served.headers["content-type"] == "video/mp4"
    assert served.content[4:8] == b"ftyp"


async def test_video_can_start_from_a_generated_picture(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the URL of a result or as base64: the same picture is animated, with the seed."""
    animated: list[tuple[bytes, int]] = []

    def noted(image: bytes, *, seed: int) -> bytes:
        animated.append((image, seed))
        return b"film"

    monkeypatch.setattr("bria_tailored_ext.sandbox.files.animate", noted)
    image = await studio.finished(IMAGE, studio.ask(seed=1))
    drawn = (await studio.http.get(image["image_url"])).content
    for source in (image["image_url"], base64_of(drawn)):
        body = {"tailored_model_id": studio.model_id, "image": source, "seed": 3}
        video = await studio.finished(VIDEO, body)
        assert (await studio.http.get(video["video_url"])).content == b"film"
    assert animated == [(drawn, 3), (drawn, 3)]


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_video_survives_the_image_that_it_was_made_of(studio: Studio) -> None:
    """The source counts as it was when the job was submitted."""
    dataset = await studio.dataset()
    image = await studio.upload(dataset)
    body = {"tailored_model_id": studio.model_id, "image": image["image_url"]}
    accepted = await studio.ok("POST", VIDEO, body)
    await studio.ok("DELETE", dataset)
    studio.sandbox.advance(600)
    result = (await studio.ok("GET", accepted["status_url"]))["result"]
    assert (await studio.http.get(result["video_url"])).status_code == 200


@pytest.mark.parametrize(
    ("image", "status"),
    [
        (base64_of(b"text"), 415),
        (base64_of(picture()[:200]), 422),
        ("no base64!", 400),
        ("https://example.com/a.png", 460),
        (base64_of(picture() + b"\0" * 12 * 1024 * 1024), 413),
        (base64_of(picture(0, 4, 4)), 422),
        ("", 400),
        (None, 400),
    ],
    ids=["text", "damaged", "not base64", "elsewhere", "too large", "tiny", "empty", "missing"],
)
async def test_unusable_image_makes_no_video(
    studio: Studio, image: str | None, status: int
) -> None:
    """Each with its own status, in the v2 envelope, and nothing is billed."""
    billed = studio.sandbox.books
    answer = await studio("POST", VIDEO, {"tailored_model_id": studio.model_id, "image": image})
    assert answer.status_code == status
    assert answer.json()["error"]["code"] == status
    assert studio.sandbox.books == billed


async def test_result_of_an_open_job_is_no_source_yet(studio: Studio) -> None:
    """Its URL leads nowhere before the job is done."""
    done = await studio.finished(IMAGE, studio.ask())
    other = await studio.ok("POST", IMAGE, studio.ask())
    guess = done["image_url"].replace(
        done["image_url"].rsplit("-", 1)[-1], f"{other['request_id']}.png"
    )
    assert (await studio.http.get(guess)).status_code == 404
    body = {"tailored_model_id": studio.model_id, "image": guess}
    assert (await studio("POST", VIDEO, body)).status_code == 460


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"prompt": "a"}, 202),
        ({"prompt": "a", "seed": 1}, 202),
        ({"structured_prompt": "{}", "seed": 1}, 202),
        ({"structured_prompt": "{}", "prompt": "a"}, 202),
        ({"structured_prompt": "{}", "prompt": "a", "seed": 1}, 202),
        ({}, 400),
        ({"seed": 1}, 400),
        ({"structured_prompt": "{}"}, 400),
        ({"prompt": "  "}, 400),
    ],
)
async def test_image_combinations(studio: Studio, body: Any, status: int) -> None:
    """A prompt; a structured prompt with a seed; or both prompts."""
    answer = await studio("POST", IMAGE, {"tailored_model_id": studio.model_id, **body})
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"prompt": "a"}, 202),
        ({"structured_prompt": "{}", "prompt": "a"}, 202),
        ({}, 400),
        ({"structured_prompt": "{}"}, 400),
        ({"structured_prompt": "{}", "seed": 1}, 400),
    ],
)
async def test_structured_prompt_combinations(studio: Studio, body: Any, status: int) -> None:
    """A prompt, alone or to refine a structured prompt."""
    answer = await studio("POST", PROMPT, {"tailored_model_id": studio.model_id, **body})
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("guidance_scale", [3, 5], [2, 6, 4.5, "4"]),
        ("steps_num", [20, 50], [19, 51, "30"]),
        ("tailored_model_influence", [0, 1.5], [-0.1, 1.6, "1"]),
        ("aspect_ratio", ["1:1", "16:9", "9:16"], ["2:1", 1, ""]),
        ("seed", [0, -5, 2**40], ["5", 1.5]),
        ("sync", [True, False], ["true", 1]),
        ("prompt", ["é"], [7]),
        ("negative_prompt", ["blue"], [7]),
        ("structured_prompt", ["{}"], ["{", "[]", {}]),
        ("prompt_content_moderation", [False], ["no"]),
        ("visual_output_content_moderation", [False], ["no"]),
    ],
)
async def test_ranges_of_an_image_request(
    studio: Studio, name: str, good: list[Any], bad: list[Any]
) -> None:
    """Inside: 202. Outside, or of the wrong type: 400 in the envelope, naming the field."""
    for value in good:
        answer = await studio("POST", IMAGE, studio.ask(**{name: value}))
        assert answer.status_code in (200, 202), answer.text
    for value in bad:
        answer = await studio("POST", IMAGE, studio.ask(**{name: value}))
        assert answer.status_code == 400
        error = answer.json()["error"]
        assert error["details"].startswith(f"{name}: ")


async def test_refusal_in_v2_has_the_envelope_and_a_request_id(studio: Studio) -> None:
    """`{"error": {"code", "message", "details"}, "request_id"}`; the id is no job's."""
    answer = await studio("POST", IMAGE, studio.ask(seed="x"))
    body = answer.json()
    assert set(body) == {"error", "request_id"}
    assert set(body["error"]) == {"code", "message", "details"}
    assert body["error"]["code"] == 400
    assert (await studio("GET", f"/v2/status/{body['request_id']}")).status_code == 404


@pytest.mark.parametrize("path", [IMAGE, PROMPT, VIDEO])
async def test_model_id_is_a_string_on_the_wire(studio: Studio, path: str) -> None:
    """A number is refused, although a model's own `id` is one; so is none at all."""
    for wrong in (int(studio.model_id), None, ""):
        body = studio.ask(tailored_model_id=wrong, image=base64_of(picture()))
        answer = await studio("POST", path, body)
        assert answer.status_code == 400
        assert "tailored_model_id" in answer.json()["error"]["details"]


@pytest.mark.parametrize(("path", "status"), [(IMAGE, 403), (PROMPT, 403), (VIDEO, 404)])
@pytest.mark.parametrize("wrong", ["999999", "model_123", "9" * 400, "²"])
async def test_unknown_model_cannot_generate(
    studio: Studio, path: str, status: int, wrong: str
) -> None:
    """The document has 403 for images and structured prompts, 404 for videos."""
    body = studio.ask(tailored_model_id=wrong, image=base64_of(picture()))
    answer = await studio("POST", path, body)
    assert answer.status_code == answer.json()["error"]["code"] == status
    told = {403: "Model does not belong to organization", 404: "Model not found"}
    assert answer.json()["error"]["message"] == told[status]


@pytest.mark.parametrize("path", [IMAGE, PROMPT, VIDEO])
async def test_model_that_is_not_trained_cannot_generate(studio: Studio, path: str) -> None:
    """400 in the envelope, before, during and after a training that was stopped."""
    model = await studio.model()
    body = studio.ask(tailored_model_id=str(id_of(model)), image=base64_of(picture()))

    async def refused(word: str) -> None:
        answer = await studio("POST", path, body)
        assert answer.status_code == 400
        assert word in answer.json()["error"]["details"]

    billed = len(studio.sandbox.books)
    await refused("Created")
    await studio.ok("POST", f"{model}/start_training", {})
    await refused("InProgress")
    await studio("POST", f"{model}/stop_training")
    await refused("Stopping")
    studio.sandbox.advance(121)
    await refused("Stopped")
    assert len(studio.sandbox.books) == billed + 1


@pytest.mark.parametrize("path", [IMAGE, PROMPT])
async def test_sync_answers_with_the_result_in_an_envelope(studio: Studio, path: str) -> None:
    """200 `{"result", "request_id"}`; the Status Service knows the job too."""
    answer = await studio("POST", path, studio.ask(sync=True))
    assert answer.status_code == 200
    told = answer.json()
    assert set(told) == {"result", "request_id"}
    status = await studio.ok("GET", f"/v2/status/{told['request_id']}")
    assert status == {"status": "COMPLETED", **told}


async def test_sync_answers_can_be_flat_as_the_document_has_them(anyio_backend: str) -> None:
    """`sync_answers="flat"` gives the result by itself."""
    assert anyio_backend
    sandbox = Sandbox(speed=0, sync_answers="flat")
    transport = httpx.ASGITransport(app=sandbox.application)
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox.test") as http:
        caller = Caller(sandbox, http)
        ask = {"tailored_model_id": str(id_of(await caller.trained())), "prompt": "a", "sync": True}
        image = await caller.ok("POST", IMAGE, ask)
        prompt = await caller.ok("POST", PROMPT, ask)
    assert set(image) == {"image_url", "structured_prompt"}
    assert set(prompt) == {"structured_prompt"}


async def test_video_is_never_synchronous(studio: Studio) -> None:
    """It has no `sync`; one that is sent anyway has no effect."""
    body = {"tailored_model_id": studio.model_id, "image": base64_of(picture()), "sync": True}
    assert (await studio("POST", VIDEO, body)).status_code == 202


async def test_unknown_request_id_is_not_found(studio: Studio) -> None:
    """404 with the status alone: no error, no request id."""
    answer = await studio("GET", "/v2/status/7f3c")
    assert (answer.status_code, answer.json()) == (404, {"status": "NOT_FOUND"})


async def test_seed_is_chosen_when_none_is_given(studio: Studio) -> None:
    """Told in the result, and another one for each job."""
    seeds = [(await studio.finished(IMAGE, studio.ask()))["seed"] for _ in range(3)]
    assert len(set(seeds)) == 3
    assert all(isinstance(seed, int) for seed in seeds)


async def test_chosen_seeds_do_not_depend_on_who_asks_first(anyio_backend: str) -> None:
    """A batch gives the same pictures in whatever order its requests arrive and are polled."""
    assert anyio_backend

    async def seeds(prompts: list[str], polls: int) -> dict[str, int]:
        sandbox = Sandbox(speed=0)
        transport = httpx.ASGITransport(app=sandbox.application)
        async with httpx.AsyncClient(transport=transport, base_url="http://sandbox.test") as http:
            caller = Caller(sandbox, http)
            model_id = str(id_of(await caller.trained()))
            for _ in range(polls):
                await caller("GET", "/v2/status/x")
                await caller("POST", IMAGE, {})
            asks = [{"tailored_model_id": model_id, "prompt": prompt} for prompt in prompts]
            return {ask["prompt"]: (await caller.finished(IMAGE, ask))["seed"] for ask in asks}

    assert await seeds(["a", "b", "c"], 0) == await seeds(["c", "a", "b"], 3)


async def test_polling_and_refusals_do_not_change_later_ids(studio: Studio) -> None:
    """Otherwise a run could not be repeated: nobody polls equally often twice."""
    twin = Sandbox(speed=0, seed=1)
    transport = httpx.ASGITransport(app=twin.application)
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox.test") as http:
        caller = Caller(twin, http)
        await caller.trained()
        for _ in range(3):
            await caller("GET", "/v2/status/x")
            await caller("POST", IMAGE, {})
        assert await caller.ok("POST", IMAGE, studio.ask()) == await studio.ok(
            "POST", IMAGE, studio.ask()
        )


async def test_structured_prompt_and_seed_recreate_the_picture(studio: Studio) -> None:
    """The same pixels; another seed gives other ones."""
    first = await studio.finished(IMAGE, studio.ask())
    again = {key: first[key] for key in ("structured_prompt", "seed")}
    second = await studio.finished(IMAGE, studio.ask(prompt=None, **again))
    third = await studio.finished(IMAGE, studio.ask(prompt=None, **{**again, "seed": 1}))
    assert "prompt" not in second
    assert json.loads(second["structured_prompt"]) == json.loads(first["structured_prompt"])
    one, two, three = [
        Image.open(io.BytesIO((await studio.http.get(each["image_url"])).content)).tobytes()
        for each in (first, second, third)
    ]
    assert one == two != three


async def test_refinement_changes_the_structured_prompt(studio: Studio) -> None:
    """Both prompts together refine; the answer then has a `refined_prompt` as well."""
    first = await studio.finished(IMAGE, studio.ask())
    ask = studio.ask(structured_prompt=first["structured_prompt"], prompt="in a snowy forest")
    second = await studio.finished(IMAGE, ask)
    assert second["structured_prompt"] != first["structured_prompt"]
    assert second["prompt"] == "in a snowy forest"
    assert isinstance(second["refined_prompt"], str)


async def test_structured_prompt_goes_into_an_image(studio: Studio) -> None:
    """What the one endpoint gives, the other takes."""
    prompt = await studio.finished(PROMPT, studio.ask(seed=9))
    ask = studio.ask(prompt=None, seed=9, structured_prompt=prompt["structured_prompt"])
    image = await studio.finished(IMAGE, ask)
    assert json.loads(image["structured_prompt"]) == json.loads(prompt["structured_prompt"])


@pytest.mark.parametrize(("ratio", "shape"), [("1:1", 1), ("16:9", 16 / 9), ("2:3", 2 / 3)])
async def test_aspect_ratio_is_that_of_the_picture(
    studio: Studio, ratio: str, shape: float
) -> None:
    """To the pixel or so."""
    result = await studio.finished(IMAGE, studio.ask(aspect_ratio=ratio))
    served = await studio.http.get(result["image_url"])
    width, height = Image.open(io.BytesIO(served.content)).size
    assert served.headers["content-type"] == "image/png"
    assert abs(width / height - shape) < 0.02


async def test_model_generates_after_its_dataset_is_deleted(studio: Studio) -> None:
    """What it has learned is its own."""
    model = await studio.ok("GET", f"/v1/tailored-gen/models/{studio.model_id}")
    before = await studio.finished(IMAGE, studio.ask(seed=5))
    await studio.ok("DELETE", f"/v1/tailored-gen/datasets/{model['dataset_id']}")
    after = await studio.finished(IMAGE, studio.ask(seed=5))
    assert after["structured_prompt"] == before["structured_prompt"]


async def test_results_outlive_their_model(studio: Studio) -> None:
    """A job that was paid for stays."""
    result = await studio.finished(IMAGE, studio.ask())
    await studio.ok("DELETE", f"/v1/tailored-gen/models/{studio.model_id}")
    assert (await studio.http.get(result["image_url"])).status_code == 200
