"""The token travels to the configured origin, and nowhere else."""

from __future__ import annotations

import traceback

import httpx

from bria_tailored_ext.edge.causes import chain_of
from bria_tailored_ext.edge.origin import Origin
from bria_tailored_ext.values.configuration import Account

HEADER = "api_token"

_TAKEN_OUT = "[api_token]"

_SHORTEST = 8
"""Characters of a token that can be told from any other text."""


class AuthenticatingTransport(httpx.AsyncBaseTransport):
    """Adds the token to calls of the API, and takes it off everything else.

    It stands below httpx's redirects, so that each hop is judged by itself.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, origin: Origin, account: Account) -> None:
        self._inner = inner
        self._origin = origin
        self._account = account

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, with the token only if it goes to the configured origin."""
        if HEADER in request.headers:
            del request.headers[HEADER]
        if not self._origin.is_api_call(request):
            return await self._inner.handle_async_request(request)
        token = self._account.api_token
        request.headers[HEADER] = token
        try:
            return _without(token, await self._inner.handle_async_request(request))
        except httpx.RequestError as error:
            _forget_frames(error)
            _take_out_of(error, token)
            raise
        except BaseException as error:
            # A cancellation, or what the caller's own body raised: its lines may tell, but not
            # what the frames below held.
            traceback.clear_frames(error.__traceback__)
            raise
        finally:
            # Whoever looks later, at the request or at this frame in a report, finds no token.
            request.headers.pop(HEADER, None)
            del token

    async def aclose(self) -> None:
        """Close the transport below."""
        await self._inner.aclose()


def _without(token: str, response: httpx.Response) -> httpx.Response:
    """Take out what the server repeats of the token: its words go into errors and logs."""
    if len(token) < _SHORTEST:
        return response
    headers = response.headers.multi_items()
    if any(token in value for _, value in headers):
        response.headers = httpx.Headers(
            [(name, value.replace(token, _TAKEN_OUT)) for name, value in headers]
        )
    raw = token.encode()
    if response.is_stream_consumed and raw in response.content:
        vars(response)["_content"] = response.content.replace(raw, _TAKEN_OUT.encode())
    return response


def _forget_frames(error: BaseException) -> None:
    # The frames below hold the headers that were sent, and reports of errors may print locals.
    for each in chain_of(error):
        each.__traceback__ = None


def _take_out_of(error: BaseException, token: str) -> None:
    # A server's words may be in them that it broke off with. The causes themselves are needed.
    for each in chain_of(error):
        if len(token) >= _SHORTEST and token in f"{each!s} {each!r}":
            each.args = (str(each).replace(token, _TAKEN_OUT),)
            if isinstance(getattr(each, "message", None), str):
                vars(each)["message"] = each.args[0]
