"""`TailoredClient`: everything that Bria's Tailored Generation offers, over one connection."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self, overload

import httpx

from bria_tailored.api import Facades
from bria_tailored.client import AuthenticatedClient
from bria_tailored.models import (
    AcceptedJob,
    ImageRequest,
    StructuredPromptRequest,
    VideoRequest,
)
from bria_tailored_ext.client.job import Job
from bria_tailored_ext.edge import border, connection
from bria_tailored_ext.edge.downloads import download
from bria_tailored_ext.rules import jobs
from bria_tailored_ext.rules.requests import check_request
from bria_tailored_ext.values.clock import Clock, SystemClock
from bria_tailored_ext.values.configuration import Timeouts, resolve_account
from bria_tailored_ext.values.errors import InvalidInputError
from bria_tailored_ext.values.jobs import (
    ImageResult,
    JobKind,
    Result,
    StructuredPromptResult,
    VideoResult,
)

_OUTSIDE = "Use the client inside `async with TailoredClient(...) as bria`: it is not open."


class TailoredClient(Facades):
    """The client. Use it as an async context manager, on asyncio or trio.

    Closed, it can be opened again by another `async with`, one after the other.

    `projects`, `datasets`, `models`, `images`, `videos`, `status` and `legacy` hold every
    operation of the API, typed. `submit` and `job` are what most programs use for generation.

    Args:
        api_token: The organisation's token; else `BRIA_API_TOKEN`, else `BRIA_API_KEY`.
        base_url: The API's origin; else `BRIA_BASE_URL`, else Bria's own host.
        timeouts: Of each request, in seconds.
        transport: Replaces the network, in tests.
        clock: Replaces the time, in tests.

    Raises:
        MissingTokenError: There is no token. Nothing was sent.
        ConfigurationError: A setting cannot be right. Nothing was sent.
    """

    def __init__(
        self,
        *,
        api_token: str | None = None,
        base_url: str | None = None,
        timeouts: Timeouts | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._account = resolve_account(api_token, base_url)
        self._timeouts = timeouts or Timeouts()
        self._transport = transport
        self._open: httpx.AsyncClient | None = None
        self.clock: Clock = clock or SystemClock()

    def __repr__(self) -> str:
        return f"<TailoredClient {self._account.base_url}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A client holds a token and connections: make another one instead.")

    async def __aenter__(self) -> Self:
        """Open the connection pool.

        Raises:
            RuntimeError: It is open already.
        """
        if self._open is not None:
            raise RuntimeError(
                "This client is open already: share it, or make another for another `async with`."
            )
        self._open = connection.connect(self._account, self._timeouts, self._transport)
        await self._open.__aenter__()
        self._api = border.generated_client(self._open)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close every connection. Jobs go on at Bria."""
        opened, self._open = self._open, None
        for name, value in vars(Facades).items():
            # A facade remembers the connection that it was made over.
            if isinstance(value, cached_property):
                self.__dict__.pop(name, None)
        if opened is not None:
            await opened.__aexit__(kind, error, traceback)

    @property
    def api(self) -> AuthenticatedClient:  # type: ignore[override]
        """The generated client, over the same connection.

        Raises:
            RuntimeError: The client is not open.
        """
        if self._open is None:
            raise RuntimeError(_OUTSIDE)
        return self._api

    @overload
    async def submit(self, request: ImageRequest) -> Job[ImageResult]: ...
    @overload
    async def submit(self, request: StructuredPromptRequest) -> Job[StructuredPromptResult]: ...
    @overload
    async def submit(self, request: VideoRequest) -> Job[VideoResult]: ...
    async def submit(
        self, request: ImageRequest | StructuredPromptRequest | VideoRequest
    ) -> Job[Any]:
        """Create one job, which is billed, and return its handle at once.

        With `sync=True` in the request, Bria answers only when the result is there, and the
        handle is final.

        Raises:
            InvalidInputError: The request breaks a rule; nothing was sent.
            ApiError: Bria refused it, and nothing is billed; but a `ServerError` or an
                `UnexpectedAnswerError` does not tell.
            SubmitOutcomeUnknown: It broke off; it may have been billed.
            NoAnswerError: It never arrived.
        """
        kind = _kind_of(request)
        check_request(kind, request.to_dict())
        answer: Any
        match request:
            case ImageRequest():
                answer = await self.images.generate_image(body=request)
            case StructuredPromptRequest():
                answer = await self.images.generate_structured_prompt(body=request)
            case VideoRequest():
                answer = await self.videos.generate_video(body=request)
        now = self.clock.now()
        if isinstance(answer, AcceptedJob):
            accepted = jobs.read_request_id(kind, answer.request_id)
            return Job(self, accepted, kind=kind, submitted_at=now)
        request_id = answer.request_id if isinstance(answer.request_id, str) else "sync"
        return Job(
            self, request_id, kind=kind, submitted_at=now, look=jobs.read_sync(answer.to_dict())
        )

    def job(self, request_id: str) -> Job[Result]:
        """A handle on a job submitted earlier, perhaps elsewhere. Nothing is sent."""
        if not request_id:
            raise InvalidInputError("A job's id is empty. Pass the request_id of its submit.")
        return Job(self, request_id)

    async def download(self, url: str, path: str | Path) -> None:
        """Fetch a result URL into a file, whole or not at all. The token is not sent.

        Raises:
            DownloadError: It could not be fetched whole; nothing stands at `path`.
        """
        if self._open is None:
            raise RuntimeError(_OUTSIDE)
        await download(self._open, url, Path(path))


def _kind_of(request: object) -> JobKind:
    match request:
        case ImageRequest():
            return JobKind.IMAGE
        case StructuredPromptRequest():
            return JobKind.STRUCTURED_PROMPT
        case VideoRequest():
            return JobKind.VIDEO
        case _:
            raise InvalidInputError(
                "submit takes an ImageRequest, a StructuredPromptRequest or a VideoRequest; "
                f"this is a {type(request).__name__}."
            )
