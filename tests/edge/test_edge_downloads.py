"""Result URLs into files: whole or not at all."""

from __future__ import annotations

import gzip
import os
import stat
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

import anyio
import httpx
import pytest

from bria_tailored_ext import DownloadError, TailoredClient
from bria_tailored_ext.edge.downloads import AT_ONCE
from bria_tailored_ext.values.media import Media

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Misbehaving, Script, VirtualClock

pytestmark = pytest.mark.anyio

URL = "https://cdn.test/result.png?Signature=SIGNED"


class Pieces(httpx.AsyncByteStream):
    """A body in pieces, that may break or never end."""

    def __init__(self, *pieces: bytes | type[httpx.TransportError] | anyio.Event) -> None:
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            if isinstance(piece, bytes):
                yield piece
            elif isinstance(piece, anyio.Event):
                piece.set()
                await anyio.sleep_forever()
            else:
                raise piece("it broke")


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_a_whole_answer_becomes_a_file(script: Script, tmp_path: Path) -> None:
    """Byte for byte, under the name alone."""
    body = Pieces(b"one", b"", b"two")
    network = script.network(
        lambda _request: httpx.Response(200, headers={"Content-Length": "6"}, stream=body)
    )

    async with script.client(network) as bria:
        await bria.download(URL, tmp_path / "a.png")

    assert (tmp_path / "a.png").read_bytes() == b"onetwo"
    assert left_in(tmp_path) == ["a.png"]


ABANDONED = "ignore:Exception ignored in. <async_generator:pytest.PytestUnraisableExceptionWarning"
"""httpx leaves its generators where decompression fails, and trio says so."""

BREAKS = {
    "a break": (200, {}, (b"half", httpx.ReadError)),
    "a break without a byte": (200, {}, (httpx.RemoteProtocolError,)),
    "too slow": (200, {}, (b"half", httpx.ReadTimeout)),
    "a short body": (200, {"Content-Length": "9"}, (b"half",)),
    "a long body": (200, {"Content-Length": "2"}, (b"half",)),
    "an empty body": (200, {}, ()),
    "broken compression": (200, {"Content-Encoding": "gzip"}, (b"no gzip",)),
    "not there": (404, {}, (b"<Error>",)),
    "expired": (403, {}, (b"<Error>Signature=SIGNED</Error>",)),
    "half of it": (206, {}, (b"half",)),
    "a redirect": (302, {"Location": "https://evil.test/"}, (b"",)),
}


@pytest.mark.filterwarnings(ABANDONED)
@pytest.mark.parametrize("name", BREAKS)
@pytest.mark.parametrize("before", [None, b"an older picture"])
async def test_whatever_breaks_leaves_nothing_behind(
    script: Script, clock: VirtualClock, tmp_path: Path, name: str, before: bytes | None
) -> None:
    """Neither half a file, nor a part of one; what stood there before stays."""
    target = tmp_path / "a.png"
    if before:
        target.write_bytes(before)
    status, headers, pieces = BREAKS[name]
    network = script.network(
        lambda _request: httpx.Response(status, headers=headers, stream=Pieces(*pieces))
    )

    async with script.client(network, clock=clock) as bria:
        with pytest.raises(DownloadError, match=r"a\.png could not be downloaded") as caught:
            await bria.download(URL, target)

    assert "SIGNED" not in str(caught.value)
    assert left_in(tmp_path) == (["a.png"] if before else [])
    assert not before or target.read_bytes() == before


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"",
    ],
)
async def test_a_real_server_that_breaks_off_leaves_nothing_behind(
    misbehaving: Misbehaving, script: Script, clock: VirtualClock, tmp_path: Path, raw: bytes
) -> None:
    """The same over sockets, where httpx sees the break itself."""
    url = misbehaving(raw)

    async with TailoredClient(api_token=script.token, base_url=url, clock=clock) as bria:
        with pytest.raises(DownloadError):
            await bria.download(f"{url}/a.png", tmp_path / "a.png")

    assert left_in(tmp_path) == []


async def test_cancelling_leaves_nothing_behind(script: Script, tmp_path: Path) -> None:
    """A user who presses Ctrl-C finds no part of a picture."""
    halfway = anyio.Event()
    half = bytes(AT_ONCE)
    network = script.network(lambda _request: httpx.Response(200, stream=Pieces(half, halfway)))

    async with script.client(network) as bria, anyio.create_task_group() as tasks:
        tasks.start_soon(bria.download, URL, tmp_path / "a.png")
        await halfway.wait()
        assert len(left_in(tmp_path)) == 1
        assert not (tmp_path / "a.png").exists()
        tasks.cancel_scope.cancel()

    assert left_in(tmp_path) == []


async def test_a_picture_is_asked_for_uncompressed(script: Script, tmp_path: Path) -> None:
    """A saved file is the picture, and its length can be checked."""
    network = script.network(script.answer(200, b"picture"))

    async with script.client(network) as bria:
        await bria.download(URL, tmp_path / "a.png")

    assert network.seen[0].headers["accept-encoding"] == "identity"


async def test_a_picture_that_comes_compressed_all_the_same_is_unpacked(
    script: Script, tmp_path: Path
) -> None:
    """Some servers compress whatever is asked; the length is that of what was sent."""
    packed = gzip.compress(b"picture" * 100)
    network = script.network(
        lambda _request: httpx.Response(
            200,
            headers={"Content-Encoding": "gzip", "Content-Length": str(len(packed))},
            stream=Pieces(packed),
        )
    )

    async with script.client(network) as bria:
        await bria.download(URL, tmp_path / "a.png")

    assert (tmp_path / "a.png").read_bytes() == b"picture" * 100


@pytest.fixture
def umask() -> Iterator[int]:
    before = os.umask(0o027)
    yield 0o027
    os.umask(before)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no umask")
async def test_permissions_follow_the_umask(script: Script, tmp_path: Path, umask: int) -> None:
    """A downloaded file can be read by whoever could read one that was written."""
    network = script.network(script.answer(200, b"picture"))

    async with script.client(network) as bria:
        await bria.download(URL, tmp_path / "a.png")

    assert stat.S_IMODE((tmp_path / "a.png").stat().st_mode) == 0o666 & ~umask


@pytest.mark.parametrize(
    "target", ["missing/a.png", "a-file/a.png", "a-folder", "nul\0.png", "", "x" * 300 + ".png"]
)
async def test_a_place_that_cannot_be_written_says_so(
    script: Script, tmp_path: Path, target: str
) -> None:
    """One sentence with the place in it, and no bare OSError or ValueError."""
    (tmp_path / "a-file").write_bytes(b"")
    (tmp_path / "a-folder").mkdir()
    before = left_in(tmp_path)
    network = script.network(script.answer(200, b"picture"))

    async with script.client(network) as bria:
        with pytest.raises(DownloadError, match=r"cannot be written.*Choose another place"):
            await bria.download(URL, tmp_path / target if target else "")

    assert left_in(tmp_path) == before


async def test_the_longest_name_that_the_disk_takes_is_taken(
    script: Script, tmp_path: Path
) -> None:
    """The temporary name asks for no more room than the name itself."""
    name = "x" * 251 + ".png"
    network = script.network(script.answer(200, b"picture"))

    async with script.client(network) as bria:
        await bria.download(URL, tmp_path / name)

    assert left_in(tmp_path) == [name]


@pytest.mark.parametrize(
    "url",
    ["", "a.png", "ftp://cdn.test/a.png", "https://", "https://[::1", "https://a:b/", "nul\0"],
)
async def test_what_is_no_url_is_a_download_error(script: Script, tmp_path: Path, url: str) -> None:
    """A wrong `image_url` in an answer is no traceback of httpx."""
    async with TailoredClient(api_token=script.token) as bria:
        with pytest.raises(DownloadError):
            await bria.download(url, tmp_path / "a.png")

    assert left_in(tmp_path) == []


async def test_two_downloads_to_one_name_do_not_mix(script: Script, tmp_path: Path) -> None:
    """The last one to finish wins, whole."""
    bodies = iter([b"a" * 1000, b"b" * 1000])

    def answer(_request: httpx.Request) -> httpx.Response:
        body = next(bodies)
        return httpx.Response(
            200, stream=Pieces(*(body[at : at + 10] for at in range(0, 1000, 10)))
        )

    async with script.client(script.network(answer)) as bria, anyio.create_task_group() as tasks:
        for _ in range(2):
            tasks.start_soon(bria.download, URL, tmp_path / "a.png")

    assert len(set((tmp_path / "a.png").read_bytes())) == 1
    assert left_in(tmp_path) == ["a.png"]


NO_PICTURES = {
    "an HTML page": b"<!-- error -->\n<!DOCTYPE html><html><body>No.</body></html>",
    "an XML text": b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>',
    "a JSON text": b'{"message": "no"}',
    "a text": b"Internal Server Error",
    "application/zip": b"PK\x03\x04" + bytes(100),
    "a file of an unknown kind": bytes(1000),
}


@pytest.mark.parametrize("name", NO_PICTURES)
async def test_what_is_no_picture_is_not_saved_as_one(
    script: Script, tmp_path: Path, name: str
) -> None:
    """An error page with status 200 and a name in .png is an error, and says what it is."""
    network = script.network(script.answer(200, NO_PICTURES[name]))
    (tmp_path / "a.png").write_bytes(b"an older picture")

    async with script.client(network) as bria:
        with pytest.raises(DownloadError, match=f"gave {name}, and not a picture") as caught:
            await bria.download(URL, tmp_path / "a.png", media=Media.PICTURE)

    assert caught.value.path == str(tmp_path / "a.png")
    assert len(network.seen) == 1
    assert left_in(tmp_path) == ["a.png"]
    assert (tmp_path / "a.png").read_bytes() == b"an older picture"
