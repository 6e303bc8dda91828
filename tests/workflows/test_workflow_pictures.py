"""Pictures, whatever they are given as: checked by their content, and sent as they were checked."""

from __future__ import annotations

import base64
import gc
import hashlib
import io
import json
import ntpath
import os
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio.to_thread
import httpx
import pytest
from PIL import Image

from bria_tailored.models import GenerateVisualSchema, UploadImage
from bria_tailored_ext import FileChangedError, InvalidInputError, VideoRequest
from bria_tailored_ext.rules.pictures import MAX_IMAGE_BYTES
from bria_tailored_ext.workflows.pictures import as_list, name_of, prepare

if TYPE_CHECKING:
    from tests.conftest import Script

pytestmark = pytest.mark.anyio

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 2000
IMAGE = {"id": 1, "dataset_id": 7, "image_name": "a"}


class OnePass(io.RawIOBase):
    """A file that cannot be rewound: a download, a pipe."""

    def __init__(self, data: bytes) -> None:
        self._rest = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._rest.read(size)


def sources(folder: Path) -> dict[str, Callable[[], Any]]:
    path = folder / "a cup.png"
    path.write_bytes(PNG)
    with zipfile.ZipFile(folder / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a cup.png", PNG)
    return {
        "path": lambda: path,
        "text": lambda: str(path),
        "bytes": lambda: PNG,
        "bytearray": lambda: bytearray(PNG),
        "memory": lambda: io.BytesIO(PNG),
        "open": lambda: path.open("rb"),
        "unbuffered": lambda: path.open("rb", buffering=0),
        "zipped": lambda: zipfile.ZipFile(folder / "all.zip").open("a cup.png"),
        "one pass": lambda: OnePass(PNG),
    }


KINDS = (
    "path", "text", "bytes", "bytearray", "memory", "open", "unbuffered", "zipped", "one pass"
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_of_source_arrives_as_the_same_base64(
    script: Script, tmp_path: Path, kind: str
) -> None:
    """With the same digest, and once more after a refusal."""
    source = sources(tmp_path)[kind]()
    network = script.network(script.answer(429), script.answer(201, IMAGE))
    async with script.client(network) as bria:
        picture = await prepare(source, 0)
        await bria.datasets.upload_image(7, body=UploadImage(file=picture.wire))
    if hasattr(source, "close"):
        source.close()

    assert not picture.is_url
    assert picture.size == len(PNG)
    assert picture.digest == hashlib.sha256(PNG).hexdigest()
    assert [json.loads(each.body) for each in network.seen] == [
        {"file": base64.b64encode(PNG).decode()}
    ] * 2


async def test_an_url_goes_as_it_is_and_is_not_fetched(script: Script) -> None:
    """Its digest is the URL's, its name is the path's end: a query may be a signature."""
    url = "https://cdn.test/brand/a%20cup.png?Signature=SIGNED"
    network = script.network(script.answer(201, IMAGE))
    async with script.client(network) as bria:
        picture = await prepare(url, 3)
        await bria.datasets.upload_image(7, body=UploadImage(image_url=picture.wire))

    assert (picture.is_url, picture.size, picture.name) == (True, None, "a%20cup.png")
    assert picture.digest == hashlib.sha256(url.encode()).hexdigest()
    assert json.loads(network.seen[0].body) == {"image_url": url}


def image(mode: str = "RGB", color: Any = 90, exif: int | None = None) -> Image.Image:
    made = Image.new(mode, (300, 200), color)
    if exif is not None:
        made.getexif()[0x0112] = exif
    return made


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK", "HSV", "F"])
async def test_a_pillow_image_is_sent_as_a_png(script: Script, mode: str) -> None:
    """Of the same size, in colours that a PNG knows; transparent where it was."""
    network = script.network(script.answer(201, IMAGE))
    async with script.client(network) as bria:
        picture = await prepare(image(mode, 1 if mode == "1" else 0), 0)
        await bria.datasets.upload_image(7, body=UploadImage(file=picture.wire))

    sent = base64.b64decode(json.loads(network.seen[0].body)["file"])
    assert hashlib.sha256(sent).hexdigest() == picture.digest
    with Image.open(io.BytesIO(sent)) as arrived:
        arrived.load()
        assert (arrived.format, arrived.size) == ("PNG", (300, 200))
        assert arrived.has_transparency_data is (mode in ("LA", "RGBA"))


async def test_a_pillow_image_is_turned_as_its_exif_data_say() -> None:
    """A PNG is sent without them: the pixels must be right by themselves."""
    upright, turned = await prepare(image(), 0), await prepare(image(exif=6), 0)
    same = await prepare(image().rotate(-90, expand=True), 0)

    assert turned.digest == same.digest != upright.digest


def nameless_files() -> int:
    """How many open files of this process have no name on any disk."""
    folder = Path("/proc/self/fd")
    links = [link for link in folder.iterdir() if link.is_symlink()]
    return sum("(deleted)" in str(link.readlink()) for link in links)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_what_was_copied_is_gone_with_the_picture() -> None:
    """A temporary file is closed without a warning when nobody can send it any more."""
    gc.collect()
    before = nameless_files()
    pictures = [await prepare(OnePass(PNG), 0), await prepare(image(), 1)]  # type: ignore[arg-type]
    assert nameless_files() == before + 2

    del pictures
    # A worker thread remembers what it did last.
    await anyio.to_thread.run_sync(gc.collect)
    gc.collect()

    assert nameless_files() == before


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (b"", "^picture-3 is empty"),
        (b"GIF89a, by its content", "^picture-3 is not a JPEG, PNG or WEBP"),
        (PNG.ljust(MAX_IMAGE_BYTES + 1, b"\0"), r"has 12\.0 MB; Bria takes 12 MB at most"),
        (io.StringIO("text"), "was opened as text. Open it with mode 'rb'"),
        ("data:image/png;base64,iVBORw0KGgo=", "is a text of 34 characters.*Pass the bytes"),
        ("iVBORw0KGgo=" * 9999, "is a text of 119,988 characters.*Pass the bytes"),
        ("s3://brand/a.png", r"^a\.png has an URL of the scheme s3\. Bria fetches https"),
        ("no such/a.png", r"^a\.png cannot be read: No such file"),
        ("a\0.png", "cannot be read"),
        (17, "^picture-3 is a int. Pass a path, bytes"),
        (None, "^picture-3 is a NoneType. Pass a path, bytes"),
    ],
    ids=lambda value: str(value)[:20],
)
async def test_what_cannot_be_sent_is_said_before_anything_is(source: Any, sentence: str) -> None:
    """By name, or by its place in the list, with the remedy."""
    with pytest.raises(InvalidInputError, match=sentence):
        await prepare(source, 2)


async def test_a_huge_file_is_refused_without_reading_it(tmp_path: Path) -> None:
    """A hundred gigabytes of nothing, and an open file that never ends."""
    with (tmp_path / "huge.png").open("wb") as file:
        file.write(PNG)
        file.truncate(10**11)

    class Endless(OnePass):
        def read(self, size: int = -1) -> bytes:
            return super().read(size) or b"x" * size

    with pytest.raises(InvalidInputError, match=r"has 100000\.0 MB"):
        await prepare(tmp_path / "huge.png", 0)
    with pytest.raises(InvalidInputError, match="12 MB at most"):
        await prepare(Endless(PNG), 0)  # type: ignore[arg-type]


async def test_a_closed_file_is_said_to_be_closed(tmp_path: Path) -> None:
    """Before the check, and between the check and the sending."""
    (tmp_path / "a.png").write_bytes(PNG)
    with (tmp_path / "a.png").open("rb") as file:
        picture = await prepare(file, 0)
    with pytest.raises(InvalidInputError, match=r"^a\.png cannot be read.*closed"):
        await prepare(file, 0)
    async with httpx.AsyncClient() as plain:
        with pytest.raises(TypeError, match="LazyBase64"):
            plain.build_request("POST", "https://bria.test", json={"file": picture.wire})


async def test_a_picture_that_vanishes_from_a_schema_is_told_of_by_name(
    script: Script, tmp_path: Path
) -> None:
    """Of ten pictures in one body: which one, and nothing was carried out."""
    paths = [tmp_path / f"{number}.png" for number in range(10)]
    for path in paths:
        path.write_bytes(PNG)
    network = script.network(script.answer(200, {"visual_schema": "{}"}))
    async with script.client(network) as bria:
        pictures = [await prepare(path, 0) for path in paths]
        paths[6].unlink()
        body = GenerateVisualSchema(images=[each.wire for each in pictures])
        with pytest.raises(FileChangedError, match=r"^6\.png cannot be read any more"):
            await bria.datasets.generate_visual_schema(body=body)

    assert network.seen == []


class Swallowing(httpx.AsyncBaseTransport):
    """Takes each body piece by piece, as a socket does, and forgets it."""

    def __init__(self) -> None:
        self.taken = 0
        self.largest = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.AsyncByteStream)
        async for piece in request.stream:
            self.taken += len(piece)
            self.largest = max(self.largest, len(piece))
        assert self.taken == int(request.headers["content-length"])
        return httpx.Response(200, json={"visual_schema": "{}"})


async def test_ten_large_pictures_are_never_in_memory(script: Script, tmp_path: Path) -> None:
    """80 MB go out in pieces; what Python allocates meanwhile stays under 4 MB."""
    paths = [tmp_path / f"{number}.png" for number in range(10)]
    for path in paths:
        path.write_bytes(PNG.ljust(8_000_000, b"\0"))
    network = Swallowing()
    async with script.client(network) as bria:
        tracemalloc.start()
        try:
            pictures = [await prepare(path, 0) for path in paths]
            body = GenerateVisualSchema(images=[each.wire for each in pictures])
            await bria.datasets.generate_visual_schema(body=body)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

    assert network.taken > 106_000_000
    assert network.largest < 300_000
    assert peak < 4_000_000


async def test_a_video_can_start_from_a_local_picture(script: Script) -> None:
    """Wherever the API takes base64, not only in datasets."""
    accepted = {"request_id": "r1", "status_url": "https://bria.test/v2/status/r1"}
    network = script.network(script.answer(202, accepted))
    async with script.client(network) as bria:
        picture = await prepare(PNG, 0)
        job = await bria.submit(VideoRequest(tailored_model_id="7", image=picture.wire))

    assert job.request_id == "r1"
    assert json.loads(network.seen[0].body)["image"] == base64.b64encode(PNG).decode()


def test_one_picture_is_no_list_of_pictures() -> None:
    """It would be taken apart into characters or lines."""
    for single in ("a.png", b"abc", Path("a.png"), io.BytesIO(PNG), image()):
        with pytest.raises(InvalidInputError, match="put a single one into a list"):
            as_list(single)  # type: ignore[arg-type]
    assert as_list(iter(["a.png"])) == ["a.png"]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("brand/a cup.png", "a cup.png"),
        ("brand/folder/", "folder"),
        (Path("brand/ü.jpg"), "ü.jpg"),
        (os.fsdecode(b"brand/\xff.jpg"), "�.jpg"),
        ("https://cdn.test/a.png#part", "a.png"),
        ("https://cdn.test", "cdn.test"),
        ("https://me:secret@cdn.test", "cdn.test"),
        ("https://cdn.test/logo@2x.png", "logo@2x.png"),
        (b"bytes", "picture-5"),
        (io.BytesIO(), "picture-5"),
        ("data:image/png;base64,AAAA", "picture-5"),
        ("", "picture-5"),
    ],
)
def test_a_picture_has_a_name(source: Any, name: str) -> None:
    """One that can be printed, and sent in JSON, whatever is on the disk."""
    assert name_of(source, 4) == name
    name.encode()


def test_a_path_of_windows_does_not_go_to_bria(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only its last part: the others say whose machine it is."""
    monkeypatch.setattr(os, "path", ntpath)
    try:
        name = name_of(r"C:\Users\me\brand\cup.png", 0)
    finally:
        monkeypatch.undo()

    assert name == "cup.png"


def test_an_open_file_has_the_name_of_its_path(tmp_path: Path) -> None:
    """And one that was opened by its descriptor has a number, which is no name."""
    (tmp_path / "a.png").write_bytes(PNG)
    with (tmp_path / "a.png").open("rb") as file:
        assert name_of(file, 0) == "a.png"
        with os.fdopen(os.dup(file.fileno()), "rb") as again:
            assert name_of(again, 0) == "picture-1"


def test_pictures_need_no_pillow() -> None:
    """Who sends files need not install it: it is asked for where a Pillow image is given."""
    code = (
        "import sys; sys.modules['PIL'] = None\n"
        "import anyio\nfrom bria_tailored_ext.workflows.pictures import prepare\n"
        f"print(anyio.run(prepare, {PNG[:50]!r}, 0).size)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "50"
