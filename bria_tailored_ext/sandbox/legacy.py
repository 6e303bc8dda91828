"""What the endpoints of v1 make: pictures behind URLs, at once or later, without a status."""

import hashlib
import json

import attrs

from bria_tailored_ext.sandbox import progress
from bria_tailored_ext.sandbox.faults import ENDINGS, OF_JOBS
from bria_tailored_ext.sandbox.jobs import SEEDS, doomed, ready_at, result_entry
from bria_tailored_ext.sandbox.legacy_rules import LegacyAsk
from bria_tailored_ext.sandbox.pictures import Picture, structured_prompt, visual_schema
from bria_tailored_ext.sandbox.records import FileEntry, Job, Model
from bria_tailored_ext.sandbox.refusal import not_found, sentence
from bria_tailored_ext.sandbox.state import State, locked

_FORMATS = {
    "legacy_image": ("png", "image/png"),
    "legacy_vector": ("svg", "image/svg+xml"),
    "legacy_restyled": ("png", "image/png"),
}


@attrs.frozen
class LegacyJobs:
    """The operations of v1 that make pictures."""

    state: State

    @locked
    def trained_model(self, model_id: int) -> Model:
        """Find the model to generate with.

        Bria takes only models of its older kinds here. The sandbox, which cannot train such
        models, takes any that is trained.

        Raises:
            Refusal: 404 `"Model not found"`; 400 with a bare string unless it is trained.
        """
        model = self.state.model(model_id)
        if not progress.is_trained(model, self.state.clock.now()):
            raise sentence(400, "The model status is not completed")
        return model

    @locked
    def submit(
        self, model: Model, asked: LegacyAsk, operation: str, source: FileEntry | None
    ) -> tuple[Job, ...]:
        """Take on as many pictures as are asked for; one call is one line in the books."""
        first = self._seed(asked)
        jobs = tuple(
            self._job(model, asked, operation, seed=first + index, source=source)
            for index in range(asked.count)
        )
        self.state.bill(operation, request_id=jobs[0].request_id, model_id=model.id)
        return jobs

    def _job(
        self,
        model: Model,
        asked: LegacyAsk,
        operation: str,
        *,
        seed: int,
        source: FileEntry | None,
    ) -> Job:
        now = self.state.clock.now()
        request_id = self.state.next_request_id()
        structured = structured_prompt(
            asked.prompt, base=None, schema=model.visual_schema, seed=seed
        )
        job = Job(
            request_id=request_id,
            kind=asked.kind,
            model_id=model.id,
            submitted_at=now,
            ready_at=ready_at(self.state, "image", request_id, sync=asked.sync),
            seed=seed,
            prompt=asked.prompt,
            structured_prompt=json.dumps(structured),
            visual_schema=model.visual_schema,
            aspect_ratio=asked.aspect_ratio,
            influence=asked.influence,
            source=source,
            keep=asked.keep,
        )
        fault = self.state.faults.met(operation, ENDINGS if asked.sync else OF_JOBS)
        job = job if fault is None else doomed(job, fault)
        ending, content_type = _FORMATS[asked.kind]
        entry = result_entry(job, content_type)
        job = attrs.evolve(job, path=self.state.serve("results", f"{request_id}.{ending}", entry))
        self.state.jobs[request_id] = job
        return job

    def _seed(self, asked: LegacyAsk) -> int:
        if asked.seed is not None:
            return asked.seed
        question = hashlib.sha256(repr(asked).encode()).hexdigest()
        return self.state.chance.whole(SEEDS, "seed", question, self.state.next_number(question))


def caption_prefix(pictures: list[Picture], *, ip_name: str, ip_medium: str) -> str:
    """Propose how the captions of pictures like these begin, as far as can be measured."""
    seen = visual_schema(pictures)
    who = f" of {ip_name}" if ip_name else ""
    kind = "A photo" if ip_medium == "photography" else "An illustration"
    return f"{kind}{who}, {seen['style']},"


def model_id_of(text: str) -> int:
    """Read a model's id.

    Raises:
        Refusal: 404 for what is no id.
    """
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise not_found("Model")
    return int(text)
