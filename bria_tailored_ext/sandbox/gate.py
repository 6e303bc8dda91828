"""The gate: every operation passes here, for its token, its body and its refusals."""

import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from typing import cast

import attrs
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bria_tailored_ext.sandbox.fields import parsed_json
from bria_tailored_ext.sandbox.refusal import Refusal, envelope, message, not_found
from bria_tailored_ext.sandbox.state import State
from bria_tailored_ext.sandbox.workers import in_worker

_log = logging.getLogger(__name__)

Handler = Callable[[Request], Awaitable[Response]]
_Answer = Callable[[], Awaitable[Response]]

# Above this, parsing would hold up the event loop noticeably.
_BIG_BODY = 256 * 1024


class JsonResponse(Response):
    """JSON in plain ASCII, so that no string a client has sent can fail to encode."""

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        """Encode the body."""
        return json.dumps(content, allow_nan=False, separators=(",", ":")).encode()


@attrs.frozen(kw_only=True)
class Gate:
    """What stands before every operation.

    Args:
        api_token: What the header `api_token` must hold.
        max_body_bytes: The longest request body.
        state: Where the request ids of refused v2 requests come from.
    """

    api_token: str
    max_body_bytes: int
    state: State

    def v1(self, method: str, path: str, handler: Handler) -> Route:
        """Open a v1 operation to requests with the token."""

        async def endpoint(request: Request) -> Response:
            await self._read(request)
            try:
                if not self._admits(request):
                    raise message(401, "Unauthorized: the api_token is missing or invalid")
                return await handler(request)
            except Refusal as refusal:
                return JsonResponse(refusal.body, refusal.status)

        return Route(f"/v1{path}", guarded(endpoint), methods=[method])

    def v2(self, method: str, path: str, handler: Handler) -> Route:
        """Open a v2 operation, whose errors tell a request id."""

        async def endpoint(request: Request) -> Response:
            request.state.enveloped = True
            await self._read(request)
            try:
                if not self._admits(request):
                    raise envelope(401, "Unauthorized", "The api_token is missing or invalid.")
                return await handler(request)
            except Refusal as refusal:
                return JsonResponse(self._with_id(refusal.body), refusal.status)

        return Route(f"/v2{path}", guarded(endpoint), methods=[method])

    async def body(self, request: Request) -> dict[str, object]:
        """Parse the body as a JSON object; no body at all counts as an empty one.

        Raises:
            Refusal: 400 `{"message": ...}` for anything else, 413 for a longer body than
                is allowed, in the v2 envelope where the request is one of v2.
        """
        refuse = _refuse_v2 if hasattr(request.state, "enveloped") else message
        raw: bytes | None = request.state.raw
        if raw is None:
            raise refuse(413, f"The body is longer than {self.max_body_bytes} bytes")
        if not raw:
            return {}
        parsed = await in_worker(_parsed, raw) if len(raw) > _BIG_BODY else _parsed(raw)
        if not isinstance(parsed, dict):
            raise refuse(400, "The body is not a valid JSON object")
        return cast("dict[str, object]", parsed)

    async def _read(self, request: Request) -> None:
        """Take the whole body off the wire, before anything can be refused.

        An answer to a request that is still being sent may be lost with its connection.
        Of a body that is too long nothing is kept.
        """
        kept: bytearray | None = bytearray()
        length = 0
        async for chunk in request.stream():
            length += len(chunk)
            kept = kept if length <= self.max_body_bytes else None
            if kept is not None:
                kept += chunk
        request.state.raw = None if kept is None else bytes(kept)

    def _with_id(self, body: str | dict[str, object]) -> object:
        if isinstance(body, dict) and "error" in body:
            return {**body, "request_id": self.state.next_request_id("refused")}
        return body

    def _admits(self, request: Request) -> bool:
        given = request.headers.get("api_token", "")
        return hmac.compare_digest(given.encode(), self.api_token.encode())


def number_in_path(request: Request, name: str, what: str) -> int:
    """Read an id from the path; whatever is no number leads nowhere.

    Raises:
        Refusal: 404 `"Dataset not found"`.
    """
    text = str(request.path_params[name])
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise not_found(what)
    return int(text)


def flag_in_query(request: Request, name: str) -> bool:
    """Read a boolean of the query, false unless it says otherwise."""
    return request.query_params.get(name, "").lower() in ("true", "1")


def origin(request: Request) -> str:
    """Give the address that the client knows the sandbox by, for URLs in answers."""
    return f"{request.url.scheme}://{request.url.netloc}"


def guarded(endpoint: Handler) -> Handler:
    """Answer 500 for a fault of the sandbox's own, and log it."""

    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception:
            _log.exception("%s %s failed in the sandbox", request.method, request.url.path)
            return JsonResponse({"message": "Internal server error in the sandbox"}, 500)

    return answered


def _refuse_v2(status: int, text: str) -> Refusal:
    return envelope(status, "Bad request", text)


def _parsed(raw: bytes) -> object:
    try:
        return parsed_json(raw)
    except ValueError:
        return None
