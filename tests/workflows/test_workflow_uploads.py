"""Upload pictures: one bad one does not stop the rest."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from PIL import Image

from bria_tailored_ext import (
    AuthenticationError,
    BriaConnectionError,
    ImageNotFetchedError,
    InvalidInputError,
    NotFoundError,
    SubmitOutcomeUnknown,
    TailoredClient,
    UnsupportedMediaError,
)
from bria_tailored_ext.workflows import UploadProgress, complete_dataset, upload_images

if TYPE_CHECKING:
    from tests.conftest import Script
    from tests.workflows.conftest import Studio

pytestmark = pytest.mark.anyio


async def test_pictures_arrive_in_the_order_in_which_they_were_given(
    studio: Studio, tmp_path: Path
) -> None:
    """Files by name, bytes by place; whatever order they arrived in."""
    dataset = await studio.draft()
    (tmp_path / "a cup.png").write_bytes(studio.pictures[0])
    sources: list[Any] = [
        tmp_path / "a cup.png",
        *studio.pictures[1:6],
        str(tmp_path / "a cup.png"),
        studio.sandbox.publish(studio.pictures[7], "online.png") + "?Signature=SIGNED",
    ]

    report = await upload_images(studio.bria, dataset, sources, at_once=8)

    names = [str(image.image_name) for image in report.uploaded]
    assert names[0] == "a cup.png"
    assert all(re.fullmatch(r"picture-\d{19}", name) for name in names[1:6])
    assert names[6].endswith("online.png")
    assert [skip.name for skip in report.skipped] == ["a cup.png"]
    assert report.failed == ()
    images = (await studio.bria.datasets.get_dataset_by_id(dataset)).images or []
    assert {image.id for image in images} == {image.id for image in report.uploaded}


async def test_one_bad_picture_does_not_stop_the_rest(studio: Studio, tmp_path: Path) -> None:
    """What Bria refuses, what cannot be read, what is no picture: each by its name."""
    dataset = await studio.draft()
    sources: list[Any] = [
        studio.pictures[0],
        b"no picture",
        studio.pictures[1],
        tmp_path / "gone.png",
        studio.pictures[2][:200],
        "https://elsewhere.test/a.png?Signature=SIGNED",
        studio.pictures[3],
    ]
    told: list[UploadProgress] = []

    report = await upload_images(studio.bria, dataset, sources, on_progress=told.append)

    assert len(report.uploaded) == 3
    assert [(each.name, type(each.error)) for each in report.failed] == [
        ("picture-2", InvalidInputError),
        ("gone.png", InvalidInputError),
        ("picture-5", UnsupportedMediaError),
        ("a.png", ImageNotFetchedError),
    ]
    assert [(seen.done, seen.total) for seen in told] == [(done, 7) for done in range(1, 8)]
    assert {seen.name: seen.outcome for seen in told} == {
        "picture-1": "uploaded",
        "picture-2": "failed",
        "picture-3": "uploaded",
        "gone.png": "failed",
        "picture-5": "failed",
        "a.png": "failed",
        "picture-7": "uploaded",
    }
    assert str(report).startswith("3 uploaded, 0 skipped, 4 failed.\n  picture-2: ")
    assert "SIGNED" not in repr(report.failed)


def sized(width: int, height: int, kind: str = "PNG") -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(written, kind)
    return written.getvalue()


@pytest.mark.parametrize(
    ("size", "options", "sentence"),
    [
        ((255, 4000), {}, r"has 255×4000 pixels; Bria takes 256×256 .* larger original\.$"),
        (
            (1023, 1024),
            {"increase_resolution": False},
            r"takes 1024×1024 at least\. Use a larger original, or allow increase_resolution\.$",
        ),
    ],
)
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
async def test_a_picture_that_is_too_small_is_not_sent(
    script: Script, size: tuple[int, int], options: dict[str, Any], sentence: str, kind: str
) -> None:
    """Bria would answer 412."""
    network = a_dataset(script, pytest.fail)

    async with script.client(network) as bria:
        report = await upload_images(bria, 7, [sized(*size, kind)], **options)

    (failed,) = report.failed
    assert re.search(sentence, str(failed.error))


async def test_a_picture_of_the_least_size_is_sent(script: Script) -> None:
    """256 pixels, or 1024 where Bria may not upscale."""
    image = httpx.Response(201, json={"id": 9})
    network = a_dataset(script, lambda _request: image)

    async with script.client(network) as bria:
        small = await upload_images(bria, 7, [sized(256, 256)])
        large = await upload_images(bria, 7, [sized(1024, 1024)], increase_resolution=False)

    assert (len(small.uploaded), len(large.uploaded)) == (1, 1)


async def test_no_picture_at_all_is_an_empty_report(studio: Studio) -> None:
    """Nothing to do is done."""
    report = await upload_images(studio.bria, await studio.draft(), [])

    assert (report.uploaded, report.failed) == ((), ())


@pytest.mark.parametrize(("present", "new"), [(0, 201), (3, 198)])
async def test_more_than_two_hundred_are_refused_before_the_first(
    studio: Studio, present: int, new: int
) -> None:
    """Not after 200 uploads; those already there count."""
    dataset = await studio.draft()
    await upload_images(studio.bria, dataset, studio.pictures[:present])
    posts = studio.network.count("POST")

    # Only the last byte tells them apart, which a PNG does not mind.
    others = [studio.pictures[9] + number.to_bytes(2) for number in range(new)]
    with pytest.raises(InvalidInputError, match=rf"{present} are there and {new} would come"):
        await upload_images(studio.bria, dataset, others)

    assert studio.network.count("POST") == posts


async def test_a_completed_dataset_is_one_plain_error(studio: Studio) -> None:
    """Not an ExceptionGroup, and not a report of a hundred equal failures."""
    dataset = await studio.filled()
    await complete_dataset(studio.bria, dataset)

    posts = studio.network.count("POST")

    with pytest.raises(InvalidInputError, match=r"is completed, and its images are.*clone_dataset"):
        await upload_images(studio.bria, dataset, studio.pictures)

    assert studio.network.count("POST") == posts


async def test_an_advanced_dataset_takes_no_single_images(studio: Studio) -> None:
    """Known before the first one is sent."""
    dataset = await studio.draft(upload_type="advanced")

    with pytest.raises(InvalidInputError, match=r"advanced upload type.*bulk_upload"):
        await upload_images(studio.bria, dataset, studio.pictures)

    assert studio.network.count("POST", "images") == 0


async def test_a_dataset_that_is_not_there_is_one_plain_error(studio: Studio) -> None:
    """Seen before the first upload."""
    with pytest.raises(NotFoundError):
        await upload_images(studio.bria, 7, studio.pictures)

    assert studio.network.count("POST") == 0


async def test_a_wrong_token_is_one_plain_error(studio: Studio) -> None:
    """It concerns every picture."""
    dataset = await studio.draft()

    async with TailoredClient(api_token="wrong", base_url=studio.sandbox.base_url) as bria:
        with pytest.raises(AuthenticationError):
            await upload_images(bria, dataset, studio.pictures)


@pytest.mark.parametrize("at_once", [1, 3])
async def test_no_more_are_under_way_than_asked_for(studio: Studio, at_once: int) -> None:
    """A bound that holds, and is used."""
    dataset = await studio.draft()

    await upload_images(studio.bria, dataset, studio.pictures, at_once=at_once)

    assert studio.network.most_under_way == at_once


@pytest.mark.parametrize("at_once", [0, -1])
async def test_a_bound_of_none_is_refused(studio: Studio, at_once: int) -> None:
    """It would wait for ever."""
    with pytest.raises(InvalidInputError, match="at_once must be 1 or more"):
        await upload_images(studio.bria, 7, studio.pictures, at_once=at_once)


@pytest.mark.parametrize("images", ["a.png", Path("a.png"), b"picture"])
async def test_a_single_picture_is_not_taken_apart(studio: Studio, images: Any) -> None:
    """It goes into a list."""
    with pytest.raises(InvalidInputError, match="put a single one into a list"):
        await upload_images(studio.bria, 7, images)


def a_dataset(script: Script, upload: Any) -> Any:
    """A network where reading works and uploading does what is asked."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json={"id": 7, "images_count": 0, "images": []})
        response: httpx.Response = upload(request)
        return response

    return script.network(answer)


@pytest.mark.parametrize(
    ("failure", "kind"),
    [((500, b""), SubmitOutcomeUnknown), (httpx.ReadError, SubmitOutcomeUnknown)],
)
async def test_what_may_concern_one_picture_alone_is_reported(
    script: Script, pictures: list[bytes], failure: Any, kind: type[Exception]
) -> None:
    """What broke off and is not in the list is sent once more, no more; and the others go on."""
    step = script.answer(*failure) if isinstance(failure, tuple) else script.fail(failure)
    network = a_dataset(script, step)

    async with script.client(network) as bria:
        report = await upload_images(bria, 7, pictures[:3])

    assert [type(each.error) for each in report.failed] == [kind] * 3
    assert network.asked.count("POST /v1/tailored-gen/datasets/7/images") == 6


async def test_a_network_that_is_down_is_one_plain_error_with_its_cause(
    script: Script, pictures: list[bytes], clock: Any
) -> None:
    """The first failure stands for all, and the chain of causes stays."""
    network = a_dataset(script, script.fail(httpx.ConnectError))

    async with script.client(network, clock=clock) as bria:
        with pytest.raises(BriaConnectionError) as caught:
            await upload_images(bria, 7, pictures)

    assert isinstance(caught.value.__cause__, httpx.ConnectError)
