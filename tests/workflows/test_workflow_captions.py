"""Captions: made anew, refined, set by hand, audited."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from bria_tailored.models import DatasetImage, UpdateDataset, UpdateImageCaption
from bria_tailored_ext import (
    AuthenticationError,
    ConflictError,
    DatasetIncomplete,
    InvalidInputError,
    ServerError,
    SubmitOutcomeUnknown,
    ValidationError,
)
from bria_tailored_ext.workflows import (
    CaptionProgress,
    RefinementProgress,
    audit_captions,
    complete_dataset,
    refine_captions,
    regenerate_captions,
    set_caption,
    upload_images,
    wait_for_captions,
)

if TYPE_CHECKING:
    from tests.conftest import Script, VirtualClock
    from tests.workflows.conftest import Studio

pytestmark = pytest.mark.anyio

REFINE = "POST /v1/tailored-gen/refine_structured_prompt"


async def images_of(studio: Studio, dataset: int) -> list[DatasetImage]:
    return await studio.bria.datasets.get_images(dataset)


async def test_captions_are_made_anew_from_the_present_schema(studio: Studio) -> None:
    """Those made before lack what the schema has since."""
    dataset = await studio.filled()
    schema = json.loads((await studio.bria.datasets.get_dataset_by_id(dataset)).visual_schema or "")
    body = UpdateDataset(visual_schema=json.dumps({**schema, "name": "Lucy"}))
    await studio.bria.datasets.update_dataset(dataset, body=body)
    before = await audit_captions(studio.bria, dataset)
    seen: list[CaptionProgress] = []

    report = await regenerate_captions(studio.bria, dataset, on_progress=seen.append)

    assert "name" in before.lacking_everywhere
    assert all("Lucy" in (image.caption or "") for image in report.captioned)
    assert (len(report.captioned), report.faulty) == (5, ())
    assert [each.total for each in seen] == [5] * len(seen)
    assert [each.made for each in seen] == sorted(each.made for each in seen)
    assert (seen[0].made, seen[-1].made) == (0, 5)


async def test_some_captions_are_made_anew_and_the_others_left(studio: Studio) -> None:
    """By id, by name, or by a test."""
    dataset = await studio.filled()
    first, second, third, *_ = await images_of(studio, dataset)
    for image in (first, second, third):
        await set_caption(studio.bria, dataset, image.id, {"mine": True})

    await regenerate_captions(studio.bria, dataset, where=[first.id])
    await regenerate_captions(studio.bria, dataset, where={str(second.image_name)})
    after = {image.id: str(image.caption_source) for image in await images_of(studio, dataset)}
    assert (after[first.id], after[second.id], after[third.id]) == (
        "automatic",
        "automatic",
        "manual",
    )

    await regenerate_captions(
        studio.bria, dataset, where=lambda image: "mine" in (image.caption or "")
    )
    assert not any("mine" in (image.caption or "") for image in await images_of(studio, dataset))
    assert studio.network.count("PUT", "images") == 0


IMAGE = {"id": 1, "image_name": "a.png", "caption": "{}"}
READY = {"id": 7, "status": "draft", "visual_schema": "{}", "images_count": 1, "images": [IMAGE]}


@pytest.mark.parametrize(
    ("changed", "more", "sentence"),
    [
        ({"visual_schema": None}, {}, "no visual schema to make captions from"),
        ({"images_count": 0, "images": []}, {}, "no images to caption"),
        ({"status": "completed"}, {}, "is completed, and its captions are frozen"),
        ({}, {"where": [9999]}, "shows no image '9999'"),
        ({}, {"where": ["a.png", "b.png"]}, "shows no image 'b.png'"),
        ({}, {"where": "a.png"}, "put a single name into a list"),
        ({}, {"where": [1], "at_once": 0}, "at_once must be 1 or more"),
    ],
)
async def test_what_cannot_be_made_anew_is_not_asked_for(
    script: Script, changed: dict[str, Any], more: dict[str, Any], sentence: str
) -> None:
    """There would be nothing to wait for, or it would be refused."""
    network = script.network(script.answer(200, {**READY, **changed}))

    async with script.client(network) as bria:
        with pytest.raises(InvalidInputError, match=sentence):
            await regenerate_captions(bria, 7, **more)

    assert {asked.split()[0] for asked in network.asked} <= {"GET"}


async def test_the_word_from_before_the_request_does_not_end_the_wait(
    script: Script, clock: VirtualClock
) -> None:
    """Right after it, the dataset may not show yet that captions are being made."""

    def dataset(word: str, caption: str) -> dict[str, Any]:
        image = {"id": 1, "caption": caption, "caption_source": "automatic"}
        told = {"id": 7, "status": "draft", "visual_schema": "{}", "images_count": 1}
        return {**told, "captions_update_status": word, "images": [image]}

    network = script.network(
        script.answer(200, dataset("empty", '{"old": 1}')),
        script.answer(202, {"id": 7}),
        script.answer(200, dataset("empty", '{"old": 1}')),
        script.answer(200, dataset("IN_PROGRESS", '{"old": 1}')),
        script.answer(200, dataset("Completed", '{"new": 1}')),
    )

    async with script.client(network, clock=clock) as bria:
        report = await regenerate_captions(bria, 7)

    assert [image.caption for image in report.captioned] == ['{"new": 1}']


async def test_captions_that_take_too_long_are_waited_for_again(studio: Studio) -> None:
    """They go on at Bria."""
    dataset = await studio.filled()

    with pytest.raises(DatasetIncomplete, match="They go on at Bria: wait again"):
        await regenerate_captions(studio.bria, dataset, timeout=0)

    assert len((await wait_for_captions(studio.bria, dataset)).captioned) == 5


async def test_more_than_two_hundred_images_are_all_seen(
    script: Script, clock: VirtualClock
) -> None:
    """A dataset shows 200 of its images; the list of images has no bound."""
    images = [{"id": n, "caption": "{}" if n != 4711 else "no"} for n in range(5000)]

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/images"):
            return httpx.Response(200, json=images)
        told = {"id": 7, "images_count": 5000, "images": images[:200]}
        return httpx.Response(200, json={**told, "captions_update_status": "completed"})

    async with script.client(script.network(answer), clock=clock) as bria:
        report = await wait_for_captions(bria, 7)
        audit = await audit_captions(bria, 7)

    assert (len(report.captioned), report.unseen) == (4999, 0)
    assert [image.id for image in report.faulty] == [4711]
    assert [finding.image.id for finding in audit.findings] == [4711]


async def test_what_bria_does_not_show_is_counted(script: Script, clock: VirtualClock) -> None:
    """A report that did not see everything says so."""
    images = [{"id": n, "caption": "{}"} for n in range(200)]

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/images"):
            return httpx.Response(200, json=images[:100])
        return httpx.Response(200, json={"id": 7, "images_count": 250, "images": images})

    async with script.client(script.network(answer), clock=clock) as bria:
        report = await wait_for_captions(bria, 7)
        audit = await audit_captions(bria, 7)

    assert (len(report.captioned), report.unseen, audit.unseen) == (200, 50, 50)
    assert "50 could not be seen" in str(audit)


@pytest.mark.parametrize(
    "caption",
    ["a cup", "", "[1]", "null", "7", '{"a": Infinity}', {"a": {1, 2}}, {"a": float("nan")}],
)
async def test_a_caption_that_is_no_json_object_is_not_sent(script: Script, caption: Any) -> None:
    """Bria would refuse it, or the training would stumble over it."""
    network = script.network(script.answer(200, IMAGE))

    async with script.client(network) as bria:
        with pytest.raises(InvalidInputError, match=r"^caption "):
            await set_caption(bria, 7, 1, caption)

    assert network.asked == []


@pytest.mark.parametrize("caption", ['{"subject": "ein Löffel"}', {"subject": "ein Löffel"}])
async def test_a_caption_is_set_by_hand(studio: Studio, caption: Any) -> None:
    """As text or as values; a completed dataset's is frozen."""
    dataset = await studio.filled()
    image, *_ = await images_of(studio, dataset)

    changed = await set_caption(studio.bria, dataset, image.id, caption)

    assert (changed.caption, str(changed.caption_source)) == ('{"subject": "ein Löffel"}', "manual")
    await complete_dataset(studio.bria, dataset)
    with pytest.raises(ConflictError):
        await set_caption(studio.bria, dataset, image.id, caption)


async def test_an_audit_names_each_fault(script: Script, clock: VirtualClock) -> None:
    """Missing, being made, no JSON object, or without keys that the schema has."""
    captions = [
        ('{"style": 1, "mood": 2}', "automatic"),
        (None, None),
        ("", "manual"),
        (None, "pending"),
        ("a cup", "manual"),
        ("[1]", "manual"),
        ('{"style": 1}', "automatic"),
        ("{}", "manual"),
    ]
    images = [
        {"id": number, "image_name": f"{number}.png", "caption": text, "caption_source": source}
        for number, (text, source) in enumerate(captions)
    ]
    schema = '{"style": "flat", "mood": "calm", "notes": ""}'
    told = {"id": 7, "visual_schema": schema, "images_count": 8, "images": images}

    async with script.client(script.network(script.answer(200, told)), clock=clock) as bria:
        audit = await audit_captions(bria, 7, ignoring=("notes",))
        strict = await audit_captions(bria, 7)

    assert [image.id for image in audit.sound] == [0]
    assert [str(finding) for finding in audit.findings] == [
        "1.png: missing",
        "2.png: missing",
        "3.png: being made",
        "4.png: no JSON object",
        "5.png: no JSON object",
        "6.png: lacks keys: mood",
        "7.png: lacks keys: style, mood",
    ]
    assert str(audit).startswith("1 captions are sound, 7 are not.\n  1.png: missing\n")
    assert (audit.lacking_everywhere, strict.lacking_everywhere) == ((), ("notes",))


async def test_captions_are_refined_where_asked_and_the_rest_left(studio: Studio) -> None:
    """Each is refined once, written once, and its change reported."""
    dataset = await studio.filled(6)
    before = {image.id: image.caption for image in await images_of(studio, dataset)}
    chosen = sorted(before)[:4]
    seen: list[RefinementProgress] = []

    report = await refine_captions(
        studio.bria,
        dataset,
        "The character's name is Lucy",
        where=lambda image: image.id in chosen,
        on_progress=seen.append,
    )

    after = {image.id: image.caption for image in await images_of(studio, dataset)}
    assert [each.image.id for each in report.refined] == chosen
    assert {number for number in before if before[number] != after[number]} == set(chosen)
    assert all("Lucy" in str(after[number]) for number in chosen)
    assert all(each.before == before[each.image.id] for each in report.refined)
    assert [str(change) for change in report.refined[0].changes] == ['added name: "Lucy"']
    assert [(each.done, each.total, each.outcome) for each in seen] == [
        (number, 4, "refined") for number in range(1, 5)
    ]
    assert studio.billed().count("refine-structured-prompt") == 4


async def test_an_image_without_a_caption_costs_nothing(studio: Studio) -> None:
    """There is nothing to refine."""
    dataset = await studio.draft()
    await upload_images(studio.bria, dataset, studio.pictures[:3])
    first, *_ = await images_of(studio, dataset)
    await set_caption(studio.bria, dataset, first.id, {"subject": "a cup"})

    report = await refine_captions(studio.bria, dataset, "Make it a mug")

    assert (len(report.refined), len(report.skipped), report.failed) == (1, 2, ())
    assert studio.billed() == ["refine-structured-prompt"]


async def test_no_more_refinements_are_under_way_than_asked_for(studio: Studio) -> None:
    """A bound that holds, and is used."""
    dataset = await studio.filled()
    studio.network.most_under_way = 0

    await refine_captions(studio.bria, dataset, "Name is Lucy", at_once=3)

    assert studio.network.most_under_way == 3


@pytest.mark.parametrize(
    ("changed", "instruction", "more", "sentence"),
    [
        ({}, " ", {}, "The instruction is empty"),
        ({"status": "completed"}, "Name is Lucy", {}, "is completed, and its captions are frozen"),
        ({}, "Name is Lucy", {"where": [9999]}, "shows no image '9999'"),
        ({}, "Name is Lucy", {"at_once": 0}, "at_once must be 1 or more"),
    ],
)
async def test_what_would_be_billed_for_nothing_is_refused(
    script: Script, changed: dict[str, Any], instruction: str, more: dict[str, Any], sentence: str
) -> None:
    """Nothing is refined that cannot be written, or was not meant."""
    network = script.network(script.answer(200, {**READY, **changed}))

    async with script.client(network) as bria:
        with pytest.raises(InvalidInputError, match=sentence):
            await refine_captions(bria, 7, instruction, **more)

    assert {asked.split()[0] for asked in network.asked} <= {"GET"}


class Captions:
    """A network with five captioned images, that refines and writes as it is told."""

    def __init__(self, script: Script, **steps: Any) -> None:
        self.steps = steps
        self.network = script.network(self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            images = [{"id": number, "caption": f'{{"n": {number}}}'} for number in range(1, 6)]
            return httpx.Response(200, json={"id": 7, "images_count": 5, "images": images})
        body = json.loads(request.content)
        if request.method == "POST":
            caption = json.loads(body["structured_prompt"])
            answer = {"structured_prompt": json.dumps({**caption, "refined": True})}
            return self.told(f"refine{caption['n']}", request, answer)
        number = int(request.url.path.rsplit("/", 1)[-1])
        return self.told(f"write{number}", request, {"id": number, **body})

    def told(self, step: str, request: httpx.Request, answer: object) -> httpx.Response:
        wanted = self.steps.get(step, answer)
        if isinstance(wanted, int):
            return httpx.Response(wanted, json={"message": "no"})
        if isinstance(wanted, type):
            raise wanted("it broke", request=request)
        return httpx.Response(200, json=wanted)


async def test_one_caption_that_fails_does_not_stop_the_rest(script: Script) -> None:
    """Each by its own error, and none is refined twice."""
    captions = Captions(
        script, refine2=400, refine3=httpx.ReadError, refine4={"structured_prompt": "{no"}
    )

    async with script.client(captions.network) as bria:
        report = await refine_captions(bria, 7, "Name is Lucy")

    assert [each.image.id for each in report.refined] == [1, 5]
    assert [(each.image.id, type(each.error), each.refined) for each in report.failed] == [
        (2, ValidationError, None),
        (3, SubmitOutcomeUnknown, None),
        (4, InvalidInputError, "{no"),
    ]
    assert captions.network.asked.count(REFINE) == 5


async def test_a_refined_caption_that_could_not_be_written_is_kept(script: Script) -> None:
    """It was paid for: writing it later costs nothing more."""
    captions = Captions(script, write3=500)

    async with script.client(captions.network) as bria:
        report = await refine_captions(bria, 7, "Name is Lucy")
        (failed,) = report.failed
        assert isinstance(failed.error, ServerError)
        del captions.steps["write3"]
        await set_caption(bria, 7, failed.image.id, failed.refined or "")

    assert json.loads(captions.network.seen[-1].body) == {"caption": '{"n": 3, "refined": true}'}
    assert captions.network.asked.count(REFINE) == 5


async def test_what_fails_for_all_is_tried_no_more_and_nothing_is_lost(script: Script) -> None:
    """Those that were refined are in the report, and those that were not, to go on with."""
    captions = Captions(script, refine3=401)

    async with script.client(captions.network) as bria:
        report = await refine_captions(bria, 7, "Name is Lucy", at_once=1)
        assert [(each.image.id, each.tried) for each in report.failed] == [
            (3, True),
            (4, False),
            (5, False),
        ]
        assert all(isinstance(each.error, AuthenticationError) for each in report.failed)
        del captions.steps["refine3"]
        left = [each.image.id for each in report.failed]
        rest = await refine_captions(bria, 7, "Name is Lucy", where=left)

    assert [each.image.id for each in report.refined + rest.refined] == [1, 2, 3, 4, 5]
    assert captions.network.asked.count(REFINE) == 6


async def test_a_single_caption_that_is_being_made_is_waited_for(studio: Studio) -> None:
    """It shows at the image alone."""
    dataset = await studio.filled()
    image, *_ = await images_of(studio, dataset)
    body = UpdateImageCaption(regenerate_caption=True)
    await studio.bria.datasets.update_image_caption(dataset, image.id, body=body)

    report = await wait_for_captions(studio.bria, dataset)

    assert len(report.captioned) == 5
