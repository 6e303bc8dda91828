"""What users write, as type checkers see it. `make type` checks this file; nothing runs it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, assert_type

import pytest

from bria_tailored.client import AuthenticatedClient
from bria_tailored.types import Unset
from bria_tailored_ext import (
    Attempt,
    BriaError,
    Dataset,
    EndpointStatistics,
    ImageRequest,
    ImageResult,
    Job,
    JobEvent,
    JobKind,
    JobState,
    Model,
    NotFoundError,
    Placeholder,
    Plan,
    Project,
    Result,
    StructuredPromptRequest,
    StructuredPromptResult,
    TailoredClient,
    UpdateDataset,
    VideoRequest,
    VideoResult,
    WaitTimeout,
)
from bria_tailored_ext.batch import Batch, Outcome, OutcomeState, run_batch
from bria_tailored_ext.sandbox import Sandbox
from bria_tailored_ext.webhooks import WebhookReceiver, verify_signature
from bria_tailored_ext.workflows import (
    ImageSource,
    UploadReport,
    VisualIdentity,
    define_visual_identity,
    generate_and_wait,
    train_and_wait,
    upload_images,
)

IMAGE = ImageRequest(tailored_model_id="7", prompt="a teapot at dawn")
PROMPT = StructuredPromptRequest(tailored_model_id="7", prompt="a teapot at dawn")
VIDEO = VideoRequest(tailored_model_id="7", image="https://bria.test/a.png")


async def a_job_knows_what_it_makes(bria: TailoredClient) -> None:
    """The request decides the type of the result, by every way to it."""
    job = assert_type(await bria.submit(IMAGE), Job[ImageResult])
    assert_type(await bria.submit(PROMPT), Job[StructuredPromptResult])
    assert_type(await bria.submit(VIDEO), Job[VideoResult])

    assert_type(await job, ImageResult)
    assert_type(await job.result(timeout=None), ImageResult)
    assert_type(await job.wait(timeout=60), JobState)
    assert_type(await job.poll(), JobState)
    assert_type(job.kind, JobKind | None)
    async for event in job.events():
        assert_type(event, JobEvent)

    assert_type(await generate_and_wait(bria, IMAGE), ImageResult)
    assert_type(await generate_and_wait(bria, PROMPT, timeout=30.0), StructuredPromptResult)
    assert_type(await generate_and_wait(bria, VIDEO), VideoResult)


async def a_job_taken_up_later_may_make_anything(bria: TailoredClient) -> None:
    """Only its result says what it is."""
    job = assert_type(bria.job("7f3c"), Job[Result])
    assert_type(Job.from_dict(bria, job.to_dict()), Job[Result])
    result = await job.result()
    if isinstance(result, ImageResult):
        assert_type(result, ImageResult)
        assert_type(result.seed, int | None)


async def a_placeholder_is_a_handle_as_a_job_is(bria: TailoredClient) -> None:
    """It makes a picture, whatever it was taken up from."""
    placeholder = bria.placeholder("https://bria.test/a.png")
    assert_type(await placeholder, ImageResult)
    assert_type(placeholder.kind, JobKind)
    assert_type(Placeholder.from_dict(bria, placeholder.to_dict()), Placeholder)
    async for event in placeholder.events():
        assert_type(event, JobEvent)


async def what_cannot_be_submitted_is_refused(bria: TailoredClient) -> None:
    """A mistake shows in the editor."""
    await bria.submit("a teapot")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]
    await bria.submit(IMAGE, timeout=3)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    TailoredClient("token")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    TailoredClient(plan="pay_as_you_did")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


async def operations_are_typed(bria: TailoredClient) -> None:
    """Facades and raw functions take and give classes."""
    assert_type(bria.api, AuthenticatedClient)
    assert_type(await bria.models.get_model(model_id=7), Model)
    assert_type(await bria.projects.get_projects(), list[Project])
    dataset = await bria.datasets.update_dataset(dataset_id=7, body=UpdateDataset(name="v2"))
    assert_type(dataset, Dataset)
    assert_type(dataset.id, int)
    assert_type(UpdateDataset().name, str | Unset)


async def workflows_are_typed(bria: TailoredClient, folder: Path) -> None:
    """What they report has fields."""
    pictures: list[ImageSource] = [folder / "a.png", b"bytes", "https://bria.test/a.png"]
    assert_type(await upload_images(bria, 7, pictures), UploadReport)
    assert_type(await define_visual_identity(bria, 7, pictures), VisualIdentity)
    assert_type(await train_and_wait(bria, 7), Model)


async def batches_are_typed(bria: TailoredClient, folder: Path) -> None:
    """A batch gives outcomes."""
    batch = run_batch(bria, [IMAGE], journal=folder / "journal", output_dir=folder)
    assert_type(batch, Batch)
    async with batch as outcomes:
        async for outcome in outcomes:
            assert_type(outcome, Outcome)
            assert_type(outcome.state, OutcomeState)


async def webhooks_are_typed(body: bytes, headers: Mapping[str, str]) -> None:
    """A receiver is what a client takes."""
    verify_signature(headers, body, tokens="token")
    receiver = WebhookReceiver("https://me.test/bria", tokens="token")
    async with TailoredClient(webhooks=receiver) as bria:
        assert_type(bria, TailoredClient)


async def a_client_takes_its_settings(seen: list[Attempt]) -> None:
    """Names of plans are checked; a plan of one's own is a value."""
    plan = Plan(requests_per_minute=300, overrides={"POST /v2/image/generate/tailored": 30})
    async with TailoredClient(plan=plan, hooks=[seen.append]) as bria:
        assert_type(bria.statistics().endpoints, Mapping[str, EndpointStatistics])
    TailoredClient(api_token=lambda: "token", plan=None, http_backend="httpx")


def the_sandbox_is_typed() -> None:
    """It is a context manager of either kind."""
    with Sandbox(speed=3600.0, seed=7) as sandbox:
        assert_type(sandbox.base_url, str)
        assert_type(sandbox.api_token, str)


def errors_carry_facts(error: BriaError) -> None:
    """The same as in the sentence, as attributes."""
    if isinstance(error, WaitTimeout):
        assert_type(error.request_id, str)
    elif isinstance(error, NotFoundError):
        assert_type(error.status, int)


async def fixtures_are_typed(bria: TailoredClient, bria_sandbox: Sandbox) -> None:
    """What a team's tests ask for by name."""
    with pytest.raises(BriaError):
        await bria.models.get_model(model_id=1)
    assert_type(bria_sandbox.base_url, str)
    unknown: dict[str, Any] = {}
    assert_type(Model.from_dict(unknown), Model)
