"""The paths of generation, and the Status Service."""

from typing import Literal

import attrs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bria_tailored_ext.sandbox import answers
from bria_tailored_ext.sandbox.gate import Gate, JsonResponse, origin
from bria_tailored_ext.sandbox.generation_rules import (
    image_ask,
    structured_prompt_ask,
    video_ask,
)
from bria_tailored_ext.sandbox.intake import (
    Intake,
    Unusable,
    checked_picture,
    decoded,
    is_url,
    looks_like_a_picture,
)
from bria_tailored_ext.sandbox.jobs import Jobs
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
        """image-generate-tailored."""
        asked = image_ask(await self.gate.body(request))
        model = self.jobs.trained_model(asked.tailored_model_id, unknown=403)
        job = self.jobs.submit_image(model, asked)
        return self._taken_on(request, job, sync=asked.sync)

    async def structured_prompt(self, request: Request) -> Response:
        """structured-prompt-generate-tailored."""
        asked = structured_prompt_ask(await self.gate.body(request))
        model = self.jobs.trained_model(asked.tailored_model_id, unknown=403)
        job = self.jobs.submit_structured_prompt(model, asked)
        return self._taken_on(request, job, sync=asked.sync)

    async def video(self, request: Request) -> Response:
        """generate-video-from-tailored-image, which is never synchronous."""
        asked = video_ask(await self.gate.body(request))
        model = self.jobs.trained_model(asked.tailored_model_id, unknown=404)
        try:
            source = await in_worker(_first_frame, self.files.intake(request), asked.image)
        except Unusable as reason:
            raise envelope(reason.status, "Unusable image", reason.reason) from reason
        job = self.jobs.submit_video(model, asked, source)
        return self._taken_on(request, job, sync=False)

    async def status(self, request: Request) -> Response:
        """The Status Service: 200 whatever became of the job."""
        job = self.jobs.get(str(request.path_params["request_id"]))
        return JsonResponse(answers.status(job, self.jobs.state.clock.now(), origin(request)))

    def _taken_on(self, request: Request, job: Job, *, sync: bool) -> Response:
        if not sync:
            return JsonResponse(answers.accepted(job, origin(request)), 202)
        if self.sync_answers == "flat":
            return JsonResponse(answers.flat_result(job, origin(request)))
        told = answers.result(job, origin(request))
        return JsonResponse({"result": told, "request_id": job.request_id})


def _first_frame(intake: Intake, image: str) -> FileEntry:
    """Find or keep the picture that a video starts from.

    Raises:
        Unusable: 415 for what is no picture, 422 for one that is damaged.
            Source: 415 and 422 of `POST /video/generate/tailored/image-to-video`.
    """
    entry = intake.entry(image) if is_url(image) else None
    data = decoded(image) if entry is None else intake.files.read(entry)
    try:
        picture = checked_picture(data)
    except Unusable as reason:
        if reason.status == 415 and looks_like_a_picture(data):
            raise Unusable(422, reason.reason) from reason
        raise
    if entry is not None:
        return entry
    key = intake.files.state.shelf.put(data)
    return FileEntry(kind="upload", subject=key, content_type=f"image/{picture.format}")
