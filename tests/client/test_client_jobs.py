"""Waiting for a job: what ends it, what does not, and what is said at the end."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest

from bria_tailored_ext import (
    ApiError,
    AuthenticationError,
    BriaConnectionError,
    ImageRequest,
    ImageResult,
    InvalidInputError,
    JobFailed,
    JobKind,
    JobNotFound,
    JobState,
    JobStateUnknown,
    NotFoundError,
    ServerError,
    StructuredPromptResult,
    TailoredClient,
    VideoResult,
    WaitTimeout,
)

if TYPE_CHECKING:
    from tests.conftest import Script, VirtualClock

pytestmark = pytest.mark.anyio

OPEN = {"status": "IN_PROGRESS", "request_id": "7f3c"}
DONE = {
    "status": "COMPLETED",
    "request_id": "7f3c",
    "result": {"image_url": "https://cdn.test/a.png", "seed": "3"},
}
FAILED = {
    "status": "ERROR",
    "request_id": "7f3c",
    "error": {"code": 5001, "message": "Out of luck", "details": "no light"},
}
UNKNOWN = {"status": "UNKNOWN", "request_id": "7f3c", "error": {"code": 500, "message": "?"}}
MISSING = {"status": "NOT_FOUND"}


async def test_a_job_by_its_id_costs_no_request(script: Script) -> None:
    """Taking up a job is only remembering its id."""
    network = script.network(script.answer(200, OPEN))

    async with script.client(network) as bria:
        job = bria.job("7f3c")
        assert (job.request_id, job.kind, job.submitted_at) == ("7f3c", None, None)
        assert job.state is JobState.IN_PROGRESS
        with pytest.raises(InvalidInputError, match="request_id of its submit"):
            bria.job("")

    assert network.seen == []


async def test_polling_is_one_look(script: Script, clock: VirtualClock) -> None:
    """One request, no waiting; and none at all once the job is final."""
    network = script.network(script.answer(200, OPEN), script.answer(200, DONE))

    async with script.client(network, clock=clock) as bria:
        job = bria.job("7f3c")
        states = [await job.poll() for _ in range(4)]

    assert states == [JobState.IN_PROGRESS] + [JobState.COMPLETED] * 3
    assert network.asked == ["GET /v2/status/7f3c"] * 2
    assert clock.slept == []


async def test_an_id_is_part_of_one_path_segment(script: Script) -> None:
    """An id from a file or a database cannot lead elsewhere."""
    network = script.network(script.answer(200, OPEN))

    async with script.client(network) as bria:
        await bria.job("../../v1/x?a=b#c").poll()

    assert network.seen[0].url.raw_path == b"/v2/status/..%2F..%2Fv1%2Fx%3Fa%3Db%23c"


@pytest.mark.parametrize(
    ("status", "kind"), [(404, JobNotFound), (401, AuthenticationError), (503, ServerError)]
)
async def test_one_look_that_fails_is_raised(
    script: Script, clock: VirtualClock, status: int, kind: type[Exception]
) -> None:
    """`poll` is one look and tells what it saw; patience belongs to `wait`."""
    network = script.network(script.answer(status, MISSING))

    async with script.client(network, clock=clock) as bria:
        with pytest.raises(kind):
            await bria.job("7f3c").poll()


async def test_a_job_that_nobody_knows_names_its_id(script: Script, clock: VirtualClock) -> None:
    """The id as an attribute, the answer as the cause."""
    network = script.network(script.answer(404, MISSING))

    async with script.client(network, clock=clock) as bria:
        with pytest.raises(JobNotFound, match="Job 7f3c is not known") as caught:
            await bria.job("7f3c").poll()

    assert caught.value.request_id == "7f3c"
    assert isinstance(caught.value.__cause__, NotFoundError)


async def test_waiting_ends_with_the_final_state(script: Script, clock: VirtualClock) -> None:
    """Pending is not failure, and looks become rarer."""
    network = script.network(*[script.answer(200, OPEN)] * 6, script.answer(200, DONE))

    async with script.client(network, clock=clock) as bria:
        state = await bria.job("7f3c").wait()

    assert state is JobState.COMPLETED
    assert len(network.seen) == 7
    assert clock.slept == sorted(clock.slept)


async def test_waiting_returns_a_failed_state_and_result_raises_it(
    script: Script, clock: VirtualClock
) -> None:
    """`wait` tells how it ended; `result` wants a result."""
    network = script.network(script.answer(200, FAILED))

    async with script.client(network, clock=clock) as bria:
        job = bria.job("7f3c")
        assert await job.wait() is JobState.FAILED
        with pytest.raises(
            JobFailed, match=r"ended as ERROR 5001: Out of luck: no light"
        ) as caught:
            await job.result()

    failed = caught.value
    assert (failed.request_id, failed.code, failed.words) == (
        "7f3c",
        5001,
        "Out of luck: no light",
    )


@pytest.mark.parametrize("word", ["FAILED", "failed", "Error"])
async def test_a_sibling_s_word_for_failure_is_one(
    script: Script, clock: VirtualClock, word: str
) -> None:
    """Sibling documents say FAILED; it must not be waited for."""
    network = script.network(script.answer(200, {"status": word}))

    async with script.client(network, clock=clock) as bria:
        with pytest.raises(JobFailed, match="without saying why"):
            await bria.job("7f3c").result()


async def test_wait_keeps_a_final_answer_that_arrives_after_the_timeout(
    script: Script, clock: VirtualClock
) -> None:
    """An answer already in hand wins over an expired timeout."""

    def late(_request: httpx.Request) -> httpx.Response:
        clock.advance(700)
        return httpx.Response(200, json=DONE)

    async with script.client(script.network(late), clock=clock) as bria:
        assert await bria.job("7f3c").wait(timeout=600) is JobState.COMPLETED


async def test_the_last_look_falls_on_the_deadline(script: Script, clock: VirtualClock) -> None:
    """A job that is ready at the last second is not missed by a long delay."""
    start = clock.monotonic()

    def answer(_request: httpx.Request) -> httpx.Response:
        done = clock.monotonic() - start >= 59.9
        return httpx.Response(200, json=DONE if done else OPEN)

    async with script.client(script.network(answer), clock=clock) as bria:
        assert await bria.job("7f3c").wait(timeout=60) is JobState.COMPLETED
    assert clock.monotonic() - start <= 60.001


async def test_a_wait_that_ends_too_early_says_how_to_go_on(
    script: Script, clock: VirtualClock
) -> None:
    """What happened, to which job, what was seen, what to do; the same facts as attributes."""
    network = script.network(script.answer(202, {"request_id": "7f3c"}), script.answer(200, OPEN))

    async with script.client(network, clock=clock) as bria:
        job = await bria.submit(ImageRequest(tailored_model_id="7", prompt="a cup"))
        with pytest.raises(WaitTimeout) as caught:
            await job.wait(timeout=30)

    polls = len(network.seen) - 1
    assert str(caught.value) == (
        f"Job 7f3c (image) is still IN_PROGRESS after 30 s and {polls} polls. It goes on at Bria "
        "and is already paid for. To go on: `await bria.job('7f3c').wait()`. Submitting again "
        "buys a second job."
    )
    expired = caught.value
    assert (expired.request_id, expired.status, expired.polls) == ("7f3c", "IN_PROGRESS", polls)
    assert expired.seconds == pytest.approx(30)


async def test_a_wait_can_be_taken_up_again(script: Script, clock: VirtualClock) -> None:
    """As the sentence says, by the id alone."""
    network = script.network(*[script.answer(200, OPEN)] * 3, script.answer(200, DONE))

    async with script.client(network, clock=clock) as bria:
        with pytest.raises(WaitTimeout) as caught:
            await bria.job("7f3c").wait(timeout=0)
        result = await bria.job(caught.value.request_id).result()

    assert isinstance(result, ImageResult)


async def test_no_timeout_waits_as_long_as_it_takes(script: Script, clock: VirtualClock) -> None:
    """A video may take its time."""
    network = script.network(*[script.answer(200, OPEN)] * 500, script.answer(200, DONE))

    async with script.client(network, clock=clock) as bria:
        assert await bria.job("7f3c").wait(timeout=None) is JobState.COMPLETED


async def test_an_unknown_word_is_waited_for_and_named_in_the_end(
    script: Script, clock: VirtualClock
) -> None:
    """A word that Bria adds tomorrow must not fail a paid job."""
    network = script.network(script.answer(200, {"status": "UPSCALING"}))

    async with script.client(network, clock=clock) as bria:
        with pytest.raises(WaitTimeout, match="is still UPSCALING after") as caught:
            await bria.job("7f3c").wait(timeout=20)

    assert caught.value.status == "UPSCALING"


async def test_unknown_for_a_while_is_borne(script: Script, clock: VirtualClock) -> None:
    """UNKNOWN is documented as an internal error, which passes."""
    network = script.network(
        *[script.answer(200, UNKNOWN)] * 3,
        script.answer(200, OPEN),
        *[script.answer(200, UNKNOWN)] * 3,
        script.answer(200, DONE),
    )

    async with script.client(network, clock=clock) as bria:
        assert await bria.job("7f3c").wait() is JobState.COMPLETED


async def test_unknown_for_good_ends_in_an_error_with_the_id(
    script: Script, clock: VirtualClock
) -> None:
    """A bounded number of looks, then the person decides."""
    network = script.network(script.answer(200, UNKNOWN))

    async with script.client(network, clock=clock) as bria:
        with pytest.raises(JobStateUnknown, match="keep the id and ask Bria") as caught:
            await bria.job("7f3c").wait(timeout=3600)

    assert caught.value.request_id == "7f3c"
    assert 2 <= len(network.seen) <= 20


async def test_a_404_just_after_the_submit_is_borne(script: Script, clock: VirtualClock) -> None:
    """The Status Service may lag behind the submit."""
    network = script.network(*[script.answer(404, MISSING)] * 2, script.answer(200, DONE))

    async with script.client(network, clock=clock) as bria:
        assert await bria.job("7f3c").wait() is JobState.COMPLETED


async def test_a_404_for_good_ends_the_wait_soon(script: Script, clock: VirtualClock) -> None:
    """A mistyped id is not waited for until the timeout."""
    start = clock.monotonic()
    network = script.network(script.answer(404, MISSING))

    async with script.client(network, clock=clock) as bria:
        with pytest.raises(JobNotFound):
            await bria.job("7f3c").wait(timeout=3600)

    assert clock.monotonic() - start < 30


async def test_a_wait_that_expires_on_a_404_does_not_claim_that_the_job_goes_on(
    script: Script, clock: VirtualClock
) -> None:
    """Of a job that Bria does not know nobody can say that it is paid for."""
    network = script.network(script.answer(404, MISSING))

    async with script.client(network, clock=clock) as bria:
        with pytest.raises(JobNotFound) as caught:
            await bria.job("7f3c").wait(timeout=0)

    assert isinstance(caught.value.__cause__, NotFoundError)


PASSING: dict[str, Any] = {
    "500": (500, b""),
    "502 HTML": (502, b"<html>"),
    "503": (503, {"message": "busy"}),
    "520": (520, b""),
    "429": (429, "slow down"),
}


@pytest.mark.parametrize("name", PASSING)
async def test_a_status_service_that_is_down_does_not_end_the_wait(
    script: Script, clock: VirtualClock, name: str
) -> None:
    """A single 503 must not lose a paid job."""
    network = script.network(
        *[script.answer(*PASSING[name])] * 8, script.answer(200, OPEN), script.answer(200, DONE)
    )

    async with script.client(network, clock=clock) as bria:
        assert await bria.job("7f3c").wait() is JobState.COMPLETED


@pytest.mark.parametrize(
    "kind", [httpx.ConnectError, httpx.ReadError, httpx.ReadTimeout, httpx.RemoteProtocolError]
)
async def test_a_network_that_is_down_does_not_end_the_wait(
    script: Script, clock: VirtualClock, kind: type[httpx.TransportError]
) -> None:
    """Nor does a train in a tunnel."""
    network = script.network(*[script.fail(kind)] * 8, script.answer(200, DONE))

    async with script.client(network, clock=clock) as bria:
        assert await bria.job("7f3c").wait() is JobState.COMPLETED


async def test_what_failed_last_is_said_at_the_end(script: Script, clock: VirtualClock) -> None:
    """Whoever waited in vain learns that the network was down, and the error is the cause."""
    network = script.network(script.fail(httpx.ConnectError, "no route"))

    async with script.client(network, clock=clock) as bria:
        with pytest.raises(WaitTimeout, match=r"The last look failed: .*no route") as caught:
            await bria.job("7f3c").wait(timeout=20)

    assert isinstance(caught.value.__cause__, BriaConnectionError)


@pytest.mark.parametrize("status", [401, 403])
async def test_what_waiting_cannot_mend_ends_the_wait(
    script: Script, clock: VirtualClock, status: int
) -> None:
    """A revoked token does not come back."""
    network = script.network(script.answer(200, OPEN), script.answer(status, "no"))

    async with script.client(network, clock=clock) as bria:
        with pytest.raises(ApiError) as caught:
            await bria.job("7f3c").wait(timeout=3600)

    assert caught.value.status == status
    assert len(network.seen) == 2


@pytest.mark.parametrize("form", ["seconds", "a date"])
@pytest.mark.parametrize("status", [429, 500, 503])
async def test_retry_after_is_honoured(
    script: Script, clock: VirtualClock, status: int, form: str
) -> None:
    """The next look comes no sooner than Bria asked for, be it too many looks or a breakdown."""
    date = format_datetime(clock.now() + timedelta(seconds=60), usegmt=True)
    network = script.network(
        script.answer(status, "slow down", retry_after="45" if form == "seconds" else date),
        script.answer(200, DONE),
    )

    async with script.client(network, clock=clock) as bria:
        assert await bria.job("7f3c").wait(timeout=None) is JobState.COMPLETED

    assert 45 <= sum(clock.slept) <= 90


async def test_a_retry_after_of_a_day_is_one_of_an_hour(
    script: Script, clock: VirtualClock
) -> None:
    """A job that ended long ago is not waited for until tomorrow."""
    network = script.network(
        script.answer(503, "down", retry_after="86400"), script.answer(200, DONE)
    )

    async with script.client(network, clock=clock) as bria:
        assert await bria.job("7f3c").wait(timeout=None) is JobState.COMPLETED

    assert 3600 <= sum(clock.slept) <= 3700


async def test_a_nonsense_retry_after_stops_nothing(script: Script, clock: VirtualClock) -> None:
    """`inf` would wait for ever."""
    network = script.network(
        script.answer(429, "slow down", retry_after="inf"), script.answer(200, DONE)
    )

    async with script.client(network, clock=clock) as bria:
        assert await bria.job("7f3c").wait(timeout=None) is JobState.COMPLETED


@pytest.mark.parametrize(
    ("result", "made", "kind"),
    [
        ({"image_url": "u", "structured_prompt": "{}"}, ImageResult, JobKind.IMAGE),
        ({"video_url": "u", "seed": 3}, VideoResult, JobKind.VIDEO),
        ({"structured_prompt": "{}"}, StructuredPromptResult, JobKind.STRUCTURED_PROMPT),
    ],
)
async def test_a_job_of_unknown_kind_learns_it_from_its_result(
    script: Script, clock: VirtualClock, result: dict[str, Any], made: type[Any], kind: JobKind
) -> None:
    """Until it is completed the kind is `None`; then the handle knows."""
    network = script.network(
        script.answer(200, OPEN), script.answer(200, {"status": "COMPLETED", "result": result})
    )

    async with script.client(network, clock=clock) as bria:
        job = bria.job("7f3c")
        assert job.kind is None
        assert "of unknown kind" in repr(job)
        assert type(await job.result()) is made

    assert job.kind is kind


async def test_a_repr_tells_what_a_person_wants_to_know(
    script: Script, clock: VirtualClock
) -> None:
    """Id, kind, state, age; no token."""
    network = script.network(script.answer(202, {"request_id": "7f3c"}), script.answer(200, DONE))

    async with script.client(network, clock=clock) as bria:
        job = await bria.submit(ImageRequest(tailored_model_id="7", prompt="a cup"))
        clock.advance(12)
        assert repr(job) == "<Job 7f3c: image, in_progress, submitted 12 s ago>"
        await job.wait()

    assert "completed" in repr(job)
    assert script.token not in repr(job)


async def test_cancelling_stops_the_waiting_and_leaves_nothing_behind(
    script: Script, clock: VirtualClock
) -> None:
    """The job goes on at Bria; here no request stays open and the handle can be used again."""
    looking = anyio.Event()
    ended: list[str] = []

    class Hanging(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if ended:
                return httpx.Response(200, json=DONE)
            looking.set()
            try:
                await anyio.sleep_forever()
            finally:
                ended.append("cancelled")
            raise AssertionError

    async with script.client(Hanging(), clock=clock) as bria:
        job = bria.job("7f3c")
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(job.wait)
            await looking.wait()
            tasks.cancel_scope.cancel()
        assert ended == ["cancelled"]
        assert job.state is JobState.IN_PROGRESS
        assert await job.wait() is JobState.COMPLETED


async def test_two_tasks_share_one_client(script: Script, clock: VirtualClock) -> None:
    """Each gets its own job's result."""
    left = {"a": 3, "b": 5}

    def answer(request: httpx.Request) -> httpx.Response:
        name = request.url.path.rsplit("/", 1)[-1]
        left[name] -= 1
        done = {"status": "COMPLETED", "result": {"image_url": f"https://cdn.test/{name}.png"}}
        return httpx.Response(200, json=OPEN if left[name] > 0 else done)

    results: dict[str, str] = {}

    async def fetch(bria: TailoredClient, name: str) -> None:
        result = await bria.job(name).result()
        assert isinstance(result, ImageResult)
        results[name] = result.image_url

    network = script.network(answer)
    async with script.client(network, clock=clock) as bria, anyio.create_task_group() as tasks:
        tasks.start_soon(fetch, bria, "a")
        tasks.start_soon(fetch, bria, "b")

    assert results == {name: f"https://cdn.test/{name}.png" for name in "ab"}
