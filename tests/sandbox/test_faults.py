"""Faults on demand: each kind as a plain HTTP client sees it on a real socket."""

from __future__ import annotations

import json
import pickle
import re
import socket
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest

from bria_tailored_ext import ImageRequest, JobFailed, ModerationError, TailoredClient
from bria_tailored_ext.sandbox import Fault, FiredFault, Sandbox, SandboxPlan
from tests.sandbox.conftest import Caller, base64_of, id_of, picture

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

pytestmark = pytest.mark.anyio

PROJECTS = "/v1/tailored-gen/projects"
IMAGE = "/v2/image/generate/tailored"
STATUS = "/v2/status/some-job"
PROJECT = {"project_name": "P", "ip_medium": "illustration", "ip_type": "other"}


class Raw:
    """Somebody with a plain client, who expects nothing of the answers."""

    def __init__(self, sandbox: Sandbox, http: httpx.AsyncClient, before: int) -> None:
        self.sandbox = sandbox
        self.http = http
        self.before = before

    async def create(self, **settings: Any) -> httpx.Response:
        return await self.http.post(PROJECTS, json=PROJECT, **settings)

    async def projects(self) -> int:
        """How many the test has made, asked when nothing goes wrong any more."""
        self.sandbox.faults.clear()
        return len((await self.http.get(PROJECTS)).json()) - self.before


@pytest.fixture(scope="module")
def shared() -> Iterator[Sandbox]:
    """One sandbox for all tests that take only a fault's look: starting one takes a while."""
    with Sandbox(speed=0, seed=1) as sandbox:
        yield sandbox


@pytest.fixture
async def raw(anyio_backend: str, shared: Sandbox) -> AsyncIterator[Raw]:
    shared.faults.clear()
    headers = {"api_token": shared.api_token}
    async with httpx.AsyncClient(base_url=shared.base_url, headers=headers, timeout=30) as http:
        yield Raw(shared, http, len((await http.get(PROJECTS)).json()))


async def test_status_comes_in_the_shape_of_the_version(raw: Raw) -> None:
    """503 unless another is chosen, with nothing done."""
    raw.sandbox.faults.add(Fault("status"))
    answers = [await raw.create(), await raw.http.get(STATUS)]
    assert [each.status_code for each in answers] == [503, 503]
    assert list(answers[0].json()) == ["message"]
    assert answers[1].json()["error"]["code"] == 503
    assert await raw.projects() == 0


@pytest.mark.parametrize("status", [400, 404, 429, 460, 500, 506, 520, 524, 599])
async def test_any_status_can_be_asked_for(raw: Raw, status: int) -> None:
    """Also those that no library has a name for; 52x is a page."""
    raw.sandbox.faults.add(Fault("status", status=status, headers={"Retry-After": "2"}))
    answer = await raw.create()
    assert answer.status_code == status
    assert answer.headers["retry-after"] == "2"
    page = 520 <= status <= 529
    assert answer.headers["content-type"].startswith("text/html" if page else "application/json")
    assert ("<html" in answer.text) is page


@pytest.mark.parametrize(
    ("status", "v1", "v2"),
    [
        (401, dict, "error"),
        (403, str, "error"),
        (404, str, "status"),
        (409, dict, "error"),
    ],
)
async def test_an_error_has_the_shape_that_bria_has_for_it(
    raw: Raw, status: int, v1: type, v2: str
) -> None:
    """403 and 404 are bare strings in v1; the Status Service tells NOT_FOUND and nothing else."""
    raw.sandbox.faults.add(Fault("status", status=status))
    assert isinstance((await raw.create()).json(), v1)
    told = (await raw.http.get(STATUS)).json()
    assert v2 in told
    assert told == {"status": "NOT_FOUND"} or v2 == "error"


@pytest.mark.parametrize("kind", ["status", "html"])
@pytest.mark.parametrize("status", [204, 205, 304])
async def test_a_status_without_a_body_leaves_the_connection_sound(
    raw: Raw, kind: Any, status: int
) -> None:
    """A body that may not be there would be read as the next answer."""
    raw.sandbox.faults.add(Fault(kind, status=status))
    for _ in range(3):
        answer = await raw.create()
        assert (answer.status_code, answer.content) == (status, b"")


@pytest.mark.parametrize("status", [None, 200, 502])
async def test_html_takes_the_place_of_the_answer(raw: Raw, status: int | None) -> None:
    """520 unless another status is chosen, 200 among them."""
    raw.sandbox.faults.add(Fault("html", status=status))
    answer = await raw.create()
    assert answer.status_code == (status or 520)
    assert answer.text.startswith("<!DOCTYPE html>")
    assert await raw.projects() == 0


@pytest.mark.parametrize("kind", ["status", "html"])
async def test_error_after_the_work_was_done(raw: Raw, kind: Any) -> None:
    """The client is told of a failure although everything has happened."""
    raw.sandbox.faults.add(Fault(kind, status=502, after_work=True))
    assert (await raw.create()).status_code == 502
    assert await raw.projects() == 1


@pytest.mark.parametrize(("kind", "done"), [("reset_before", 0), ("reset_after", 1)])
async def test_reset_is_a_broken_connection_without_an_answer(
    raw: Raw, kind: Any, done: int
) -> None:
    """Before the work nothing was done; after it, only the answer is lost."""
    raw.sandbox.faults.add(Fault(kind))
    with pytest.raises(httpx.ReadError):
        await raw.create()
    assert await raw.projects() == done


def test_reset_is_one_on_the_wire() -> None:
    """A socket sees ECONNRESET, not the end of a connection."""

    async def seen() -> Exception | bytes:
        async with Sandbox(faults=[Fault("reset_before")]) as sandbox:
            url = httpx.URL(sandbox.base_url)
            return await anyio.to_thread.run_sync(_first_bytes, url.host, url.port)

    assert isinstance(anyio.run(seen), ConnectionResetError)


def _first_bytes(host: str, port: int | None) -> Exception | bytes:
    with socket.create_connection((host, port), timeout=10) as client:
        client.sendall(f"GET {STATUS} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        try:
            return client.recv(100)
        except OSError as error:
            return error


async def test_billed_call_whose_answer_is_lost_is_in_the_books(live: Caller) -> None:
    """What must not be repeated blindly: it was paid for, and nobody was told its id."""
    ask = {"tailored_model_id": str(live.sandbox.add_trained_model()), "prompt": "a cat"}
    live.sandbox.faults.add(Fault("reset_after", operation="generate_image", count=1))
    with pytest.raises(httpx.ReadError):
        await live("POST", IMAGE, ask)
    assert [line.operation for line in live.sandbox.books] == ["generate-image"]
    assert (await live("POST", IMAGE, ask)).status_code == 202
    assert [line.request_id for line in live.sandbox.paid_twice] == [
        live.sandbox.books[1].request_id
    ]


async def test_slow_answer_comes_whole_but_late(raw: Raw) -> None:
    """Its seconds are real ones, at any speed."""
    raw.sandbox.faults.add(Fault("slow", seconds=0.3, operation="get-projects"))
    started = time.monotonic()
    assert (await raw.create()).status_code == 201
    assert time.monotonic() - started < 0.25
    assert len((await raw.http.get(PROJECTS)).json()) == raw.before + 1
    assert time.monotonic() - started >= 0.3


async def test_client_that_gives_up_on_a_slow_answer_has_had_its_work_done(raw: Raw) -> None:
    """A timeout says nothing about the server."""
    raw.sandbox.faults.add(Fault("slow", seconds=60))
    with pytest.raises(httpx.ReadTimeout):
        await raw.create(timeout=0.2)
    assert await raw.projects() == 1


async def test_stall_stops_in_the_middle_and_goes_on(raw: Raw) -> None:
    """The head comes at once, half of the body too, the rest later."""
    raw.sandbox.faults.add(Fault("stall", seconds=0.3))
    started, chunks = time.monotonic(), []
    async with raw.http.stream("POST", PROJECTS, json=PROJECT) as answer:
        assert answer.status_code == 201
        assert time.monotonic() - started < 0.25
        async for chunk in answer.aiter_raw():
            chunks.append(chunk)
    assert time.monotonic() - started >= 0.3
    assert len(chunks) == 2
    assert b"".join(chunks).endswith(b"}")


async def test_stall_without_an_end_lasts_until_the_client_gives_up(raw: Raw) -> None:
    """And then leaves the rest of the server alone."""
    raw.sandbox.faults.add(Fault("stall"))
    with pytest.raises(httpx.ReadTimeout):
        await raw.create(timeout=0.2)
    assert await raw.projects() == 1


async def test_nobody_waits_for_a_stall_when_the_sandbox_ends(anyio_backend: str) -> None:
    """Not even for the grace that honest answers have."""
    assert anyio_backend
    async with anyio.create_task_group() as group, httpx.AsyncClient(timeout=30) as http:
        async with Sandbox(faults=[Fault("stall", operation="get-file")]) as sandbox:
            url = sandbox.publish(b"x" * 1000, "a.txt")

            async def hang() -> None:
                with pytest.raises(httpx.RemoteProtocolError):
                    await http.get(url)

            group.start_soon(hang)
            while not sandbox.faults.fired:  # noqa: ASYNC110 - it happens in the server's thread
                await anyio.sleep(0.01)
            started = time.monotonic()
        assert time.monotonic() - started < 0.8


async def test_truncated_answer_is_shorter_than_it_says(raw: Raw) -> None:
    """The length is that of the whole, and the connection ends before it."""
    raw.sandbox.faults.add(Fault("truncated"))
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
        await raw.create()
    assert await raw.projects() == 1


async def test_truncated_answer_without_a_body_does_not_come_at_all(raw: Raw) -> None:
    """A 204 has nothing to cut."""
    path = f"{PROJECTS}/{(await raw.create()).json()['id']}"
    raw.sandbox.faults.add(Fault("truncated"))
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        await raw.http.delete(path)
    assert await raw.projects() == 0


async def test_garbage_has_the_right_status_and_is_no_json(raw: Raw) -> None:
    """A success in everything but its body."""
    raw.sandbox.faults.add(Fault("garbage"))
    answer = await raw.create()
    assert answer.status_code == 201
    assert answer.headers["content-type"] == "application/json"
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.text)
    assert await raw.projects() == 1


async def test_downloads_go_wrong_only_by_name(raw: Raw) -> None:
    """`get-file` is the one operation that "all" leaves out: results lie elsewhere at Bria."""
    url = raw.sandbox.publish(b"picture" * 100, "a.png")
    raw.sandbox.faults.add(Fault("status"))
    assert (await raw.http.get(url)).content == b"picture" * 100
    raw.sandbox.faults.add(Fault("truncated", operation="get-file"))
    with pytest.raises(httpx.RemoteProtocolError):
        await raw.http.get(url)


async def test_fault_of_one_operation_meets_no_other(raw: Raw) -> None:
    """The name is the document's, or Python's way to write it."""
    raw.sandbox.faults.add(Fault("status", operation="get_projects"))
    assert (await raw.create()).status_code == 201
    assert (await raw.http.get(PROJECTS)).status_code == 503


async def test_count_and_order(raw: Raw) -> None:
    """The first in the list goes first, as often as it may, and then the next."""
    raw.sandbox.faults.add(Fault("status", status=500, count=2), Fault("status", status=502))
    seen = [(await raw.http.get(PROJECTS)).status_code for _ in range(4)]
    assert seen == [500, 500, 502, 502]


async def test_window_is_in_simulated_seconds_since_the_fault_was_added(raw: Raw) -> None:
    """From `start` to just before `end`."""
    raw.sandbox.advance(hours=1)
    raw.sandbox.faults.add(Fault("status", start=10, end=20))
    seen = []
    for seconds in (0, 9, 1, 9, 1):
        raw.sandbox.advance(seconds)
        seen.append((await raw.http.get(PROJECTS)).status_code)
    assert seen == [200, 200, 503, 503, 200]


async def test_rate_is_kept_and_the_same_in_every_run() -> None:
    """The seed decides which of many requests go wrong; another seed, others."""

    async def met(seed: int) -> list[bool]:
        sandbox = Sandbox(speed=0, seed=seed, faults=[Fault("status", rate=0.2)])
        transport = httpx.ASGITransport(app=sandbox.application)
        async with httpx.AsyncClient(transport=transport, base_url="http://sandbox.test") as http:
            return [(await http.get(PROJECTS)).status_code == 503 for _ in range(300)]

    first = await met(1)
    assert 40 <= sum(first) <= 80
    assert await met(1) == first
    assert await met(2) != first


async def test_faults_can_be_read_added_removed_and_cleared(raw: Raw) -> None:
    """While it runs; what has happened stays on record."""
    one, other = Fault("status", status=500), Fault("status", status=502)
    raw.sandbox.faults.add(one, other)
    assert list(raw.sandbox.faults) == [one, other]
    await raw.http.get(PROJECTS)
    raw.sandbox.faults.remove(one)
    assert (await raw.http.get(PROJECTS)).status_code == 502
    assert len(raw.sandbox.faults) == 1
    raw.sandbox.faults.clear()
    assert (await raw.http.get(PROJECTS)).status_code == 200
    fired = raw.sandbox.faults.fired[-2:]
    assert [(each.fault, each.operation) for each in fired] == [
        (one, "get-projects"),
        (other, "get-projects"),
    ]
    assert all(isinstance(each, FiredFault) for each in fired)
    with pytest.raises(ValueError, match="not added"):
        raw.sandbox.faults.remove(one)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"kind": "explode"}, "kind must be one of status"),
        ({"operation": "nope"}, "There is no operation 'nope'"),
        ({"rate": 1.5}, "rate must be from 0 to 1"),
        ({"count": 0}, "count must be 1 or more"),
        ({"start": -1}, "start must be 0 or more"),
        ({"start": 5, "end": 4}, "end not before it"),
        ({"status": 700}, "status is from 200 to 599"),
        ({"kind": "slow"}, "slow needs seconds"),
        ({"kind": "slow", "seconds": -1}, "seconds is 0 or more"),
        ({"seconds": 1}, "only for slow and stall"),
        ({"kind": "garbage", "after_work": True}, "only for status and html"),
        ({"headers": {"X": "a\r\nb: c"}}, "headers must be printable ASCII"),
        ({"headers": {"Retry-After": "☃"}}, "headers must be printable ASCII"),
        ({"kind": "stuck", "status": 500}, "only for status, html, job_failed"),
        ({"kind": "html", "words": "no"}, "words are only for status and job_failed"),
        ({"kind": "job_failed", "operation": "get-models"}, "only happens to generate-image"),
        ({"kind": "stuck", "operation": "restyle-portrait"}, "stuck only happens to"),
    ],
)
def test_impossible_fault_is_refused(settings: dict[str, Any], words: str) -> None:
    """When it is made, in words that say what is possible."""
    with pytest.raises(ValueError, match=re.escape(words)):
        Fault(**{"kind": "status", **settings})


def test_faults_and_plans_are_values() -> None:
    """Equal, hashable, and the same after a pickle; with dashes or underscores alike."""
    one = Fault("status", operation="get_models", headers={"Retry-After": "1"})
    same = Fault("status", operation="get-models", headers={"Retry-After": "1"})
    assert {one, same} == {pickle.loads(pickle.dumps(one))}  # noqa: S301
    plan = SandboxPlan(overrides={"GET /v1/tailored-gen/models": 3})
    assert {plan, pickle.loads(pickle.dumps(plan))} == {plan}  # noqa: S301


# Jobs and trainings


class Studio(Caller):
    """A caller with a trained model."""

    model_id = ""

    def ask(self, **more: Any) -> dict[str, Any]:
        return {"tailored_model_id": self.model_id, "prompt": "a cat", **more}


@pytest.fixture
def studio(bria: Caller) -> Studio:
    made = Studio(bria.sandbox, bria.http)
    made.model_id = str(bria.sandbox.add_trained_model())
    return made


@pytest.mark.parametrize("path", [IMAGE, "/v2/structured_prompt/generate/tailored"])
async def test_stuck_job_is_in_progress_for_ever(studio: Studio, path: str) -> None:
    """A wait needs an end of its own."""
    studio.sandbox.faults.add(Fault("stuck", count=1))
    stuck = await studio.ok("POST", path, studio.ask())
    fine = await studio.ok("POST", path, studio.ask())
    studio.sandbox.advance(hours=100)
    assert (await studio.ok("GET", stuck["status_url"])) == {
        "status": "IN_PROGRESS",
        "request_id": stuck["request_id"],
    }
    assert (await studio.ok("GET", fine["status_url"]))["status"] == "COMPLETED"


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (Fault("job_failed"), "ERROR", 500),
        (Fault("job_failed", status=422), "ERROR", 422),
        (Fault("job_unknown"), "UNKNOWN", 500),
    ],
)
async def test_job_ends_badly_in_its_own_time(
    studio: Studio, fault: Fault, status: str, code: int
) -> None:
    """HTTP 200, and the outcome in the body; it was billed, and stays as it is."""
    studio.sandbox.faults.add(fault)
    billed = len(studio.sandbox.books)
    job = await studio.ok("POST", IMAGE, studio.ask())
    studio.sandbox.faults.clear()
    assert (await studio.ok("GET", job["status_url"]))["status"] == "IN_PROGRESS"
    studio.sandbox.advance(60)
    told = await studio.ok("GET", job["status_url"])
    assert (told["status"], told["error"]["code"]) == (status, code)
    assert set(told) == {"status", "error", "request_id"}
    assert len(studio.sandbox.books) == billed + 1


async def test_moderation_refuses_a_submit_or_a_result() -> None:
    """In the words that are asked for: the client knows moderation by them."""
    said = "Content moderation failed"
    refused = Fault("status", operation="generate_image", status=422, words=said, count=1)
    async with (
        Sandbox(durations={"image": 0}) as sandbox,
        TailoredClient(base_url=sandbox.base_url, api_token=sandbox.api_token, plan=None) as bria,
    ):
        model = str(sandbox.add_trained_model())
        request = ImageRequest(tailored_model_id=model, prompt="a cup")
        billed = len(sandbox.books)
        sandbox.faults.add(refused)
        with pytest.raises(ModerationError, match=said):
            await bria.submit(request)
        assert len(sandbox.books) == billed
        sandbox.faults.add(Fault("job_failed", status=422, words=said))
        with pytest.raises(JobFailed, match=said):
            await (await bria.submit(request)).result()
        assert len(sandbox.books) == billed + 1


async def test_fault_of_a_look_is_gone_at_the_next(studio: Studio) -> None:
    """By the operation get-status it concerns what is told, not what is."""
    job = await studio.ok("POST", IMAGE, studio.ask())
    studio.sandbox.advance(60)
    for kind in ("job_unknown", "stuck", "job_failed"):
        studio.sandbox.faults.add(Fault(kind, operation="get-status", count=1))
    seen = [(await studio.ok("GET", job["status_url"]))["status"] for _ in range(4)]
    assert seen == ["UNKNOWN", "IN_PROGRESS", "ERROR", "COMPLETED"]


@pytest.mark.parametrize("path", [IMAGE, "/v2/structured_prompt/generate/tailored"])
@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        (Fault("job_failed", count=1), 500, "The generation failed"),
        (Fault("job_failed", status=422, words="Refused", count=1), 422, "Refused"),
        (Fault("job_failed", status=200, count=1), 500, "The generation failed"),
        (Fault("job_unknown", count=1), 500, "Internal error"),
    ],
)
async def test_a_synchronous_job_that_fails_is_an_error(
    studio: Studio, path: str, fault: Fault, code: int, words: str
) -> None:
    """In the envelope, with the request id that was billed; the next one is fine."""
    studio.sandbox.faults.add(fault)
    answer = await studio("POST", path, studio.ask(sync=True))
    assert answer.status_code == code
    told = answer.json()
    assert told["error"]["message"] == words
    assert told["request_id"] == studio.sandbox.books[-1].request_id
    assert len(studio.sandbox.faults.fired) == 1
    assert (await studio("POST", path, studio.ask(sync=True))).status_code == 200


@pytest.mark.parametrize(("status", "bare"), [(500, False), (403, True)])
async def test_a_synchronous_job_of_v1_fails_in_the_shape_of_v1(
    studio: Studio, status: int, bare: bool
) -> None:
    """Portraits, which are never anything else, too."""
    studio.sandbox.faults.add(Fault("job_failed", status=status, words="Refused"))
    portrait = {"tailored_model_id": studio.model_id, "id_image_file": base64_of(picture())}
    asked = [
        (f"/v1/text-to-image/tailored/{studio.model_id}", {"prompt": "a", "sync": True}),
        (f"/v1/text-to-vector/tailored/{studio.model_id}", {"prompt": "a"}),
        ("/v1/tailored-gen/restyle_portrait", portrait),
    ]
    for path, body in asked:
        answer = await studio("POST", path, body)
        assert answer.status_code == status
        told = answer.json() if bare else answer.json()["message"]
        assert told.startswith("Refused")


async def test_what_is_synchronous_is_never_stuck(studio: Studio) -> None:
    """It would be an answer that never comes: "stall". So it is not counted either."""
    studio.sandbox.faults.add(Fault("stuck", count=1))
    assert (await studio("POST", IMAGE, studio.ask(sync=True))).status_code == 200
    assert studio.sandbox.faults.fired == ()


async def test_training_fails_some_way_through(bria: Caller) -> None:
    """InProgress, then Failed; it cannot be started again, nor used."""
    bria.sandbox.faults.add(Fault("training_failed"))
    model = await bria.model("expert")
    await bria.ok("POST", f"{model}/start_training", {})
    assert (await bria.ok("GET", model))["status"] == "InProgress"
    bria.sandbox.advance(hours=7)
    assert (await bria.ok("GET", model))["status"] == "Failed"
    assert (await bria("POST", f"{model}/start_training", {})).status_code == 409
    assert (await bria("POST", f"{model}/stop_training")).status_code == 409
    assert (await bria("GET", f"{model}/checkpoints")).status_code == 400
    refused = await bria("POST", IMAGE, {"tailored_model_id": str(id_of(model)), "prompt": "a cat"})
    assert refused.status_code == 400
    assert (await bria("DELETE", model)).status_code == 204


async def test_stuck_training_can_still_be_stopped(bria: Caller) -> None:
    """It never ends by itself."""
    bria.sandbox.faults.add(Fault("stuck", operation="start_training"))
    model = await bria.model()
    await bria.ok("POST", f"{model}/start_training", {})
    bria.sandbox.advance(hours=1000)
    assert (await bria.ok("GET", model))["status"] == "InProgress"
    await bria.ok("POST", f"{model}/stop_training")
    bria.sandbox.advance(600)
    assert (await bria.ok("GET", model))["status"] == "Stopped"


async def test_video_of_nobody_meets_faults_too(studio: Studio) -> None:
    """Every kind of job can be met."""
    studio.sandbox.faults.add(Fault("job_failed", operation="generate_video"))
    path = "/v2/video/generate/tailored/image-to-video"
    body = {"tailored_model_id": studio.ask()["tailored_model_id"], "image": base64_of(picture())}
    job = await studio.ok("POST", path, body)
    studio.sandbox.advance(600)
    assert (await studio.ok("GET", job["status_url"]))["status"] == "ERROR"


async def test_many_at_once_meet_as_many_faults_as_they_may(live: Caller) -> None:
    """`count` holds however many ask at the same time."""
    live.sandbox.faults.add(Fault("status", count=7))
    seen: Counter[int] = Counter()

    async def look() -> None:
        headers = {"api_token": live.sandbox.api_token}
        seen[(await live.http.get(PROJECTS, headers=headers)).status_code] += 1

    async with anyio.create_task_group() as group:
        for _ in range(40):
            group.start_soon(look)
    assert seen == {503: 7, 200: 33}


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("reset_before", ConnectionResetError),
        ("reset_after", ConnectionResetError),
        ("truncated", ConnectionAbortedError),
    ],
)
async def test_application_without_a_socket_breaks_as_well(
    bria: Caller, kind: Any, error: type[OSError]
) -> None:
    """Where there is no connection to break, the call itself fails."""
    bria.sandbox.faults.add(Fault(kind))
    with pytest.raises(error, match="by a fault of the sandbox"):
        await bria.http.get(PROJECTS, headers={"api_token": bria.sandbox.api_token})


async def test_application_without_a_socket_waits_as_well(bria: Caller) -> None:
    """Real seconds, and then the whole answer."""
    for kind in ("slow", "stall"):
        bria.sandbox.faults.add(Fault(kind, seconds=0.05, count=1))
        started = time.monotonic()
        assert await bria.ok("GET", PROJECTS) == []
        assert time.monotonic() - started >= 0.05
