"""Time: how long things take, and how it is made to pass."""

from __future__ import annotations

import math
import time
from datetime import datetime
from statistics import median
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest

from bria_tailored_ext.sandbox import Length, Sandbox
from bria_tailored_ext.sandbox.chance import Chance
from bria_tailored_ext.sandbox.durations import DEFAULTS, Lengths
from tests.sandbox.conftest import Caller, base64_of, id_of, picture

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from contextlib import AbstractAsyncContextManager

pytestmark = pytest.mark.anyio

INSTANT: Any = dict.fromkeys(DEFAULTS, 0)
NAP: Any = {"nap": 1}


def calling(sandbox: Sandbox) -> AbstractAsyncContextManager[httpx.AsyncClient]:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=sandbox.application), base_url="http://sandbox.test"
    )


@pytest.fixture
async def instant(anyio_backend: str) -> AsyncIterator[Caller]:
    """A caller of a sandbox where time stands still and nothing takes any."""
    sandbox = Sandbox(speed=0, seed=1, durations=INSTANT)
    async with calling(sandbox) as http:
        yield Caller(sandbox, http)


def drawn(kind: Any, count: int = 2000, **chosen: Any) -> list[float]:
    durations = Lengths(Chance(3), {kind: Length(**chosen)} if chosen else {})
    return [durations.seconds(kind, "job", number) for number in range(count)]


def test_training_takes_two_to_six_hours() -> None:
    """Source: "typically 2-4 hours", and six have been seen."""
    hours = [seconds / 3600 for seconds in drawn("training")]
    assert min(hours) == 2
    assert 2.9 < median(hours) < 3.1
    assert sum(each <= 4 for each in hours) > 0.75 * len(hours)
    assert 5 < max(hours) <= 6


def test_lengths_scatter_as_they_are_asked_to() -> None:
    """A lognormal: two thirds lie within a factor of e to the sigma of the median."""
    lengths = drawn("image", median=100, sigma=0.5)
    assert 96 < median(lengths) < 104
    within = sum(100 / math.exp(0.5) < each < 100 * math.exp(0.5) for each in lengths)
    assert 0.65 < within / len(lengths) < 0.72


def test_lengths_keep_their_limits() -> None:
    """Exactly, at both ends."""
    lengths = drawn("image", median=100, sigma=2, low=50, high=200)
    assert (min(lengths), max(lengths)) == (50, 200)


def test_same_seed_gives_the_same_lengths() -> None:
    """Whatever was drawn before; another seed gives others."""
    one, same, other = (Lengths(Chance(seed), {}) for seed in (1, 1, 2))
    one.seconds("video", "something else")
    assert one.seconds("image", "a") == same.seconds("image", "a") != other.seconds("image", "a")


def test_number_is_exactly_that() -> None:
    """No scatter around it."""
    assert {Lengths(Chance(0), {"image": 7}).seconds("image", n) for n in range(50)} == {7.0}


async def test_everything_can_be_instant(instant: Caller) -> None:
    """Captions, trainings and jobs are ready when they are asked for, in time that stands still."""
    dataset = await instant.dataset()
    await instant.ok("PUT", dataset, {"visual_schema": '{"style": "flat"}'})
    for index in range(5):
        assert (await instant.upload(dataset, picture(index)))["caption"] is not None
    await instant.ok("PUT", dataset, {"status": "completed"})
    model = await instant.model(dataset=dataset)
    assert (await instant.ok("POST", f"{model}/start_training", {}))["status"] == "InProgress"
    assert (await instant.ok("GET", model))["status"] == "Completed"
    ask = {"tailored_model_id": str(id_of(model)), "prompt": "a cat"}
    video = {"tailored_model_id": ask["tailored_model_id"], "image": base64_of(picture())}
    for path, body in (
        ("/v2/image/generate/tailored", ask),
        ("/v2/structured_prompt/generate/tailored", ask),
        ("/v2/video/generate/tailored/image-to-video", video),
    ):
        job = await instant.ok("POST", path, body)
        assert (await instant.ok("GET", job["status_url"]))["status"] == "COMPLETED"


async def test_chosen_length_counts_from_the_submit(anyio_backend: str) -> None:
    """To the second, by hand."""
    assert anyio_backend
    sandbox = Sandbox(speed=0, seed=1, durations={"image": 30, "training": Length(median=60)})
    async with calling(sandbox) as http:
        bria = Caller(sandbox, http)
        ask = {"tailored_model_id": str(id_of(await bria.trained())), "prompt": "a cat"}
        job = await bria.ok("POST", "/v2/image/generate/tailored", ask)
        sandbox.advance(29.9)
        assert (await bria.ok("GET", job["status_url"]))["status"] == "IN_PROGRESS"
        sandbox.advance(0.2)
        assert (await bria.ok("GET", job["status_url"]))["status"] == "COMPLETED"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Sandbox(durations=NAP), "durations has 'nap'; it can have image"),
        (lambda: Sandbox(durations={"image": -1}), "must be 0 or more"),
        (lambda: Length(median=math.inf), "median must be 0 or more, and finite"),
        (lambda: Length(median=1, sigma=-1), "sigma must be 0 or more"),
        (lambda: Length(median=1, high=math.nan), "high must be 0 or more"),
    ],
)
def test_impossible_length_is_refused(make: Any, words: str) -> None:
    """When it is made."""
    with pytest.raises(ValueError, match=words):
        make()


async def test_trained_model_can_be_had_without_the_way_to_it(instant: Caller) -> None:
    """A model as any other, with its project and dataset; nothing was billed."""
    model_id = instant.sandbox.add_trained_model("Teahouse", visual_schema={"style": "flat"})
    assert instant.sandbox.books == ()
    model = await instant.ok("GET", f"/v1/tailored-gen/models/{model_id}")
    assert (model["name"], model["status"]) == ("Teahouse", "Completed")
    dataset = await instant.ok("GET", f"/v1/tailored-gen/datasets/{model['dataset_id']}")
    assert (dataset["status"], dataset["visual_schema"]) == ("completed", '{"style": "flat"}')
    assert await instant.ok("GET", f"/v1/tailored-gen/projects/{model['project_id']}")
    ask = {"tailored_model_id": str(model_id), "prompt": "a cat"}
    result = await instant.finished("/v2/image/generate/tailored", ask)
    assert (await instant.http.get(result["image_url"])).content[:4] == b"\x89PNG"
    other = instant.sandbox.add_trained_model()
    assert other != model_id


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v2/image/generate/tailored", {"sync": True}),
        ("/v1/text-to-image/tailored/{model}", {"sync": True, "num_results": 2}),
        ("/v1/tailored-gen/restyle_portrait", {"id_image_file": base64_of(picture())}),
    ],
)
async def test_a_synchronous_answer_takes_its_time(path: str, body: dict[str, Any]) -> None:
    """The length of the work, at the sandbox's speed."""
    sandbox = Sandbox(speed=1000, durations={"image": 300})
    model = str(sandbox.add_trained_model())
    async with calling(sandbox) as http:
        began = time.monotonic()
        answer = await http.post(
            path.format(model=model),
            json={"prompt": "a cup", "tailored_model_id": model, **body},
            headers={"api_token": sandbox.api_token},
        )
    assert answer.status_code == 200
    assert 0.3 <= time.monotonic() - began < 10


async def test_a_synchronous_answer_comes_when_time_is_moved() -> None:
    """By hand, while somebody waits for it."""
    sandbox = Sandbox(speed=0.001, durations={"image": 3600})
    body = {"prompt": "a cup", "tailored_model_id": str(sandbox.add_trained_model()), "sync": True}
    async with calling(sandbox) as http, anyio.create_task_group() as group:

        async def move() -> None:
            while not sandbox.books:  # noqa: ASYNC110
                await anyio.sleep(0.01)
            sandbox.advance(hours=1)

        group.start_soon(move)
        with anyio.fail_after(30):
            answer = await http.post(
                "/v2/image/generate/tailored", json=body, headers={"api_token": sandbox.api_token}
            )
    assert answer.status_code == 200


async def test_where_time_stands_still_a_synchronous_answer_comes_at_once(
    anyio_backend: str,
) -> None:
    """Nobody could move the time whose own thread waits for the answer."""
    assert anyio_backend
    sandbox = Sandbox(speed=0)
    body = {"prompt": "a cup", "tailored_model_id": str(sandbox.add_trained_model()), "sync": True}
    async with calling(sandbox) as http:
        with anyio.fail_after(30):
            answer = await http.post(
                "/v2/image/generate/tailored", json=body, headers={"api_token": sandbox.api_token}
            )
    assert answer.status_code == 200


async def held(sandbox: Sandbox, seconds: float) -> httpx.Response:
    """Ask for a picture that takes an hour."""
    body = {"prompt": "a cup", "tailored_model_id": str(sandbox.add_trained_model()), "sync": True}
    async with httpx.AsyncClient(base_url=sandbox.base_url, timeout=seconds) as http:
        return await http.post(
            "/v2/image/generate/tailored", json=body, headers={"api_token": sandbox.api_token}
        )


async def until_held(sandbox: Sandbox) -> None:
    """Wait until a request has come so far that its job is made."""
    while not sandbox.books:  # noqa: ASYNC110 - in the server's thread, which tells nobody
        await anyio.sleep(0.01)


async def test_a_sandbox_that_ends_holds_no_answer_and_tells_of_none(anyio_backend: str) -> None:
    """The work is not done: the connection ends, and no picture is named."""
    assert anyio_backend
    began = time.monotonic()
    failures: list[Exception] = []

    async def ask() -> None:
        try:
            await held(sandbox, 60.0)
        except httpx.RemoteProtocolError as error:
            failures.append(error)

    sandbox = Sandbox(speed=1, durations={"image": 3600})
    async with anyio.create_task_group() as tasks, sandbox:
        tasks.start_soon(ask)
        await until_held(sandbox)
    assert len(failures) == 1
    assert time.monotonic() - began < 10


def moved(sandbox: Sandbox) -> Any:
    """Move time from outside, and tell what was answered."""

    async def move(body: Any, **headers: str) -> httpx.Response:
        async with calling(sandbox) as http:
            return await http.post(
                "/sandbox/advance", json=body, headers={"api_token": sandbox.api_token, **headers}
            )

    return move


async def test_time_can_be_moved_from_outside(bria: Caller) -> None:
    """In hours, minutes and seconds together; the answer tells the time."""
    move = moved(bria.sandbox)
    model = await bria.model()
    await bria.ok("POST", f"{model}/start_training", {})
    first = (await move({"seconds": 0})).json()["time"]
    then = (await move({"hours": 6, "minutes": 1.5, "seconds": 30})).json()["time"]
    passed = datetime.fromisoformat(then) - datetime.fromisoformat(first)
    assert passed.total_seconds() == 6 * 3600 + 120
    assert (await bria.ok("GET", model))["status"] == "Completed"


@pytest.mark.parametrize(
    "body",
    [{}, [], 4, None, {"hours": -1}, {"hours": "4"}, {"hours": True}, {"days": 1}, {"hours": 1e11}],
)
async def test_a_length_that_is_none_is_refused(bria: Caller, body: Any) -> None:
    """400, in words, and time stays."""
    move = moved(bria.sandbox)
    first = (await move({"seconds": 0})).json()["time"]
    answer = await move(body)
    assert answer.status_code == 400
    assert answer.json()["message"]
    passed = datetime.fromisoformat((await move({"seconds": 0})).json()["time"])
    assert (passed - datetime.fromisoformat(first)).total_seconds() < 60


async def test_time_is_moved_with_the_token_alone(bria: Caller) -> None:
    """A page in a browser cannot send it."""
    assert (await moved(bria.sandbox)({"hours": 1}, api_token="other")).status_code == 401
