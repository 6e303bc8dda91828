"""Large downloads that outlive their process: what is kept of them, and when it is trusted."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tracemalloc
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest

from bria_tailored_ext import DownloadError, RetryPolicy
from bria_tailored_ext.edge.downloads import AT_ONCE
from bria_tailored_ext.edge.parts import ENDING
from bria_tailored_ext.values.media import Media

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Script, ScriptedNetwork, Step
    from tests.edge.conftest import Hostile

pytestmark = pytest.mark.anyio

URL = "https://cdn.test/model.zip?Signature=SIGNED"
DATA = b"PK\x03\x04" + bytes(range(256)) * 40
OTHER = b"PK\x03\x04" + bytes(reversed(range(256))) * 40
ONCE = RetryPolicy(attempts=1)


class Body(httpx.AsyncByteStream):
    """A body that breaks, unless it is whole."""

    def __init__(self, data: bytes, *, breaks: bool) -> None:
        self._data, self._breaks = data, breaks

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self._data), 4096):
            yield self._data[start : start + 4096]
        if self._breaks:
            raise httpx.ReadError("it broke")


def bucket(data: bytes, tag: str = '"one"', *, sent: int | None = None) -> Step:
    """Answers as a bucket does, and breaks off after so many bytes."""

    def step(request: httpx.Request) -> httpx.Response:
        start, headers, status = 0, {"ETag": tag}, 200
        if request.headers.get("if-range") == tag:
            start = int(request.headers["range"].removeprefix("bytes=").removesuffix("-"))
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
            status = 206
        body = data[start:]
        headers["Content-Length"] = str(len(body))
        breaks = sent is not None
        return httpx.Response(status, headers=headers, stream=Body(body[:sent], breaks=breaks))

    return step


async def fetch(script: Script, network: ScriptedNetwork, path: Path, **more: Any) -> None:
    """As another process would: by a client of its own."""
    async with script.client(network, retry=ONCE) as bria:
        await bria.download(URL, path, media=Media.DATA, keep=True, **more)


async def fail(script: Script, path: Path, *, sent: int = 5000) -> None:
    """Leave a part behind."""
    with pytest.raises(DownloadError, match=r"model\.zip could not be downloaded"):
        await fetch(script, script.network(bucket(DATA, sent=sent)), path)


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def notes_of(path: Path) -> Path:
    return path.with_name(path.name + ENDING + ".json")


def part_of(path: Path) -> Path:
    return path.with_name(path.name + ENDING)


async def test_another_process_goes_on_where_one_failed(script: Script, tmp_path: Path) -> None:
    """What is paid for in hours of a bad line is not fetched twice."""
    path = tmp_path / "model.zip"
    await fail(script, path)
    assert left_in(tmp_path) == ["model.zip" + ENDING, "model.zip" + ENDING + ".json"]
    network = script.network(bucket(DATA))

    await fetch(script, network, path)

    assert network.seen[0].headers["range"] == "bytes=5000-"
    assert network.seen[0].headers["if-range"] == '"one"'
    assert path.read_bytes() == DATA
    assert left_in(tmp_path) == ["model.zip"]


async def test_the_notes_hold_no_signature(script: Script, tmp_path: Path) -> None:
    """They lie on a disk that others may read."""
    await fail(script, tmp_path / "model.zip")

    assert "SIGNED" not in notes_of(tmp_path / "model.zip").read_text()


async def test_another_version_at_the_same_place_is_started_over(
    script: Script, tmp_path: Path
) -> None:
    """A model that was trained again is not continued with the old one's bytes."""
    path = tmp_path / "model.zip"
    await fail(script, path)

    await fetch(script, script.network(bucket(OTHER, '"two"')), path)

    assert path.read_bytes() == OTHER


async def test_a_part_of_another_url_is_started_over(script: Script, tmp_path: Path) -> None:
    """Two models downloaded to one name do not meet in one file; a new signature is no new URL."""
    path = tmp_path / "model.zip"
    await fail(script, path)
    network = script.network(bucket(OTHER))

    async with script.client(network) as bria:
        await bria.download("https://cdn.test/other.zip", path, keep=True)

    assert "range" not in network.seen[0].headers
    assert path.read_bytes() == OTHER


SPOILT = {
    "no notes": None,
    "torn notes": b'{"source": "https://cdn.test/model.zip", "validator": "\\"one\\"", "by',
    "notes of something else": b"[1]",
    "more bytes than there are": 10**6,
    "no number of bytes": "5000",
    "a negative number": -5,
}


@pytest.mark.parametrize("name", SPOILT)
async def test_what_the_notes_do_not_vouch_for_is_not_used(
    script: Script, tmp_path: Path, name: str
) -> None:
    """A part is trusted as far as its notes say, and not at all without them."""
    path = tmp_path / "model.zip"
    await fail(script, path)
    spoilt = SPOILT[name]
    if spoilt is None:
        notes_of(path).unlink()
    elif isinstance(spoilt, bytes):
        notes_of(path).write_bytes(spoilt)
    else:
        notes = json.loads(notes_of(path).read_text()) | {"bytes": spoilt}
        notes_of(path).write_text(json.dumps(notes))
    network = script.network(bucket(DATA))

    await fetch(script, network, path)

    assert "range" not in network.seen[0].headers
    assert path.read_bytes() == DATA
    assert left_in(tmp_path) == ["model.zip"]


async def test_bytes_beyond_the_last_checkpoint_are_fetched_again(
    script: Script, tmp_path: Path
) -> None:
    """After a power failure they may be nothing but zeros."""
    path = tmp_path / "model.zip"
    await fail(script, path)
    with part_of(path).open("ab") as file:
        file.write(bytes(999))
    network = script.network(bucket(DATA))

    await fetch(script, network, path)

    assert network.seen[0].headers["range"] == "bytes=5000-"
    assert path.read_bytes() == DATA


async def test_a_part_that_lacks_nothing_is_checked_all_the_same(
    script: Script, tmp_path: Path
) -> None:
    """Its last byte is asked for, on the condition that nothing has changed."""
    path = tmp_path / "model.zip"
    await fail(script, path)
    part_of(path).write_bytes(DATA)
    notes = json.loads(notes_of(path).read_text()) | {"bytes": len(DATA)}
    notes_of(path).write_text(json.dumps(notes))
    network = script.network(bucket(DATA))

    await fetch(script, network, path)

    assert network.seen[0].headers["range"] == f"bytes={len(DATA) - 1}-"
    assert path.read_bytes() == DATA


async def test_a_page_in_place_of_a_model_is_not_kept(script: Script, tmp_path: Path) -> None:
    """There is nothing to go on with."""
    network = script.network(bucket(b"<html><body>No.</body></html>"))

    with pytest.raises(DownloadError, match="gave an HTML page, and not a model or a dataset"):
        await fetch(script, network, tmp_path / "model.zip")

    assert left_in(tmp_path) == []


async def test_what_nothing_can_be_told_of_is_not_kept(script: Script, tmp_path: Path) -> None:
    """Without a strong validator nobody can go on with it."""
    with pytest.raises(DownloadError):
        await fetch(
            script, script.network(bucket(DATA, 'W/"one"', sent=5000)), tmp_path / "model.zip"
        )

    assert left_in(tmp_path) == []


async def test_what_is_started_over_has_no_notes_until_it_has_new_ones(
    script: Script, tmp_path: Path
) -> None:
    """Else a process that dies next would leave new bytes under an old promise."""
    path = tmp_path / "model.zip"
    await fail(script, path)
    seen: list[bool] = []

    class Watching(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            seen.append(notes_of(path).exists())
            yield OTHER

    network = script.network(lambda _request: httpx.Response(200, stream=Watching()))
    await fetch(script, network, path)

    assert seen == [False]


async def test_two_downloads_to_one_place_do_not_write_into_one_file(
    script: Script, tmp_path: Path
) -> None:
    """The second is told to wait, and the first ends well."""
    path = tmp_path / "model.zip"
    begun, go_on = anyio.Event(), anyio.Event()

    class Waiting(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            begun.set()
            await go_on.wait()
            yield DATA

    first = script.network(lambda _request: httpx.Response(200, stream=Waiting()))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(fetch, script, first, path)
        await begun.wait()
        with pytest.raises(DownloadError, match="is being written by another download"):
            await fetch(script, script.network(bucket(OTHER)), path)
        go_on.set()

    assert path.read_bytes() == DATA
    assert left_in(tmp_path) == ["model.zip"]


async def test_cancelling_keeps_what_came(script: Script, tmp_path: Path) -> None:
    """Ctrl-C is a way to pause a download of hours."""
    path = tmp_path / "model.zip"
    data = b"PK\x03\x04" + bytes(4 * AT_ONCE)
    halfway = anyio.Event()

    class Endless(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield data[: 2 * AT_ONCE]
            halfway.set()
            await anyio.sleep_forever()

    headers = {"ETag": '"one"', "Content-Length": str(len(data))}
    stalling = script.network(
        lambda _request: httpx.Response(200, headers=headers, stream=Endless())
    )
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(fetch, script, stalling, path)
        await halfway.wait()
        tasks.cancel_scope.cancel()
    network = script.network(bucket(data))

    await fetch(script, network, path)

    assert network.seen[0].headers["range"] == f"bytes={2 * AT_ONCE}-"
    assert path.read_bytes() == data


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_killed_process_leaves_what_the_next_goes_on_with(
    hostile: Hostile, script: Script, tmp_path: Path
) -> None:
    """It had no moment to say anything; the checkpoints before had."""
    data = bytes(range(256)) * 4096 * 3
    head = f'HTTP/1.1 200 OK\r\nETag: "one"\r\nContent-Length: {len(data)}\r\n\r\n'.encode()
    hostile.script(hostile.stalls(head + data[: 2 * AT_ONCE]))
    path = tmp_path / "model.bin"
    code = (
        "import sys, anyio\n"
        "from bria_tailored_ext import TailoredClient\n"
        "from bria_tailored_ext.edge import parts\n"
        "parts.CHECKPOINT = 2 ** 20\n"
        "async def main():\n"
        "    async with TailoredClient(api_token='t') as bria:\n"
        "        await bria.download(sys.argv[1], sys.argv[2], keep=True)\n"
        "anyio.run(main)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", code, f"{hostile.url}/m", str(path)])  # noqa: ASYNC220
    while not (vouched := _vouched(path)):  # noqa: ASYNC110 - set by another process
        await anyio.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert not path.exists()
    rest = (
        f'HTTP/1.1 206 Partial Content\r\nETag: "one"\r\nContent-Length: {len(data) - vouched}\r\n'
    )
    rest += f"Content-Range: bytes {vouched}-{len(data) - 1}/{len(data)}\r\n\r\n"
    hostile.script(hostile.says(rest.encode() + data[vouched:]))

    async with script.client(httpx.AsyncHTTPTransport()) as bria:
        await bria.download(f"{hostile.url}/m", path, keep=True)

    assert vouched >= AT_ONCE
    assert f"Range: bytes={vouched}-".encode() in hostile.requests[-1]
    assert path.read_bytes() == data
    assert left_in(tmp_path) == ["model.bin"]


def _vouched(path: Path) -> int:
    try:
        return int(json.loads(notes_of(path).read_text())["bytes"])
    except (OSError, ValueError):
        return 0


async def test_progress_is_told(script: Script, tmp_path: Path) -> None:
    """How many bytes there are, and how many there will be."""
    told: list[tuple[int, int | None]] = []
    data = b"PK\x03\x04" + bytes(3 * AT_ONCE)

    await fetch(
        script,
        script.network(bucket(data)),
        tmp_path / "model.zip",
        on_progress=lambda done, whole: told.append((done, whole)),
    )

    assert told[-1] == (len(data), len(data))
    assert len(told) == 4
    assert told == sorted(told)


async def test_an_url_may_expire_again_after_hours(script: Script, tmp_path: Path) -> None:
    """Each time something came, a new one may be had; without that, only once."""
    data = b"PK\x03\x04" + bytes(4 * AT_ONCE)
    expired = script.answer(403, b"expired")
    network = script.network(
        expired, bucket(data, sent=2 * AT_ONCE), expired, bucket(data), expired
    )
    renewed: list[str] = []

    async def renew() -> str:
        renewed.append("again")
        return f"https://cdn.test/model.zip?Signature={len(renewed)}"

    path = tmp_path / "model.zip"
    async with script.client(network) as bria:
        await bria.download(URL, path, keep=True, renew=renew)
        with pytest.raises(DownloadError, match="answered 403; so did a new one"):
            await bria.download(URL, path, keep=True, renew=renew)

    assert path.read_bytes() == data
    assert len(renewed) == 3


@pytest.mark.parametrize("keep", [False, True])
async def test_a_disk_that_fails_at_the_end_leaves_nothing_at_the_target(
    script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keep: bool
) -> None:
    """What the disk has not confirmed does not get the name."""

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    async with script.client(script.network(bucket(DATA))) as bria:
        with pytest.raises(DownloadError, match=r"cannot be written.*No space left"):
            await bria.download(URL, tmp_path / "model.zip", keep=keep)

    assert left_in(tmp_path) == []


@pytest.mark.parametrize("keep", [False, True])
async def test_a_file_is_on_the_disk_before_it_has_its_name(
    script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keep: bool
) -> None:
    """And the name is on the disk before anybody is told."""
    done: list[str] = []
    sync, replace = os.fsync, os.replace

    def noted_sync(descriptor: int) -> None:
        is_folder = os.fstat(descriptor).st_mode & 0o040000
        done.append("folder" if is_folder else "file")
        sync(descriptor)

    def noted_replace(source: Any, target: Any, **more: Any) -> None:
        done.append("rename")
        replace(source, target, **more)

    monkeypatch.setattr(os, "fsync", noted_sync)
    monkeypatch.setattr(os, "replace", noted_replace)
    async with script.client(script.network(bucket(DATA))) as bria:
        await bria.download(URL, tmp_path / "model.zip", keep=keep)

    assert done == ["file", "rename", "folder"]


@pytest.mark.parametrize("keep", [False, True])
async def test_memory_does_not_grow_with_the_file(
    script: Script, tmp_path: Path, keep: bool
) -> None:
    """A few megabytes, however large it is."""
    piece, count = bytes(65536), 512

    class Long(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            for _ in range(count):
                yield piece[:-1] + b"\1"

    headers = {"ETag": '"one"', "Content-Length": str(count * len(piece))}
    network = script.network(lambda _request: httpx.Response(200, headers=headers, stream=Long()))
    async with script.client(network) as bria:
        tracemalloc.start()
        try:
            await bria.download(URL, tmp_path / "model.bin", keep=keep)
            most = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert (tmp_path / "model.bin").stat().st_size == 32 * 2**20
    assert most < 4 * 2**20
