"""Legacy v1 placeholders: URLs that become pictures."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import httpx
import pytest

from bria_tailored.models import LegacyResult
from bria_tailored_ext import DownloadError, JobFailed, JobState, TailoredClient, WaitTimeout

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Misbehaving, Script, Step, VirtualClock

pytestmark = pytest.mark.anyio

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
URL = "https://cdn.test/promised.png?Signature=SIGNED"


def byte(script: Script) -> Step:
    return script.answer(206, b"\x89", content_range="bytes 0-0/108")


async def test_a_placeholder_costs_no_request(script: Script) -> None:
    """It is only an URL until somebody looks."""
    network = script.network(byte(script))

    async with script.client(network) as bria:
        placeholder = bria.placeholder(URL)

    assert placeholder.state is JobState.IN_PROGRESS
    assert network.seen == []
    assert "SIGNED" not in repr(placeholder)


async def test_it_is_waited_for_by_one_byte_without_the_token(
    script: Script, clock: VirtualClock
) -> None:
    """While it answers anything else it is in the making; a look that fails says nothing."""
    network = script.network(
        script.answer(404, b"<Error/>"),
        script.answer(403, b""),
        script.answer(202, b""),
        script.fail(httpx.ConnectError),
        script.fail(httpx.ConnectError),
        script.fail(httpx.ConnectError),
        script.fail(httpx.ConnectError),
        script.fail(httpx.ConnectError),
        byte(script),
    )

    async with script.client(network, clock=clock) as bria:
        placeholder = bria.placeholder(URL)
        assert await placeholder.wait() is JobState.COMPLETED
        assert await placeholder.poll() is JobState.COMPLETED

    assert {each.headers["range"] for each in network.seen} == {"bytes=0-0"}
    assert not any("api_token" in each.headers for each in network.seen)
    assert len(network.seen) == 9
    assert clock.slept


@pytest.mark.parametrize("status", [200, 206])
async def test_an_answer_with_a_body_is_the_picture(script: Script, status: int) -> None:
    """Servers that know no ranges send it whole."""
    async with script.client(script.network(script.answer(status, PNG))) as bria:
        assert await bria.placeholder(URL).poll() is JobState.COMPLETED


async def test_a_large_picture_sent_whole_is_not_fetched_to_see_that_it_is_there(
    script: Script,
) -> None:
    """Its length says it."""
    taken: list[bytes] = []

    class Counted(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            taken.append(b"")
            yield bytes(10**6)

    headers = {"Content-Length": str(10**6)}
    network = script.network(lambda _: httpx.Response(200, headers=headers, stream=Counted()))

    async with script.client(network) as bria:
        assert await bria.placeholder(URL).poll() is JobState.COMPLETED

    assert taken == []


@pytest.mark.parametrize("status", [200, 206, 416])
async def test_an_answer_with_nothing_in_it_is_a_failure(script: Script, status: int) -> None:
    """416, or zero bytes."""
    async with script.client(script.network(script.answer(status, b""))) as bria:
        placeholder = bria.placeholder(URL)
        assert await placeholder.wait() is JobState.FAILED
        with pytest.raises(JobFailed, match=r"cdn\.test/promised\.png failed") as caught:
            await placeholder

    assert caught.value.code == status
    assert "SIGNED" not in str(caught.value)


async def test_a_wait_that_ends_first_says_that_it_is_paid_for(
    script: Script, clock: VirtualClock
) -> None:
    """And can be gone on with."""
    network = script.network(script.answer(404, b""))

    async with script.client(network, clock=clock) as bria:
        placeholder = bria.placeholder(URL)
        with pytest.raises(WaitTimeout, match="it is paid for: wait again") as caught:
            await placeholder.result(timeout=30)

    assert (caught.value.seconds, caught.value.status) == (30, "404")
    assert caught.value.polls == len(network.seen)
    assert "SIGNED" not in str(caught.value)


async def test_an_answer_gives_a_handle_on_each_of_its_pictures(
    script: Script, tmp_path: Path
) -> None:
    """With seed and id, whatever the wire sent; what moderation held back has none."""
    answer = LegacyResult.from_dict(
        {
            "result": [
                {"urls": [URL], "seed": "7", "uuid": "u-1"},
                {"blocked": True},
                {"urls": None},
                {"urls": ["https://cdn.test/2.png"], "seed": 8},
            ]
        }
    )
    network = script.network(byte(script), script.answer(200, PNG))

    async with script.client(network) as bria:
        first, second = bria.placeholders(answer)
        result = await first
        await result.save(tmp_path / "a.png")

    assert (first.seed, first.uuid, second.seed, second.uuid) == (7, "u-1", 8, None)
    assert (result.seed, result.extra, result.image_url) == (7, {"uuid": "u-1"}, URL)
    assert (tmp_path / "a.png").read_bytes() == PNG


@pytest.mark.parametrize(
    ("headers", "state"),
    [({}, JobState.IN_PROGRESS), ({"Content-Length": "108"}, JobState.COMPLETED)],
)
async def test_an_answer_that_breaks_off_before_its_first_byte_tells_by_its_length_alone(
    script: Script, headers: dict[str, str], state: JobState
) -> None:
    """Without one it may have been empty, which would have been a failure."""

    class Cut(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            raise httpx.ReadError("reset")
            yield b""

    network = script.network(lambda _: httpx.Response(200, headers=headers, stream=Cut()))

    async with script.client(network) as bria:
        assert await bria.placeholder(URL).poll() is state


async def test_saving_waits_and_saves(script: Script, tmp_path: Path) -> None:
    """A vector graphic is a picture too."""
    svg = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'
    network = script.network(
        script.answer(404, b""), script.answer(206, b"<"), script.answer(200, svg)
    )

    async with script.client(network) as bria:
        saved = await bria.placeholder(URL).save(tmp_path / "a.svg")

    assert saved.read_bytes() == svg


async def test_what_is_no_url_is_told_at_once(script: Script, clock: VirtualClock) -> None:
    """It is not waited for."""
    async with script.client(script.network(byte(script)), clock=clock) as bria:
        with pytest.raises(DownloadError, match="is no URL of a file"):
            await bria.placeholder("promised.png?Signature=SIGNED").wait()

    assert clock.slept == []


async def test_a_real_answer_without_a_length_counts_by_what_comes(
    misbehaving: Misbehaving, script: Script, clock: VirtualClock
) -> None:
    """Chunked, over a socket."""
    raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"
    url = misbehaving(raw)

    async with TailoredClient(api_token=script.token, base_url=url, clock=clock) as bria:
        assert await bria.placeholder(f"{url}/a").poll() is JobState.COMPLETED
