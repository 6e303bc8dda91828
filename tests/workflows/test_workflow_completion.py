"""Captions and the completion of a dataset."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bria_tailored.models import UpdateDataset
from bria_tailored_ext import DatasetIncomplete, NotFoundError
from bria_tailored_ext.workflows import (
    complete_dataset,
    define_visual_identity,
    upload_images,
    wait_for_captions,
)

if TYPE_CHECKING:
    from tests.conftest import Script, VirtualClock
    from tests.workflows.conftest import Studio

pytestmark = pytest.mark.anyio


async def test_waiting_for_captions_ends_when_all_are_made(studio: Studio) -> None:
    """Every caption is then the JSON object that it should be."""
    dataset = await studio.draft()
    await define_visual_identity(studio.bria, dataset, studio.pictures[:5])
    await upload_images(studio.bria, dataset, studio.pictures[:6])

    report = await wait_for_captions(studio.bria, dataset)

    assert len(report.captioned) == 6
    assert report.faulty == ()
    assert all(isinstance(json.loads(image.caption or ""), dict) for image in report.captioned)
    assert studio.clock.slept


async def test_without_a_schema_there_is_nothing_to_wait_for(studio: Studio) -> None:
    """No captions are made, and all are reported as missing."""
    dataset = await studio.draft()
    await upload_images(studio.bria, dataset, studio.pictures[:2])

    report = await wait_for_captions(studio.bria, dataset)

    assert (len(report.captioned), len(report.faulty)) == (0, 2)
    assert studio.clock.slept == []


async def test_captions_that_take_too_long_go_on_at_bria(studio: Studio) -> None:
    """The error says so, and names the dataset."""
    dataset = await studio.draft()
    await define_visual_identity(studio.bria, dataset, studio.pictures[:5])
    await upload_images(studio.bria, dataset, studio.pictures[:5])

    with pytest.raises(DatasetIncomplete, match="They go on at Bria: wait again") as caught:
        await wait_for_captions(studio.bria, dataset, timeout=0)

    assert caught.value.dataset_id == dataset
    assert len((await wait_for_captions(studio.bria, dataset)).captioned) == 5


async def test_a_moment_s_failure_does_not_end_the_wait_for_captions(
    script: Script, clock: VirtualClock
) -> None:
    """Looking again costs nothing."""
    image = {"id": 1, "dataset_id": 7, "caption": "{}", "caption_source": "automatic"}
    done = {"id": 7, "captions_update_status": "completed", "images": [image]}
    network = script.network(script.answer(503, b""), script.answer(200, done))

    async with script.client(network, clock=clock) as bria:
        report = await wait_for_captions(bria, 7)

    assert len(report.captioned) == 1


async def test_a_dataset_is_completed_once_nothing_is_missing(studio: Studio) -> None:
    """It is frozen from then on."""
    dataset = await studio.completed()

    assert str(dataset.status) == "completed"


async def test_everything_that_is_missing_is_listed(studio: Studio) -> None:
    """One try tells all there is to do, and changes nothing."""
    dataset = await studio.draft()
    await upload_images(studio.bria, dataset, studio.pictures[:3])

    with pytest.raises(DatasetIncomplete) as caught:
        await complete_dataset(studio.bria, dataset)

    assert caught.value.dataset_id == dataset
    assert len(caught.value.missing) == 3
    assert all(sentence in str(caught.value) for sentence in caught.value.missing)
    assert "3 images of at least 5" in str(caught.value)
    assert "no visual schema" in str(caught.value)
    assert "3 of its images have no valid caption" in str(caught.value)
    assert studio.network.count("PUT") == 0


async def test_captions_in_the_making_are_waited_for_first(studio: Studio) -> None:
    """Pending captions are not missing ones."""
    dataset = await studio.draft()
    await define_visual_identity(studio.bria, dataset, studio.pictures[:5])
    await upload_images(studio.bria, dataset, studio.pictures[:5])

    with pytest.raises(DatasetIncomplete) as caught:
        await complete_dataset(studio.bria, dataset)

    assert caught.value.missing == ("Its captions are still being made: wait for them.",)


async def test_a_completed_dataset_is_returned_as_it_is(studio: Studio) -> None:
    """Calling it again is safe, and sends no change."""
    dataset = await studio.completed()
    puts = studio.network.count("PUT")

    again = await complete_dataset(studio.bria, dataset.id)

    assert (again.id, str(again.status)) == (dataset.id, "completed")
    assert studio.network.count("PUT") == puts


async def test_a_dataset_that_is_not_there_says_so(studio: Studio) -> None:
    """The API's own error."""
    with pytest.raises(NotFoundError):
        await complete_dataset(studio.bria, 7)


async def test_the_name_of_a_dataset_may_still_change_after_its_completion(
    studio: Studio,
) -> None:
    """What is frozen is what the training sees."""
    dataset = await studio.completed()

    renamed = await studio.bria.datasets.update_dataset(dataset.id, body=UpdateDataset(name="new"))

    assert (renamed.name, str(renamed.status)) == ("new", "completed")


@pytest.mark.parametrize("overall", ["completed", "empty", None])
async def test_one_caption_in_the_making_is_waited_for(
    script: Script, clock: VirtualClock, overall: str | None
) -> None:
    """A single regenerated caption shows at its image and not at the dataset."""

    def dataset(caption: str | None, source: str) -> dict[str, object]:
        image = {"id": 1, "dataset_id": 7, "caption": caption, "caption_source": source}
        return {"id": 7, "captions_update_status": overall, "images": [image]}

    network = script.network(
        script.answer(200, dataset(None, "pending")),
        script.answer(200, dataset(None, "PENDING")),
        script.answer(200, dataset("{}", "automatic")),
    )

    async with script.client(network, clock=clock) as bria:
        report = await wait_for_captions(bria, 7)

    assert (len(report.captioned), len(report.faulty)) == (1, 0)
