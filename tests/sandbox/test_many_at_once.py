"""Many requests at once over real sockets: nothing is lost, doubled or mixed up."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest

from tests.sandbox.conftest import Caller, base64_of, id_of, picture

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

pytestmark = pytest.mark.anyio


async def at_once(count: int, call: Callable[[int], Awaitable[Any]]) -> list[Any]:
    """Make the same call many times, all together, and give what came of each."""
    answers: list[Any] = [None] * count

    async def one(number: int) -> None:
        answers[number] = await call(number)

    async with anyio.create_task_group() as group:
        for number in range(count):
            group.start_soon(one, number)
    return answers


async def test_two_hundred_submits_are_two_hundred_jobs(live: Caller) -> None:
    """Each with its own id, one line in the books, and the result that was asked for."""
    model_id = str(id_of(await live.trained()))
    billed = len(live.sandbox.books)

    async def submit(number: int) -> Any:
        ask = {"tailored_model_id": model_id, "prompt": f"teapot {number}"}
        return await live.ok("POST", "/v2/image/generate/tailored", ask)

    jobs = await at_once(200, submit)
    assert len({job["request_id"] for job in jobs}) == 200
    lines = live.sandbox.books[billed:]
    assert Counter(line.request_id for line in lines) == Counter(j["request_id"] for j in jobs)
    live.sandbox.advance(60)

    async def poll(number: int) -> Any:
        return await live.ok("GET", jobs[number]["status_url"])

    for number, status in enumerate(await at_once(200, poll)):
        assert status["request_id"] == jobs[number]["request_id"]
        assert status["result"]["prompt"] == f"teapot {number}"


async def test_training_is_started_once_however_many_try(live: Caller) -> None:
    """One 200, all others 409, one line in the books."""
    model = await live.model()

    async def start(_: int) -> int:
        return (await live("POST", f"{model}/start_training", {})).status_code

    assert Counter(await at_once(20, start)) == {200: 1, 409: 19}
    assert len(live.sandbox.books) == 1


async def test_last_place_in_a_dataset_is_given_once(
    live: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading pictures goes on side by side, but the limit holds."""
    monkeypatch.setattr("bria_tailored_ext.sandbox.dataset_rules.MOST_IMAGES", 3)
    dataset = await live.draft(images=2)

    async def upload(number: int) -> int:
        body = {"file": base64_of(picture(number))}
        return (await live("POST", f"{dataset}/images", body)).status_code

    assert Counter(await at_once(6, upload)) == {201: 1, 409: 5}
    assert (await live.ok("GET", dataset))["images_count"] == 3


def large(number: int) -> bytes:
    """A picture that is kept as it came."""
    return picture(number, 1024, 1024)


async def test_images_are_uploaded_side_by_side(live: Caller) -> None:
    """Every one arrives whole, under its own name and id."""
    dataset = await live.draft(images=0)

    async def upload(number: int) -> Any:
        return await live.upload(dataset, large(number), image_name=f"{number}.png")

    images = await at_once(24, upload)
    assert len({image["id"] for image in images}) == 24
    for number, image in enumerate(images):
        assert image["image_name"] == f"{number}.png"
        assert (await live.http.get(image["image_url"])).content == large(number)


async def test_url_by_another_name_of_the_same_machine_is_its_own(live: Caller) -> None:
    """A client that says "localhost" may still name a file by the base URL, and back."""
    port = httpx.URL(live.sandbox.base_url).port
    url = live.sandbox.publish(picture(), "a.png")
    dataset = await live.dataset()
    headers = {"api_token": live.sandbox.api_token}
    async with httpx.AsyncClient(base_url=f"http://localhost:{port}", headers=headers) as other:
        try:
            answer = await other.post(f"{dataset}/images", json={"image_url": url})
        except httpx.ConnectError:
            pytest.skip("localhost is not 127.0.0.1 here")
        assert answer.status_code == 201
        assert answer.json()["image_url"].startswith(f"http://localhost:{port}/files/")
    renamed = url.replace("127.0.0.1", "localhost")
    assert (await live("POST", f"{dataset}/images", {"image_url": renamed})).status_code == 201
    elsewhere = url.replace("127.0.0.1", "127.0.0.2")
    assert (await live("POST", f"{dataset}/images", {"image_url": elsewhere})).status_code == 460
