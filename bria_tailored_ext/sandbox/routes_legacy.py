"""The paths of v1 that generate: deprecated at Bria, and still in use."""

from collections.abc import Sequence

import attrs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bria_tailored_ext.sandbox import prices
from bria_tailored_ext.sandbox.gate import Gate, JsonResponse, number_in_path, origin
from bria_tailored_ext.sandbox.holding import finished
from bria_tailored_ext.sandbox.intake import Intake, Unusable, shown_picture
from bria_tailored_ext.sandbox.legacy import LegacyJobs, caption_prefix, model_id_of
from bria_tailored_ext.sandbox.legacy_rules import (
    LegacyAsk,
    portrait_ask,
    prefix_ask,
    reimagine_ask,
    text_ask,
)
from bria_tailored_ext.sandbox.pictures import Picture
from bria_tailored_ext.sandbox.records import FileEntry, Job, Model
from bria_tailored_ext.sandbox.refusal import message
from bria_tailored_ext.sandbox.routes_files import FileRoutes
from bria_tailored_ext.sandbox.workers import in_worker


@attrs.frozen
class LegacyRoutes:
    """The operations of the document's tag "Legacy"."""

    gate: Gate
    jobs: LegacyJobs
    files: FileRoutes

    def routes(self) -> list[Route]:
        """List them."""
        v1 = self.gate.v1
        return [
            v1("POST", "/text-to-image/tailored/{model_id}", self.image),
            v1("POST", "/text-to-vector/tailored/{model_id}", self.vector),
            v1("POST", "/reimagine/tailored/{model_id}", self.reimagine),
            v1("POST", "/tailored-gen/restyle_portrait", self.portrait),
            v1("POST", "/tailored-gen/generate_prefix", self.prefix),
        ]

    async def image(self, request: Request) -> Response:
        """text-to-image-tailored, whose answer comes before its pictures unless told."""
        asked = text_ask(await self.gate.body(request), kind="legacy_image", sync=False)
        return await self._pictures(request, asked, prices.LEGACY_IMAGE)

    async def vector(self, request: Request) -> Response:
        """text-to-vector-tailored."""
        asked = text_ask(await self.gate.body(request), kind="legacy_vector", sync=True)
        return await self._pictures(request, asked, prices.LEGACY_VECTOR)

    async def reimagine(self, request: Request) -> Response:
        """reimagine-tailored."""
        asked = reimagine_ask(await self.gate.body(request))
        return await self._pictures(request, asked, prices.REIMAGINE)

    async def portrait(self, request: Request) -> Response:
        """restyle-portrait."""
        body = await self.gate.body(request)
        asked = portrait_ask(body)
        model = self.jobs.trained_model(model_id_of(str(body["tailored_model_id"])))
        (job,) = await self._submitted(request, model, asked, prices.PORTRAIT)
        return JsonResponse({"image_res": f"{origin(request)}{job.path}"})

    async def prefix(self, request: Request) -> Response:
        """generate-prefix."""
        asked = prefix_ask(await self.gate.body(request))
        intake = self.files.intake(request)
        pictures = [picture for _, picture in await _read(intake, asked.images)]
        state = self.jobs.state
        state.bill(prices.PREFIX, request_id=state.next_request_id(), model_id=None)
        told = caption_prefix(pictures, ip_name=asked.ip_name, ip_medium=asked.ip_medium)
        return JsonResponse({"prefix": told})

    async def _pictures(self, request: Request, asked: LegacyAsk, operation: str) -> Response:
        model = self.jobs.trained_model(number_in_path(request, "model_id", "Model"))
        jobs = await self._submitted(request, model, asked, operation)
        told = [
            {"urls": [f"{origin(request)}{job.path}"], "seed": job.seed, "uuid": job.request_id}
            for job in jobs
        ]
        return JsonResponse({"result": told})

    async def _submitted(
        self, request: Request, model: Model, asked: LegacyAsk, operation: str
    ) -> tuple[Job, ...]:
        intake = self.files.intake(request)
        arrived = await _read(intake, asked.images)
        ratios = {round(picture.width / picture.height, 2) for _, picture in arrived}
        if len(ratios) > 1:
            raise message(400, "All images of a request need the same aspect ratio")
        source: FileEntry | None = None
        if asked.kind == "legacy_restyled":
            data, picture = arrived[0]
            key = await in_worker(self.jobs.state.shelf.put, data)
            source = FileEntry(kind="upload", subject=key, content_type=f"image/{picture.format}")
        jobs = self.jobs.submit(model, asked, operation, source)
        if asked.sync:
            await finished(request, self.jobs.state.clock, *jobs, enveloped=False)
        return jobs


async def _read(intake: Intake, images: Sequence[str]) -> list[tuple[bytes, Picture]]:
    """Read what was sent along, in order.

    Raises:
        Refusal: 413, 415, 422, 460 as Bria refuses a picture, 422 also for one that is too small.
    """
    try:
        return [await in_worker(_arrived, intake, text) for text in images]
    except Unusable as reason:
        raise message(reason.status, reason.reason) from reason


def _arrived(intake: Intake, text: str) -> tuple[bytes, Picture]:
    data = intake.picture_bytes(text)
    return data, shown_picture(data)
