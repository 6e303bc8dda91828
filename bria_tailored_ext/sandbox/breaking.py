"""Answers that go wrong on purpose, each as one `Response`."""

from http import HTTPStatus
from typing import Final

from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from bria_tailored_ext.sandbox.answers import ON_PURPOSE
from bria_tailored_ext.sandbox.faults import Fault
from bria_tailored_ext.sandbox.operations import GET_STATUS
from bria_tailored_ext.sandbox.refusal import failure
from bria_tailored_ext.sandbox.wire import wire_of

_GARBAGE: Final = b'\x80\x00{"result": {"image_url": "http'
# As the network in front of Bria answers for a server that it does not understand.
_PAGE: Final = """<!DOCTYPE html>
<html lang="en"><head><title>{status} | {phrase}</title></head>
<body><h1>Error {status}</h1><p>{phrase}</p><p>{why}</p></body></html>
"""
# Source: RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5.
_WITHOUT_BODY: Final = (204, 205, 304)
_PHRASES: Final = {
    460: "Could not fetch the image URL",
    506: "Unsupported input",
    520: "Web server is returning an unknown error",
    521: "Web server is down",
    522: "Connection timed out",
    523: "Origin is unreachable",
    524: "A timeout occurred",
    525: "SSL handshake failed",
    526: "Invalid SSL certificate",
}


def works_first(fault: Fault) -> bool:
    """Tell whether the request is carried out before the fault shows."""
    if fault.kind in ("status", "html"):
        return fault.after_work
    return fault.kind != "reset_before"


def instead(fault: Fault, *, operation: str, enveloped: bool) -> Response:
    """Give what is answered although nothing was done."""
    if fault.kind == "reset_before":
        return _Reset()
    return _told(fault, operation=operation, enveloped=enveloped)


def damaged(fault: Fault, answer: Response, *, operation: str, enveloped: bool) -> Response:
    """Give what becomes of a good answer."""
    match fault.kind:
        case "reset_after":
            return _Reset()
        case "slow":
            return _Slow(answer, fault.seconds)
        case "stall":
            return _Halved(answer, fault.seconds, goes_on=fault.seconds is not None)
        case "truncated":
            return _Halved(answer, 0.0, goes_on=False)
        case "garbage":
            status = 200 if answer.status_code == 204 else answer.status_code
            return Response(_GARBAGE, status, media_type="application/json")
        case _:
            return _told(fault, operation=operation, enveloped=enveloped)


class _Reset(Response):
    """The connection is reset; not a byte is answered."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        await wire_of(scope).reset(receive)


class _Slow(Response):
    """A good answer that comes late."""

    def __init__(self, answer: Response, seconds: float | None) -> None:
        super().__init__()
        self._answer = answer
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await wire_of(scope).pause(self._seconds, receive)
        await self._answer(scope, receive, send)


class _Halved(Response):
    """A good answer that stops in the middle; without a body, before it begins."""

    def __init__(self, answer: Response, seconds: float | None, *, goes_on: bool) -> None:
        super().__init__()
        self._answer = answer
        self._seconds = seconds
        self._goes_on = goes_on

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wire, answer = wire_of(scope), self._answer
        body = bytes(answer.body)
        half = len(body) // 2
        if body:
            await send(
                {
                    "type": "http.response.start",
                    "status": answer.status_code,
                    "headers": answer.raw_headers,
                }
            )
            await send({"type": "http.response.body", "body": body[:half], "more_body": True})
        await wire.pause(self._seconds, receive)
        if not self._goes_on:
            await wire.close(receive)
        elif body:
            await send({"type": "http.response.body", "body": body[half:]})
        else:
            await answer(scope, receive, send)


def _told(fault: Fault, *, operation: str, enveloped: bool) -> Response:
    status, headers = fault.shown_status, dict(fault.headers)
    if status in _WITHOUT_BODY:
        return Response(status_code=status, headers=headers)
    phrase = fault.words or _phrase(status)
    if fault.kind == "html" or 520 <= status <= 529:
        page = _PAGE.format(status=status, phrase=phrase, why=ON_PURPOSE)
        return Response(page, status, headers, "text/html; charset=UTF-8")
    told = _error(status, phrase, operation=operation, enveloped=enveloped)
    return JSONResponse(told, status, headers=headers)


def _error(status: int, phrase: str, *, operation: str, enveloped: bool) -> object:
    """Say it in the shape that Bria has for this status there."""
    if status == 404 and operation == GET_STATUS:
        return {"status": "NOT_FOUND"}
    return failure(status, phrase, ON_PURPOSE, enveloped=enveloped).body


def _phrase(status: int) -> str:
    known = _PHRASES.get(status)
    if known is not None:
        return known
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"
