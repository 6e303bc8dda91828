"""What a failed request means: nothing was done, or nobody knows."""

from __future__ import annotations

import anyio
import httpx

from bria_tailored_ext.values import errors

_NEVER_ARRIVED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class OutcomeTransport(httpx.AsyncBaseTransport):
    """Turns httpx's failures into ours.

    A POST that broke off after it may have arrived is `SubmitOutcomeUnknown`: Bria knows no
    idempotency key, so that repeating it may pay twice.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and read its whole answer, unless it is streamed."""
        try:
            response = await self._inner.handle_async_request(request)
            if not request.extensions.get("stream"):
                await _read(response)
        except httpx.RequestError as error:
            raise _explain(request, error) from error
        return response

    async def aclose(self) -> None:
        """Close the transport below."""
        await self._inner.aclose()


async def _read(response: httpx.Response) -> None:
    try:
        await response.aread()
    except BaseException:
        # Else its connection would stay taken: nobody above has seen this response.
        with anyio.CancelScope(shield=True):
            await response.aclose()
        raise


def _explain(request: httpx.Request, error: httpx.RequestError) -> errors.BriaError:
    asked = f"{request.method} {request.url.path}"
    what = f"{type(error).__name__}{f': {error}' if str(error) else ''}"
    if request.method == "POST" and not isinstance(error, _NEVER_ARRIVED):
        return errors.SubmitOutcomeUnknown(
            f"{asked} broke off ({what}) after it may have arrived. It may have been carried out "
            "and billed: look at Bria before you send it again.",
            method=request.method,
            path=request.url.path,
        )
    if isinstance(error, httpx.TimeoutException):
        return errors.BriaTimeoutError(f"{asked} had no answer in time ({what}). Try again.")
    if isinstance(error, _NEVER_ARRIVED):
        return errors.BriaConnectionError(
            f"{asked} did not reach {request.url.host} ({what}). Check the network and base_url."
        )
    return errors.BriaConnectionError(f"{asked} broke off ({what}). Try again.")
