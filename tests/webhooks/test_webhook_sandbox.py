"""The sandbox as the sender: its signature is written from the documentation a second time."""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from bria_tailored_ext import (
    CreateDataset,
    CreateModel,
    CreateProject,
    ImageRequest,
    TailoredClient,
    VideoRequest,
)
from bria_tailored_ext.sandbox import Fault, Sandbox
from bria_tailored_ext.webhooks import WebhookReceiver
from bria_tailored_ext.workflows import (
    complete_dataset,
    define_visual_identity,
    train,
    upload_images,
)

if TYPE_CHECKING:
    from tests.webhooks.conftest import Serve

pytestmark = pytest.mark.anyio


def drawn(number: int) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (256, 256), (40 * number, 200 - 30 * number, 120)).save(written, "PNG")
    return written.getvalue()


async def a_trained_model(bria: TailoredClient, sandbox: Sandbox) -> str:
    pictures = [drawn(number) for number in range(5)]
    project = await bria.projects.create_project(
        body=CreateProject(project_name="x", ip_medium="photography", ip_type="other")
    )
    dataset = await bria.datasets.create_dataset(
        body=CreateDataset(project_id=project.id, name="x")
    )
    await define_visual_identity(bria, dataset.id, pictures)
    assert not (await upload_images(bria, dataset.id, pictures)).failed
    sandbox.advance(600)
    await complete_dataset(bria, dataset.id)
    model = await bria.models.create_model(body=CreateModel(name="x", dataset_id=dataset.id))
    await train(bria, model.id)
    sandbox.advance(hours=6)
    return str(model.id)


async def test_jobs_of_the_sandbox_end_with_their_webhooks(serve: Serve, free_port: int) -> None:
    """From the submit to the picture, each webhook sent twice, and not one look."""
    receiver = WebhookReceiver(f"http://127.0.0.1:{free_port}/bria/webhooks")
    serve(receiver, free_port)
    async with (
        Sandbox(speed=0, seed=1, faults=[Fault("duplicate_webhook")]) as sandbox,
        TailoredClient(
            api_token=sandbox.api_token, base_url=sandbox.base_url, plan=None, webhooks=receiver
        ) as bria,
    ):
        model_id = await a_trained_model(bria, sandbox)
        begin = time.perf_counter()
        job = await bria.submit(ImageRequest(tailored_model_id=model_id, prompt="a teapot"))
        sandbox.advance(300)
        image = await job.result(timeout=30)
        film = await bria.submit(VideoRequest(tailored_model_id=model_id, image=image.image_url))
        sandbox.advance(3600)
        video = await film.result(timeout=30)
        seconds = time.perf_counter() - begin
        statistics = bria.statistics()

    assert image.request_id == job.request_id
    assert image.image_url.startswith(sandbox.base_url)
    assert video.video_url.startswith(sandbox.base_url)
    assert (statistics.jobs, statistics.polls) == (2, 0)
    assert seconds < 20
