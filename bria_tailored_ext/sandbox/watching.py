"""Watching the requests that pass, for the page."""

import time
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bria_tailored_ext.sandbox.traffic import Traffic

_OWN: Final = ("/sandbox/", "/favicon.ico")


def watched(app: ASGIApp, traffic: Traffic) -> ASGIApp:
    """Note every request to an application; those of the page do not count."""

    async def watching(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _is_of_the_page(scope):
            await app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await app(scope, receive, noting)
        finally:
            seconds = time.perf_counter() - began
            method, path = scope["method"], scope["path"]
            traffic.note(method=method, path=path, status=status, seconds=seconds)

    return watching


def _is_of_the_page(scope: Scope) -> bool:
    path: str = scope["path"]
    # The page asks for pictures of the API's with this query, so as not to watch itself.
    return path == "/" or path.startswith(_OWN) or scope["query_string"] == b"page"
