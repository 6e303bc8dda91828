"""Captions: when they are made, when they are stale, how they are changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.conftest import picture

if TYPE_CHECKING:
    from tests.sandbox.conftest import Caller

pytestmark = pytest.mark.anyio


async def captions_status(bria: Caller, dataset: str) -> str:
    return str((await bria.ok("GET", dataset))["captions_update_status"])


async def test_no_schema_means_no_caption(bria: Caller) -> None:
    """Null, with no source, for as long as the dataset has no schema."""
    dataset = await bria.draft(images=1, schema=None)
    bria.sandbox.advance(hours=1)
    image = (await bria.ok("GET", f"{dataset}/images"))[0]
    assert (image["caption"], image["caption_source"]) == (None, None)
    assert await captions_status(bria, dataset) == "empty"


async def test_caption_is_pending_for_a_few_seconds_after_an_upload(bria: Caller) -> None:
    """Then it is there: a JSON string about the picture, made automatically."""
    dataset = await bria.dataset()
    await bria.ok("PUT", dataset, {"visual_schema": '{"style": "flat", "name": "Lucy"}'})
    image = await bria.upload(dataset, picture(), image_name="red teapot.png")
    assert (image["caption"], image["caption_source"]) == (None, "pending")
    assert await captions_status(bria, dataset) == "in_progress"
    bria.sandbox.advance(1.9)
    assert await captions_status(bria, dataset) == "in_progress"
    bria.sandbox.advance(4.2)
    image = await bria.ok("GET", f"{dataset}/images/{image['id']}")
    assert image["caption_source"] == "automatic"
    assert json.loads(image["caption"])["subject"] == "red teapot"
    assert json.loads(image["caption"])["name"] == "Lucy"
    assert await captions_status(bria, dataset) == "completed"


async def test_new_schema_makes_captions_stale_until_they_are_regenerated(bria: Caller) -> None:
    """The texts stay as they are, the status says "empty"; the PUT makes them anew."""
    dataset = await bria.draft(schema='{"name": "Lucy"}')
    old = await bria.ok("GET", f"{dataset}/images")
    await bria.ok("PUT", dataset, {"visual_schema": '{"name": "Max"}'})
    assert await bria.ok("GET", f"{dataset}/images") == old
    assert await captions_status(bria, dataset) == "empty"
    started = await bria.ok("PUT", f"{dataset}/images")
    assert started["captions_update_status"] == "in_progress"
    assert "upload_type" not in started
    bria.sandbox.advance(30)
    new = await bria.ok("GET", f"{dataset}/images")
    assert await captions_status(bria, dataset) == "completed"
    assert {json.loads(image["caption"])["name"] for image in new} == {"Max"}
    assert {image["caption_source"] for image in new} == {"automatic"}


async def test_same_schema_again_makes_nothing_stale(bria: Caller) -> None:
    """Only a change counts."""
    dataset = await bria.draft(schema='{"name": "Lucy"}')
    await bria.ok("PUT", dataset, {"visual_schema": '{"name": "Lucy"}', "name": "other"})
    assert await captions_status(bria, dataset) == "completed"


async def test_first_schema_is_for_images_that_are_there_already(bria: Caller) -> None:
    """Images uploaded before it have no caption until all are regenerated."""
    dataset = await bria.draft(images=2, schema=None)
    await bria.ok("PUT", dataset, {"visual_schema": "{}"})
    assert await captions_status(bria, dataset) == "empty"
    await bria.ok("PUT", f"{dataset}/images")
    bria.sandbox.advance(15)
    assert all(image["caption"] for image in await bria.ok("GET", f"{dataset}/images"))


async def test_captions_are_regenerated_one_after_another(bria: Caller) -> None:
    """Looked at half way, some are there and the others pending with a null caption."""
    dataset = await bria.draft()
    await bria.ok("PUT", f"{dataset}/images")
    seen = []
    for _ in range(31):
        images = await bria.ok("GET", f"{dataset}/images")
        assert all((i["caption"] is None) == (i["caption_source"] == "pending") for i in images)
        seen.append(sum(image["caption_source"] == "pending" for image in images))
        bria.sandbox.advance(1)
    assert seen == sorted(seen, reverse=True)
    assert set(seen) == {0, 1, 2, 3, 4, 5}


async def test_regenerating_without_a_schema_is_refused(bria: Caller) -> None:
    """Otherwise a caller would poll for "completed" for ever."""
    dataset = await bria.draft(images=1, schema=None)
    assert (await bria("PUT", f"{dataset}/images")).status_code == 400


async def test_regenerating_no_captions_is_done_at_once(bria: Caller) -> None:
    """An empty dataset with a schema has nothing to wait for."""
    dataset = await bria.draft(images=0)
    assert (await bria.ok("PUT", f"{dataset}/images"))["captions_update_status"] == "completed"


async def test_caption_set_by_hand_is_manual_and_at_once(bria: Caller) -> None:
    """It is kept as it was written, and survives until captions are regenerated."""
    dataset = await bria.draft(images=2)
    image = (await bria.ok("GET", f"{dataset}/images"))[0]
    path = f"{dataset}/images/{image['id']}"
    text = '{ "subject":"character",\n"é": 1 }'
    changed = await bria.ok("PUT", path, {"caption": text})
    assert (changed["caption"], changed["caption_source"]) == (text, "manual")
    assert await bria.ok("GET", path) == changed
    await bria.ok("PUT", f"{dataset}/images")
    bria.sandbox.advance(15)
    assert (await bria.ok("GET", path))["caption_source"] == "automatic"


async def test_one_caption_can_be_regenerated(bria: Caller) -> None:
    """It is pending for a while, then automatic; the others are left alone."""
    dataset = await bria.draft(images=2)
    first, second = await bria.ok("GET", f"{dataset}/images")
    path = f"{dataset}/images/{first['id']}"
    await bria.ok("PUT", path, {"caption": "{}"})
    pending = await bria.ok("PUT", path, {"regenerate_caption": True})
    assert (pending["caption"], pending["caption_source"]) == (None, "pending")
    bria.sandbox.advance(7)
    again = await bria.ok("GET", path)
    assert (again["caption"], again["caption_source"]) == (first["caption"], "automatic")
    assert await bria.ok("GET", f"{dataset}/images/{second['id']}") == second


@pytest.mark.parametrize(
    "body",
    [
        {"caption": "{}", "regenerate_caption": True},
        {},
        {"regenerate_caption": False},
        {"caption": "a red teapot"},
        {"caption": ""},
        {"caption": {"subject": "teapot"}},
        {"regenerate_caption": "yes"},
    ],
    ids=["both", "neither", "false", "no JSON", "empty", "an object", "text flag"],
)
async def test_bad_caption_update_is_refused(bria: Caller, body: Any) -> None:
    """`caption` and `regenerate_caption` exclude each other; a caption is valid JSON."""
    dataset = await bria.draft(images=1)
    image = (await bria.ok("GET", f"{dataset}/images"))[0]
    assert (await bria("PUT", f"{dataset}/images/{image['id']}", body)).status_code == 400
    assert (await bria.ok("GET", f"{dataset}/images"))[0] == image


async def test_both_ways_at_once_are_refused_with_a_message(bria: Caller) -> None:
    """`{"message": ...}` is the shape of this 400."""
    dataset = await bria.draft(images=1)
    image = (await bria.ok("GET", f"{dataset}/images"))[0]
    body = {"caption": "{}", "regenerate_caption": True}
    answer = await bria("PUT", f"{dataset}/images/{image['id']}", body)
    assert answer.json() == {"message": "Cannot provide both caption and regenerate_caption"}


async def test_one_caption_cannot_be_regenerated_without_a_schema(bria: Caller) -> None:
    """There would be nothing to describe it by."""
    dataset = await bria.draft(images=1, schema=None)
    image = (await bria.ok("GET", f"{dataset}/images"))[0]
    body = {"regenerate_caption": True}
    assert (await bria("PUT", f"{dataset}/images/{image['id']}", body)).status_code == 400


async def test_captions_of_a_completed_dataset_are_frozen(bria: Caller) -> None:
    """409 for one and for all."""
    dataset = await bria.completed()
    image = (await bria.ok("GET", f"{dataset}/images"))[0]
    one = await bria("PUT", f"{dataset}/images/{image['id']}", {"caption": "{}"})
    everything = await bria("PUT", f"{dataset}/images")
    assert (one.status_code, everything.status_code) == (409, 409)
    assert one.json()["message"] == "Cannot update caption in a completed dataset"
