"""The paths of datasets as a whole, and of what is derived from pictures for them."""

import json

import attrs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bria_tailored_ext.sandbox import answers
from bria_tailored_ext.sandbox.dataset_rules import (
    MOST_IMAGES,
    dataset_changes,
    new_dataset,
    refinement,
)
from bria_tailored_ext.sandbox.datasets import Datasets, DatasetView
from bria_tailored_ext.sandbox.fields import Fields
from bria_tailored_ext.sandbox.gate import (
    Gate,
    JsonResponse,
    flag_in_query,
    number_in_path,
    origin,
    whole_in_query,
)
from bria_tailored_ext.sandbox.intake import Intake, Unusable, shown_picture
from bria_tailored_ext.sandbox.pictures import visual_schema
from bria_tailored_ext.sandbox.prices import VISUAL_SCHEMA
from bria_tailored_ext.sandbox.refusal import message
from bria_tailored_ext.sandbox.routes_files import FileRoutes
from bria_tailored_ext.sandbox.workers import in_worker

_ALL = "/tailored-gen/datasets"
_ONE = "/tailored-gen/datasets/{dataset_id}"


@attrs.frozen
class DatasetRoutes:
    """The operations of the document's tag "Dataset", but for single images."""

    gate: Gate
    datasets: Datasets
    files: FileRoutes

    def routes(self) -> list[Route]:
        """List them."""
        v1 = self.gate.v1
        return [
            v1("POST", _ALL, self.create),
            v1("GET", _ALL, self.all),
            v1("GET", "/tailored-gen/projects/{project_id}/datasets", self.of_project),
            v1("GET", _ONE, self.get),
            v1("PUT", _ONE, self.update),
            v1("DELETE", _ONE, self.delete),
            v1("POST", f"{_ONE}/clone", self.clone),
            v1("PUT", f"{_ONE}/images", self.regenerate_captions),
            v1("POST", "/tailored-gen/generate_visual_schema", self.generate_schema),
            v1("POST", "/tailored-gen/refine_structured_prompt", self.refine),
            # The document has this one path without the prefix that its neighbours have.
            v1("GET", "/datasets/{dataset_id}/download", self.download),
        ]

    async def create(self, request: Request) -> Response:
        """create-dataset."""
        asked = new_dataset(await self.gate.body(request))
        return self._dataset(self.datasets.create(asked), 201)

    async def all(self, _request: Request) -> Response:
        """get-datasets."""
        now = self.datasets.state.clock.now()
        return JsonResponse([answers.listed_dataset(view, now) for view in self.datasets.all()])

    async def of_project(self, request: Request) -> Response:
        """get-datasets-by-project, with the models or their ids if asked for."""
        views = self.datasets.of_project(number_in_path(request, "project_id", "Project"))
        with_models = flag_in_query(request, "include_models")
        with_ids = flag_in_query(request, "include_models_ids")
        now = self.datasets.state.clock.now()
        told = [answers.listed_dataset(view, now) for view in views]
        for view, each in zip(views, told, strict=True):
            models = self.datasets.models_of(view.dataset.id)
            if with_models:
                each["models"] = [answers.model(model, now) for model in models]
            if with_ids:
                each["model_ids"] = [str(model.id) for model in models]
        return JsonResponse(told)

    async def get(self, request: Request) -> Response:
        """get-dataset-by-id, with its images."""
        view = self.datasets.get(_dataset_id(request))
        now = self.datasets.state.clock.now()
        shown = whole_in_query(request, "max_images", MOST_IMAGES)
        return JsonResponse(answers.whole_dataset(view, now, origin(request), shown))

    async def update(self, request: Request) -> Response:
        """update-dataset."""
        changes = dataset_changes(await self.gate.body(request))
        return self._dataset(self.datasets.update(_dataset_id(request), changes), 200)

    async def delete(self, request: Request) -> Response:
        """delete-dataset."""
        self.datasets.delete(_dataset_id(request))
        return Response(status_code=204)

    async def clone(self, request: Request) -> Response:
        """clone-dataset."""
        name = Fields(await self.gate.body(request)).text("name")
        view = self.datasets.clone(_dataset_id(request), name)
        now = self.datasets.state.clock.now()
        return JsonResponse(answers.cloned_dataset(view, now, origin(request)), 201)

    async def regenerate_captions(self, request: Request) -> Response:
        """regenerate-all-captions."""
        view = await in_worker(self.datasets.regenerate_captions, _dataset_id(request))
        now = self.datasets.state.clock.now()
        return JsonResponse(answers.recaptioned_dataset(view, now), 202)

    async def generate_schema(self, request: Request) -> Response:
        """generate-visual-schema."""
        images = Fields(await self.gate.body(request)).texts("images")
        try:
            told = await in_worker(_schema_of, self.files.intake(request), images)
        except Unusable as reason:
            raise message(reason.status, reason.reason) from reason
        state = self.datasets.state
        state.bill(VISUAL_SCHEMA, request_id=state.next_request_id(), model_id=None)
        return JsonResponse({"visual_schema": told})

    async def refine(self, request: Request) -> Response:
        """refine-structured-prompt."""
        asked = refinement(await self.gate.body(request))
        return JsonResponse({"structured_prompt": self.datasets.refine(asked)})

    async def download(self, request: Request) -> Response:
        """download-dataset."""
        zipped, captions = self.datasets.download_paths(_dataset_id(request))
        told = {"download_url": origin(request) + zipped}
        if captions is not None:
            told["captions_url"] = origin(request) + captions
        return JsonResponse(told)

    def _dataset(self, view: DatasetView, status: int) -> Response:
        return JsonResponse(answers.dataset(view, self.datasets.state.clock.now()), status)


def _schema_of(intake: Intake, images: tuple[str, ...]) -> str:
    pictures = [shown_picture(intake.picture_bytes(text)) for text in images]
    return json.dumps(visual_schema(pictures))


def _dataset_id(request: Request) -> int:
    return number_in_path(request, "dataset_id", "Dataset")
