"""`TailoredClient`: everything that Bria's Tailored Generation offers, over one connection."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Any, NoReturn, Self, get_args, overload

import attrs
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
from bria_tailored_ext.client.deliveries import Callbacks, Deliveries
from bria_tailored_ext.client.job import Job, JobSource
from bria_tailored_ext.client.poller import Poller
from bria_tailored_ext.client.with_files import WithFiles
from bria_tailored_ext.edge import border
from bria_tailored_ext.edge.backends import IN_FLIGHT, Network
from bria_tailored_ext.edge.connection import Connections, Options
from bria_tailored_ext.edge.downloads import Downloads
from bria_tailored_ext.edge.gate import looks_at_once
from bria_tailored_ext.edge.looking import Looking
from bria_tailored_ext.edge.tally import Tally
from bria_tailored_ext.rules import jobs
from bria_tailored_ext.rules.requests import check_request
from bria_tailored_ext.values.attempts import Hook
from bria_tailored_ext.values.clock import Clock, SystemClock
from bria_tailored_ext.values.configuration import (
    HttpBackend,
    Timeouts,
    Token,
    check_backend,
    check_in_flight,
    resolve_account,
)
from bria_tailored_ext.values.durations import Durations
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

__all__ = ["TailoredClient"]

_OUTSIDE = "Use the client inside `async with TailoredClient(...) as bria`: it is not open."


class TailoredClient(Facades, WithFiles):
    """The client. Use it as an async context manager, on asyncio or trio.

    Closed, it can be opened again by another `async with`, one after the other.

    `projects`, `datasets`, `models`, `images`, `videos`, `status` and `legacy` hold every
    operation of the API, typed. `submit` and `job` are what most programs use for generation.

    Args:
        api_token: The organisation's token; else `BRIA_API_TOKEN`, else `BRIA_API_KEY`. Where it
            may be rotated, a callable that gives the valid one: it is called for each request.
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
        webhooks: A `WebhookReceiver`: Bria tells it what became of the jobs submitted here.
        transport: Replaces the HTTP backend, in tests.
        clock: Replaces the time, in tests.
        durations: What an earlier client has learned of how long jobs take; see `durations()`.

    Raises:
        MissingTokenError: There is no token. Nothing was sent.
        ConfigurationError: A setting cannot be right. Nothing was sent.
    """

    def __init__(
        self,
        *,
        api_token: Token | None = None,
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
        webhooks: Deliveries | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Clock | None = None,
        durations: Durations | None = None,
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
        self._callbacks = Callbacks(webhooks, self._account)
        self._root: TailoredClient = self
        self._connections: Connections | None = None
        self._opened: tuple[Connections, httpx.AsyncClient, AuthenticatedClient] | None = None
        self._tally = Tally()
        self.clock: Clock = clock or SystemClock()
        self._poller = Poller(
            self.clock,
            partial(self._looking, patient=False),
            at_once=looks_at_once(self._max_in_flight or IN_FLIGHT),
            durations=durations,
        )
        self._lookings: tuple[Connections, Looking, Looking] | None = None
        self._source: JobSource | None = None

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
        connections = Connections(
            self._account,
            network=self._network,
            http_backend=self._http_backend,
            max_in_flight=self._max_in_flight,
            transport=self._transport,
            clock=self.clock,
        )
        self._callbacks.open(self._delivered)
        self._connections = connections
        for request_id in self._poller.open_jobs():
            self._ask_deliveries(request_id)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close every connection. Jobs go on at Bria."""
        self._callbacks.close()
        self._poller.close()
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
        other._lookings = other._source = None
        return other

    def statistics(self) -> Statistics:
        """What this client has done since it was made, by endpoint.

        Jobs are counted together for all clients over the same connections.
        """
        return attrs.evolve(
            self._tally.statistics(), jobs=self._poller.finished, polls=self._poller.polls
        )

    def durations(self) -> Durations:
        """What was learned of how long jobs take, for `TailoredClient(durations=...)` later on.

        Looks are then well aimed from the first job on. `to_dict()` makes JSON of it.
        """
        return self._poller.durations()

    def _open(self) -> tuple[Connections, httpx.AsyncClient, AuthenticatedClient]:
        connections = self._root._connections
        if connections is None:
            raise RuntimeError(_OUTSIDE)
        if self._opened is None or self._opened[0] is not connections:
            http = connections.client(self._options, self._tally)
            self._opened = connections, http, border.generated_client(http)
        return self._opened

    def _looking(self, *, patient: bool) -> Looking:
        """Looks at jobs: retried by this client's policy, or once each."""
        connections, _, _ = self._open()
        if self._lookings is None or self._lookings[0] is not connections:
            self._lookings = (
                connections,
                connections.looking(self._options, self._tally),
                connections.looking(self._once(), self._tally),
            )
        return self._lookings[1] if patient else self._lookings[2]

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
        request = self._callbacks.asked_for(request)
        # Now, not once it is paid for: it may ask the caller for a token, which may fail.
        by_webhook = self._callbacks.is_asked_for(request)
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
            request_id = jobs.read_request_id(kind, answer.request_id)
            return self._job(request_id, kind=kind, submitted_at=now, by_webhook=by_webhook)
        # The documented answer to `sync` names no id; the result is here all the same.
        request_id = answer.request_id if isinstance(answer.request_id, str) else ""
        look = jobs.read_sync(answer.to_dict())
        return self._job(request_id, kind=kind, submitted_at=now, look=look)

    def _delivered(self, request_id: str, body: Mapping[str, Any]) -> None:
        """Take what a webhook says of a job."""
        self._poller.deliver(request_id, body)

    def job(
        self,
        request_id: str,
        kind: JobKind | str | None = None,
        *,
        submitted_at: datetime | None = None,
    ) -> Job[Result]:
        """A handle on a job submitted earlier, perhaps elsewhere. Nothing is sent.

        Args:
            request_id: Its id.
            kind: What it makes, or the word for it, if that is known; else its result tells.
            submitted_at: When it was submitted, aware, if that is known: looks are better aimed.

        Raises:
            InvalidInputError: The id is empty or cannot be one, the word is for no kind, or the
                time is naive.
        """
        if not jobs.is_askable(request_id):
            raise InvalidInputError(
                "A job's id is empty, or cannot stand in an URL. Pass the request_id of its submit."
            )
        jobs.check_time(submitted_at)
        return self._job(request_id, kind=jobs.kind_named(kind), submitted_at=submitted_at)

    def _job(self, request_id: str, **known: Any) -> Job[Any]:
        record = self._poller.record(request_id, **known)
        # It may have come before anybody knew the id.
        self._ask_deliveries(request_id)
        if self._source is None:
            self._source = JobSource(
                client=self, clock=self.clock, poller=self._poller, looking=self._looking
            )
        return Job(self._source, record)

    def _ask_deliveries(self, request_id: str) -> None:
        body = self._callbacks.delivered(request_id) if request_id else None
        if body is not None:
            self._delivered(request_id, body)

    def _downloads(self, *, patient: bool = True) -> Downloads:
        options = self._options if patient else self._once()
        return self._open()[0].downloads(options, self._tally)

    def _once(self) -> Options:
        """Its options, with one attempt for each request."""
        return attrs.evolve(self._options, retry=attrs.evolve(self._options.retry, attempts=1))


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
