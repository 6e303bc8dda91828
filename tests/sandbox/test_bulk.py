"""Bulk upload: one zip, once, into an empty advanced dataset."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pytest
from PIL import Image

from bria_tailored_ext.sandbox.pictures import read_picture
from tests.sandbox.conftest import header, picture

if TYPE_CHECKING:
    from tests.sandbox.conftest import Caller

pytestmark = pytest.mark.anyio


def big(index: int) -> bytes:
    return picture(index, 1024, 1024)


def zip_of(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


async def advanced(live: Caller, **changes: Any) -> str:
    dataset = await live.dataset(upload_type="advanced")
    if changes:
        await live.ok("PUT", dataset, changes)
    return dataset


async def upload(live: Caller, dataset: str, data: bytes, name: str = "pictures.zip") -> Any:
    url = live.sandbox.publish(data, name)
    return await live("POST", f"{dataset}/images/bulk-upload", {"zip_url": url})


async def status(live: Caller, dataset: str) -> Any:
    return await live.ok("GET", f"{dataset}/images/bulk-upload/status")


async def test_zip_becomes_images_in_time(live: Caller) -> None:
    """202 without a body; pending, processing, completed; images come one after another."""
    dataset = await advanced(live)
    answer = await upload(live, dataset, zip_of({f"a/{n}.png": big(n) for n in range(6)}))
    assert (answer.status_code, answer.content) == (202, b"")
    assert await status(live, dataset) == {
        "status": "pending",
        "progress_percentage": 0,
        "total_processed": 0,
        "done": 0,
        "failed": 0,
        "failed_images": [],
    }
    words, counts = [], []
    for _ in range(30):
        told = await status(live, dataset)
        words.append(told["status"])
        counts.append((await live.ok("GET", dataset))["images_count"])
        assert abs(told["done"] - counts[-1]) <= 1
        live.sandbox.advance(0.5)
    assert list(dict.fromkeys(words)) == ["pending", "processing", "completed"]
    assert list(dict.fromkeys(counts)) == [0, 1, 2, 3, 4, 5, 6]
    told = await status(live, dataset)
    assert (told["progress_percentage"], told["done"], told["total_processed"]) == (100, 6, 6)
    names = [image["image_name"] for image in await live.ok("GET", f"{dataset}/images")]
    assert names == [f"{n}.png" for n in range(6)]


async def test_bad_files_are_reported_one_by_one(live: Caller) -> None:
    """With name, code and reason; the good ones are taken; folders and litter are not counted."""
    dataset = await advanced(live)
    files = {
        "good.png": big(0),
        "text.png": b"text",
        "small.png": picture(),
        "damaged.jpg": picture(kind="JPEG")[:300],
        "huge.png": big(1) + b"\0" * 12 * 1024 * 1024,
        "folder/": b"",
        "__MACOSX/._good.png": b"litter",
        ".DS_Store": b"litter",
    }
    await upload(live, dataset, zip_of(files))
    live.sandbox.advance(60)
    told = await status(live, dataset)
    assert (told["status"], told["done"], told["failed"]) == ("completed", 1, 4)
    codes = {each["filename"]: each["error_code"] for each in told["failed_images"]}
    assert codes == {"text.png": 415, "small.png": 412, "damaged.jpg": 415, "huge.png": 413}
    assert all(each["error_message"] for each in told["failed_images"])


async def test_corrupt_entry_counts_against_that_file(live: Caller) -> None:
    """A wrong checksum or broken compression does not spoil the others."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bad.png", b"x" * 5000)
        archive.writestr("good.png", big(0))
    data = bytearray(out.getvalue())
    data[40:50] = b"\xff" * 10
    dataset = await advanced(live)
    await upload(live, dataset, bytes(data))
    live.sandbox.advance(60)
    told = await status(live, dataset)
    assert (told["done"], told["failed"]) == (1, 1)


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
async def test_what_python_unpacks_whole_is_not_unpacked(live: Caller, packing: int) -> None:
    """Its size in the zip may be a lie, and it would all be in memory at once."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("odd.png", big(0), packing)
        archive.writestr("good.png", big(1))
    dataset = await advanced(live)
    await upload(live, dataset, out.getvalue())
    live.sandbox.advance(60)
    told = await status(live, dataset)
    assert told["done"] == 1
    assert [each["error_code"] for each in told["failed_images"]] == [415]


async def test_file_that_says_it_is_huge_is_not_even_unpacked(
    live: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few bytes in a zip can become gigabytes."""
    unpacked: list[str] = []
    opened = zipfile.ZipFile.open

    def noted(archive: zipfile.ZipFile, name: Any, mode: Any = "r", **more: Any) -> IO[bytes]:
        if mode == "r":
            unpacked.append(name.filename)
        return opened(archive, name, mode, **more)

    monkeypatch.setattr(zipfile.ZipFile, "open", noted)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.png", b"\0" * 50_000_000)
        archive.writestr("good.png", big(0))
    dataset = await advanced(live)
    await upload(live, dataset, out.getvalue())
    assert unpacked == ["good.png"]


async def test_a_file_of_too_many_pixels_is_one_line(live: Caller) -> None:
    """Pillow takes it for a bomb, by an error of its own."""
    dataset = await advanced(live)
    await upload(live, dataset, zip_of({"wide.png": header(20_000, 10_000), "good.png": big(0)}))
    live.sandbox.advance(60)
    told = await status(live, dataset)
    assert (told["status"], told["done"]) == ("completed", 1)
    codes = [(each["filename"], each["error_code"]) for each in told["failed_images"]]
    assert codes == [("wide.png", 415)]


async def test_a_zip_is_not_taken_into_memory(
    live: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have 5 GB. One file of it after the other is."""
    # Other tests remember what they read.
    monkeypatch.setattr("bria_tailored_ext.sandbox.intake.read_picture", read_picture)
    files = {f"{n}.png": big(n) + bytes(8 * 1024 * 1024) for n in range(12)}
    dataset = await advanced(live)
    url = live.sandbox.publish(zip_of(files), "a.zip")
    del files
    tracemalloc.start()
    try:
        body = {"zip_url": url}
        assert (await live("POST", f"{dataset}/images/bulk-upload", body)).status_code == 202
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 64 * 1024 * 1024
    live.sandbox.advance(60)
    assert (await status(live, dataset))["done"] == 12


async def test_a_zip_on_disk_is_published_piece_by_piece(live: Caller, tmp_path: Path) -> None:
    """What lies there later does not matter."""
    path = tmp_path / "a.zip"
    path.write_bytes(zip_of({"a.png": big(0) + bytes(30 * 1024 * 1024), "b.png": big(1)}))
    tracemalloc.start()
    try:
        url = live.sandbox.publish(path, "a.zip")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 8 * 1024 * 1024
    path.unlink()
    other = live.sandbox.publish(b"after it", "other")
    dataset = await advanced(live)
    await live.ok("POST", f"{dataset}/images/bulk-upload", {"zip_url": url})
    live.sandbox.advance(60)
    told = await status(live, dataset)
    assert (told["done"], told["failed"]) == (1, 1)
    assert (await live.http.get(other)).content == b"after it"


async def test_a_zip_with_a_name_that_is_no_text_fails_the_upload(live: Caller) -> None:
    """It is flagged as UTF-8, and is none."""
    data = zip_of({"\u00e4.png": big(0)}).replace("\u00e4".encode(), b"\xff\xff")
    dataset = await advanced(live)
    assert (await upload(live, dataset, data)).status_code == 202
    live.sandbox.advance(60)
    assert (await status(live, dataset))["status"] == "failed"


@pytest.mark.parametrize("elsewhere", [True, False], ids=["elsewhere", "no zip"])
async def test_zip_that_cannot_be_read_fails_the_upload(live: Caller, elsewhere: bool) -> None:
    """Accepted at first, failed in the end, as when Bria cannot fetch it; then it is over."""
    dataset = await advanced(live)
    url = "https://example.com/a.zip" if elsewhere else live.sandbox.publish(b"text", "a.zip")
    body = {"zip_url": url}
    assert (await live("POST", f"{dataset}/images/bulk-upload", body)).status_code == 202
    assert (await status(live, dataset))["status"] == "pending"
    live.sandbox.advance(60)
    told = await status(live, dataset)
    assert (told["status"], told["done"], told["failed"]) == ("failed", 0, 0)
    assert (await upload(live, dataset, zip_of({"a.png": big(0)}))).status_code == 400


async def test_only_one_bulk_upload_ever(live: Caller) -> None:
    """400 for the second, also when the first is done."""
    dataset = await advanced(live)
    data = zip_of({"a.png": big(0)})
    assert (await upload(live, dataset, data)).status_code == 202
    assert (await upload(live, dataset, data)).status_code == 400
    live.sandbox.advance(60)
    assert (await upload(live, dataset, data)).status_code == 400


async def test_basic_dataset_takes_no_bulk_upload(live: Caller) -> None:
    """400."""
    dataset = await live.dataset()
    assert (await upload(live, dataset, zip_of({"a.png": big(0)}))).status_code == 400


async def test_filled_clone_takes_no_bulk_upload(live: Caller) -> None:
    """Only an empty dataset does."""
    dataset = await advanced(live)
    await upload(live, dataset, zip_of({"a.png": big(0)}))
    live.sandbox.advance(60)
    copy = await live.ok("POST", f"{dataset}/clone")
    path = f"/v1/tailored-gen/datasets/{copy['id']}"
    answer = await upload(live, path, zip_of({"a.png": big(0)}))
    assert answer.status_code == 400
    assert "empty" in answer.json()["message"]


@pytest.mark.parametrize("body", [{}, {"zip_url": "a.zip"}, {"zip_url": 7}])
async def test_zip_url_must_be_a_url(live: Caller, body: Any) -> None:
    """400, and the one attempt is not used up."""
    dataset = await advanced(live)
    assert (await live("POST", f"{dataset}/images/bulk-upload", body)).status_code == 400
    assert (await upload(live, dataset, zip_of({"a.png": big(0)}))).status_code == 202


async def test_no_bulk_upload_has_no_status(live: Caller) -> None:
    """404 with a bare string."""
    answer = await live("GET", f"{await advanced(live)}/images/bulk-upload/status")
    assert (answer.status_code, answer.json()) == (404, "Bulk upload not found")


async def test_captions_follow_the_images_when_there_is_a_schema(live: Caller) -> None:
    """Without one they are skipped, until all are regenerated."""
    data = zip_of({"a.png": big(0), "b.png": big(1)})
    with_schema = await advanced(live, visual_schema="{}")
    without = await advanced(live)
    for dataset in (with_schema, without):
        await upload(live, dataset, data)
    live.sandbox.advance(60)
    captioned = await live.ok("GET", f"{with_schema}/images")
    plain = await live.ok("GET", f"{without}/images")
    assert [image["caption_source"] for image in captioned] == ["automatic", "automatic"]
    assert [image["caption_source"] for image in plain] == [None, None]


async def test_advanced_dataset_can_be_downloaded(live: Caller) -> None:
    """A zip of its images; the captions too, if all of them are automatic."""
    dataset = await advanced(live, visual_schema="{}")
    await upload(live, dataset, zip_of({"a.png": big(0), "b.png": big(1)}))
    live.sandbox.advance(60)
    path = dataset.replace("/tailored-gen", "") + "/download"
    told = await live.ok("GET", path)
    served = await live.http.get(told["download_url"])
    with zipfile.ZipFile(io.BytesIO(served.content)) as archive:
        assert [archive.read(name) for name in archive.namelist()] == [big(0), big(1)]
        names = archive.namelist()
    captions = (await live.http.get(told["captions_url"])).json()
    assert list(captions) == names
    assert all(json.loads(text) for text in captions.values())
    image = (await live.ok("GET", f"{dataset}/images"))[0]
    await live.ok("PUT", f"{dataset}/images/{image['id']}", {"caption": "{}"})
    assert list(await live.ok("GET", path)) == ["download_url"]
    await live.ok("DELETE", dataset)
    assert (await live.http.get(told["download_url"])).status_code == 404


async def test_transparency_is_gone_from_a_download_too(live: Caller) -> None:
    """It has the pictures as they are kept."""
    dataset = await advanced(live)
    await upload(live, dataset, zip_of({"a.png": picture(0, 1024, 1024, mode="RGBA")}))
    live.sandbox.advance(60)
    told = await live.ok("GET", dataset.replace("/tailored-gen", "") + "/download")
    served = await live.http.get(told["download_url"])
    (image,) = await live.ok("GET", f"{dataset}/images")
    with zipfile.ZipFile(io.BytesIO(served.content)) as archive:
        data = archive.read(archive.namelist()[0])
    assert data == (await live.http.get(image["image_url"])).content
    assert Image.open(io.BytesIO(data)).mode == "RGB"


@pytest.mark.parametrize(
    ("name", "ends"), [("../x y.zip", "-.._x_y.zip"), ("", "-file"), ("a" * 500, "-" + "a" * 100)]
)
async def test_published_name_is_harmless(live: Caller, name: str, ends: str) -> None:
    """It only decides how the URL ends."""
    url = live.sandbox.publish(b"data", name)
    assert url.startswith(f"{live.sandbox.base_url}/files/published/")
    assert (await live.http.get(url)).content == b"data"
    assert url.endswith(ends)


async def test_a_dataset_is_not_completed_while_images_arrive(live: Caller) -> None:
    """A completed dataset is frozen, so nothing may come into it afterwards."""
    dataset = await advanced(live)
    await upload(live, dataset, zip_of({f"{n}.png": big(n) for n in range(8)}))
    live.sandbox.advance(12)
    arrived = (await live.ok("GET", dataset))["images_count"]
    assert 5 <= arrived < 8
    done = {"status": "completed", "visual_schema": "{}"}
    refused = await live("PUT", dataset, done)
    assert refused.status_code == 409
    assert "bulk upload" in refused.json()["message"]
    live.sandbox.advance(60)
    assert (await live.ok("PUT", dataset, done))["status"] == "completed"
    live.sandbox.advance(60)
    assert (await live.ok("GET", dataset))["images_count"] == 8


async def test_images_are_captioned_by_the_schema_that_they_find(live: Caller) -> None:
    """One that is set while a bulk upload is at work counts for what comes after."""
    dataset = await advanced(live)
    await upload(live, dataset, zip_of({f"{n}.png": big(n) for n in range(6)}))
    live.sandbox.advance(7)
    arrived = (await live.ok("GET", dataset))["images_count"]
    assert 0 < arrived < 6
    await live.ok("PUT", dataset, {"visual_schema": '{"style": "gouache"}'})
    live.sandbox.advance(60)
    captions = [image["caption"] for image in await live.ok("GET", f"{dataset}/images")]
    assert captions[:arrived] == [None] * arrived
    assert all(captions[arrived:])
