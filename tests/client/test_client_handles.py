"""A placeholder is the same handle as a job, though v1 knows no status."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest

from bria_tailored.models import LegacyResult
from bria_tailored_ext import (
    InvalidInputError,
    Job,
    JobKind,
    JobState,
    Placeholder,
    RetryPolicy,
    WaitTimeout,
)
from tests.client.conftest import IMAGE, START, Bria, open_client

if TYPE_CHECKING:
    from tests.client.conftest import Run
    from tests.conftest import Script

URL = "https://cdn.test/promised.png?Signature=SIGNED"


class Promised(httpx.AsyncBaseTransport):
    """A server of pictures: 404 until one is ready.

    Attributes:
        ready: When it is.
        takes: Seconds that each look takes; endless for one that hangs.
        looks: When it was looked at.
        fails: How its looks fail, if they do.
    """

    def __init__(self, ready: float, *, takes: float = 0.1) -> None:
        self.ready = ready
        self.takes = takes
        self.looks: list[float] = []
        self.fails: type[httpx.TransportError] | int | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.looks.append(anyio.current_time())
        await anyio.sleep(self.takes)
        if isinstance(self.fails, int):
            return httpx.Response(self.fails)
        if self.fails:
            raise self.fails("it broke", request=request)
        if anyio.current_time() < self.ready:
            return httpx.Response(404, content=b"<Error/>")
        return httpx.Response(206, content=b"\x89")


def test_what_a_job_can_do_a_placeholder_can() -> None:
    """A program that holds one need not ask which it is."""
    can = {name for name in dir(Job) if not name.startswith("_")} | {"__await__"}

    assert can - set(dir(Placeholder)) == {"request_id"}


@pytest.mark.parametrize("takes", [60.0, 1e9])
def test_a_wait_keeps_its_timeout_though_its_looks_hang(
    script: Script, run: Run, takes: float
) -> None:
    """An answer on its way is given a little more time, and no more."""
    server = Promised(0.0, takes=takes)

    async def main() -> None:
        async with open_client(script, server) as bria:
            with pytest.raises(WaitTimeout, match=r"answers nothing\. Bria may") as caught:
                await bria.placeholder(URL).wait(timeout=1)
        assert anyio.current_time() == pytest.approx(11, abs=0.1)
        assert (caught.value.polls, len(server.looks)) == (1, 1)

    run(main)


def test_an_answer_that_comes_soon_after_the_timeout_wins(script: Script, run: Run) -> None:
    """As for a job."""

    async def main() -> None:
        async with open_client(script, Promised(0.0, takes=9.0)) as bria:
            assert await bria.placeholder(URL).wait(timeout=1) is JobState.COMPLETED

    run(main)


@pytest.mark.parametrize("fails", [httpx.ReadTimeout, httpx.ConnectError, 503])
def test_a_wait_keeps_its_timeout_though_its_looks_fail(
    script: Script, run: Run, fails: type[httpx.TransportError] | int
) -> None:
    """Each is one request: the next look is the retry, at the pace of the wait."""
    server = Promised(0.0)
    server.fails = fails

    async def main() -> None:
        retry = RetryPolicy(attempts=9, seconds=900.0, first_pause=30.0)
        async with open_client(script, server, retry=retry) as bria:
            with pytest.raises(WaitTimeout) as caught:
                await bria.placeholder(URL).wait(timeout=5)
            assert anyio.current_time() == pytest.approx(5, abs=0.5)
            assert caught.value.polls == len(server.looks)
            assert (caught.value.__cause__ is None) == (fails == 503)

    run(main)


def test_one_look_is_retried_by_policy(script: Script, run: Run) -> None:
    """Nobody looks again after `poll`."""
    server = Promised(0.0)
    server.fails = 503

    async def main() -> None:
        async with open_client(script, server, retry=RetryPolicy(attempts=3)) as bria:
            await bria.placeholder(URL).poll()
        assert len(server.looks) == 3

    run(main)


def test_a_look_that_is_overtaken_changes_nothing(script: Script, run: Run) -> None:
    """What was seen to be ready is not in the making again."""
    slow = iter((5.0, 0.1))

    class Overtaken(Promised):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            begin, takes = anyio.current_time(), next(slow)
            await anyio.sleep(takes)
            return httpx.Response(404 if begin < self.ready else 206, content=b"\x89")

    async def main() -> None:
        async with open_client(script, Overtaken(1.0)) as bria:
            placeholder = bria.placeholder(URL)
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(placeholder.poll)
                await anyio.sleep(2)
                assert await placeholder.poll() is JobState.COMPLETED
            assert placeholder.state is JobState.COMPLETED

    run(main)


def test_a_placeholder_s_events_tell_each_state_once(script: Script, run: Run) -> None:
    """Also the one that came while another event was dealt with."""
    server = Promised(2.0)

    async def main() -> None:
        async with open_client(script, server) as bria:
            placeholder = bria.placeholder(URL, uuid="u-1")
            seen: list[Any] = []
            async for event in placeholder.events():
                seen.append((event.request_id, event.state, event.status))
                await anyio.sleep(3)
                await placeholder.poll()
        assert seen == [
            ("u-1", JobState.IN_PROGRESS, "404"),
            ("u-1", JobState.COMPLETED, "206"),
        ]

    run(main)


def test_a_placeholder_s_events_end_with_the_deadline(script: Script, run: Run) -> None:
    """Their timeout is one for all of them together."""

    async def main() -> None:
        async with open_client(script, Promised(1e9)) as bria:
            events = bria.placeholder(URL).events(timeout=30)
            assert (await anext(events)).state is JobState.IN_PROGRESS
            with pytest.raises(WaitTimeout):
                await anext(events)
        assert anyio.current_time() == pytest.approx(30, abs=0.5)

    run(main)


def test_a_placeholder_goes_on_in_another_client(script: Script, run: Run) -> None:
    """What travels is JSON, without the token."""

    async def main() -> None:
        answer = LegacyResult.from_dict(
            {"result": [{"urls": [URL], "seed": "7", "uuid": "u-1"}, {"urls": [URL]}]}
        )
        async with open_client(script, Promised(1e9)) as bria:
            text = json.dumps([each.to_dict() for each in bria.placeholders(answer)])
        assert script.token not in text
        await anyio.sleep(60)
        async with open_client(script, Promised(0.0)) as bria:
            first, second = (Placeholder.from_dict(bria, each) for each in json.loads(text))
            assert (first.url, first.uuid, first.seed) == (URL, "u-1", 7)
            assert (second.uuid, second.seed) == (None, None)
            assert first.submitted_at == second.submitted_at == START
            assert (await first).seed == 7

    run(main)


@pytest.mark.parametrize(
    "nonsense",
    [
        {},
        {"url": ""},
        {"url": 7},
        {"request_id": "a"},
        {"url": URL, "kind": "song"},
        {"url": URL, "submitted_at": "noon"},
        {"url": URL, "submitted_at": "2026-01-01T00:00:00"},
    ],
)
def test_what_describes_no_placeholder_is_refused(script: Script, nonsense: dict[str, Any]) -> None:
    """As an error of ours, before anything is asked."""
    with pytest.raises(InvalidInputError):
        Placeholder.from_dict(script.client(Bria()), nonsense)


def test_an_answer_that_came_without_a_time_zone_is_refused(script: Script) -> None:
    """Nobody knows how long ago that was."""
    bria = script.client(Bria())
    with pytest.raises(InvalidInputError, match="no time zone"):
        bria.placeholders(LegacyResult.from_dict({"result": []}), submitted_at=datetime(2026, 1, 1))


def test_a_repr_tells_what_it_is_and_how_old(script: Script, run: Run) -> None:
    """The same of both; of an URL not its signature."""

    async def main() -> None:
        async with open_client(script, Promised(0.0)) as bria:
            old = START - timedelta(seconds=12)
            placeholder = bria.placeholder(URL, submitted_at=old)
            assert placeholder.kind is JobKind.IMAGE
            assert repr(bria.job("a", IMAGE, submitted_at=old)) == (
                "<Job a: image, in_progress, submitted 12 s ago>"
            )
            assert repr(placeholder) == (
                "<Placeholder https://cdn.test/promised.png: image, in_progress, "
                "submitted 12 s ago>"
            )
            await placeholder.poll()
            assert "image, completed, submitted" in repr(placeholder)
            assert repr(bria.placeholder(URL)).endswith("promised.png: image, in_progress>")

    run(main)


def test_a_failure_that_passed_is_no_reason(script: Script, run: Run) -> None:
    """A timeout names what failed last only if nothing went well since."""
    server = Promised(1e9)
    server.fails = httpx.ConnectError

    async def main() -> None:
        async with open_client(script, server) as bria, anyio.create_task_group() as tasks:

            async def mend() -> None:
                await anyio.sleep(3)
                server.fails = None

            tasks.start_soon(mend)
            with pytest.raises(WaitTimeout) as caught:
                await bria.placeholder(URL).wait(timeout=30)
            assert caught.value.__cause__ is None

    run(main)
