"""Bulk upload: one attempt, and every doubt before it."""

from __future__ import annotations

import io
import logging
import pickle
import zipfile
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from PIL import Image

from bria_tailored_ext import (
    BulkUploadFailed,
    DatasetIncomplete,
    InvalidInputError,
    NotFoundError,
    SubmitOutcomeUnknown,
)
from bria_tailored_ext.workflows import (
    BulkReport,
    FailedFile,
    bulk_upload,
    complete_dataset,
    wait_for_bulk_upload,
)

if TYPE_CHECKING:
    from tests.conftest import Script, VirtualClock
    from tests.workflows.conftest import Studio

pytestmark = pytest.mark.anyio

START = "POST /v1/tailored-gen/datasets/7/images/bulk-upload"
STATUS = "GET /v1/tailored-gen/datasets/7/images/bulk-upload/status"
ZIP_URL = "https://cdn.test/pictures.zip?Signature=SIGNED"


def zipped(**files: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, data in files.items():
            archive.writestr(f"{name}.png", data)
    return written.getvalue()


def large(colour: str) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (1024, 1024), colour).save(written, "PNG")
    return written.getvalue()


async def test_a_zip_becomes_images_and_each_file_that_did_not_is_named(studio: Studio) -> None:
    """By its name, Bria's code and Bria's words."""
    dataset = await studio.draft("advanced")
    data = zipped(
        red=large("red"), small=studio.pictures[0], text=b"no picture", blue=large("blue")
    )
    url = studio.sandbox.publish(data, "pictures.zip")
    seen: list[BulkReport] = []

    report = await bulk_upload(studio.bria, dataset, url, on_progress=seen.append)

    assert (report.uploaded, report.failures, report.status) == (2, 2, "completed")
    assert [(each.name, each.code) for each in report.failed] == [
        ("small.png", 412),
        ("text.png", 415),
    ]
    assert str(report).startswith("2 uploaded, 2 failed (completed).\n  small.png: ")
    assert len(await studio.bria.datasets.get_images(dataset)) == 2
    assert [each.percent for each in seen] == sorted(each.percent for each in seen)
    assert (seen[0].status, seen[-1].percent) == ("pending", 100)


async def test_the_one_attempt_is_said_before_it_is_spent(
    studio: Studio, caplog: pytest.LogCaptureFixture
) -> None:
    """Who says no has it still; who does not answer finds it in the log."""
    dataset = await studio.draft("advanced")
    url = studio.sandbox.publish(zipped(red=large("red")), "pictures.zip")
    told: list[str] = []

    def no(warning: str) -> bool:
        told.append(warning)
        return False

    with pytest.raises(InvalidInputError, match=r"not confirmed. Its one attempt is not spent"):
        await bulk_upload(studio.bria, dataset, url, confirm=no)
    assert studio.network.count("POST", "bulk-upload") == 0
    assert told == [
        "A dataset has one bulk upload, ever: a second one is refused even if the first one "
        f"failed. This is the one of dataset {dataset}: {url}"
    ]
    with caplog.at_level(logging.WARNING, "bria_tailored_ext"):
        await bulk_upload(studio.bria, dataset, url)
    assert told[0] in caplog.text


async def test_a_second_bulk_upload_is_refused_here(studio: Studio) -> None:
    """The sentence says why, and what to do."""
    dataset = await studio.draft("advanced")
    url = studio.sandbox.publish(zipped(red=large("red")), "pictures.zip")
    await bulk_upload(studio.bria, dataset, url, confirm=lambda _warning: True)

    with pytest.raises(InvalidInputError, match=r"had its bulk upload, which is completed.*one"):
        await bulk_upload(studio.bria, dataset, url)

    assert studio.network.count("POST", "bulk-upload") == 1


async def test_another_process_waits_for_what_one_has_started(studio: Studio) -> None:
    """Cancelling, or a timeout, stops the waiting and not the upload."""
    dataset = await studio.draft("advanced")
    url = studio.sandbox.publish(zipped(red=large("red")), "pictures.zip")

    with pytest.raises(DatasetIncomplete, match="wait_for_bulk_upload waits again"):
        await bulk_upload(studio.bria, dataset, url, timeout=0)
    with pytest.raises(InvalidInputError, match="To wait for it: wait_for_bulk_upload"):
        await bulk_upload(studio.bria, dataset, url)
    with pytest.raises(DatasetIncomplete, match="bulk upload is still under way"):
        await complete_dataset(studio.bria, dataset)
    report = await wait_for_bulk_upload(studio.bria, dataset)

    assert (report.uploaded, studio.network.count("POST", "bulk-upload")) == (1, 1)


async def test_there_is_nothing_to_wait_for_without_a_bulk_upload(studio: Studio) -> None:
    """Bria's own words for it."""
    with pytest.raises(NotFoundError):
        await wait_for_bulk_upload(studio.bria, await studio.draft("advanced"))


@pytest.mark.parametrize(
    ("served", "sentence"),
    [
        (b"<html>Log in to see this file</html>", r"gives no zip: it begins with b'<htm'"),
        (b"PK", "gives no zip"),
        (None, r"answers 404, so that Bria could not fetch"),
    ],
)
async def test_what_is_no_zip_does_not_spend_the_attempt(
    studio: Studio, served: bytes | None, sentence: str
) -> None:
    """A page to log in, a link that has expired: seen from here before Bria tries."""
    dataset = await studio.draft("advanced")
    url = f"{studio.sandbox.base_url}/files/gone.zip?Signature=SIGNED"
    if served is not None:
        url = studio.sandbox.publish(served, "pictures.zip")

    with pytest.raises(InvalidInputError, match=sentence) as caught:
        await bulk_upload(studio.bria, dataset, url)

    assert "SIGNED" not in str(caught.value)
    assert studio.network.count("POST", "bulk-upload") == 0


class Advanced:
    """A network with one advanced dataset and one zip, that answer as they are told."""

    def __init__(self, script: Script, **answers: Any) -> None:
        self.answers = answers
        self.started = False
        self.network = script.network(self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "cdn.test":
            return self.told("zip", request, httpx.Response(206, content=b"PK\x03\x04"))
        if request.method == "POST":
            self.started = self.answers.get("starts", True)
            return self.told("start", request, httpx.Response(202))
        if request.url.path.endswith("/status"):
            if not self.started:
                return httpx.Response(404, json="Not found")
            done = {"status": "COMPLETED", "progress_percentage": 100, "done": 3}
            return self.told("status", request, httpx.Response(200, json=done))
        told = {"id": 7, "status": "draft", "upload_type": "advanced", "images_count": 0}
        return httpx.Response(200, json={**told, **self.answers.get("dataset", {})})

    def told(self, what: str, request: httpx.Request, answer: httpx.Response) -> httpx.Response:
        wanted = self.answers.get(what, answer)
        if isinstance(wanted, type):
            raise wanted("it broke", request=request)
        told: httpx.Response = wanted
        return told


@pytest.mark.parametrize(
    ("dataset", "sentence"),
    [
        ({"upload_type": "basic"}, "basic upload type.*use upload_images"),
        ({"status": "completed"}, "is completed, and its images are frozen"),
        ({"images_count": 3}, "has 3 images, and a bulk upload needs an empty one"),
    ],
)
async def test_a_dataset_that_cannot_take_it_is_refused_here(
    script: Script, dataset: dict[str, Any], sentence: str
) -> None:
    """Neither the attempt is spent, nor anybody asked to confirm."""
    advanced = Advanced(script, dataset=dataset)

    async with script.client(advanced.network) as bria:
        with pytest.raises(InvalidInputError, match=sentence):
            await bulk_upload(bria, 7, ZIP_URL, confirm=pytest.fail)

    assert START not in advanced.network.asked


@pytest.mark.parametrize(
    "url", ["", "pictures.zip", "ftp://cdn.test/a.zip", "https://", "http://[/"]
)
async def test_what_is_no_url_is_refused_before_anything_is_asked(script: Script, url: str) -> None:
    """A path of this machine means nothing to Bria."""
    advanced = Advanced(script)

    async with script.client(advanced.network) as bria:
        with pytest.raises(InvalidInputError, match="zip_url must be an https URL"):
            await bulk_upload(bria, 7, url)

    assert advanced.network.asked == []


@pytest.mark.parametrize(
    ("zip_", "sentence"),
    [
        (httpx.ConnectError, r"pictures\.zip cannot be fetched from here"),
        (httpx.Response(403), r"pictures\.zip answers 403"),
        (
            httpx.Response(
                206,
                content=b"PK\x03\x04",
                headers={"content-range": f"bytes 0-3/{6 * 1024**3}"},
            ),
            r"gives 6\.00 GB, and Bria takes 5 GB",
        ),
        (httpx.Response(302, headers={"location": "https://cdn.test/pictures.zip"}), "leads on"),
    ],
)
async def test_a_zip_that_cannot_be_fetched_does_not_spend_the_attempt(
    script: Script, zip_: Any, sentence: str
) -> None:
    """Said without the signature in the URL; and `check_url=False` leaves it to Bria."""
    advanced = Advanced(script, zip=zip_)

    async with script.client(advanced.network) as bria:
        with pytest.raises(InvalidInputError, match=sentence) as caught:
            await bulk_upload(bria, 7, ZIP_URL)
        assert START not in advanced.network.asked
        report = await bulk_upload(bria, 7, ZIP_URL, check_url=False)

    assert "SIGNED" not in f"{caught.value!r}{caught.value.__cause__!r}"
    assert report.uploaded == 3


async def test_the_token_does_not_go_where_the_zip_is(script: Script) -> None:
    """Whoever keeps the zip is not Bria."""
    advanced = Advanced(script)

    async with script.client(advanced.network) as bria:
        await bulk_upload(bria, 7, ZIP_URL, content_moderation=True)

    (asked,) = (each for each in advanced.network.seen if each.url.host == "cdn.test")
    assert script.token not in str(asked.headers)
    assert asked.headers["range"] == "bytes=0-3"
    (start,) = (each for each in advanced.network.seen if each.method == "POST")
    assert b'"content_moderation":true' in start.body.replace(b" ", b"")


async def test_a_start_whose_answer_was_lost_is_a_start(
    script: Script, clock: VirtualClock
) -> None:
    """The status shows it; a second start would be refused, and the first not known."""
    advanced = Advanced(script, start=httpx.ReadTimeout)

    async with script.client(advanced.network, clock=clock) as bria:
        report = await bulk_upload(bria, 7, ZIP_URL)

    assert report.uploaded == 3
    assert advanced.network.asked.count(START) == 1


@pytest.mark.parametrize("start", [httpx.ReadError, httpx.Response(503)])
async def test_a_start_that_left_no_trace_is_unknown_and_not_repeated(
    script: Script, clock: VirtualClock, start: Any
) -> None:
    """It may have been the one."""
    advanced = Advanced(script, start=start, starts=False)

    async with script.client(advanced.network, clock=clock) as bria:
        with pytest.raises(SubmitOutcomeUnknown):
            await bulk_upload(bria, 7, ZIP_URL)

    assert advanced.network.asked.count(START) == 1
    assert advanced.network.asked[-3:] == [STATUS] * 3


async def test_a_bulk_upload_that_failed_as_a_whole_says_that_it_is_spent(
    script: Script, clock: VirtualClock
) -> None:
    """With what Bria says of single files, and what to do now."""
    failed = [{"filename": "a.png", "error_code": 415, "error_message": "no picture"}, {}]
    told = {"status": "Failed", "failed": 2, "failed_images": failed}
    advanced = Advanced(script, status=httpx.Response(200, json=told))

    async with script.client(advanced.network, clock=clock) as bria:
        with pytest.raises(BulkUploadFailed, match="create another dataset") as caught:
            await bulk_upload(bria, 7, ZIP_URL)

    error = pickle.loads(pickle.dumps(caught.value))  # noqa: S301
    assert "a.png: no picture" in str(error)
    assert error.report.failed == (
        FailedFile(name="a.png", code=415, reason="no picture"),
        FailedFile(name="a file without a name", code=None, reason="Bria gives no reason."),
    )
