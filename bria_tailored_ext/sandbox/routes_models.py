"""The paths of models and their training."""

import attrs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bria_tailored_ext.sandbox import answers
from bria_tailored_ext.sandbox.gate import (
    Gate,
    JsonResponse,
    flag_in_query,
    number_in_path,
    origin,
)
from bria_tailored_ext.sandbox.intake import Unusable
from bria_tailored_ext.sandbox.models import Models
from bria_tailored_ext.sandbox.refusal import message
from bria_tailored_ext.sandbox.routes_files import FileRoutes
from bria_tailored_ext.sandbox.training_rules import model_changes, model_upload, new_model

_ALL = "/tailored-gen/models"
_ONE = "/tailored-gen/models/{model_id}"
_CHECKPOINTS = "/tailored-gen/models/{model_id}/checkpoints"


@attrs.frozen
class ModelRoutes:
    """The operations of the document's tag "Model"."""

    gate: Gate
    models: Models
    files: FileRoutes

    def routes(self) -> list[Route]:
        """List them."""
        v1 = self.gate.v1
        return [
            v1("POST", _ALL, self.create),
            v1("GET", _ALL, self.all),
            v1("POST", f"{_ALL}/upload_model", self.upload),
            v1("GET", "/tailored-gen/projects/{project_id}/models", self.of_project),
            v1("GET", _ONE, self.get),
            v1("PUT", _ONE, self.update),
            v1("DELETE", _ONE, self.delete),
            v1("POST", f"{_ONE}/start_training", self.start_training),
            v1("POST", f"{_ONE}/stop_training", self.stop_training),
            v1("GET", f"{_ONE}/download", self.download),
            v1("GET", _CHECKPOINTS, self.checkpoints),
            v1("GET", f"{_CHECKPOINTS}/{{checkpoint_step}}", self.checkpoint),
            v1("DELETE", f"{_CHECKPOINTS}/{{checkpoint_step}}", self.delete_checkpoint),
        ]

    async def create(self, request: Request) -> Response:
        """create-model."""
        model = self.models.create(new_model(await self.gate.body(request)))
        return JsonResponse(answers.started_model(model, self._now()), 201)

    async def all(self, request: Request) -> Response:
        """get-models."""
        now, told = self._now(), flag_in_query(request, "include_training_parameters")
        return JsonResponse(
            [
                answers.listed_model(model, now, parameters=told, updated=False)
                for model in self.models.all()
            ]
        )

    async def of_project(self, request: Request) -> Response:
        """get-models-by-project."""
        models = self.models.of_project(number_in_path(request, "project_id", "Project"))
        now, told = self._now(), flag_in_query(request, "include_training_parameters")
        return JsonResponse(
            [answers.listed_model(model, now, parameters=told, updated=True) for model in models]
        )

    async def upload(self, request: Request) -> Response:
        """upload-model, from the sandbox's own files only."""
        asked = model_upload(await self.gate.body(request))
        try:
            self.files.intake(request).entry(asked.model_url)
        except Unusable as reason:
            raise message(422, reason.reason) from reason
        return JsonResponse(answers.short_model(self.models.upload(asked), self._now()))

    async def get(self, request: Request) -> Response:
        """get-model."""
        return JsonResponse(answers.model(self.models.get(_model_id(request)), self._now()))

    async def update(self, request: Request) -> Response:
        """update-model."""
        changes = model_changes(await self.gate.body(request))
        model = self.models.update(_model_id(request), changes)
        return JsonResponse(answers.short_model(model, self._now()))

    async def delete(self, request: Request) -> Response:
        """delete-model."""
        self.models.delete(_model_id(request))
        return Response(status_code=204)

    async def start_training(self, request: Request) -> Response:
        """start-training."""
        body = await self.gate.body(request)
        model = self.models.start_training(_model_id(request), body)
        # Even where trainings take no time, the answer is that of one which has begun.
        told = {**answers.started_model(model, self._now()), "status": "InProgress"}
        return JsonResponse(told)

    async def stop_training(self, request: Request) -> Response:
        """stop-training, which answers without a body."""
        self.models.stop_training(_model_id(request))
        return Response(status_code=200)

    async def checkpoints(self, request: Request) -> Response:
        """list-checkpoints."""
        model_id = _model_id(request)
        training, saved = self.models.checkpoints(model_id)
        version = self.models.active_version(model_id)
        told = [answers.checkpoint(training, step, saved_at) for step, saved_at in saved]
        return JsonResponse({"checkpoints": told, "active_model_version": version})

    async def checkpoint(self, request: Request) -> Response:
        """get-checkpoint."""
        step = _step(request)
        training, saved_at = self.models.checkpoint(_model_id(request), step)
        return JsonResponse(answers.checkpoint(training, step, saved_at))

    async def delete_checkpoint(self, request: Request) -> Response:
        """delete-checkpoint."""
        self.models.delete_checkpoint(_model_id(request), _step(request))
        return Response(status_code=204)

    async def download(self, request: Request) -> Response:
        """download-tailored-model."""
        path = self.models.download_path(_model_id(request))
        return JsonResponse(answers.model_download(origin(request) + path))

    def _now(self) -> float:
        return self.models.state.clock.now()


def _model_id(request: Request) -> int:
    return number_in_path(request, "model_id", "Model")


def _step(request: Request) -> int:
    return number_in_path(request, "checkpoint_step", "Checkpoint")
