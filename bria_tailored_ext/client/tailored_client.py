"""`TailoredClient`: everything that Bria's Tailored Generation offers, over one connection."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self, get_args, overload

import httpx

from bria_tailored.api import Facades
from bria_tailored.client import AuthenticatedClient
from bria_tailored.models import (
    AcceptedJob,
    AspectRatio,
    ImageRequest,
    StructuredPromptRequest,
    VideoRequest,
)
from bria_tailored_ext.client.job import Job
from bria_tailored_ext.edge import border
from bria_tailored_ext.edge.backends import Network
from bria_tailored_ext.edge.connection import Connections, Options
from bria_tailored_ext.edge.downloads import download
from bria_tailored_ext.edge.tally import Tally
from bria_tailored_ext.rules import jobs
from bria_tailored_ext.rules.requests import check_request
from bria_tailored_ext.values.attempts import Hook
from bria_tailored_ext.values.clock import Clock, SystemClock
from bria_tailored_ext.values.configuration import (
    HttpBackend,
    Timeouts,
    check_backend,
    check_in_flight,
    resolve_account,
)
from bria_tailored_ext.values.errors import InvalidInputError
from bria_tailored_ext.values.jobs import (
    ImageResult,
    JobKind,
    Result,
    StructuredPromptResult,
    VideoResult,
)
from bria_tailored_ext.values.plan import KEEP, KeepType, Plan, PlanName, resolve_plan
from bria_tailored_ext.values.retry_policy import RetryPolicy
from bria_tailored_ext.values.statistics import Statistics

_OUTSIDE = "Use the client inside `async with TailoredClient(...) as bria`: it is not open."


class TailoredClient(Facades):
    """The client. Use it as an async context manager, on asyncio or trio.

    Closed, it can be opened again by another `async with`, one after the other.

    `projects`, `datasets`, `models`, `images`, `videos`, `status` and `legacy` hold every
    operation of the API, typed. `submit` and `job` are what most programs use for generation.

    Args:
        api_token: The organisation's token; else `BRIA_API_TOKEN`, else `BRIA_API_KEY`.
        base_url: The API's origin; else `BRIA_BASE_URL`, else Bria's own host.
        plan: The account's rates: "free", "pay_as_you_go", "enterprise", a `Plan`, or `None` for
            no pacing. Clients of the same account and host share one limiter.
        timeouts: Of each attempt, in seconds.
        retry: The budget of each request. A POST is repeated only if it never arrived.
        max_in_flight: Requests under way at once, 2 or more; else what suits the backend.
        http_backend: "auto", "httpx" or "aiohttp".
        verify: Whether, or by which TLS context or bundle, certificates are checked.
        proxy: For every request; else the environment's, if `trust_env`.
        trust_env: Whether the environment may name proxies and certificates.
        hooks: Called after every attempt of every request.
        transport: Replaces the HTTP backend, in tests.
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
        plan: PlanName | Plan | None = "pay_as_you_go",
        timeouts: Timeouts | None = None,
        retry: RetryPolicy | None = None,
        max_in_flight: int | None = None,
        http_backend: HttpBackend = "auto",
        verify: ssl.SSLContext | str | bool = True,
        proxy: httpx.URL | str | httpx.Proxy | None = None,
        trust_env: bool = True,
        hooks: Iterable[Hook] = (),
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._account = resolve_account(api_token, base_url)
        self._options = Options(
            timeouts=timeouts or Timeouts(),
            retry=retry or RetryPolicy(),
            plan=resolve_plan(plan),
            hooks=tuple(hooks),
        )
        self._max_in_flight = check_in_flight(max_in_flight)
        self._http_backend: HttpBackend = check_backend(http_backend)
        self._network = Network(verify=verify, proxy=proxy, trust_env=trust_env)
        self._transport = transport
        self._root: TailoredClient = self
        self._connections: Connections | None = None
        self._opened: tuple[Connections, httpx.AsyncClient, AuthenticatedClient] | None = None
        self._tally = Tally()
        self.clock: Clock = clock or SystemClock()

    def __repr__(self) -> str:
        return f"<TailoredClient {self._account.base_url}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A client holds a token and connections: make another one instead.")

    async def __aenter__(self) -> Self:
        """Open the connections.

        Raises:
            RuntimeError: It is open already, or uses another client's connections.
            ConfigurationError: The HTTP backend cannot be used here.
        """
        if self._root is not self:
            raise RuntimeError("A client made with_options is open while the one it came from is.")
        if self._connections is not None:
            raise RuntimeError(
                "This client is open already: share it, or make another for another `async with`."
            )
        self._connections = Connections(
            self._account,
            network=self._network,
            http_backend=self._http_backend,
            max_in_flight=self._max_in_flight,
            transport=self._transport,
            clock=self.clock,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close every connection. Jobs go on at Bria."""
        connections, self._connections = self._connections, None
        if connections is not None:
            await connections.aclose()

    @property
    def api(self) -> AuthenticatedClient:
        """The generated client, over the same connections.

        Raises:
            RuntimeError: The client is not open.
        """
        return self._open()[2]

    def with_options(
        self,
        *,
        plan: PlanName | Plan | KeepType | None = KEEP,
        timeouts: Timeouts | None = None,
        retry: RetryPolicy | None = None,
        hooks: Iterable[Hook] | None = None,
    ) -> Self:
        """Another client with other options over the same connections.

        It is open while this one is, and keeps statistics of its own.
        """
        # Not `copy`: a client refuses to be copied, and so to be pickled.
        other = object.__new__(type(self))
        vars(other).update(vars(self))
        other._options = Options(
            plan=self._options.plan if isinstance(plan, KeepType) else resolve_plan(plan),
            timeouts=timeouts or self._options.timeouts,
            retry=retry or self._options.retry,
            hooks=self._options.hooks if hooks is None else tuple(hooks),
        )
        other._root, other._opened, other._tally = self._root, None, Tally()
        return other

    def statistics(self) -> Statistics:
        """What this client has done since it was made, by endpoint."""
        return self._tally.statistics()

    def _open(self) -> tuple[Connections, httpx.AsyncClient, AuthenticatedClient]:
        connections = self._root._connections
        if connections is None:
            raise RuntimeError(_OUTSIDE)
        if self._opened is None or self._opened[0] is not connections:
            http = connections.client(self._options, self._tally)
            self._opened = connections, http, border.generated_client(http)
        return self._opened

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
            ApiError: Bria refused it, and nothing is billed; but an `UnexpectedAnswerError` does
                not tell.
            SubmitOutcomeUnknown: It broke off, or a 5xx came; it may have been billed.
            NoAnswerError: It never arrived.
        """
        kind = _kind_of(request)
        check_request(kind, request.to_dict(), get_args(AspectRatio))
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
        # The documented answer to `sync` names no id; the result is here all the same.
        request_id = answer.request_id if isinstance(answer.request_id, str) else ""
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
        await download(self._open()[1], url, Path(path))


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
