"""What a failed request means: nothing was done, or nobody knows."""

from __future__ import annotations

import httpx

from bria_tailored_ext.edge.attempting import ATTEMPTS, RETRY_AFTER, ROUTE
from bria_tailored_ext.edge.failures import failure_of
from bria_tailored_ext.edge.gate import STREAM
from bria_tailored_ext.edge.origin import Origin
from bria_tailored_ext.rules.answers import Answer, error_for
from bria_tailored_ext.rules.retries import Failure, leaves_outcome_unknown
from bria_tailored_ext.values import errors

_LOOK_FIRST = "It may have been carried out and billed: look at Bria before you send it again."


class ExplainingTransport(httpx.AsyncBaseTransport):
    """Turns httpx's failures into ours, and says when nobody knows what became of a POST.

    Bria knows no idempotency key, so that repeating such a POST may pay twice.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, origin: Origin) -> None:
        self._inner = inner
        self._origin = origin

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; answers pass, except those that leave its outcome unknown."""
        try:
            response = await self._inner.handle_async_request(request)
        except httpx.RequestError as error:
            raise _explain(request, error) from error
        if response.has_redirect_location and not _leads_somewhere(request, response):
            # httpx reads it even if nobody follows it, and would fail above this transport.
            del response.headers["location"]
        if response.status_code >= 400 and self._is_unknown(request, response):
            raise _unknown(request, response)
        return response

    async def aclose(self) -> None:
        """Close the transport below."""
        await self._inner.aclose()

    def _is_unknown(self, request: httpx.Request, response: httpx.Response) -> bool:
        if request.extensions.get(STREAM) or not self._origin.is_api_call(request):
            return False
        route = request.extensions.get(ROUTE)
        return leaves_outcome_unknown(request.method, route, response.status_code)


def _leads_somewhere(request: httpx.Request, response: httpx.Response) -> bool:
    try:
        url = httpx.URL(response.headers["location"])
        if url.scheme and not url.host:
            url = url.copy_with(host=request.url.host)
        request.url.join(url)
    except (httpx.InvalidURL, ValueError):
        return False
    return True


def answer_of(request: httpx.Request, response: httpx.Response) -> Answer:
    """What the classification of errors needs of an answer that was read whole."""
    return Answer(
        method=request.method,
        path=request.url.path,
        status=response.status_code,
        body=response.content,
        content_type=response.headers.get("content-type", "").lower(),
        retry_after=response.extensions.get(RETRY_AFTER),
        attempts=request.extensions.get(ATTEMPTS, 1),
    )


def outcome_unknown(
    answer: Answer, said: errors.ApiError, told: str
) -> errors.SubmitOutcomeUnknown:
    """What to raise where an answer leaves open whether something was done, and billed."""
    unknown = errors.SubmitOutcomeUnknown(
        told + (f" It named the id {said.request_id}." if said.request_id else ""),
        method=answer.method,
        path=answer.path,
        status=answer.status,
        attempts=answer.attempts,
        request_id=said.request_id,
        words=said.words,
    )
    unknown.__cause__ = said
    return unknown


def _unknown(request: httpx.Request, response: httpx.Response) -> errors.SubmitOutcomeUnknown:
    answer = answer_of(request, response)
    said = error_for(answer)
    words = f": {said.words}".rstrip(".") if said.words else ""
    told = f"{answer.method} {answer.path} answered {answer.status}{words}. {_LOOK_FIRST}"
    return outcome_unknown(answer, said, told)


def _first_words(error: BaseException) -> str:
    """What it says, or what is said by what caused it: on trio only that knows of certificates."""
    each: BaseException | None = error
    for _ in range(9):
        if each is None or str(each):
            break
        each = each.__cause__ or each.__context__
    return str(each or "")


def _explain(request: httpx.Request, error: httpx.RequestError) -> errors.BriaError:
    method, path = request.method, request.url.path
    attempts: int = request.extensions.get(ATTEMPTS, 1)
    what = ": ".join(filter(None, (type(error).__name__, _first_words(error))))
    tried = f" {attempts} attempts were made." if attempts > 1 else ""
    failure = failure_of(error)
    if leaves_outcome_unknown(method, request.extensions.get(ROUTE), failure):
        return errors.SubmitOutcomeUnknown(
            f"{method} {path} broke off ({what}) after it may have arrived. {_LOOK_FIRST}",
            method=method,
            path=path,
            attempts=attempts,
        )
    timed_out = isinstance(error, httpx.TimeoutException)
    if failure is Failure.NOT_SENDABLE:
        told = f"cannot be sent ({what}). Check the URL."
    elif failure is Failure.NEVER_ARRIVED:
        told = f"did not reach {request.url.host} ({what}). Check the network and base_url."
    elif timed_out:
        told = f"had no answer in time ({what}). Try again."
    else:
        told = f"broke off ({what}). Try again."
    kind = errors.BriaTimeoutError if timed_out else errors.BriaConnectionError
    return kind(f"{method} {path} {told}{tried}", method=method, path=path, attempts=attempts)
