"""The client's side: it asks for webhooks, and ends with what they tell."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from bria_tailored.types import UNSET
from bria_tailored_ext import (
    ConfigurationError,
    ImageRequest,
    JobFailed,
    JobState,
    StructuredPromptRequest,
    TailoredClient,
    VideoRequest,
)
from bria_tailored_ext.webhooks import WebhookReceiver

if TYPE_CHECKING:
    from tests.conftest import Script, VirtualClock
    from tests.webhooks.conftest import Ask, Bria

pytestmark = pytest.mark.anyio

URL = "https://hooks.test/bria/webhooks"
OWN = "https://own.test/hook"
ACCEPTED = {"request_id": "7f3c", "status_url": "https://bria.test/v2/status/7f3c"}


def an_image(**fields: Any) -> ImageRequest:
    return ImageRequest(tailored_model_id="7", prompt="a cup", **fields)


@pytest.mark.parametrize(
    "request_body",
    [
        an_image(),
        an_image(sync=False),
        StructuredPromptRequest(tailored_model_id="7", prompt="a cup"),
        VideoRequest(tailored_model_id="7", image="https://cdn.test/a.png"),
    ],
)
async def test_every_submit_asks_for_a_webhook(
    script: Script, receiver: WebhookReceiver, request_body: Any
) -> None:
    """At the receiver's address; the request itself stays as the caller made it."""
    network = script.network(script.answer(202, ACCEPTED))

    async with script.client(network, webhooks=receiver) as bria:
        await bria.submit(request_body)
        await bria.with_options(plan=None).submit(request_body)

    expected = {**request_body.to_dict(), "webhook_url": URL}
    assert [json.loads(each.body) for each in network.seen] == [expected] * 2
    assert request_body.webhook_url is UNSET


def with_a_property() -> ImageRequest:
    request = an_image()
    request["webhook_url"] = OWN
    return request


@pytest.mark.parametrize("request_body", [an_image(webhook_url=OWN), with_a_property()])
async def test_the_callers_own_webhook_stands(
    script: Script, receiver: WebhookReceiver, request_body: ImageRequest
) -> None:
    """Whoever names one wants to hear of it there."""
    network = script.network(script.answer(202, ACCEPTED))

    async with script.client(network, webhooks=receiver) as bria:
        await bria.submit(request_body)

    assert json.loads(network.seen[0].body)["webhook_url"] == OWN


async def test_a_synchronous_submit_asks_for_none(
    script: Script, receiver: WebhookReceiver
) -> None:
    """Its answer is the outcome; Bria documents webhooks for asynchronous requests only."""
    network = script.network(script.answer(200, {"image_url": "https://cdn.test/a.png"}))

    async with script.client(network, webhooks=receiver) as bria:
        await bria.submit(an_image(sync=True))

    assert "webhook_url" not in json.loads(network.seen[0].body)


async def test_additional_properties_are_sent_along(
    script: Script, receiver: WebhookReceiver
) -> None:
    """Nothing of the request is lost by adding to it."""
    network = script.network(script.answer(202, ACCEPTED))
    request = an_image()
    request["of_tomorrow"] = 1

    async with script.client(network, webhooks=receiver) as bria:
        await bria.submit(request)

    assert json.loads(network.seen[0].body)["of_tomorrow"] == 1


async def test_the_clients_token_counts_while_it_is_open(
    script: Script, clock: VirtualClock, ask: Ask, sent_by_bria: Bria
) -> None:
    """Nobody needs to configure it twice."""
    receiver = WebhookReceiver(URL, clock=clock)
    network = script.network(script.answer(202, ACCEPTED))
    client = script.client(network, webhooks=receiver, clock=clock)
    answers: list[int] = []

    async def deliver() -> None:
        answers.append((await ask(receiver, sent_by_bria.sends())).status)

    await deliver()
    for _ in range(2):
        async with client:
            await deliver()
        await deliver()

    assert answers == [503, 200, 503, 200, 503]
    assert script.token not in repr(vars(client)) + repr(vars(receiver))


async def test_a_token_that_rotates_is_followed(
    script: Script, clock: VirtualClock, ask: Ask, sent_by_bria: Bria
) -> None:
    """At the next submit; the two before it still count, for the jobs that they submitted."""
    receiver = WebhookReceiver(URL, clock=clock)
    network = script.network(script.answer(202, ACCEPTED))
    tokens = ["first"]

    async def taken() -> list[str]:
        names = ["first", "second", "third", "fourth"]
        sent = [sent_by_bria.sends(f"job of the {name}", token=name) for name in names]
        answers = [await ask(receiver, each) for each in sent]
        return [name for name, each in zip(names, answers, strict=True) if each.status == 200]

    async with script.client(
        network, webhooks=receiver, clock=clock, api_token=lambda: tokens[-1]
    ) as bria:
        assert await taken() == ["first"]
        for name in ("second", "third"):
            tokens.append(name)
            await bria.submit(an_image())
            await bria.submit(an_image())
        assert await taken() == ["first", "second", "third"]
        for name in tokens:
            assert bria.job(f"job of the {name}").state is JobState.COMPLETED
        tokens.append("fourth")
        await bria.submit(an_image())
        assert await taken() == ["second", "third", "fourth"]
        for name in tokens:
            assert f"'{name}'" not in repr(vars(vars(bria)["_callbacks"]))

    assert await taken() == []


async def test_a_client_that_cannot_open_leaves_nothing_attached(
    script: Script, clock: VirtualClock, ask: Ask, sent_by_bria: Bria
) -> None:
    """Neither where the receiver refuses, nor where the connections cannot be made."""
    refusals = [RuntimeError("not yet")]

    class Refusing(WebhookReceiver):
        def attach(self, *arguments: Any, **named: Any) -> Callable[[], None]:
            if refusals:
                raise refusals.pop()
            return super().attach(*arguments, **named)

    receiver = Refusing(URL, clock=clock)
    client = script.client(script.network(script.answer(202, ACCEPTED)), webhooks=receiver)

    with pytest.raises(RuntimeError, match="not yet"):
        await client.__aenter__()
    async with client:
        assert (await ask(receiver, sent_by_bria.sends())).status == 200

    broken = TailoredClient(
        api_token=script.token, base_url=script.origin, webhooks=receiver, verify="nowhere.pem"
    )
    with pytest.raises((ConfigurationError, OSError)):
        await broken.__aenter__()
    assert (await ask(receiver, sent_by_bria.sends())).status == 503


async def test_what_was_delivered_while_the_client_was_closed_is_known_once_it_opens(
    script: Script, clock: VirtualClock, receiver: WebhookReceiver, ask: Ask, sent_by_bria: Bria
) -> None:
    """By every handle from before, whether its job was submitted here or taken up."""
    network = script.network(script.answer(202, ACCEPTED), script.answer(200, {"status": "?"}))
    client = script.client(network, webhooks=receiver, clock=clock)

    async with client as bria:
        jobs = [await bria.submit(an_image()), bria.job("taken-up"), bria.job("another")]
        del bria
    for request_id in ("7f3c", "taken-up", "unheard-of"):
        assert (await ask(receiver, sent_by_bria.sends(request_id))).status == 200
    async with client:
        assert [job.state.is_final for job in jobs] == [True, True, False]
        assert (await jobs[0].result()).request_id == "7f3c"

    assert len(network.asked) == 1
    assert clock.slept == []


async def test_a_job_without_a_handle_is_not_expected(
    script: Script, receiver: WebhookReceiver, ask: Ask, sent_by_bria: Bria
) -> None:
    """A client that lives for months does not grow with each job."""
    network = script.network(script.answer(202, ACCEPTED))
    client = script.client(network, webhooks=receiver)

    async with client as bria:
        await bria.submit(an_image())
    gc.collect()
    await ask(receiver, sent_by_bria.sends("7f3c"))

    assert client._poller.open_jobs() == []


async def test_a_delivery_that_never_comes_costs_minutes_and_a_look(
    script: Script, clock: VirtualClock, receiver: WebhookReceiver
) -> None:
    """Polling falls back, slowly."""
    done = {"status": "COMPLETED", "result": {"image_url": "https://cdn.test/7f3c.png"}}
    network = script.network(script.answer(202, ACCEPTED), script.answer(200, done))

    async with script.client(network, webhooks=receiver, clock=clock) as bria:
        job = await bria.submit(an_image())
        begin = clock.monotonic()
        result = await job.result()

    assert result.image_url == "https://cdn.test/7f3c.png"
    assert 60 <= clock.monotonic() - begin <= 300
    assert len(network.asked) == 2


async def test_a_job_that_reports_elsewhere_is_polled_as_usual(
    script: Script, clock: VirtualClock, receiver: WebhookReceiver
) -> None:
    """Nothing will come here."""
    done = {"status": "COMPLETED", "result": {"image_url": "https://cdn.test/7f3c.png"}}
    network = script.network(script.answer(202, ACCEPTED), script.answer(200, done))

    async with script.client(network, webhooks=receiver, clock=clock) as bria:
        job = await bria.submit(an_image(webhook_url=OWN))
        begin = clock.monotonic()
        await job.result()

    assert clock.monotonic() - begin < 60


@pytest.mark.parametrize(
    ("body", "state"),
    [
        ({"status": "ERROR", "error": {"code": 500, "message": "it broke"}}, JobState.FAILED),
        ({"status": "failed"}, JobState.FAILED),
        ({"status": "UNKNOWN"}, JobState.UNKNOWN),
    ],
)
async def test_a_delivery_may_tell_of_a_failure(
    script: Script,
    clock: VirtualClock,
    receiver: WebhookReceiver,
    ask: Ask,
    sent_by_bria: Bria,
    body: dict[str, Any],
    state: JobState,
) -> None:
    """Its body says what a look would have said; UNKNOWN is not final there either."""
    network = script.network(script.answer(202, ACCEPTED))

    async with script.client(network, webhooks=receiver, clock=clock) as bria:
        job = await bria.submit(an_image())
        assert (await ask(receiver, sent_by_bria.sends(job.request_id, body))).status == 200
        await anyio.sleep(0.01)
        assert job.state is state
        if state.is_final:
            with pytest.raises(JobFailed):
                await job.result()

    assert len(network.asked) == 1
