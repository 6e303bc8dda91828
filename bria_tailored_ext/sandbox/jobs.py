"""What can be done with paid work: submit it, and look at how it goes."""

import hashlib
import json
from typing import Any, Literal, TypeAlias, cast

import attrs

from bria_tailored_ext.sandbox import prices, progress
from bria_tailored_ext.sandbox.durations import Kind
from bria_tailored_ext.sandbox.faults import ENDINGS, OF_JOBS, Fault
from bria_tailored_ext.sandbox.fields import parsed_object
from bria_tailored_ext.sandbox.generation_rules import Ask, VideoAsk
from bria_tailored_ext.sandbox.pictures import structured_prompt
from bria_tailored_ext.sandbox.records import Fate, FileEntry, Job, JobKind, Model
from bria_tailored_ext.sandbox.refusal import Refusal, envelope
from bria_tailored_ext.sandbox.state import State, locked

V2Kind: TypeAlias = Literal["image", "structured_prompt", "video"]
"""The jobs that the Status Service knows."""

OPERATIONS_OF_JOBS: dict[JobKind, str] = {
    "image": prices.IMAGE,
    "structured_prompt": prices.STRUCTURED_PROMPT,
    "video": prices.VIDEO,
}
SEEDS = 2**31
_RESULT_SECONDS = 3 * 24 * 3600.0


@attrs.frozen
class Jobs:
    """The operations on jobs."""

    state: State

    @locked
    def trained_model(self, tailored_model_id: str, *, unknown: int) -> Model:
        """Find the model to generate with.

        Args:
            tailored_model_id: As on the wire: a string, while a model's `id` is a number.
            unknown: The status for a model that does not exist. The document has 403 for
                images and structured prompts, 404 for videos.

        Raises:
            Refusal: `unknown`; 400 for a model that is not trained, which Bria does not
                document. Both in the v2 envelope.
        """
        plain = tailored_model_id.isascii() and tailored_model_id.isdigit()
        short = plain and len(tailored_model_id) < 19
        model = self.state.models.get(int(tailored_model_id)) if short else None
        if model is None:
            text = "Model does not belong to organization" if unknown == 403 else "Model not found"
            raise envelope(unknown, text, f"tailored_model_id {tailored_model_id[:100]!r}")
        status = progress.model_status(model, self.state.clock.now())
        if status.lower() != "completed":
            raise envelope(400, "Model is not trained", f"Its status is {status}, not Completed.")
        return model

    @locked
    def submit_image(self, model: Model, asked: Ask) -> Job:
        """Take on an image; all that decides the picture is fixed here."""
        job = self._job("image", model, seed=self._seed(asked), sync=asked.sync)
        return self._taken_on(
            attrs.evolve(
                job,
                **_told(asked, model, job.seed),
                visual_schema=model.visual_schema,
                aspect_ratio=asked.aspect_ratio,
                influence=asked.influence,
                path=self._path(job, "png", "image/png"),
            )
        )

    @locked
    def submit_structured_prompt(self, model: Model, asked: Ask) -> Job:
        """Take on a structured prompt."""
        job = self._job("structured_prompt", model, seed=self._seed(asked), sync=asked.sync)
        return self._taken_on(attrs.evolve(job, **_told(asked, model, job.seed)))

    @locked
    def submit_video(self, model: Model, asked: VideoAsk, source: FileEntry) -> Job:
        """Take on a video of a picture that the sandbox has."""
        job = self._job("video", model, seed=self._seed(asked), sync=False)
        path = self._path(job, "mp4", "video/mp4")
        return self._taken_on(attrs.evolve(job, source=source, path=path))

    @locked
    def get(self, request_id: str) -> Job:
        """Find a job.

        Raises:
            Refusal: 404 `{"status": "NOT_FOUND"}`, without a request id.
        """
        job = self.state.jobs.get(request_id)
        if job is None or job.kind not in OPERATIONS_OF_JOBS:
            raise Refusal(404, {"status": "NOT_FOUND"})
        return job

    def _job(self, kind: V2Kind, model: Model, *, seed: int, sync: bool) -> Job:
        now = self.state.clock.now()
        request_id = self.state.next_request_id()
        kinds = ENDINGS if sync else OF_JOBS
        fault = self.state.faults.met(OPERATIONS_OF_JOBS[kind], kinds)
        job = Job(
            request_id=request_id,
            kind=kind,
            model_id=model.id,
            submitted_at=now,
            ready_at=ready_at(self.state, kind, request_id, sync=sync),
            seed=seed,
        )
        return job if fault is None else doomed(job, fault)

    def _taken_on(self, job: Job) -> Job:
        self.state.jobs[job.request_id] = job
        operation = OPERATIONS_OF_JOBS[job.kind]
        self.state.bill(operation, request_id=job.request_id, model_id=job.model_id)
        return job

    def _seed(self, asked: Ask | VideoAsk) -> int:
        """Choose a seed by what is asked, and how often it was asked before.

        So the pictures of a batch do not depend on the order in which its requests arrive.
        """
        if asked.seed is not None:
            return asked.seed
        question = hashlib.sha256(repr(asked).encode()).hexdigest()
        return self.state.chance.whole(SEEDS, "seed", question, self.state.next_number(question))

    def _path(self, job: Job, ending: str, content_type: str) -> str:
        entry = result_entry(job, content_type)
        return self.state.serve("results", f"{job.request_id}.{ending}", entry)


def _told(asked: Ask, model: Model, seed: int) -> dict[str, Any]:
    """What the job says in words: a structured prompt that is new, refined or repeated."""
    if asked.prompt is None:
        return {"structured_prompt": json.dumps(asked.base)}
    structured = structured_prompt(
        asked.prompt, base=asked.base, schema=model.visual_schema, seed=seed
    )
    refined = structured.get("short_description") if asked.base is not None else None
    return {
        "prompt": asked.prompt,
        "refined_prompt": refined if isinstance(refined, str) else None,
        "structured_prompt": json.dumps(structured),
    }


def ready_at(state: State, kind: Kind, request_id: str, *, sync: bool) -> float:
    """Say when a job is ready.

    Where time stands still nobody could move it while a synchronous answer is held, so there it
    is ready at once.
    """
    now = state.clock.now()
    at_once = sync and state.clock.speed == 0
    return now if at_once else now + state.durations.seconds(kind, "job", request_id)


def result_entry(job: Job, content_type: str) -> FileEntry:
    """Say how a result is served, and how long.

    Source: result URLs expire, those of images after about three days.
    """
    return FileEntry(
        kind="result",
        subject=job.request_id,
        content_type=content_type,
        since=job.ready_at,
        lasts=_RESULT_SECONDS,
    )


def doomed(job: Job, fault: Fault) -> Job:
    """Let a job end as a fault says."""
    fate, words = cast("Fate", fault.kind), fault.words or job.error_words
    return attrs.evolve(job, fate=fate, error_code=fault.shown_status, error_words=words)


def drawn_from(job: Job) -> dict[str, object]:
    """Give what an image is drawn from, as it was told on the wire."""
    return parsed_object(job.structured_prompt or "") or {}
