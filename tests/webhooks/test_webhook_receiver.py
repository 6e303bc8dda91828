"""The receiver by itself: what it believes, what it refuses, whom it tells."""

from __future__ import annotations

import copy
import logging
import pickle
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import anyio
import anyio.lowlevel
import anyio.to_thread
import pytest

from bria_tailored_ext import ConfigurationError
from bria_tailored_ext.webhooks import WebhookReceiver

if TYPE_CHECKING:
    from tests.conftest import VirtualClock
    from tests.webhooks.conftest import Ask, Bria

pytestmark = pytest.mark.anyio

PATH = "/bria/webhooks"
URL = f"https://hooks.test{PATH}"
TOKEN = "secret-token-of-the-tests"


class Listener:
    """Writes down what it is told, and where."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.bodies: list[Mapping[str, Any]] = []
        self.threads: set[threading.Thread] = set()

    def __call__(self, request_id: str, body: Mapping[str, Any]) -> None:
        self.heard.append(request_id)
        self.bodies.append(body)
        self.threads.add(threading.current_thread())


async def hand_over() -> None:
    """What is handed over to the event loop arrives within its next turns."""
    for _ in range(3):
        await anyio.lowlevel.checkpoint()


async def test_a_signed_delivery_reaches_the_listener(
    receiver: WebhookReceiver, ask: Ask, sent_by_bria: Bria
) -> None:
    """With the body as a status answer would have it."""
    listener = Listener()
    receiver.attach(listener)

    answer = await ask(receiver, sent_by_bria.sends("7f3c"))
    await hand_over()

    assert (answer.status, answer.headers) == (200, {b"content-length": b"0"})
    assert listener.heard == ["7f3c"]
    assert listener.bodies[0]["result"]["image_url"] == "https://cdn.test/7f3c.png"


async def test_the_sender_does_not_wait_for_the_listener(
    receiver: WebhookReceiver, ask: Ask, sent_by_bria: Bria
) -> None:
    """It is told afterwards, on its own event loop, even where that is the receiver's too."""
    listener = Listener()
    receiver.attach(listener)

    assert (await ask(receiver, sent_by_bria.sends())).status == 200
    heard_meanwhile = list(listener.heard)
    await hand_over()

    assert (heard_meanwhile, listener.heard) == ([], ["7f3c"])


async def test_a_repeated_delivery_is_answered_well_and_told_once(
    receiver: WebhookReceiver, ask: Ask, sent_by_bria: Bria, clock: VirtualClock
) -> None:
    """At least once, says Bria; a repetition has a new timestamp and signature."""
    listener = Listener()
    receiver.attach(listener)

    for _ in range(5):
        assert (await ask(receiver, sent_by_bria.sends("7f3c"))).status == 200
        clock.advance(500)
    assert (await ask(receiver, sent_by_bria.sends("8a4d"))).status == 200
    await hand_over()

    assert listener.heard == ["7f3c", "8a4d"]


async def test_a_job_that_changes_is_told_again(
    receiver: WebhookReceiver, ask: Ask, sent_by_bria: Bria
) -> None:
    """The same id with another body is another delivery."""
    listener = Listener()
    receiver.attach(listener)

    await ask(receiver, sent_by_bria.sends("7f3c", {"status": "UNKNOWN"}))
    await ask(receiver, sent_by_bria.sends("7f3c", {"status": "COMPLETED"}))
    await hand_over()

    assert [body["status"] for body in listener.bodies] == ["UNKNOWN", "COMPLETED"]


REFUSED: dict[str, tuple[dict[str, Any], dict[str, Any], int]] = {
    "no id": ({}, {"id": None}, 401),
    "no signature": ({}, {"signature": None}, 401),
    "words for a timestamp": ({}, {"timestamp": "now"}, 401),
    "wrong signature": ({}, {"signature": "v1=AAAA"}, 401),
    "another token": ({"token": "of another organisation"}, {}, 401),
    "stale": ({"age": 301}, {}, 401),
    "from the future": ({"age": -301}, {}, 401),
    "for another job": ({}, {"id": "8a4d"}, 401),
    "not JSON": ({"body": b"ok"}, {}, 400),
    "an array": ({"body": b"[]"}, {}, 400),
    "no status": ({"body": b'{"request_id": "7f3c"}'}, {}, 400),
    "too large": ({"body": b" " * (2**20 + 1)}, {}, 413),
}


@pytest.mark.parametrize(("sent", "changed", "status"), REFUSED.values(), ids=REFUSED)
async def test_what_is_refused_reaches_nobody(
    receiver: WebhookReceiver,
    ask: Ask,
    sent_by_bria: Bria,
    caplog: pytest.LogCaptureFixture,
    sent: dict[str, Any],
    changed: dict[str, Any],
    status: int,
) -> None:
    """One line in the log says why, with nothing of the body, and the next delivery is taken."""
    listener = Listener()
    receiver.attach(listener)
    delivery = sent_by_bria.sends(**sent).but(**changed)

    answer = await ask(receiver, delivery)
    await hand_over()

    assert (answer.status, listener.heard) == (status, [])
    assert receiver.delivered("7f3c") is None
    [line] = [each for each in caplog.records if each.name.startswith("bria_tailored_ext")]
    assert line.levelno == logging.WARNING
    assert str(status) in line.getMessage()
    for secret in (TOKEN, "cdn.test", "COMPLETED", *delivery.headers.values()):
        assert secret not in caplog.text
    assert (await ask(receiver, sent_by_bria.sends())).status == 200


@pytest.mark.parametrize(
    ("scope", "status"),
    [
        ({"path": PATH + "/"}, 200),
        ({"path": "/mounted" + PATH, "root_path": "/mounted"}, 200),
        ({"path": "/mounted/", "root_path": "/mounted"}, 200),
        ({"path": "/mounted", "root_path": "/mounted"}, 200),
        ({"path": "/"}, 404),
        ({"path": ""}, 404),
        ({"path": "/elsewhere"}, 404),
        ({"path": PATH + "/more"}, 404),
        ({"path": "/mounted/elsewhere", "root_path": "/mounted"}, 404),
        ({"method": "GET"}, 405),
        ({"method": "PUT"}, 405),
    ],
)
async def test_only_a_post_on_its_path_is_taken(
    receiver: WebhookReceiver, ask: Ask, sent_by_bria: Bria, scope: dict[str, Any], status: int
) -> None:
    """Its path is that of its URL, or whatever it was mounted at."""
    answer = await ask(receiver, sent_by_bria.sends(), **scope)

    assert answer.status == status
    assert answer.headers.get(b"allow") == (b"POST" if status == 405 else None)


@pytest.mark.parametrize("url", ["https://hooks.test", "https://hooks.test/"])
async def test_an_url_without_a_path_is_served_at_the_root(
    clock: VirtualClock, ask: Ask, sent_by_bria: Bria, url: str
) -> None:
    """A host of its own needs no path."""
    receiver = WebhookReceiver(url, tokens=TOKEN, clock=clock)

    assert (await ask(receiver, sent_by_bria.sends(), path="/")).status == 200
    assert (await ask(receiver, sent_by_bria.sends(), path=PATH)).status == 404


async def test_a_proxy_may_change_the_path(
    clock: VirtualClock, ask: Ask, sent_by_bria: Bria
) -> None:
    """What the server sees can be told apart from what Bria calls."""
    receiver = WebhookReceiver(URL, tokens=TOKEN, path="/hooks/", clock=clock)

    assert (await ask(receiver, sent_by_bria.sends(), path="/hooks")).status == 200
    assert (await ask(receiver, sent_by_bria.sends(), path=PATH)).status == 404


async def test_an_announced_flood_is_refused_unread(
    receiver: WebhookReceiver, ask: Ask, sent_by_bria: Bria
) -> None:
    """A body that says it is too large is not even begun."""
    length = [(b"content-length", b"100000000")]

    answer = await ask(receiver, sent_by_bria.sends(), headers=length)

    assert (answer.status, answer.messages_read) == (413, 0)
    assert answer.headers[b"connection"] == b"close"


async def test_an_unannounced_flood_is_refused_at_the_limit(
    receiver: WebhookReceiver, ask: Ask, sent_by_bria: Bria
) -> None:
    """What comes beyond it is not read; over HTTP/2, only the stream is given up."""
    pieces = [b" " * 65536] * 1600

    answer = await ask(receiver, sent_by_bria.sends(), pieces=pieces, http_version="2")

    assert (answer.status, answer.messages_read) == (413, 17)
    assert b"connection" not in answer.headers


async def test_unsigned_requests_are_refused_unread(
    receiver: WebhookReceiver, ask: Ask, sent_by_bria: Bria
) -> None:
    """Whoever does not even know the headers costs no memory."""
    answer = await ask(receiver, sent_by_bria.sends().but(signature=None))

    assert (answer.status, answer.messages_read) == (401, 0)


async def test_a_body_in_pieces_is_put_together(
    receiver: WebhookReceiver, ask: Ask, sent_by_bria: Bria
) -> None:
    """Chunks are the network's business."""
    delivery = sent_by_bria.sends()
    pieces = [delivery.body[at : at + 1] for at in range(len(delivery.body))]

    assert (await ask(receiver, delivery, pieces=[*pieces, b""])).status == 200


async def test_a_sender_that_hangs_up_is_not_answered(
    receiver: WebhookReceiver, ask: Ask, sent_by_bria: Bria
) -> None:
    """Half a body is nothing, even if its signature would be right."""
    answer = await ask(receiver, sent_by_bria.sends(), hang_up=True)

    assert answer.status is None
    assert receiver.delivered("7f3c") is None


async def test_a_delivery_that_nobody_waits_for_is_remembered(
    receiver: WebhookReceiver, ask: Ask, sent_by_bria: Bria, clock: VirtualClock
) -> None:
    """For an hour: a webhook may come before the answer to its own submit."""
    await ask(receiver, sent_by_bria.sends("7f3c"))

    found = receiver.delivered("7f3c")
    assert found is not None
    assert found["result"]["image_url"] == "https://cdn.test/7f3c.png"
    assert receiver.delivered("8a4d") is None
    clock.advance(3599)
    assert receiver.delivered("7f3c") is not None
    clock.advance(1)
    assert receiver.delivered("7f3c") is None


@pytest.mark.parametrize("later", ["UNKNOWN", "IN_PROGRESS", "a word of tomorrow"])
async def test_only_outcomes_are_remembered(
    receiver: WebhookReceiver, ask: Ask, sent_by_bria: Bria, later: str
) -> None:
    """Deliveries come in no order: what is final stays final."""
    await ask(receiver, sent_by_bria.sends("7f3c"))
    await ask(receiver, sent_by_bria.sends("7f3c", {"status": later}))
    await ask(receiver, sent_by_bria.sends("8a4d", {"status": later}))

    found = receiver.delivered("7f3c")
    assert found is not None
    assert found["status"] == "COMPLETED"
    assert receiver.delivered("8a4d") is None


async def test_what_is_remembered_has_bounds(
    receiver: WebhookReceiver, ask: Ask, sent_by_bria: Bria
) -> None:
    """32 MB: the newest make the oldest go."""
    padding = " " * (2**20 - 100)
    for number in range(40):
        body = f'{{"status": "COMPLETED", "padding": "{padding}"}}'.encode()
        assert (await ask(receiver, sent_by_bria.sends(f"job {number}", body))).status == 200

    there = [receiver.delivered(f"job {number}") is not None for number in range(40)]
    assert there == [False] * 8 + [True] * 32


async def test_the_token_of_an_attached_client_is_accepted(
    clock: VirtualClock, ask: Ask, sent_by_bria: Bria
) -> None:
    """As long as it is attached. Until any is known, a delivery may be tried again later."""
    receiver = WebhookReceiver(URL, clock=clock)
    assert (await ask(receiver, sent_by_bria.sends())).status == 503

    listener = Listener()
    detach = receiver.attach(listener, token=TOKEN)
    assert (await ask(receiver, sent_by_bria.sends())).status == 200
    await hand_over()
    detach()
    detach()
    assert (await ask(receiver, sent_by_bria.sends("8a4d"))).status == 503

    assert listener.heard == ["7f3c"]
    assert receiver.delivered("7f3c", token=TOKEN) is not None


async def test_tokens_rotate_without_a_gap(
    clock: VirtualClock, ask: Ask, sent_by_bria: Bria
) -> None:
    """The old one is accepted for the clients of the new one."""
    receiver = WebhookReceiver(URL, tokens=["old"], clock=clock)
    listener = Listener()
    receiver.attach(listener, token="new")

    assert (await ask(receiver, sent_by_bria.sends("of the old", token="old"))).status == 200
    assert (await ask(receiver, sent_by_bria.sends("of the new", token="new"))).status == 200
    both = sent_by_bria.sends("of both", token="old").headers["Bria-Webhook-Signature"]
    delivery = sent_by_bria.sends("of both", token="new")
    delivery = delivery.but(signature=f"{both},{delivery.headers['Bria-Webhook-Signature']}")
    assert (await ask(receiver, delivery)).status == 200
    await hand_over()

    assert listener.heard == ["of the old", "of the new", "of both"]
    for request_id in listener.heard:
        assert receiver.delivered(request_id, token="new") is not None


async def test_one_organisation_cannot_speak_for_another(
    clock: VirtualClock, ask: Ask, sent_by_bria: Bria
) -> None:
    """Whoever owns a token can sign anything: it counts for the clients of that token only."""
    receiver = WebhookReceiver(URL, clock=clock)
    mine, theirs = Listener(), Listener()
    receiver.attach(mine, token="mine")
    receiver.attach(theirs, token="theirs")

    # The very delivery that is to come, so that the true one would be taken for its repetition.
    await ask(receiver, sent_by_bria.sends("7f3c", token="theirs"))
    await hand_over()
    assert (mine.heard, theirs.heard) == ([], ["7f3c"])
    assert receiver.delivered("7f3c", token="mine") is None
    assert receiver.delivered("7f3c", token="theirs") is not None

    await ask(receiver, sent_by_bria.sends("7f3c", token="mine"))
    await hand_over()
    assert (mine.heard, theirs.heard) == (["7f3c"], ["7f3c"])


async def test_several_listeners_are_all_told(
    receiver: WebhookReceiver, ask: Ask, sent_by_bria: Bria
) -> None:
    """The receiver does not know which client submitted what; they do."""
    first, second, gone = Listener(), Listener(), Listener()
    for listener in (first, second):
        receiver.attach(listener, token=TOKEN)
    receiver.attach(gone)()

    await ask(receiver, sent_by_bria.sends())
    await hand_over()

    assert (first.heard, second.heard, gone.heard) == (["7f3c"], ["7f3c"], [])


async def test_a_listener_that_detaches_before_its_turn_is_not_told(
    receiver: WebhookReceiver, ask: Ask, sent_by_bria: Bria
) -> None:
    """A client that was closed hears nothing any more."""
    listener = Listener()
    detach = receiver.attach(listener)

    await ask(receiver, sent_by_bria.sends())
    detach()
    await hand_over()

    assert listener.heard == []


async def test_a_listener_that_fails_harms_nobody(
    receiver: WebhookReceiver, ask: Ask, sent_by_bria: Bria, caplog: pytest.LogCaptureFixture
) -> None:
    """On trio, an exception there would end everything."""

    def failing(*_: object) -> None:
        raise RuntimeError("mine")

    listener = Listener()
    receiver.attach(failing)
    receiver.attach(listener)

    for request_id in ("7f3c", "8a4d"):
        assert (await ask(receiver, sent_by_bria.sends(request_id))).status == 200
    await hand_over()

    assert listener.heard == ["7f3c", "8a4d"]
    assert [each.levelname for each in caplog.records] == ["ERROR", "ERROR"]
    assert "7f3c" in caplog.text
    assert TOKEN not in caplog.text


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
async def test_an_event_loop_that_ended_without_detaching_is_forgotten(
    receiver: WebhookReceiver, ask: Ask, sent_by_bria: Bria, backend: str
) -> None:
    """Its client was not closed; the delivery is remembered all the same."""
    gone, listener = Listener(), Listener()

    async def attach() -> None:
        receiver.attach(gone, token="of the gone")

    await anyio.to_thread.run_sync(lambda: anyio.run(attach, backend=backend))
    receiver.attach(listener)

    assert (await ask(receiver, sent_by_bria.sends())).status == 200
    await hand_over()
    assert (gone.heard, listener.heard) == ([], ["7f3c"])
    assert (await ask(receiver, sent_by_bria.sends("8a4d", token="of the gone"))).status == 401


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
async def test_a_listener_is_told_on_its_own_event_loop(
    receiver: WebhookReceiver, ask: Ask, sent_by_bria: Bria, backend: str
) -> None:
    """In another thread, of another kind even."""
    listener = Listener()
    attached, heard = threading.Event(), threading.Event()

    def told(request_id: str, body: Mapping[str, Any]) -> None:
        listener(request_id, body)
        heard.set()

    async def elsewhere() -> None:
        receiver.attach(told)
        attached.set()
        with anyio.fail_after(5):
            while not heard.is_set():  # noqa: ASYNC110 - it is set by this very loop
                await anyio.sleep(0.01)

    thread = threading.Thread(target=lambda: anyio.run(elsewhere, backend=backend))
    thread.start()
    await anyio.to_thread.run_sync(attached.wait, 5)
    await ask(receiver, sent_by_bria.sends())
    await anyio.to_thread.run_sync(thread.join, 5)

    assert listener.heard == ["7f3c"]
    assert listener.threads == {thread}


async def test_a_server_may_start_and_stop_it(receiver: WebhookReceiver) -> None:
    """The lifespan protocol, which a server speaks before the first request."""
    received = iter(["lifespan.startup", "lifespan.shutdown"])
    sent: list[str] = []

    async def receive() -> dict[str, Any]:
        return {"type": next(received)}

    async def send(message: Any) -> None:
        sent.append(message["type"])

    await receiver({"type": "lifespan"}, receive, send)

    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


async def test_a_websocket_is_closed(receiver: WebhookReceiver) -> None:
    """It is no such thing."""
    sent: list[str] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message["type"])

    await receiver({"type": "websocket", "path": PATH}, receive, send)

    assert sent == ["websocket.close"]


async def test_a_sender_that_left_before_the_answer_is_no_failure(
    receiver: WebhookReceiver, sent_by_bria: Bria, ask: Ask
) -> None:
    """The delivery is taken; only the answer is lost, and the sender comes again."""

    class Gone(WebhookReceiver):
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            async def lost(_: object) -> None:
                raise OSError

            await super().__call__(scope, receive, lost)

    receiver = Gone(URL, tokens=TOKEN, clock=sent_by_bria.clock)
    await ask(receiver, sent_by_bria.sends())

    assert receiver.delivered("7f3c") is not None


def test_it_shows_no_token_and_is_not_copied() -> None:
    """Neither repr nor pickle; and it holds none, only keys."""
    receiver = WebhookReceiver(f"{URL}?key=secret", tokens=["secret-token"])

    assert repr(receiver) == f"<WebhookReceiver {URL}>"
    assert "secret-token" not in repr(vars(receiver))
    for copied in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="make another one"):
            copied(receiver)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.test/bria",
        "ftp://hooks.test/bria",
        "https:///bria",
        "https://user:secret@hooks.test/bria",
        "https://hooks.test/bria#here",
        "https://hooks.test/br ia",
        "https://hooks.test/bria\n",
        "https://hooks.test:port/bria",
        "https://[hooks.test/bria",
    ],
)
def test_an_address_that_bria_cannot_call_is_a_mistake(url: str) -> None:
    """And is not repeated, because of what it may hold."""
    with pytest.raises(ConfigurationError, match="public address") as caught:
        WebhookReceiver(url)

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "settings",
    [{"tokens": [""]}, {"freshness": 0}, {"freshness": float("nan")}, {"max_bytes": 0}],
)
def test_a_setting_that_cannot_be_right_is_a_mistake(settings: dict[str, Any]) -> None:
    """Said at once, not at the first delivery."""
    with pytest.raises(ConfigurationError):
        WebhookReceiver(URL, **settings)


def test_it_needs_nothing_beyond_the_base_install() -> None:
    """Servers and frameworks are the user's choice; the `webhooks` extra only suggests one."""
    code = (
        "import sys\nfrom bria_tailored_ext.webhooks import WebhookReceiver, verify_signature\n"
        "heavy = ('uvicorn', 'starlette', 'fastapi', 'aiohttp', 'trio')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"
