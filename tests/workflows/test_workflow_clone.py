"""Clone a dataset: usable when it comes back, and never made twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from bria_tailored_ext import (
    DatasetIncomplete,
    NotFoundError,
    SubmitOutcomeUnknown,
    ValidationError,
)
from bria_tailored_ext.workflows import clone_dataset, set_caption, upload_images

if TYPE_CHECKING:
    from tests.conftest import Script, VirtualClock
    from tests.workflows.conftest import Studio

pytestmark = pytest.mark.anyio

CLONE = "POST /v1/tailored-gen/datasets/7/clone"


async def test_a_clone_of_a_frozen_dataset_can_be_changed(studio: Studio) -> None:
    """The way to go on from a completed one."""
    frozen = await studio.completed()

    clone = await clone_dataset(studio.bria, frozen.id, name="second", description="more poses")

    assert (clone.name, str(clone.status), clone.images_count) == ("second", "draft", 5)
    assert clone.visual_schema == frozen.visual_schema
    image, *_ = clone.images or []
    await set_caption(studio.bria, clone.id, image.id, {"subject": "a cup"})
    assert len((await upload_images(studio.bria, clone.id, studio.pictures[6:7])).uploaded) == 1


async def test_a_clone_has_a_name_without_being_given_one(studio: Studio) -> None:
    """Bria's own, which is also how a lost one is found."""
    assert (await clone_dataset(studio.bria, (await studio.completed()).id)).name == "Copy of x"


async def test_a_dataset_that_is_not_there_cannot_be_cloned(studio: Studio) -> None:
    """Seen before the clone is asked for."""
    with pytest.raises(NotFoundError):
        await clone_dataset(studio.bria, 7)

    assert studio.network.count("POST") == 0


class Project3:
    """A network with dataset 7 in project 3, whose clone is 8 and does what it is told."""

    def __init__(self, script: Script, clone: Any = None, **more: Any) -> None:
        self.clone = clone
        self.made = bool(more.get("made"))
        self.makes = more.get("makes", True)
        self.looks = more.get("looks", [5])
        self.network = script.network(self.answer)

    def dataset(self, number: int, images: int) -> dict[str, Any]:
        name = "mine" if number == 7 else "Copy of mine"
        told = {"id": number, "project_id": 3, "name": name, "images_count": images}
        shown = [{"id": each, "caption": "{}"} for each in range(images)]
        return {**told, "status": "draft" if number == 8 else "completed", "images": shown}

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            self.made = self.made or self.makes
            if isinstance(self.clone, type):
                raise self.clone("it broke", request=request)
            return self.clone or httpx.Response(201, json=self.dataset(8, 0))
        if "projects" in request.url.path:
            listed = [7, 8] if self.made else [7]
            return httpx.Response(200, json=[self.dataset(each, 5) for each in listed])
        if request.url.path.endswith("/images"):
            return httpx.Response(200, json=[])
        if request.url.path.endswith("/8"):
            images = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
            return httpx.Response(200, json=self.dataset(8, images))
        return httpx.Response(200, json=self.dataset(7, 5))


async def test_a_clone_is_waited_for_until_it_has_everything(
    script: Script, clock: VirtualClock
) -> None:
    """Its images may come one after the other."""
    project = Project3(script, looks=[0, 2, 5])

    async with script.client(project.network, clock=clock) as bria:
        clone = await clone_dataset(bria, 7)

    assert (clone.id, clone.images_count) == (8, 5)


async def test_a_clone_that_stays_incomplete_is_named(script: Script, clock: VirtualClock) -> None:
    """It is there, and another one would be a second."""
    project = Project3(script, looks=[2])

    async with script.client(project.network, clock=clock) as bria:
        with pytest.raises(DatasetIncomplete, match="do not clone again") as caught:
            await clone_dataset(bria, 7, timeout=30)

    assert caught.value.dataset_id == 8


@pytest.mark.parametrize("lost", [httpx.ReadTimeout, httpx.Response(502)])
async def test_a_clone_whose_answer_was_lost_is_found(
    script: Script, clock: VirtualClock, lost: Any
) -> None:
    """By its name, among the datasets that the project did not have before."""
    project = Project3(script, lost)

    async with script.client(project.network, clock=clock) as bria:
        clone = await clone_dataset(bria, 7)

    assert clone.id == 8
    assert project.network.asked.count(CLONE) == 1


@pytest.mark.parametrize("more", [{"makes": False}, {"made": True}])
async def test_a_clone_that_left_no_trace_is_unknown_and_not_repeated(
    script: Script, clock: VirtualClock, more: dict[str, Any]
) -> None:
    """One that was there before is not taken for it."""
    project = Project3(script, httpx.ReadTimeout, **more)

    async with script.client(project.network, clock=clock) as bria:
        with pytest.raises(SubmitOutcomeUnknown):
            await clone_dataset(bria, 7)

    assert project.network.asked.count(CLONE) == 1


async def test_a_clone_that_bria_refuses_is_its_own_error(
    script: Script, clock: VirtualClock
) -> None:
    """Nothing is looked for."""
    project = Project3(script, httpx.Response(400, json={"message": "no"}), makes=False)

    async with script.client(project.network, clock=clock) as bria:
        with pytest.raises(ValidationError):
            await clone_dataset(bria, 7)
