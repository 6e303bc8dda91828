"""Jobs end with the delivery: over real sockets, the receiver in a thread of its own."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from bria_tailored_ext import ImageRequest, JobState, TailoredClient, WaitTimeout
from bria_tailored_ext.webhooks import WebhookReceiver

if TYPE_CHECKING:
    from tests.webhooks.conftest import Calling, Serve, When

pytestmark = pytest.mark.anyio

PATH = "/bria/webhooks"
TOKEN = "secret-token-of-the-tests"
IMAGE = ImageRequest(tailored_model_id="7", prompt="a cup")


@pytest.fixture
def hooked(serve: Serve, free_port: int) -> WebhookReceiver:
    """A receiver that is served, in a thread of its own."""
    receiver = WebhookReceiver(f"http://127.0.0.1:{free_port}{PATH}")
    serve(receiver, free_port)
    return receiver


def client(calling: Calling, receiver: WebhookReceiver, **settings: Any) -> TailoredClient:
    return TailoredClient(
        api_token=TOKEN, base_url=calling.base_url, plan=None, webhooks=receiver, **settings
    )


@pytest.mark.parametrize("when", ["before the answer", "after the answer", "twice"])
async def test_a_job_ends_with_its_delivery(
    calling: Calling, hooked: WebhookReceiver, when: When
) -> None:
    """At once, and without a single look; even if it comes before the answer to the submit."""
    calling.when = when

    async with client(calling, hooked) as bria:
        job = await bria.submit(IMAGE)
        begin = time.perf_counter()
        result = await job.result(timeout=20)
        seconds = time.perf_counter() - begin

    assert result.image_url == f"https://cdn.test/{job.request_id}.png"
    assert job.state is JobState.COMPLETED
    assert calling.polls == []
    # The delivery itself is sent after 0.05 s; a first look would come after a minute.
    assert seconds < 30


async def test_many_jobs_end_with_their_deliveries(
    calling: Calling, hooked: WebhookReceiver
) -> None:
    """Each with its own."""
    results: dict[str, str] = {}

    async def draw(bria: TailoredClient) -> None:
        job = await bria.submit(IMAGE)
        results[job.request_id] = (await job.result(timeout=20)).image_url

    async with client(calling, hooked) as bria, anyio.create_task_group() as tasks:
        for _ in range(50):
            tasks.start_soon(draw, bria)

    assert results == {f"job-{n}": f"https://cdn.test/job-{n}.png" for n in range(1, 51)}
    assert calling.polls == []


async def test_a_delivery_that_nobody_awaited_is_found_later(
    calling: Calling, hooked: WebhookReceiver
) -> None:
    """By the same handle, by another, and by another client of the account."""
    async with client(calling, hooked) as bria, client(calling, hooked) as other:
        job = await bria.submit(IMAGE)
        with anyio.fail_after(5):
            while hooked.delivered(job.request_id, token=TOKEN) is None:  # noqa: ASYNC110
                await anyio.sleep(0.01)

        for handle in (job, bria.job(job.request_id), other.job(job.request_id)):
            assert await handle.wait(timeout=5) is JobState.COMPLETED

    assert calling.polls == []


async def test_several_clients_share_a_receiver(calling: Calling, hooked: WebhookReceiver) -> None:
    """Each gets what it waits for."""
    async with client(calling, hooked) as first, client(calling, hooked) as second:
        jobs = [await each.submit(IMAGE) for each in (first, second, first)]
        for job in jobs:
            assert await job.wait(timeout=5) is JobState.COMPLETED

    assert calling.polls == []


async def test_without_a_delivery_the_wait_still_ends(
    calling: Calling, hooked: WebhookReceiver
) -> None:
    """At its timeout, with the id to go on with."""
    calling.when = "never"

    async with client(calling, hooked) as bria:
        job = await bria.submit(IMAGE)
        with pytest.raises(WaitTimeout) as caught:
            await job.wait(timeout=0.3)

    assert caught.value.request_id == job.request_id
