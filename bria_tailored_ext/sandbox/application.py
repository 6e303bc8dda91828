"""The application: all operations, put together over one state."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from bria_tailored_ext.sandbox.bulk import BulkUploads
from bria_tailored_ext.sandbox.datasets import Datasets
from bria_tailored_ext.sandbox.files import Files
from bria_tailored_ext.sandbox.gate import Gate, JsonResponse
from bria_tailored_ext.sandbox.images import Images
from bria_tailored_ext.sandbox.jobs import Jobs
from bria_tailored_ext.sandbox.legacy import LegacyJobs
from bria_tailored_ext.sandbox.models import Models
from bria_tailored_ext.sandbox.overview import Overview
from bria_tailored_ext.sandbox.projects import Projects
from bria_tailored_ext.sandbox.results import Results
from bria_tailored_ext.sandbox.routes_datasets import DatasetRoutes
from bria_tailored_ext.sandbox.routes_files import FileRoutes
from bria_tailored_ext.sandbox.routes_generation import GenerationRoutes, SyncAnswers
from bria_tailored_ext.sandbox.routes_images import ImageRoutes
from bria_tailored_ext.sandbox.routes_legacy import LegacyRoutes
from bria_tailored_ext.sandbox.routes_models import ModelRoutes
from bria_tailored_ext.sandbox.routes_page import PageRoutes
from bria_tailored_ext.sandbox.routes_projects import ProjectRoutes
from bria_tailored_ext.sandbox.routes_steering import SteeringRoutes
from bria_tailored_ext.sandbox.state import State
from bria_tailored_ext.sandbox.traffic import Traffic
from bria_tailored_ext.sandbox.watching import watched


def application(state: State, gate: Gate, *, host: str, sync_answers: SyncAnswers) -> ASGIApp:
    """Put the operations together.

    Args:
        state: What they work on.
        gate: What stands before each of them.
        host: Where the sandbox listens.
        sync_answers: The shape of synchronous answers.
    """
    traffic = Traffic(state.clock)
    datasets = Datasets(state)
    projects = Projects(state, datasets)
    files = FileRoutes(Files(state, Results()), gate.turnstile, host)
    routes = [
        # Routes are tried in order, and most requests look at a status.
        *GenerationRoutes(gate, Jobs(state), files, sync_answers).routes(),
        *ProjectRoutes(gate, projects).routes(),
        *DatasetRoutes(gate, datasets, files).routes(),
        *ImageRoutes(gate, Images(state), BulkUploads(state), files).routes(),
        *ModelRoutes(gate, Models(state, projects), files).routes(),
        *LegacyRoutes(gate, LegacyJobs(state), files).routes(),
        *files.routes(),
        *PageRoutes(Overview(state, traffic)).routes(),
        *SteeringRoutes(gate).routes(),
    ]
    built = Starlette(routes=routes, exception_handlers={HTTPException: _off_the_map})
    # A redirect to a path without the slash would let a client's mistake go unnoticed.
    built.router.redirect_slashes = False
    return watched(built, traffic)


async def _off_the_map(_request: Request, error: Exception) -> Response:
    """Answer an unknown path, or a method that a path does not have, in JSON."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = error.headers if isinstance(error, HTTPException) else None
    text = {404: "Not Found", 405: "Method Not Allowed"}.get(status, "Error")
    return JsonResponse({"message": text}, status, headers=headers)
