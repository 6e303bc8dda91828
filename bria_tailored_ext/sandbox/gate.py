"""The gate: every operation passes here, for its token, its body and its refusals."""

import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Set
from typing import cast

import attrs
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bria_tailored_ext.sandbox.document import contract
from bria_tailored_ext.sandbox.fields import parsed_json
from bria_tailored_ext.sandbox.refusal import (
    Problem,
    Refusal,
    envelope,
    field_errors,
    invalid_parameters,
    message,
    not_found,
)
from bria_tailored_ext.sandbox.state import State
from bria_tailored_ext.sandbox.turnstile import Turnstile
from bria_tailored_ext.sandbox.workers import in_worker

_log = logging.getLogger(__name__)

Handler = Callable[[Request], Awaitable[Response]]
_Answer = Callable[[], Awaitable[Response]]

# Above this, parsing would hold up the event loop noticeably.
_BIG_BODY = 256 * 1024
_LONGEST_LIST = 200


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
        turnstile: What counts requests, and lets some of them go wrong.
    """

    api_token: str
    max_body_bytes: int
    state: State
    turnstile: Turnstile

    def v1(self, method: str, path: str, handler: Handler) -> Route:
        """Open a v1 operation to requests with the token."""

        async def endpoint(request: Request) -> Response:
            request.state.operation = (method, f"/v1{path}")
            await self._read(request)
            return await self._let_through(request, answer)

        async def answer(request: Request) -> Response:
            try:
                self._check_token(request)
                self._count(request)
                _check_query(request)
                return await handler(request)
            except Refusal as refusal:
                return JsonResponse(refusal.body, refusal.status, headers=refusal.headers)

        return Route(f"/v1{path}", guarded(endpoint), methods=[method])

    def v2(self, method: str, path: str, handler: Handler) -> Route:
        """Open a v2 operation, whose errors tell a request id."""

        async def endpoint(request: Request) -> Response:
            request.state.operation = (method, f"/v2{path}")
            request.state.enveloped = True
            await self._read(request)
            return await self._let_through(request, answer)

        async def answer(request: Request) -> Response:
            try:
                if not self._admits(request):
                    raise envelope(401, "Unauthorized", "The api_token is missing or invalid.")
                self._count(request)
                return await handler(request)
            except Refusal as refusal:
                told = self._with_id(refusal.body)
                return JsonResponse(told, refusal.status, headers=refusal.headers)

        return Route(f"/v2{path}", guarded(endpoint), methods=[method])

    def own(self, method: str, path: str, handler: Handler) -> Route:
        """Open a path of the sandbox's own to requests with the token; it is not counted."""

        async def endpoint(request: Request) -> Response:
            await self._read(request)
            try:
                self._check_token(request)
                return await handler(request)
            except Refusal as refusal:
                return JsonResponse(refusal.body, refusal.status)

        return Route(f"/sandbox{path}", guarded(endpoint), methods=[method])

    async def body(self, request: Request) -> dict[str, object]:
        """Parse the body as a JSON object, and hold it against the document.

        No body at all counts as an empty one.

        Raises:
            Refusal: 400 `{"message": ...}` for what is no JSON, by its media type or in itself,
                or no object; 400 `{"errors": [...]}` for what the document does not allow; 413
                for a longer body than is allowed. In the v2 envelope where the request is one
                of v2.
        """
        refuse = _refuse_v2 if hasattr(request.state, "enveloped") else message
        raw: bytes | None = request.state.raw
        if raw is None:
            raise refuse(413, f"The body is longer than {self.max_body_bytes} bytes")
        told = contract(*request.state.operation)
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if raw and media_type not in told.media_types:
            wanted = " or ".join(sorted(told.media_types))
            raise refuse(400, f"The Content-Type is {media_type[:100]!r}; it must be {wanted}")
        big = len(raw) > _BIG_BODY
        parsed = await in_worker(_parsed, raw) if big else _parsed(raw or b"{}")
        if not isinstance(parsed, dict):
            raise refuse(400, "The body is not a valid JSON object")
        body = cast("dict[str, object]", parsed)
        check = told.body_problems
        _refuse_problems(request, await in_worker(check, body) if big else check(body))
        if told.fields is not None:
            _tell_of(request, body.keys() - told.fields)
        return body

    async def _let_through(self, request: Request, answer: Handler) -> Response:
        return await self.turnstile.let_through(
            request,
            answer,
            route=" ".join(request.state.operation),
            enveloped=hasattr(request.state, "enveloped"),
            body=request.state.raw or b"",
        )

    def _count(self, request: Request) -> None:
        enveloped = hasattr(request.state, "enveloped")
        self.turnstile.limits.admit(" ".join(request.state.operation), enveloped=enveloped)

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
            return {"request_id": self.state.next_request_id("refused"), **body}
        return body

    def _check_token(self, request: Request) -> None:
        if not self._admits(request):
            raise message(401, "Unauthorized: the api_token is missing or invalid")

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


def whole_in_query(request: Request, name: str, default: int) -> int:
    """Read a whole number of the query; by JSON Schema, 3.0 is one too."""
    return int(float(request.query_params.get(name, default)))


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


def _check_query(request: Request) -> None:
    if request.scope["query_string"]:
        told = contract(*request.state.operation)
        _refuse_problems(request, told.query_problems(request.query_params))
        _tell_of(request, request.query_params.keys() - told.query.keys())


def _tell_of(request: Request, strangers: Set[str]) -> None:
    """Log the names that the document does not have: it forbids none, but they may be mistakes."""
    if strangers:
        names = ", ".join(map(repr, sorted(strangers)))[:_LONGEST_LIST]
        _log.warning("%s %s: the document has no %s", *request.state.operation, names)


def _refuse_problems(request: Request, problems: list[Problem]) -> None:
    if problems:
        v2 = hasattr(request.state, "enveloped")
        raise invalid_parameters(problems) if v2 else field_errors(problems)


def _refuse_v2(status: int, text: str) -> Refusal:
    return envelope(status, "Bad request", text)


def _parsed(raw: bytes) -> object:
    try:
        return parsed_json(raw)
    except ValueError:
        return None
