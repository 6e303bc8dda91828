"""The files, which need no token and can be fetched in parts."""

import attrs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bria_tailored_ext.sandbox.byte_ranges import Unsatisfiable, wanted_part
from bria_tailored_ext.sandbox.files import Files, ServedFile
from bria_tailored_ext.sandbox.gate import JsonResponse, guarded
from bria_tailored_ext.sandbox.intake import Intake
from bria_tailored_ext.sandbox.operations import GET_FILE
from bria_tailored_ext.sandbox.turnstile import Turnstile
from bria_tailored_ext.sandbox.workers import in_worker

# As the stores behind such URLs answer: not in the API's words.
_EXPIRED = "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"


@attrs.frozen
class FileRoutes:
    """What lies under `/files/`."""

    files: Files
    turnstile: Turnstile
    host: str
    """Where the sandbox listens, in its base URL."""

    def routes(self) -> list[Route]:
        """List them."""
        return [Route("/files/{path:path}", guarded(self._endpoint), methods=["GET"])]

    def intake(self, request: Request) -> Intake:
        """Give the way in for the pictures of a request."""
        host, port = request.scope.get("server") or ("", None)
        names = (host, "localhost", f"[{self.host}]" if ":" in self.host else self.host)
        return Intake(self.files, (request.url.netloc, *(f"{name}:{port}" for name in names)))

    async def _endpoint(self, request: Request) -> Response:
        return await self.turnstile.let_through(request, self.get, route=GET_FILE, enveloped=False)

    async def get(self, request: Request) -> Response:
        """Send a file or a part of it; drawing it may take a moment."""
        path = f"/files/{request.path_params['path']}"
        if self.files.has_expired(path):
            return Response(_EXPIRED, 403, media_type="application/xml")
        file = await in_worker(self.files.serve, path)
        if file is None:
            return JsonResponse({"message": "No such file, or not ready yet"}, 404)
        return answered(file, request)


def answered(file: ServedFile, request: Request) -> Response:
    """Answer a request for a file, with `Range`, `If-Range` and `If-None-Match`."""
    headers = {
        "accept-ranges": "bytes",
        "etag": file.etag,
        "x-content-type-options": "nosniff",
    }
    if file.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    size = len(file.data)
    condition = request.headers.get("if-range", file.etag)
    asked = request.headers.get("range") if condition == file.etag else None
    try:
        part = wanted_part(asked, size)
    except Unsatisfiable:
        headers["content-range"] = f"bytes */{size}"
        return Response(status_code=416, headers=headers)
    if part is None:
        return Response(file.data, 200, headers, file.content_type)
    headers["content-range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    return Response(file.data[part.start : part.stop], 206, headers, file.content_type)
