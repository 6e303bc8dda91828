"""The token travels to the configured origin, and nowhere else."""

from __future__ import annotations

import httpx

from bria_tailored_ext.values.configuration import Account

HEADER = "api_token"

ANONYMOUS = "anonymous"
"""The request extension that keeps the token back even from the configured origin."""


class AuthenticatingTransport(httpx.AsyncBaseTransport):
    """Adds the token to requests to the account's own origin, and takes it off all others.

    It stands below httpx's redirects, so that each hop is judged by itself.
    """

    def __init__(self, account: Account, inner: httpx.AsyncBaseTransport) -> None:
        self._origin = _origin(httpx.URL(account.base_url))
        self._token = account.api_token
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, with the token only if it goes to the configured origin."""
        request.headers.pop(HEADER, None)
        if _origin(request.url) == self._origin and not request.extensions.get(ANONYMOUS):
            request.headers[HEADER] = self._token
        try:
            return await self._inner.handle_async_request(request)
        finally:
            # Whoever looks at the request later, in a log or an error, does not find the token.
            request.headers.pop(HEADER, None)

    async def aclose(self) -> None:
        """Close the transport below."""
        await self._inner.aclose()


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    default = {"http": 80, "https": 443}.get(url.scheme)
    return url.scheme, url.host, url.port or default
