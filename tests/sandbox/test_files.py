"""Result files: no token, in parts, drawn once, the same picture for the same seed."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from bria_tailored_ext.sandbox import pictures
from tests.sandbox.conftest import Caller, id_of

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = pytest.mark.anyio
DRAW = "bria_tailored_ext.sandbox.files.draw"
IMAGE = "/v2/image/generate/tailored"


@pytest.fixture
async def url(bria: Caller) -> str:
    """Where a generated picture lies."""
    return await drawn_url(bria)


async def drawn_url(caller: Caller) -> str:
    ask = {"tailored_model_id": str(id_of(await caller.trained())), "prompt": "a red teapot"}
    return str((await caller.finished(IMAGE, ask))["image_url"])


async def test_file_comes_whole_with_length_and_tag(bria: Caller, url: str) -> None:
    """No token; `Content-Length`, `ETag` and `Accept-Ranges` are there."""
    answer = await bria.http.get(url)
    assert answer.status_code == 200
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["etag"].startswith('"')
    assert answer.content.startswith(b"\x89PNG")


async def test_head_tells_the_same_without_the_bytes(live: Caller) -> None:
    """Over a real socket."""
    url = await drawn_url(live)
    head, whole = await live.http.head(url), await live.http.get(url)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-length", "etag", "content-type"):
        assert head.headers[name] == whole.headers[name]


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("bytes=100-", 100, None),
        ("bytes=-7", -7, None),
        ("bytes=5-99999999999", 5, None),
        ("bytes=-99999999999", 0, None),
    ],
)
async def test_part_of_a_file(
    bria: Caller, url: str, asked: str, start: int, stop: int | None
) -> None:
    """206 with exactly these bytes and where they belong."""
    whole = (await bria.http.get(url)).content
    part = await bria.http.get(url, headers={"range": asked})
    assert part.status_code == 206
    assert part.content == whole[start:stop]
    first = range(len(whole))[start]
    last = first + len(part.content) - 1
    assert part.headers["content-range"] == f"bytes {first}-{last}/{len(whole)}"
    assert part.headers["content-length"] == str(len(part.content))


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
async def test_part_behind_the_end_is_refused(bria: Caller, url: str, asked: str) -> None:
    """416, with the length of the whole."""
    size = len((await bria.http.get(url)).content)
    answer = await bria.http.get(url, headers={"range": asked})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{size}"


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "lines=1-2", "bytes=-", "bytes=5-2", "bytes=a"])
async def test_range_that_is_not_understood_is_ignored(bria: Caller, url: str, asked: str) -> None:
    """The whole file, as RFC 9110 allows."""
    assert (await bria.http.get(url, headers={"range": asked})).status_code == 200


async def test_download_resumes_only_into_the_same_file(bria: Caller, url: str) -> None:
    """`If-Range` with another tag gives the whole file instead of a part."""
    tag = (await bria.http.get(url)).headers["etag"]
    for condition, status in ((tag, 206), ('"other"', 200)):
        headers = {"range": "bytes=10-", "if-range": condition}
        assert (await bria.http.get(url, headers=headers)).status_code == status


async def test_unchanged_file_is_not_sent_again(bria: Caller, url: str) -> None:
    """304 without a body for `If-None-Match`."""
    tag = (await bria.http.get(url)).headers["etag"]
    answer = await bria.http.get(url, headers={"if-none-match": tag})
    assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize("path", ["nothing.png", "../../etc/passwd", "%2e%2e/x", "", "results/"])
async def test_nothing_else_is_served(bria: Caller, path: str) -> None:
    """Only what the sandbox has made itself or was given."""
    assert (await bria.http.get(f"/files/{path}")).status_code == 404


async def test_picture_is_drawn_when_it_is_fetched_and_only_once(
    bria: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not at submission, not at the status; many who fetch at once share one drawing."""
    drawings: list[threading.Thread] = []
    draw = pictures.draw

    def noted(structured: Mapping[str, Any], **rest: Any) -> bytes:
        drawings.append(threading.current_thread())
        return draw(structured, **rest)

    monkeypatch.setattr(DRAW, noted)
    url = await drawn_url(bria)
    assert drawings == []
    contents: list[bytes] = []

    async def fetch() -> None:
        contents.append((await bria.http.get(url)).content)

    async with anyio.create_task_group() as group:
        for _ in range(8):
            group.start_soon(fetch)
    assert len(drawings) == 1
    assert len(set(contents)) == 1
    assert drawings[0] is not threading.current_thread()


async def test_failed_drawing_is_tried_again(
    bria: Caller, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault is a 500 for that request, and is not remembered."""

    def broken(*_: object, **__: object) -> bytes:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(DRAW, broken)
        assert (await bria.http.get(url)).status_code == 500
    assert (await bria.http.get(url)).status_code == 200


async def test_server_answers_while_it_draws(live: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing is done in a worker thread."""
    begun, go_on = threading.Event(), threading.Event()

    def slow(*_: object, **__: object) -> bytes:
        begun.set()
        assert go_on.wait(30)
        return b"picture"

    monkeypatch.setattr(DRAW, slow)
    url = await drawn_url(live)

    async def fetch() -> None:
        assert (await live.http.get(url)).content == b"picture"

    async with anyio.create_task_group() as group:
        group.start_soon(fetch)
        while not begun.is_set():  # noqa: ASYNC110 - set in a worker thread
            await anyio.sleep(0.001)
        assert await live.ok("GET", "/v1/tailored-gen/projects")
        go_on.set()
