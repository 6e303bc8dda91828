"""Webhooks: told once a job is final, signed, repeated, and never beyond this machine."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.server
import json
import logging
import threading
import time
from typing import TYPE_CHECKING, Any

import anyio
import attrs
import httpx
import pytest

from bria_tailored_ext.sandbox import Fault, Sandbox, WebhookAttempt, posting
from bria_tailored_ext.sandbox.webhook_signature import signature_headers
from bria_tailored_ext.sandbox.webhooks import RETRY_SECONDS, is_loopback
from tests.sandbox.conftest import Caller, base64_of, picture

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

pytestmark = pytest.mark.anyio

IMAGE = "/v2/image/generate/tailored"


@attrs.frozen
class Delivered:
    """What a receiver was sent."""

    path: str
    headers: dict[str, str]
    body: bytes


class Receiver:
    """Answers what it was told to, and keeps what it was sent."""

    def __init__(self) -> None:
        self.delivered: list[Delivered] = []
        self.answers: list[int] = []
        self.hang = threading.Event()
        self.hang.set()
        self.url = ""

    def answer(self, one: Delivered) -> int:
        self.hang.wait(10)
        self.delivered.append(one)
        return self.answers.pop(0) if self.answers else 200


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A plain HTTP server of the standard library's, in a thread."""
    made = Receiver()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.send_response(made.answer(Delivered(self.path, headers, body)))
            self.send_header("content-length", "0")
            self.send_header("location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(http.server.ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A caller that gave up is no error of the receiver's."""

    with Quiet(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        made.url = f"http://127.0.0.1:{server.server_port}/hook"
        yield made
        made.hang.set()
        server.shutdown()
        thread.join()


class Studio(Caller):
    """A caller with a trained model, who asks for webhooks."""

    model_id = ""
    submitted: set[str]

    async def submit(self, url: str, path: str = IMAGE, **more: Any) -> dict[str, Any]:
        body = {"tailored_model_id": self.model_id, "prompt": "a cat", "webhook_url": url, **more}
        accepted: dict[str, Any] = await self.ok("POST", path, body)
        self.submitted.add(accepted["request_id"])
        return accepted

    async def attempts(self, count: int) -> list[WebhookAttempt]:
        """Wait until so many attempts were made, and a moment for one too many."""
        with anyio.fail_after(10):
            while len(self.made()) < count:  # noqa: ASYNC110 - the server's own thread
                await anyio.sleep(0.005)
        await anyio.sleep(0.03)
        return self.made()

    def made(self) -> list[WebhookAttempt]:
        return [each for each in self.sandbox.webhooks if each.request_id in self.submitted]


@pytest.fixture(scope="module")
def shared() -> Iterator[Sandbox]:
    """One sandbox for most tests: starting one takes a while."""
    lengths: Any = {"image": 60}
    with Sandbox(speed=0, seed=1, api_token="the token", durations=lengths) as sandbox:
        yield sandbox


@pytest.fixture
async def studio(anyio_backend: str, shared: Sandbox) -> AsyncIterator[Studio]:
    shared.faults.clear()
    async with httpx.AsyncClient(base_url=shared.base_url, timeout=30) as http:
        yield studio_in(shared, http)


def studio_in(sandbox: Sandbox, http: httpx.AsyncClient) -> Studio:
    made = Studio(sandbox, http)
    made.model_id = str(sandbox.add_trained_model())
    made.submitted = set()
    return made


def is_signed(one: Delivered, token: str) -> bool:
    """Check as the documentation says, with code of the test's own."""
    key = hmac.new(token.encode(), b"bria-webhook-signing-v1", hashlib.sha256).digest()
    head = f"{one.headers['bria-webhook-id']}.{one.headers['bria-webhook-timestamp']}."
    made = hmac.new(key, head.encode() + one.body, hashlib.sha256).digest()
    return f"v1={base64.b64encode(made).decode()}" in one.headers["bria-webhook-signature"].split(
        ","
    )


def test_published_vector_is_signed_as_published() -> None:
    """Source: Bria's own contract test."""
    headers = signature_headers(
        b'{"status":"COMPLETED","result":{"url":"https://cdn.bria.ai/final.png"},'
        b'"request_id":"req_contract_test_001"}',
        api_token="contract-test-shared-token",
        webhook_id="req_contract_test_001",
        timestamp=1700000000,
    )
    assert headers == {
        "Bria-Webhook-Id": "req_contract_test_001",
        "Bria-Webhook-Timestamp": "1700000000",
        "Bria-Webhook-Signature": "v1=muClfnkuIXEqW69htILKVEwJdzC0LWB1tP53ptLm7SM=",
    }


@pytest.mark.parametrize(
    ("path", "more"),
    [
        (IMAGE, {}),
        ("/v2/structured_prompt/generate/tailored", {}),
        (
            "/v2/video/generate/tailored/image-to-video",
            {"image": base64_of(picture()), "prompt": None},
        ),
    ],
)
async def test_final_job_is_told_with_the_body_of_the_status_answer(
    studio: Studio, receiver: Receiver, path: str, more: dict[str, Any]
) -> None:
    """Not before it is final, and signed for the account's token."""
    if more:
        more = {key: value for key, value in more.items() if value is not None}
    job = await studio.submit(receiver.url, path, **more)
    await anyio.sleep(0.03)
    assert receiver.delivered == []
    studio.sandbox.advance(600)
    (attempt,) = await studio.attempts(1)
    assert (attempt.outcome, attempt.status, attempt.attempt) == ("delivered", 200, 1)
    (one,) = receiver.delivered
    assert one.path == "/hook"
    assert one.headers["content-type"] == "application/json"
    assert one.headers["bria-webhook-id"] == attempt.request_id == job["request_id"]
    assert abs(int(one.headers["bria-webhook-timestamp"]) - time.time()) < 60
    assert "api_token" not in one.headers
    assert is_signed(one, "the token")
    assert not is_signed(one, "another token")
    assert json.loads(one.body) == await studio.ok("GET", job["status_url"])


async def test_failed_and_unknown_jobs_are_told_and_stuck_ones_are_not(
    studio: Studio, receiver: Receiver
) -> None:
    """Whatever is final."""
    for kind in ("job_failed", "stuck", "job_unknown"):
        studio.sandbox.faults.add(Fault(kind, count=1))
    for _ in range(3):
        await studio.submit(receiver.url)
    studio.sandbox.advance(hours=10)
    await studio.attempts(2)
    told = {json.loads(each.body)["status"] for each in receiver.delivered}
    assert (len(receiver.delivered), told) == (2, {"ERROR", "UNKNOWN"})


async def test_only_asynchronous_requests_send_webhooks(studio: Studio, receiver: Receiver) -> None:
    """Whoever waits for the answer has it."""
    await studio.submit(receiver.url, sync=True)
    await studio.submit(receiver.url)
    studio.sandbox.advance(60)
    assert len(await studio.attempts(1)) == 1


async def test_five_attempts_over_forty_five_minutes(studio: Studio, receiver: Receiver) -> None:
    """Anything but 2xx is tried again, redirects among them, each with a fresh signature."""
    receiver.answers = [500, 404, 302, 401, 503, 200]
    await studio.submit(receiver.url)
    studio.sandbox.advance(60)
    for number, pause in enumerate(RETRY_SECONDS, 1):
        assert len(await studio.attempts(number)) == number
        studio.sandbox.advance(pause - 1)
        assert len(await studio.attempts(number)) == number
        studio.sandbox.advance(1)
    attempts = await studio.attempts(5)
    studio.sandbox.advance(hours=10)
    assert await studio.attempts(5) == attempts
    assert [(each.attempt, each.outcome, each.status) for each in attempts] == [
        (1, "failed", 500),
        (2, "failed", 404),
        (3, "failed", 302),
        (4, "failed", 401),
        (5, "failed", 503),
    ]
    assert attempts[-1].time - attempts[0].time == sum(RETRY_SECONDS) == 45 * 60
    assert len({each.body for each in receiver.delivered}) == 1
    assert all(is_signed(each, "the token") for each in receiver.delivered)


async def test_time_that_is_moved_past_all_attempts_makes_all(
    studio: Studio, receiver: Receiver
) -> None:
    """Each is due some time after the one before was, not after it was made."""
    receiver.answers = [500] * 5
    await studio.submit(receiver.url)
    studio.sandbox.advance(hours=4)
    attempts = await studio.attempts(5)
    assert [each.attempt for each in attempts] == [1, 2, 3, 4, 5]


async def test_late_success_ends_the_attempts(studio: Studio, receiver: Receiver) -> None:
    """The second attempt arrives, and there is no third."""
    receiver.answers = [500]
    await studio.submit(receiver.url)
    studio.sandbox.advance(60)
    await studio.attempts(1)
    studio.sandbox.advance(hours=10)
    outcomes = [each.outcome for each in await studio.attempts(2)]
    assert outcomes == ["failed", "delivered"]


async def test_receiver_that_is_not_there_is_tried_again(studio: Studio, free_port: int) -> None:
    """A refused connection is a failed attempt without a status."""
    await studio.submit(f"http://127.0.0.1:{free_port}/")
    studio.sandbox.advance(60)
    (attempt,) = await studio.attempts(1)
    assert (attempt.outcome, attempt.status) == ("failed", None)
    studio.sandbox.advance(60)
    assert len(await studio.attempts(2)) == 2


async def test_receiver_has_ten_seconds(
    studio: Studio, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever takes longer is tried again, and holds up nobody else."""
    assert posting.ANSWER_SECONDS == 10.0
    monkeypatch.setattr(posting, "ANSWER_SECONDS", 0.1)
    receiver.hang.clear()
    await studio.submit(receiver.url)
    studio.sandbox.advance(60)
    (attempt,) = await studio.attempts(1)
    assert (attempt.outcome, attempt.status) == ("failed", None)
    receiver.hang.set()
    studio.sandbox.advance(60)
    assert [each.outcome for each in await studio.attempts(2)] == ["failed", "delivered"]


async def test_duplicates_and_losses_on_demand(studio: Studio, receiver: Receiver) -> None:
    """Twice with the same id and body, or never."""
    studio.sandbox.faults.add(Fault("duplicate_webhook", count=1), Fault("lost_webhook", count=1))
    for _ in range(3):
        await studio.submit(receiver.url)
        studio.sandbox.advance(60)
    attempts = await studio.attempts(4)
    assert sorted(each.outcome for each in attempts) == ["delivered"] * 3 + ["lost"]
    ids = [each.headers["bria-webhook-id"] for each in receiver.delivered]
    assert len(ids) == 3
    assert len(set(ids)) == 2
    assert len({each.body for each in receiver.delivered}) == 2


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/hook?signature=secret",
        "https://192.0.2.1/",
        "http://127.0.0.1.example.com/",
        "http://127.0.0.1@example.com/",
        "http://localhost.example.com/",
        "ftp://127.0.0.1/",
    ],
)
async def test_nothing_is_sent_beyond_this_machine(
    bria: Caller, caplog: pytest.LogCaptureFixture, url: str
) -> None:
    """The client is told nothing of it; the log is, without what may be secret."""
    model_id = str(bria.sandbox.add_trained_model())
    body = {"tailored_model_id": model_id, "prompt": "a cat", "webhook_url": url}
    with caplog.at_level(logging.WARNING):
        job = await bria.ok("POST", IMAGE, body)
    (attempt,) = bria.sandbox.webhooks
    assert (attempt.outcome, attempt.url) == ("refused", url)
    (line,) = caplog.messages
    assert job["request_id"] in line
    assert "secret" not in line


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:80/", "https://localhost/a", "http://[::1]:9/", "http://127.9.9.9/"],
)
def test_this_machine_by_its_names(url: str) -> None:
    """Every loopback address, and the one name for them."""
    assert is_loopback(url)


async def test_anywhere_must_be_asked_for(anyio_backend: str) -> None:
    """By one of two words."""
    assert anyio_backend
    with pytest.raises(ValueError, match="webhook_targets must be 'loopback' or 'anywhere'"):
        Sandbox(webhook_targets="world")  # type: ignore[arg-type]


async def test_time_that_runs_by_itself_sends_them_too(receiver: Receiver) -> None:
    """Nobody has to advance anything."""
    async with (
        Sandbox(speed=100_000, durations={"caption": 0}) as sandbox,
        httpx.AsyncClient(base_url=sandbox.base_url, timeout=30) as http,
    ):
        studio = studio_in(sandbox, http)
        receiver.answers = [500]
        await studio.submit(receiver.url)
        assert [each.outcome for each in await studio.attempts(2)] == ["failed", "delivered"]


async def test_attempts_in_progress_end_with_the_sandbox(
    anyio_backend: str, receiver: Receiver
) -> None:
    """A receiver that never answers is not waited for."""
    assert anyio_backend
    receiver.hang.clear()
    async with (
        Sandbox(speed=0) as sandbox,
        httpx.AsyncClient(base_url=sandbox.base_url, timeout=30) as http,
    ):
        studio = studio_in(sandbox, http)
        await studio.submit(receiver.url)
        sandbox.advance(60)
        await anyio.sleep(0.1)
        started = time.monotonic()
    assert time.monotonic() - started < 1
    assert sandbox.webhooks == ()


async def test_thirty_at_once_all_arrive(studio: Studio, receiver: Receiver) -> None:
    """Each with its own id, none twice."""
    jobs = []
    for number in range(30):
        jobs.append(await studio.submit(receiver.url, prompt=f"a cat {number}"))
    studio.sandbox.advance(60)
    await studio.attempts(30)
    ids = [each.headers["bria-webhook-id"] for each in receiver.delivered]
    assert sorted(ids) == sorted(job["request_id"] for job in jobs)
