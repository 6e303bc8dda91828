"""A sandbox on a real socket, whose time is moved by the client's clock."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import attrs
import httpx
import pytest
from PIL import Image, ImageDraw

from bria_tailored.models import UploadType
from bria_tailored_ext import (
    CreateDataset,
    CreateModel,
    CreateProject,
    Dataset,
    Model,
    TailoredClient,
)
from bria_tailored_ext.sandbox import Sandbox
from bria_tailored_ext.workflows import (
    complete_dataset,
    define_visual_identity,
    train,
    train_and_wait,
    upload_images,
    wait_for_captions,
)

if TYPE_CHECKING:
    from tests.conftest import VirtualClock


def drawn(number: int) -> bytes:
    """A small picture; another number, another picture."""
    picture = Image.new("RGB", (256, 256), ((37 * number) % 256, (91 * number) % 256, 120))
    ImageDraw.Draw(picture).ellipse((40 + number, 40, 180, 180), fill=(250, 200, number % 256))
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


@pytest.fixture(scope="session")
def pictures() -> list[bytes]:
    """Twelve pictures."""
    return [drawn(number) for number in range(12)]


class CountingTransport(httpx.AsyncBaseTransport):
    """The real network, and what went over it."""

    def __init__(self) -> None:
        self._inner = httpx.AsyncHTTPTransport()
        self.answers: Counter[tuple[str, str, int]] = Counter()
        self.under_way = 0
        self.most_under_way = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            response = await self._inner.handle_async_request(request)
            await response.aread()
        finally:
            self.under_way -= 1
        last = request.url.path.rsplit("/", 1)[-1]
        self.answers[request.method, last, response.status_code] += 1
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()

    def count(self, method: str, last: str | None = None, *, below: int = 600) -> int:
        """How many requests had that method and last part of the path, by their answers."""
        return sum(
            number
            for (asked, part, status), number in self.answers.items()
            if asked == method and last in (None, part) and status < below
        )


@attrs.frozen
class Studio:
    """A client of a sandbox, and the steps that a test starts from."""

    sandbox: Sandbox
    bria: TailoredClient
    network: CountingTransport
    clock: VirtualClock
    pictures: list[bytes]

    async def draft(self, upload_type: UploadType = "basic") -> int:
        """An empty dataset."""
        project = await self.bria.projects.create_project(
            body=CreateProject(project_name="x", ip_medium="photography", ip_type="other")
        )
        body = CreateDataset(project_id=project.id, name="x", upload_type=upload_type)
        return (await self.bria.datasets.create_dataset(body=body)).id

    async def filled(self, count: int = 5) -> int:
        """A dataset with a schema and captioned pictures."""
        dataset = await self.draft()
        await define_visual_identity(self.bria, dataset, self.pictures[:5])
        report = await upload_images(self.bria, dataset, self.pictures[:count])
        assert not report.failed
        await wait_for_captions(self.bria, dataset)
        return dataset

    async def completed(self) -> Dataset:
        """A dataset that can be trained on."""
        return await complete_dataset(self.bria, await self.filled())

    async def model(self, mode: str = "fully_automated") -> int:
        """A model that was not started."""
        dataset = await self.completed()
        body = CreateModel(name="x", dataset_id=dataset.id, training_mode=mode)  # type: ignore[arg-type]
        return (await self.bria.models.create_model(body=body)).id

    async def trained(self) -> Model:
        """A model that can generate."""
        model_id = await self.model()
        await train(self.bria, model_id)
        self.sandbox.advance(hours=6)
        return await train_and_wait(self.bria, model_id)

    def billed(self) -> list[str]:
        """The operations in the sandbox's books."""
        return [call.operation for call in self.sandbox.books]


@pytest.fixture
async def studio(clock: VirtualClock, pictures: list[bytes]) -> AsyncIterator[Studio]:
    network = CountingTransport()
    async with (
        Sandbox(speed=0, seed=1) as sandbox,
        TailoredClient(
            api_token=sandbox.api_token,
            base_url=sandbox.base_url,
            clock=clock,
            transport=network,
        ) as bria,
    ):
        clock.on_sleep.append(sandbox.advance)
        yield Studio(sandbox, bria, network, clock, pictures)
