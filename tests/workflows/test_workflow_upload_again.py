"""Uploads that broke off, and uploads that are run again: each picture once."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest

from bria_tailored_ext import (
    AuthenticationError,
    BriaError,
    InvalidInputError,
    SubmitOutcomeUnknown,
    TailoredClient,
    UnsupportedMediaError,
)
from bria_tailored_ext.workflows import UploadProgress, upload_images
from bria_tailored_ext.workflows.upload_record import UploadRecord

if TYPE_CHECKING:
    from tests.conftest import Script, VirtualClock
    from tests.workflows.conftest import Studio

pytestmark = pytest.mark.anyio

POST = "POST /v1/tailored-gen/datasets/7/images"


def recorded(record: Path) -> list[tuple[str, int]]:
    """What the record says was uploaded, by name and image."""
    entries = [json.loads(line) for line in record.read_text().splitlines()]
    return [(each["name"], each["image"]) for each in entries if each["image"]]


async def names(studio: Studio, dataset: int) -> list[str]:
    images = await studio.bria.datasets.get_images(dataset)
    return sorted(str(image.image_name) for image in images)


@pytest.fixture
def files(tmp_path: Path, pictures: list[bytes]) -> list[Path]:
    """The pictures as files, numbered."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    paths = [folder / f"{number:02}.png" for number in range(len(pictures))]
    for path, picture in zip(paths, pictures, strict=True):
        path.write_bytes(picture)
    return paths


async def test_a_second_run_with_the_record_sends_only_what_is_new(
    studio: Studio, files: list[Path], tmp_path: Path
) -> None:
    """By content: renamed files, and the same pictures as bytes, are known."""
    dataset, record = await studio.draft(), tmp_path / "uploads.jsonl"
    first = await upload_images(studio.bria, dataset, files[:6], record=record)
    files[0].rename(files[0].with_name("renamed.png"))
    again: list[Any] = [files[0].with_name("renamed.png"), studio.pictures[1], *files[2:8]]

    second = await upload_images(studio.bria, dataset, again, record=str(record))

    assert [image.image_name for image in second.uploaded] == ["06.png", "07.png"]
    assert {skip.image_id for skip in second.skipped} == {image.id for image in first.uploaded}
    assert await names(studio, dataset) == [f"{number:02}.png" for number in range(8)]
    assert len(recorded(record)) == 8


async def test_what_was_deleted_at_bria_is_uploaded_again(
    studio: Studio, files: list[Path], tmp_path: Path
) -> None:
    """The dataset's own list has the last word."""
    dataset, record = await studio.draft(), tmp_path / "uploads.jsonl"
    first = await upload_images(studio.bria, dataset, files[:3], record=record)
    await studio.bria.datasets.delete_image(dataset, first.uploaded[1].id)

    for expected in (["01.png"], []):
        report = await upload_images(studio.bria, dataset, files[:3], record=record)
        assert [image.image_name for image in report.uploaded] == expected

    assert await names(studio, dataset) == ["00.png", "01.png", "02.png"]


async def test_a_file_with_new_content_is_another_picture(
    studio: Studio, files: list[Path], tmp_path: Path
) -> None:
    """A name does not hide that it changed."""
    dataset, record = await studio.draft(), tmp_path / "uploads.jsonl"
    await upload_images(studio.bria, dataset, files[:2], record=record)
    files[0].write_bytes(studio.pictures[9])

    report = await upload_images(studio.bria, dataset, files[:2], record=record)

    assert [image.image_name for image in report.uploaded] == ["00.png"]
    assert await names(studio, dataset) == ["00.png", "00.png", "01.png"]


async def test_without_a_record_the_names_in_the_dataset_count(
    studio: Studio, files: list[Path]
) -> None:
    """Each skip says by what the picture was known."""
    dataset = await studio.draft()
    sources: list[Any] = [*files[:3], *studio.pictures[3:5]]
    await upload_images(studio.bria, dataset, sources)

    report = await upload_images(studio.bria, dataset, [studio.pictures[5], *sources[::-1]])

    assert len(report.uploaded) == 1
    reasons = [skip.reason for skip in report.skipped]
    assert sum("named after this very content" in reason for reason in reasons) == 2
    assert sum("no record was kept" in reason for reason in reasons) == 3


async def test_an_url_is_known_by_the_dataset_itself(studio: Studio) -> None:
    """Bria lists what an image was fetched from."""
    dataset = await studio.draft()
    url = studio.sandbox.publish(studio.pictures[0], "a.png")

    for uploaded, skipped in ((1, 0), (0, 1)):
        report = await upload_images(studio.bria, dataset, [url])
        assert (len(report.uploaded), len(report.skipped)) == (uploaded, skipped)


async def test_of_two_of_a_name_nothing_is_guessed(studio: Studio, tmp_path: Path) -> None:
    """One of them is there, from another machine: which one nobody knows."""
    dataset = await studio.draft()
    both = [tmp_path / "front" / "1.png", tmp_path / "back" / "1.png"]
    for path, picture in zip(both, studio.pictures, strict=False):
        path.parent.mkdir()
        path.write_bytes(picture)
    await upload_images(studio.bria, dataset, both[:1])

    report = await upload_images(studio.bria, dataset, both)

    assert [type(each.error) for each in report.failed] == [InvalidInputError] * 2
    assert await names(studio, dataset) == ["1.png"]


class _Killed(BaseException):
    """Ends the run as a kill would: nothing catches it."""


async def test_a_run_that_is_killed_goes_on_where_it_was(
    studio: Studio, files: list[Path], tmp_path: Path
) -> None:
    """After any number of pictures; each is there once in the end."""
    dataset, record = await studio.draft(), tmp_path / "uploads.jsonl"

    def until(number: int) -> Callable[[UploadProgress], None]:
        def progress(seen: UploadProgress) -> None:
            if seen.outcome == "uploaded":
                raise _Killed(number)

        return progress

    for number in range(4):
        with pytest.raises(BaseException) as caught:  # noqa: PT011 - trio wraps it, asyncio does not
            await upload_images(
                studio.bria, dataset, files, at_once=1, record=record, on_progress=until(number)
            )
        assert "_Killed" in repr(caught.value)
    report = await upload_images(studio.bria, dataset, files, record=record)

    assert (len(report.uploaded), len(report.skipped)) == (len(files) - 4, 4)
    assert await names(studio, dataset) == [path.name for path in files]
    assert studio.network.count("POST", "images") == len(files)


async def test_a_run_that_is_cancelled_leaves_a_record_that_is_true(
    studio: Studio, files: list[Path], tmp_path: Path
) -> None:
    """What was answered is remembered; what was under way is found by its name."""
    dataset, record = await studio.draft(), tmp_path / "uploads.jsonl"
    with anyio.CancelScope() as scope:
        await upload_images(
            studio.bria,
            dataset,
            files,
            at_once=4,
            record=record,
            on_progress=lambda seen: scope.cancel() if seen.done == 3 else None,
        )

    assert scope.cancelled_caught
    listed = {image.id for image in await studio.bria.datasets.get_images(dataset)}
    assert len(recorded(record)) >= 3
    assert {image_id for _, image_id in recorded(record)} <= listed


async def test_a_torn_line_costs_no_picture_and_no_later_line(
    studio: Studio, files: list[Path], tmp_path: Path
) -> None:
    """The machine stopped in the middle of a write."""
    dataset, record = await studio.draft(), tmp_path / "uploads.jsonl"
    await upload_images(studio.bria, dataset, files[:3], record=record, at_once=1)
    lines = record.read_bytes().splitlines(keepends=True)
    record.write_bytes(b"".join(lines[:-1]) + lines[-1][:40])

    await upload_images(studio.bria, dataset, files[:4], record=record)
    report = await upload_images(studio.bria, dataset, files[:4], record=record)

    assert (len(report.uploaded), len(report.skipped)) == (0, 4)
    assert await names(studio, dataset) == ["00.png", "01.png", "02.png", "03.png"]
    assert [name for name, _ in recorded(record)] == ["00.png", "01.png", "02.png", "03.png"]


@pytest.mark.parametrize(
    "content", [b"notes of mine\n", b"a picture, not a record", b"[]\n", b'{"a": 1}\n', b"\xff\n"]
)
async def test_a_file_that_is_no_record_is_left_as_it_is(
    studio: Studio, tmp_path: Path, content: bytes
) -> None:
    """Somebody named the wrong file."""
    dataset, record = await studio.draft(), tmp_path / "notes.txt"
    record.write_bytes(content)

    with pytest.raises(InvalidInputError, match=r"Line 1 of .* is no line of an upload record"):
        await upload_images(studio.bria, dataset, studio.pictures, record=record)

    assert record.read_bytes() == content
    assert studio.network.count("POST", "images") == 0


async def test_a_record_that_cannot_be_kept_is_said_before_the_first_upload(
    studio: Studio, tmp_path: Path
) -> None:
    """A folder that is not there, or the folder itself."""
    dataset = await studio.draft()

    for place in (tmp_path / "gone" / "uploads.jsonl", tmp_path):
        with pytest.raises(InvalidInputError, match="cannot be opened"):
            await upload_images(studio.bria, dataset, studio.pictures, record=place)

    assert studio.network.count("POST", "images") == 0


async def test_one_record_is_one_call_s_at_a_time_and_many_datasets(
    studio: Studio, tmp_path: Path
) -> None:
    """Two runs at once would each upload everything."""
    one, other, record = await studio.draft(), await studio.draft(), tmp_path / "uploads.jsonl"
    held = UploadRecord.open(record, studio.sandbox.base_url, one)
    with pytest.raises(InvalidInputError, match="in use by another upload"):
        await upload_images(studio.bria, one, studio.pictures, record=record)
    held.close()

    for dataset in (one, other, one):
        await upload_images(studio.bria, dataset, studio.pictures[:2], record=record)

    assert len(recorded(record)) == 4


async def test_a_record_that_cannot_be_written_says_what_is_there(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full; the image is at Bria, and a later run knows it by its name."""
    dataset, record = await studio.draft(), tmp_path / "uploads.jsonl"

    synced: list[int] = []

    def full(file: int) -> None:
        synced.append(file)
        # The first keeps the name of the file, the second says that the upload is begun.
        if len(synced) == 3:
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("bria_tailored_ext.workflows.upload_record.os.fsync", full)
        with pytest.raises(BriaError, match=r"as image \d+, but the record .*No space"):
            await upload_images(studio.bria, dataset, studio.pictures[:1], record=record, at_once=1)

    assert recorded(record) == []
    report = await upload_images(studio.bria, dataset, studio.pictures[:1], record=record)
    assert "Its upload broke off" in report.skipped[0].reason
    assert len(recorded(record)) == 1


async def test_a_record_that_is_full_from_the_start_sends_nothing(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be remembered is not begun."""
    dataset, record = await studio.draft(), tmp_path / "uploads.jsonl"
    record.write_bytes(b"")

    def full(_file: int, _line: bytes) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("bria_tailored_ext.workflows.upload_record.os.write", full)
        with pytest.raises(BriaError, match=r"was not uploaded: the record .*No space"):
            await upload_images(studio.bria, dataset, studio.pictures, record=record, at_once=1)

    assert studio.network.count("POST", "images") == 0


class Dataset7:
    """A network with one dataset, whose uploads do what is asked, one after the other."""

    def __init__(self, script: Script, *uploads: str) -> None:
        self.uploads = list(uploads)
        self.images: list[dict[str, Any]] = []
        self.late: list[dict[str, Any]] = []
        self.hidden = False
        self.network = script.network(self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            if self.late and not self.hidden:
                self.images.append(self.late.pop())
            self.hidden = False
            told = {"id": 7, "images_count": len(self.images), "images": self.images}
            return httpx.Response(200, json=told)
        image = {
            "id": 10 + len(self.images),
            "image_name": json.loads(request.content)["image_name"],
        }
        match self.uploads.pop(0) if self.uploads else "kept":
            case "kept":
                self.images.append(image)
                return httpx.Response(201, json=image)
            case "kept but lost":
                self.images.append(image)
                raise httpx.ReadError("it broke", request=request)
            case "renamed and lost":
                self.images.append({**image, "image_name": "Bria's own"})
                raise httpx.ReadTimeout("it broke", request=request)
            case "killed, and late":
                # The next look does not show it, the one after that does.
                self.late, self.hidden = [image], True
                raise _Killed
            case "500":
                return httpx.Response(500, content=b"")
            case "415":
                return httpx.Response(415, json="Unsupported")
            case "401":
                return httpx.Response(401, json="Unauthorized")
            case _:
                raise httpx.ReadError("it broke", request=request)


async def test_a_lost_answer_is_looked_up_and_the_picture_not_sent_again(
    script: Script, pictures: list[bytes]
) -> None:
    """The list shows that it arrived."""
    dataset = Dataset7(script, "kept but lost")

    async with script.client(dataset.network) as bria:
        report = await upload_images(bria, 7, pictures[:2], at_once=1)

    assert [image.id for image in report.uploaded] == [10, 11]
    assert dataset.network.asked.count(POST) == 2


async def test_what_arrives_after_its_run_was_killed_is_waited_for(
    script: Script, pictures: list[bytes], tmp_path: Path
) -> None:
    """Bria is still at work on it when the next run looks first: sent again, it would be two."""
    dataset, record = Dataset7(script, "kept", "killed, and late"), tmp_path / "uploads.jsonl"

    async with script.client(dataset.network) as bria:
        with pytest.raises(BaseException) as caught:  # noqa: PT011 - a group around it, or not
            await upload_images(bria, 7, pictures[:4], at_once=1, record=record)
        assert "_Killed" in repr(caught.value)
        report = await upload_images(bria, 7, pictures[:4], record=record)

    assert (len(report.skipped), len(report.uploaded)) == (2, 2)
    assert dataset.network.asked.count(POST) == 4
    assert len({name for name, _ in recorded(record)}) == len(dataset.images) == 4


@pytest.mark.parametrize("lost", ["gone", "500"])
async def test_a_picture_that_did_not_arrive_is_sent_again_once(
    script: Script, pictures: list[bytes], lost: str
) -> None:
    """The list shows that it did not, at several looks."""
    dataset = Dataset7(script, lost)

    async with script.client(dataset.network) as bria:
        report = await upload_images(bria, 7, pictures[:1])

    assert [image.id for image in report.uploaded] == [10]
    assert dataset.network.asked.count(POST) == 2
    assert dataset.network.asked[2:-1] == ["GET /v1/tailored-gen/datasets/7"] * 3


async def test_an_image_that_nobody_named_leaves_it_open(
    script: Script, pictures: list[bytes]
) -> None:
    """It may be ours under another name: sending again might make it two."""
    dataset = Dataset7(script, "renamed and lost")

    async with script.client(dataset.network) as bria:
        report = await upload_images(bria, 7, pictures[:1])

    assert [type(each.error) for each in report.failed] == [SubmitOutcomeUnknown]
    assert dataset.network.asked.count(POST) == 1


async def test_two_of_a_name_are_not_taken_for_each_other(
    script: Script, tmp_path: Path, pictures: list[bytes]
) -> None:
    """The one whose answer was lost must not be settled with the other's image."""
    both = [tmp_path / "front" / "1.png", tmp_path / "back" / "1.png"]
    for path, picture in zip(both, pictures, strict=False):
        path.parent.mkdir()
        path.write_bytes(picture)
    dataset = Dataset7(script, "gone", "kept", "gone", "kept")

    async with script.client(dataset.network) as bria:
        report = await upload_images(bria, 7, both, at_once=2)

    assert [image.id for image in report.uploaded] == [10, 11]
    assert len(dataset.images) == 2


async def test_what_was_uploaded_before_an_error_for_all_is_remembered(
    script: Script, pictures: list[bytes], tmp_path: Path
) -> None:
    """A token that is refused in the middle ends the run, and loses nothing."""
    dataset, record = Dataset7(script, "kept", "kept", "401"), tmp_path / "uploads.jsonl"

    async with script.client(dataset.network) as bria:
        with pytest.raises(AuthenticationError):
            await upload_images(bria, 7, pictures[:5], at_once=1, record=record)
        report = await upload_images(bria, 7, pictures[:5], record=record)

    assert (len(report.skipped), len(report.uploaded)) == (2, 3)
    assert len(dataset.images) == 5


async def test_what_bria_refused_is_not_looked_for_in_the_next_run(
    script: Script, pictures: list[bytes], tmp_path: Path, clock: VirtualClock
) -> None:
    """It is known to have come to nothing."""
    dataset, record = Dataset7(script, "415", "415"), tmp_path / "uploads.jsonl"

    async with script.client(dataset.network, clock=clock) as bria:
        for _ in range(2):
            report = await upload_images(bria, 7, pictures[:1], record=record)
            assert [type(each.error) for each in report.failed] == [UnsupportedMediaError]
        report = await upload_images(bria, 7, pictures[:1], record=record)

    assert (len(report.uploaded), clock.slept) == (1, [])


async def test_of_two_of_a_name_a_killed_run_mixes_up_none(
    script: Script, pictures: list[bytes], tmp_path: Path
) -> None:
    """The first is remembered before the second is begun."""
    both = [tmp_path / "front" / "1.png", tmp_path / "back" / "1.png"]
    for path, picture in zip(both, pictures, strict=False):
        path.parent.mkdir()
        path.write_bytes(picture)
    dataset, record = Dataset7(script, "kept", "killed, and late"), tmp_path / "uploads.jsonl"

    async with script.client(dataset.network) as bria:
        with pytest.raises(BaseException) as caught:  # noqa: PT011 - a group around it, or not
            await upload_images(bria, 7, both, record=record)
        assert "_Killed" in repr(caught.value)
        report = await upload_images(bria, 7, both, record=record)

    assert [skip.image_id for skip in report.skipped] == [10, 11]
    assert len(dataset.images) == 2


async def test_options_reach_bria_and_are_absent_unless_given(
    script: Script, pictures: list[bytes]
) -> None:
    """Unset means Bria's own default."""
    dataset = Dataset7(script)

    async with script.client(dataset.network) as bria:
        await upload_images(bria, 7, pictures[:1])
        online = ["https://cdn.test/a.png"]
        await upload_images(bria, 7, online, increase_resolution=False, content_moderation=True)

    plain, asked = (json.loads(each.body) for each in dataset.network.seen if each.body)
    assert sorted(plain) == ["file", "image_name"]
    assert (asked["increase_resolution"], asked["content_moderation"]) == (False, True)


async def test_another_host_s_dataset_of_the_same_number_is_another(
    script: Script, pictures: list[bytes], tmp_path: Path
) -> None:
    """A rehearsal against the sandbox does not make the real upload skip anything."""
    record = tmp_path / "uploads.jsonl"
    here, there = Dataset7(script), Dataset7(script)
    async with script.client(here.network) as bria:
        await upload_images(bria, 7, pictures[:2], record=record)

    other = {"api_token": "x", "base_url": "https://other.test", "transport": there.network}
    async with TailoredClient(**other) as bria:  # type: ignore[arg-type]
        report = await upload_images(bria, 7, pictures[:2], record=record)

    assert len(report.uploaded) == len(there.images) == 2
