"""The paths of projects."""

import attrs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bria_tailored_ext.sandbox import answers
from bria_tailored_ext.sandbox.gate import Gate, JsonResponse, number_in_path
from bria_tailored_ext.sandbox.project_rules import new_project, project_changes
from bria_tailored_ext.sandbox.projects import Projects

_ALL = "/tailored-gen/projects"
_ONE = "/tailored-gen/projects/{project_id}"


@attrs.frozen
class ProjectRoutes:
    """The operations of the document's tag "Project"."""

    gate: Gate
    projects: Projects

    def routes(self) -> list[Route]:
        """List them."""
        return [
            self.gate.v1("POST", _ALL, self.create),
            self.gate.v1("GET", _ALL, self.all),
            self.gate.v1("GET", _ONE, self.get),
            self.gate.v1("PUT", _ONE, self.update),
            self.gate.v1("DELETE", _ONE, self.delete),
        ]

    async def create(self, request: Request) -> Response:
        """create-project."""
        asked = new_project(await self.gate.body(request))
        return JsonResponse(answers.created_project(self.projects.create(asked)), 201)

    async def all(self, _request: Request) -> Response:
        """get-projects."""
        return JsonResponse([answers.listed_project(each) for each in self.projects.all()])

    async def get(self, request: Request) -> Response:
        """get-project-by-id."""
        return JsonResponse(answers.project(self.projects.get(_project_id(request))))

    async def update(self, request: Request) -> Response:
        """update-project."""
        changes = project_changes(await self.gate.body(request))
        return JsonResponse(answers.project(self.projects.update(_project_id(request), changes)))

    async def delete(self, request: Request) -> Response:
        """delete-project."""
        self.projects.delete(_project_id(request))
        return Response(status_code=204)


def _project_id(request: Request) -> int:
    return number_in_path(request, "project_id", "Project")
