"""The token travels to the configured origin, and nowhere else."""

from __future__ import annotations

import httpx

from bria_tailored_ext.edge.origin import Origin

HEADER = "api_token"


class AuthenticatingTransport(httpx.AsyncBaseTransport):
    """Adds the token to calls of the API, and takes it off everything else.

    It stands below httpx's redirects, so that each hop is judged by itself.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, origin: Origin, api_token: str) -> None:
        self._inner = inner
        self._origin = origin
        self._token = api_token

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, with the token only if it goes to the configured origin."""
        if HEADER in request.headers:
            del request.headers[HEADER]
        if self._origin.is_api_call(request):
            request.headers[HEADER] = self._token
        try:
            return await self._inner.handle_async_request(request)
        except httpx.RequestError as error:
            _forget_frames(error)
            raise
        finally:
            # Whoever looks at the request later, in a log or an error, does not find the token.
            request.headers.pop(HEADER, None)

    async def aclose(self) -> None:
        """Close the transport below."""
        await self._inner.aclose()


def _forget_frames(error: BaseException | None) -> None:
    # The frames below hold the headers that were sent, and reports of errors may print locals.
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        error.__traceback__ = None
        error = error.__cause__ or error.__context__
