"""The paths of generation, and the Status Service."""

from collections.abc import Mapping
from typing import Literal

import attrs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bria_tailored_ext.sandbox import answers
from bria_tailored_ext.sandbox.faults import OF_JOBS
from bria_tailored_ext.sandbox.gate import Gate, JsonResponse, origin
from bria_tailored_ext.sandbox.generation_rules import (
    image_ask,
    structured_prompt_ask,
    video_ask,
)
from bria_tailored_ext.sandbox.holding import finished
from bria_tailored_ext.sandbox.intake import (
    Intake,
    Unusable,
    decoded,
    is_url,
    looks_like_a_picture,
    shown_picture,
)
from bria_tailored_ext.sandbox.jobs import OPERATIONS_OF_JOBS, Jobs, doomed
from bria_tailored_ext.sandbox.operations import GET_STATUS
from bria_tailored_ext.sandbox.records import FileEntry, Job
from bria_tailored_ext.sandbox.refusal import envelope
from bria_tailored_ext.sandbox.routes_files import FileRoutes
from bria_tailored_ext.sandbox.workers import in_worker

SyncAnswers = Literal["enveloped", "flat"]


@attrs.frozen
class GenerationRoutes:
    """The operations of v2.

    Args:
        sync_answers: The shape of a synchronous answer. The document has it flat; every
            sibling endpoint of Bria's, and all code that runs, has it enveloped.
    """

    gate: Gate
    jobs: Jobs
    files: FileRoutes
    sync_answers: SyncAnswers

    def routes(self) -> list[Route]:
        """List them."""
        v2 = self.gate.v2
        return [
            v2("POST", "/image/generate/tailored", self.image),
            v2("POST", "/structured_prompt/generate/tailored", self.structured_prompt),
            v2("POST", "/video/generate/tailored/image-to-video", self.video),
            v2("GET", "/status/{request_id}", self.status),
        ]

    async def image(self, request: Request) -> Response:
        """generate-image."""
        body = await self.gate.body(request)
        asked = image_ask(body)
        model = self.jobs.trained_model(asked.tailored_model_id, unknown=403)
        job = self.jobs.submit_image(model, asked)
        return await self._taken_on(request, job, body, sync=asked.sync)

    async def structured_prompt(self, request: Request) -> Response:
        """generate-structured-prompt."""
        body = await self.gate.body(request)
        asked = structured_prompt_ask(body)
        model = self.jobs.trained_model(asked.tailored_model_id, unknown=403)
        job = self.jobs.submit_structured_prompt(model, asked)
        return await self._taken_on(request, job, body, sync=asked.sync)

    async def video(self, request: Request) -> Response:
        """generate-video, which is never synchronous."""
        body = await self.gate.body(request)
        asked = video_ask(body)
        model = self.jobs.trained_model(asked.tailored_model_id, unknown=404)
        try:
            source = await in_worker(_first_frame, self.files.intake(request), asked.image)
        except Unusable as reason:
            raise envelope(reason.status, "Unusable image", reason.reason) from reason
        job = self.jobs.submit_video(model, asked, source)
        return await self._taken_on(request, job, body, sync=False)

    async def status(self, request: Request) -> Response:
        """The Status Service: 200 whatever became of the job."""
        state = self.jobs.state
        job, now = self.jobs.get(str(request.path_params["request_id"])), state.clock.now()
        fault = state.faults.met(GET_STATUS, OF_JOBS)
        if fault is not None:
            job = doomed(attrs.evolve(job, ready_at=min(now, job.ready_at)), fault)
        return JsonResponse(answers.status(job, now, origin(request)))

    async def _taken_on(
        self, request: Request, job: Job, body: Mapping[str, object], *, sync: bool
    ) -> Response:
        if not sync:
            url = body.get("webhook_url")
            if isinstance(url, str):
                operation = OPERATIONS_OF_JOBS[job.kind]
                self.jobs.state.webhooks.expect(job, operation, url, origin(request))
            return JsonResponse(answers.accepted(job, origin(request)), 202)
        await finished(request, self.jobs.state.clock, job, enveloped=True)
        if self.sync_answers == "flat":
            return JsonResponse(answers.flat_result(job, origin(request)))
        told = answers.result(job, origin(request))
        return JsonResponse({"result": told, "request_id": job.request_id})


def _first_frame(intake: Intake, image: str) -> FileEntry:
    """Find or keep the picture that a video starts from.

    Raises:
        Unusable: 415 for what is no picture, 422 for one that is damaged or too small.
            Source: 415 and 422 of `POST /video/generate/tailored/image-to-video`.
    """
    entry = intake.entry(image) if is_url(image) else None
    data = decoded(image) if entry is None else intake.files.read(entry)
    try:
        picture = shown_picture(data)
    except Unusable as reason:
        if reason.status == 415 and looks_like_a_picture(data):
            raise Unusable(422, reason.reason) from reason
        raise
    if entry is not None:
        return entry
    key = intake.files.state.shelf.put(data)
    return FileEntry(kind="upload", subject=key, content_type=f"image/{picture.format}")
