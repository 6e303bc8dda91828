"""The page at `/`, and the sandbox's own paths, which need no token."""

from importlib import resources
from typing import Final

import attrs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bria_tailored_ext.sandbox import answers
from bria_tailored_ext.sandbox.document import document
from bria_tailored_ext.sandbox.gate import JsonResponse, origin
from bria_tailored_ext.sandbox.overview import Overview

_FILES: Final = {
    "page.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
# Everything on the page comes from here, and nothing that a user wrote can be a script.
_HEADERS: Final = {
    "content-security-policy": "default-src 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "no-cache",
}


@attrs.frozen
class PageRoutes:
    """The sandbox about itself."""

    overview: Overview

    def routes(self) -> list[Route]:
        """List them."""
        return [
            Route("/", self.page, methods=["GET"]),
            Route("/sandbox/page/{name}", self.part, methods=["GET"]),
            Route("/sandbox/overview", self.told, methods=["GET"]),
            Route("/sandbox/books", self.books, methods=["GET"]),
            Route("/sandbox/openapi.json", self.document, methods=["GET"]),
        ]

    async def page(self, _request: Request) -> Response:
        """The page itself."""
        return _sent("page.html", "text/html; charset=utf-8")

    async def part(self, request: Request) -> Response:
        """What the page consists of."""
        name = str(request.path_params["name"])
        if name not in _FILES:
            return JsonResponse({"message": "Not Found"}, 404)
        return _sent(name, _FILES[name])

    async def told(self, _request: Request) -> Response:
        """What the page shows."""
        return JsonResponse(self.overview.told())

    async def books(self, _request: Request) -> Response:
        """Every billed call, in order."""
        return JsonResponse(answers.books(tuple(self.overview.state.books)))

    async def document(self, request: Request) -> Response:
        """The document that requests are held against, with this sandbox as its server."""
        return JsonResponse({**document(), "servers": [{"url": origin(request)}]})


def _sent(name: str, content_type: str) -> Response:
    folder = resources.files("bria_tailored_ext.sandbox") / "page"
    return Response((folder / name).read_bytes(), headers=_HEADERS, media_type=content_type)
