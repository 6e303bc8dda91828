"""Submitting: one POST, checked before it leaves, never sent twice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from bria_tailored_ext import (
    ApiError,
    BriaConnectionError,
    ImageRequest,
    ImageResult,
    InvalidInputError,
    JobKind,
    JobState,
    ModerationError,
    QuotaExceededError,
    StructuredPromptRequest,
    StructuredPromptResult,
    SubmitOutcomeUnknown,
    UnexpectedAnswerError,
    VideoRequest,
)

if TYPE_CHECKING:
    from tests.conftest import Script, VirtualClock

pytestmark = pytest.mark.anyio

IMAGE = ImageRequest(tailored_model_id="7", prompt="a cup", seed=3)
KINDS: list[tuple[Any, JobKind, str]] = [
    (IMAGE, JobKind.IMAGE, "/v2/image/generate/tailored"),
    (
        StructuredPromptRequest(tailored_model_id="7", prompt="a cup"),
        JobKind.STRUCTURED_PROMPT,
        "/v2/structured_prompt/generate/tailored",
    ),
    (
        VideoRequest(tailored_model_id="7", image="https://cdn.test/a.png"),
        JobKind.VIDEO,
        "/v2/video/generate/tailored/image-to-video",
    ),
]
ACCEPTED = {"request_id": "7f3c", "status_url": "https://bria.test/v2/status/7f3c"}


@pytest.mark.parametrize(
    ("request_body", "kind", "path"), KINDS, ids=[k.value for _, k, _ in KINDS]
)
async def test_each_kind_is_one_post_to_its_path(
    script: Script, clock: VirtualClock, request_body: Any, kind: JobKind, path: str
) -> None:
    """The handle is there at once: nothing else is asked."""
    network = script.network(script.answer(202, ACCEPTED))

    async with script.client(network, clock=clock) as bria:
        job = await bria.submit(request_body)

    assert network.asked == [f"POST {path}"]
    assert json.loads(network.seen[0].body) == request_body.to_dict()
    assert (job.request_id, job.kind, job.state) == ("7f3c", kind, JobState.IN_PROGRESS)
    assert job.submitted_at == clock.now()
    assert clock.slept == []


async def test_unset_means_absent(script: Script) -> None:
    """Bria's defaults are Bria's to apply."""
    network = script.network(script.answer(202, ACCEPTED))

    async with script.client(network) as bria:
        await bria.submit(ImageRequest(tailored_model_id="7", prompt="a cup"))

    assert json.loads(network.seen[0].body) == {"tailored_model_id": "7", "prompt": "a cup"}


@pytest.mark.parametrize(
    "request_body",
    [
        ImageRequest(tailored_model_id="7"),
        ImageRequest(tailored_model_id="", prompt="a cup"),
        ImageRequest(tailored_model_id=7, prompt="a cup"),  # type: ignore[arg-type]
        ImageRequest(tailored_model_id="7", prompt="a cup", steps_num=5),
        ImageRequest(tailored_model_id="7", structured_prompt="{}"),
        ImageRequest(tailored_model_id="7", structured_prompt={}, seed=1),  # type: ignore[arg-type]
        StructuredPromptRequest(tailored_model_id="7"),
        VideoRequest(tailored_model_id="", image="https://cdn.test/a.png"),
        {"tailored_model_id": "7", "prompt": "a cup"},
        None,
    ],
)
async def test_a_request_that_breaks_a_rule_is_not_sent(script: Script, request_body: Any) -> None:
    """What can be known beforehand costs nothing, not even a request."""
    network = script.network(script.answer(202, ACCEPTED))

    async with script.client(network) as bria:
        with pytest.raises(InvalidInputError):
            await bria.submit(request_body)

    assert network.seen == []


@pytest.mark.parametrize(
    "body",
    [
        {"image_url": "https://cdn.test/a.png", "structured_prompt": "{}"},
        {"image_url": "https://cdn.test/a.png", "structured_prompt": "{}", "request_id": "7f3c"},
        {
            "result": {
                "image_url": "https://cdn.test/a.png",
                "structured_prompt": "{}",
                "seed": "3",
            },
            "request_id": "7f3c",
            "warning": "upscaled",
        },
    ],
    ids=["flat", "flat with an id", "enveloped"],
)
async def test_a_synchronous_answer_is_a_final_job(
    script: Script, clock: VirtualClock, body: dict[str, Any]
) -> None:
    """`sync` answers with the result itself: nothing is polled for it."""
    network = script.network(script.answer(200, body))

    async with script.client(network, clock=clock) as bria:
        job = await bria.submit(ImageRequest(tailored_model_id="7", prompt="a cup", sync=True))
        state = await job.wait()
        result = await job.result()

    assert state is JobState.COMPLETED
    assert isinstance(result, ImageResult)
    assert result.image_url == "https://cdn.test/a.png"
    assert result.structured_prompt == "{}"
    assert result.warning == body.get("warning")
    assert len(network.seen) == 1


async def test_a_synchronous_structured_prompt_is_one(script: Script) -> None:
    """The second kind that can be synchronous."""
    network = script.network(script.answer(200, {"structured_prompt": '{"a": 1}'}))

    async with script.client(network) as bria:
        job = await bria.submit(
            StructuredPromptRequest(tailored_model_id="7", prompt="a cup", sync=True)
        )
        result = await job.result()

    assert isinstance(result, StructuredPromptResult)
    assert result.parsed() == {"a": 1}


async def test_a_synchronous_answer_without_a_result_is_no_result(script: Script) -> None:
    """An empty 200 is not a picture."""
    network = script.network(script.answer(200, {"request_id": "7f3c"}))

    async with script.client(network) as bria:
        job = await bria.submit(IMAGE)
        with pytest.raises(UnexpectedAnswerError, match="It is paid for"):
            await job.result()


@pytest.mark.parametrize("request_id", [None, "", {}, True])
async def test_an_accepted_job_without_an_id_is_not_made_up(
    script: Script, request_id: object
) -> None:
    """Bria's own client goes on with the id "unknown"."""
    network = script.network(script.answer(202, {"request_id": request_id}))

    async with script.client(network) as bria:
        with pytest.raises(SubmitOutcomeUnknown, match="look at Bria before you send it again"):
            await bria.submit(IMAGE)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (422, {"error": {"message": "content moderation"}}, ModerationError),
        (403, "Quota exceeded", QuotaExceededError),
        (202, {}, SubmitOutcomeUnknown),
        (202, b"<html>", SubmitOutcomeUnknown),
        (200, b"", SubmitOutcomeUnknown),
        (201, ACCEPTED, SubmitOutcomeUnknown),
        (302, b"", UnexpectedAnswerError),
        (408, b"", SubmitOutcomeUnknown),
        (500, b"", SubmitOutcomeUnknown),
        (502, b"<html>", SubmitOutcomeUnknown),
        (503, {"message": "busy"}, SubmitOutcomeUnknown),
        (504, b"", SubmitOutcomeUnknown),
        (524, b"<html>", SubmitOutcomeUnknown),
    ],
)
async def test_an_answer_that_is_no_job_is_raised_and_not_repeated(
    script: Script,
    clock: VirtualClock,
    status: int,
    body: object,
    kind: type[ApiError] | type[SubmitOutcomeUnknown],
) -> None:
    """After any answer that may mean a job, a second POST could buy a second one."""
    network = script.network(script.answer(status, body))

    async with script.client(network, clock=clock) as bria:
        with pytest.raises((ApiError, SubmitOutcomeUnknown)) as caught:
            await bria.submit(IMAGE)

    assert isinstance(caught.value, kind)
    assert caught.value.status == status
    assert len(network.seen) == 1


async def test_a_submit_that_broke_off_is_not_repeated(script: Script, clock: VirtualClock) -> None:
    """Its outcome is unknown, and there is no idempotency key."""
    network = script.network(script.fail(httpx.ReadTimeout))

    async with script.client(network, clock=clock) as bria:
        with pytest.raises(SubmitOutcomeUnknown, match="may have been carried out and billed"):
            await bria.submit(IMAGE)

    assert len(network.seen) == 1


async def test_a_submit_that_never_arrived_says_that_instead(
    script: Script, clock: VirtualClock
) -> None:
    """A refused connection cost nothing."""
    network = script.network(script.fail(httpx.ConnectError))

    async with script.client(network, clock=clock) as bria:
        with pytest.raises(BriaConnectionError):
            await bria.submit(IMAGE)
