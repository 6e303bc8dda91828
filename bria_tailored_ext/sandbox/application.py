"""The application: all operations, put together over one state."""

import attrs
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bria_tailored_ext.sandbox import answers
from bria_tailored_ext.sandbox.bulk import BulkUploads
from bria_tailored_ext.sandbox.datasets import Datasets
from bria_tailored_ext.sandbox.files import Files
from bria_tailored_ext.sandbox.gate import Gate, JsonResponse
from bria_tailored_ext.sandbox.images import Images
from bria_tailored_ext.sandbox.jobs import Jobs
from bria_tailored_ext.sandbox.models import Models
from bria_tailored_ext.sandbox.projects import Projects
from bria_tailored_ext.sandbox.results import Results
from bria_tailored_ext.sandbox.routes_datasets import DatasetRoutes
from bria_tailored_ext.sandbox.routes_files import FileRoutes
from bria_tailored_ext.sandbox.routes_generation import GenerationRoutes, SyncAnswers
from bria_tailored_ext.sandbox.routes_images import ImageRoutes
from bria_tailored_ext.sandbox.routes_models import ModelRoutes
from bria_tailored_ext.sandbox.routes_projects import ProjectRoutes
from bria_tailored_ext.sandbox.state import State


def application(state: State, gate: Gate, *, sync_answers: SyncAnswers) -> Starlette:
    """Put the operations together.

    Args:
        state: What they work on.
        gate: What stands before each of them.
        sync_answers: The shape of synchronous answers.
    """
    datasets = Datasets(state)
    projects = Projects(state, datasets)
    files = FileRoutes(Files(state, Results()))
    routes = [
        *ProjectRoutes(gate, projects).routes(),
        *DatasetRoutes(gate, datasets, files).routes(),
        *ImageRoutes(gate, Images(state), BulkUploads(state), files).routes(),
        *ModelRoutes(gate, Models(state, projects), files).routes(),
        *GenerationRoutes(gate, Jobs(state), files, sync_answers).routes(),
        *files.routes(),
        *BookRoutes(state).routes(),
    ]
    built = Starlette(routes=routes, exception_handlers={HTTPException: _off_the_map})
    # A redirect to a path without the slash would let a client's mistake go unnoticed.
    built.router.redirect_slashes = False
    return built


@attrs.frozen
class BookRoutes:
    """The sandbox's own pages, which need no token."""

    state: State

    def routes(self) -> list[Route]:
        """List them."""
        return [Route("/sandbox/books", self.books, methods=["GET"])]

    async def books(self, _request: Request) -> Response:
        """Every billed call, in order."""
        return JsonResponse(answers.books(tuple(self.state.books)))


async def _off_the_map(_request: Request, error: Exception) -> Response:
    """Answer an unknown path, or a method that a path does not have, in JSON."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = error.headers if isinstance(error, HTTPException) else None
    text = {404: "Not Found", 405: "Method Not Allowed"}.get(status, "Error")
    return JsonResponse({"message": text}, status, headers=headers)
