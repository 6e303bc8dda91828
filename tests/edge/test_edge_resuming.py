"""Downloads over real sockets that break: what is gone on with, and what is started over."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

import anyio
import httpx
import pytest

from bria_tailored_ext import DownloadError, TailoredClient
from bria_tailored_ext.edge.downloads import AT_ONCE, LEAST, PATIENCE
from bria_tailored_ext.edge.fetching import MOST_REDIRECTS
from bria_tailored_ext.values.media import Media

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Script, VirtualClock
    from tests.edge.conftest import Hostile

pytestmark = pytest.mark.anyio

DATA = bytes(range(256)) * 40
OTHER = bytes(reversed(DATA))
PNG = b"\x89PNG\r\n\x1a\n" + DATA
TAG = 'ETag: "one"\r\n'

ABANDONED = "ignore:Exception ignored in. <async_generator:pytest.PytestUnraisableExceptionWarning"
"""httpx's generators, left where a body is left before its end; trio says so."""


@pytest.fixture
def anyio_backend(on_sockets: tuple[str, str]) -> str:
    return on_sockets[0]


@pytest.fixture
def client(on_sockets: tuple[str, str], clock: VirtualClock) -> Callable[[], TailoredClient]:
    """A client on the backend under test."""
    backend = on_sockets[1]
    return lambda: TailoredClient(
        api_token="secret-token-of-the-tests",
        base_url="http://127.0.0.1:9",
        http_backend=backend,  # type: ignore[arg-type]
        clock=clock,
    )


def whole(data: bytes, headers: str = TAG, *, sent: int | None = None) -> bytes:
    """An answer of the whole, of which only so many bytes come."""
    head = f"HTTP/1.1 200 OK\r\n{headers}Content-Length: {len(data)}\r\n\r\n"
    return head.encode() + data[:sent]


def rest(
    data: bytes,
    start: int,
    *,
    sent: int | None = None,
    said: str | None = None,
    headers: str = TAG,
) -> bytes:
    """The answer to a range that begins there, of which only so many bytes come."""
    said = said or f"bytes {start}-{len(data) - 1}/{len(data)}"
    body = data[start:]
    head = (
        f"HTTP/1.1 206 Partial Content\r\n{headers}Content-Range: {said}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body[:sent]


def asked(hostile: Hostile) -> list[dict[str, str]]:
    """The headers of each request, by their names in lower case."""
    found: list[dict[str, str]] = []
    for request in hostile.requests:
        lines = request.split(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
        found.append({name.lower(): value.strip() for name, _, value in map(_parted, lines)})
    return found


def _parted(line: str) -> tuple[str, str, str]:
    return line.partition(":")


def ranges(hostile: Hostile) -> list[tuple[str | None, str | None]]:
    """What each request asked for: its `Range` and `If-Range`."""
    return [(each.get("range"), each.get("if-range")) for each in asked(hostile)]


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_after_breaks_it_goes_on_where_it_was(
    hostile: Hostile, client: Callable[[], TailoredClient], tmp_path: Path
) -> None:
    """Each byte is asked for once, under the condition that the file is the same."""
    hostile.script(
        hostile.says(whole(DATA, sent=1000)),
        hostile.says(rest(DATA, 1000, sent=2000)),
        hostile.resets(),
        hostile.says(rest(DATA, 3000)),
    )

    async with client() as bria:
        await bria.download(f"{hostile.url}/a.bin?Signature=SIGNED", tmp_path / "a.bin")

    assert (tmp_path / "a.bin").read_bytes() == DATA
    assert ranges(hostile) == [
        (None, None),
        ("bytes=1000-", '"one"'),
        ("bytes=3000-", '"one"'),
        ("bytes=3000-", '"one"'),
    ]
    assert left_in(tmp_path) == ["a.bin"]


STARTED_OVER: dict[str, tuple[bytes, bytes | None]] = {
    "a server that ignores ranges": (whole(DATA), None),
    "another version": (whole(OTHER, 'ETag: "two"\r\n'), None),
    "a part that begins elsewhere": (rest(DATA, 999), whole(DATA)),
    "a part of another length": (rest(DATA, 1000, said="bytes 1000-10239/10241"), whole(DATA)),
    "a part that ends beyond the end": (
        rest(DATA, 1000, said="bytes 1000-10240/10240"),
        whole(DATA),
    ),
    "a part that ends before it begins": (rest(DATA, 1000, said="bytes 1000-9/10240"), whole(DATA)),
    "a part that does not say where it belongs": (rest(DATA, 1000, said="?"), whole(DATA)),
    "a part of another version": (rest(OTHER, 1000, headers='ETag: "two"\r\n'), whole(OTHER)),
    "no such part": (
        b"HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\n\r\n",
        whole(OTHER),
    ),
    "several parts": (
        b"HTTP/1.1 206 Partial Content\r\nContent-Type: multipart/byteranges; boundary=x\r\n"
        b"Content-Length: 5\r\n\r\n--x--",
        whole(DATA),
    ),
}


@pytest.mark.parametrize("name", STARTED_OVER)
async def test_what_does_not_fit_is_started_over(
    hostile: Hostile, client: Callable[[], TailoredClient], tmp_path: Path, name: str
) -> None:
    """Two versions never meet in one file, and no byte stands where it does not belong."""
    second, third = STARTED_OVER[name]
    hostile.script(
        hostile.says(whole(DATA, sent=1000)), hostile.says(second), hostile.says(third or b"")
    )

    async with client() as bria:
        await bria.download(f"{hostile.url}/a.bin", tmp_path / "a.bin")

    assert (tmp_path / "a.bin").read_bytes() in (DATA, OTHER)
    if third:
        assert ranges(hostile)[2] == (None, None)
    assert len(hostile.requests) == (3 if third else 2)


@pytest.mark.parametrize(
    "headers",
    ["", 'ETag: W/"one"\r\n', "Last-Modified: Sat, 21 Nov 2026 10:00:00 GMT\r\n", "ETag: one\r\n"],
)
async def test_without_a_strong_validator_it_is_started_over(
    hostile: Hostile, client: Callable[[], TailoredClient], tmp_path: Path, headers: str
) -> None:
    """Where nothing tells two versions apart, the second half may be of another one."""
    hostile.script(hostile.says(whole(DATA, headers, sent=1000)), hostile.says(whole(OTHER)))

    async with client() as bria:
        await bria.download(f"{hostile.url}/a.bin", tmp_path / "a.bin")

    assert ranges(hostile) == [(None, None), (None, None)]
    assert (tmp_path / "a.bin").read_bytes() == OTHER


async def test_an_old_date_is_a_validator(
    hostile: Hostile, client: Callable[[], TailoredClient], tmp_path: Path
) -> None:
    """A file that was not changed for a second before the answer has not changed since."""
    modified = "Sat, 21 Nov 2026 10:00:00 GMT"
    dates = f"Last-Modified: {modified}\r\nDate: Sat, 21 Nov 2026 10:00:05 GMT\r\n"
    hostile.script(hostile.says(whole(DATA, dates, sent=1000)), hostile.says(rest(DATA, 1000)))

    async with client() as bria:
        await bria.download(f"{hostile.url}/a.bin", tmp_path / "a.bin")

    assert ranges(hostile)[1] == ("bytes=1000-", modified)
    assert (tmp_path / "a.bin").read_bytes() == DATA


async def test_a_part_shorter_than_the_rest_is_followed_by_another(
    hostile: Hostile, client: Callable[[], TailoredClient], tmp_path: Path
) -> None:
    """A server may give less than was asked for, and say so."""
    some = DATA[1000:3000]
    head = 'HTTP/1.1 206 Partial Content\r\nETag: "one"\r\nContent-Length: 2000\r\n'
    part = f"{head}Content-Range: bytes 1000-2999/{len(DATA)}\r\n\r\n".encode() + some
    hostile.script(
        hostile.says(whole(DATA, sent=1000)), hostile.says(part), hostile.says(rest(DATA, 3000))
    )

    async with client() as bria:
        await bria.download(f"{hostile.url}/a.bin", tmp_path / "a.bin")

    assert (tmp_path / "a.bin").read_bytes() == DATA


async def test_breaks_without_progress_end(
    hostile: Hostile, client: Callable[[], TailoredClient], tmp_path: Path, clock: VirtualClock
) -> None:
    """Five attempts, with growing pauses; then an error, and nothing is left."""
    hostile.script(hostile.says(whole(DATA, sent=10)))

    async with client() as bria:
        with pytest.raises(DownloadError, match=r"a\.bin could not be downloaded.*5 attempts"):
            await bria.download(f"{hostile.url}/a.bin", tmp_path / "a.bin")

    assert len(hostile.requests) == 5
    assert len(clock.slept) == 4
    assert left_in(tmp_path) == []


async def test_breaks_after_progress_are_counted_anew(
    hostile: Hostile, client: Callable[[], TailoredClient], tmp_path: Path
) -> None:
    """A long file over a bad line takes as many attempts as it needs."""
    data = bytes(9) * AT_ONCE
    answers = [hostile.says(whole(data, sent=AT_ONCE))]
    answers += [hostile.says(rest(data, at * AT_ONCE, sent=AT_ONCE)) for at in range(1, 8)]
    hostile.script(*answers, hostile.says(rest(data, 8 * AT_ONCE)))

    async with client() as bria:
        await bria.download(f"{hostile.url}/a.bin", tmp_path / "a.bin")

    assert len(hostile.requests) == 9
    assert (tmp_path / "a.bin").read_bytes() == data


async def test_a_server_that_never_gives_more_than_its_first_half_ends(
    hostile: Hostile, client: Callable[[], TailoredClient], tmp_path: Path
) -> None:
    """Coming to the same place again is no progress, however many bytes that takes."""
    data = bytes(4) * AT_ONCE
    hostile.script(hostile.says(whole(data, "", sent=3 * AT_ONCE)))

    async with client() as bria:
        with anyio.fail_after(10), pytest.raises(DownloadError):
            await bria.download(f"{hostile.url}/a.bin", tmp_path / "a.bin")

    assert len(hostile.requests) == 5
    assert left_in(tmp_path) == []


HTML = b"<!-- error -->\n<!DOCTYPE html><html><body>No.</body></html>"


@pytest.mark.filterwarnings(ABANDONED)
async def test_a_large_file_that_is_wrong_is_not_fetched_to_its_end(
    hostile: Hostile, client: Callable[[], TailoredClient], tmp_path: Path
) -> None:
    """Its first megabyte tells."""
    promised = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n"
    hostile.script(hostile.stalls(promised + HTML.ljust(2 * AT_ONCE)))

    async with client() as bria:
        with anyio.fail_after(5), pytest.raises(DownloadError, match="gave an HTML page"):
            await bria.download(f"{hostile.url}/a.zip", tmp_path / "a.zip", media=Media.DATA)

    assert left_in(tmp_path) == []


async def test_a_redirect_is_followed_without_the_token(
    hostile: Hostile, client: Callable[[], TailoredClient], tmp_path: Path
) -> None:
    """To another host, and back to the API's own."""
    there = f"http://localhost:{hostile.url.rpartition(':')[2]}"
    hostile.script(
        hostile.says(
            f"HTTP/1.1 302 Found\r\nLocation: {there}/b.png?Signature=SIGNED\r\n"
            "Content-Length: 0\r\n\r\n".encode()
        ),
        hostile.says(whole(PNG)),
    )

    async with client() as bria:
        await bria.download(f"{hostile.url}/a.png", tmp_path / "a.png", media=Media.PICTURE)

    assert (tmp_path / "a.png").read_bytes() == PNG
    assert hostile.requests[1].startswith(b"GET /b.png?Signature=SIGNED ")
    assert not any("api_token" in each for each in asked(hostile))


async def test_a_circle_of_redirects_ends(
    hostile: Hostile, client: Callable[[], TailoredClient], tmp_path: Path
) -> None:
    """After a few of them."""
    hostile.script(
        hostile.says(b"HTTP/1.1 302 Found\r\nLocation: /a.png\r\nContent-Length: 0\r\n\r\n")
    )

    async with client() as bria:
        with pytest.raises(DownloadError, match="leads on more than"):
            await bria.download(f"{hostile.url}/a.png", tmp_path / "a.png")

    assert len(hostile.requests) == MOST_REDIRECTS + 1


async def test_no_signature_is_in_any_log(
    hostile: Hostile,
    client: Callable[[], TailoredClient],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Not at DEBUG, not of any library, not of a redirect, not of a failure."""
    caplog.set_level(logging.DEBUG, logger="")
    for name in list(logging.root.manager.loggerDict):
        caplog.set_level(logging.DEBUG, logger=name)
    hostile.script(
        hostile.says(whole(DATA, sent=1000)),
        hostile.says(
            f"HTTP/1.1 302 Found\r\nLocation: {hostile.url}/b?Signature=SIGNED\r\n"
            "Content-Length: 0\r\n\r\n".encode()
        ),
        hostile.says(rest(DATA, 1000)),
        hostile.says(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 6\r\n\r\nSIGNED"),
    )
    url = f"{hostile.url}/it's?X-Amz-Signature=SIGNED&x=1".replace("http", "HTTP", 1)

    async with client() as bria:
        await bria.download(url, tmp_path / "a")
        with pytest.raises(DownloadError) as caught:
            await bria.download(url, tmp_path / "b")
        with pytest.raises(DownloadError) as refused:
            await bria.download("http://127.0.0.1:1/a?X-Amz-Signature=SIGNED", tmp_path / "b")

    assert caplog.records
    assert "SIGNED" not in caplog.text
    assert "SIGNED" not in str(caught.value) + str(refused.value)


async def test_an_answer_in_pieces_of_unknown_length_is_whole_at_its_end(
    hostile: Hostile, client: Callable[[], TailoredClient], tmp_path: Path
) -> None:
    """Chunked: the last chunk says that it is whole; without it, it is not."""
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    hostile.script(
        hostile.says(head + b"4\r\nhalf\r\n"),
        hostile.says(head + b"4\r\nhalf\r\n4\r\n+all\r\n0\r\n\r\n"),
    )

    async with client() as bria:
        await bria.download(f"{hostile.url}/a", tmp_path / "a")

    assert (tmp_path / "a").read_bytes() == b"half+all"


class Dripping(httpx.AsyncByteStream):
    """A body of which a little comes every ten seconds."""

    def __init__(self, clock: VirtualClock, piece: bytes, times: int) -> None:
        self._clock, self._piece, self._times = clock, piece, times

    async def __aiter__(self):  # type: ignore[no-untyped-def]
        for _ in range(self._times):
            self._clock.advance(10.0)
            yield self._piece


@pytest.mark.filterwarnings(ABANDONED)
@pytest.mark.parametrize(("piece", "is_slow"), [(LEAST // 7, True), (LEAST // 5, False)])
async def test_a_body_that_trickles_counts_as_broken_off(
    script: Script, clock: VirtualClock, tmp_path: Path, piece: int, is_slow: bool
) -> None:
    """Else one server could hold a batch for ever; a slow one that goes on is waited for."""
    times = int(PATIENCE)
    network = script.network(
        lambda _request: httpx.Response(200, stream=Dripping(clock, bytes(piece), times))
    )

    async with script.client(network, clock=clock) as bria:
        if is_slow:
            with pytest.raises(DownloadError, match="too slowly"):
                await bria.download("https://cdn.test/a", tmp_path / "a")
        else:
            await bria.download("https://cdn.test/a", tmp_path / "a")

    assert left_in(tmp_path) == ([] if is_slow else ["a"])


async def test_a_stalled_body_ends_with_the_read_timeout(
    hostile: Hostile, client: Callable[[], TailoredClient], tmp_path: Path
) -> None:
    """And is gone on with, like any break."""
    from bria_tailored_ext import Timeouts

    hostile.script(
        hostile.stalls(whole(DATA, sent=1000)),
        hostile.says(rest(DATA, 1000)),
    )

    async with client() as bria:
        quick = bria.with_options(timeouts=Timeouts(read=0.2))
        await quick.download(f"{hostile.url}/a", tmp_path / "a")

    assert (tmp_path / "a").read_bytes() == DATA
