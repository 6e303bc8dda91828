"""Pacing and retries: every attempt waits its turn, is counted, logged, and shown to hooks."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import attrs
import httpx

from bria_tailored_ext.edge.failures import failure_of
from bria_tailored_ext.edge.limiter import Limiter
from bria_tailored_ext.edge.origin import Origin
from bria_tailored_ext.edge.tally import Tally
from bria_tailored_ext.rules.headers import retry_after
from bria_tailored_ext.rules.retries import backoff, may_retry
from bria_tailored_ext.rules.routes import canonical, route_of
from bria_tailored_ext.values.attempts import Attempt, Hook
from bria_tailored_ext.values.clock import Clock
from bria_tailored_ext.values.plan import Plan
from bria_tailored_ext.values.retry_policy import RetryPolicy

log = logging.getLogger("bria_tailored_ext")

ROUTE = "route"
"""The request extension that names the endpoint; the generated client sets it."""

ATTEMPTS = "attempts"
"""The request extension that says, afterwards, how many attempts there were."""


@attrs.frozen(kw_only=True)
class Pacing:
    """What decides when a request leaves, and whether it leaves again.

    Attributes:
        limiter: Shared by the account's clients.
        plan: The account's rates; `None` for no pacing.
        retry: The budget of one request.
        clock: Tells and passes the time.
        jitter: Draws evenly from 0 to 1.
    """

    limiter: Limiter
    plan: Plan | None
    retry: RetryPolicy
    clock: Clock
    jitter: Callable[[], float] = random.random


class AttemptingTransport(httpx.AsyncBaseTransport):
    """Sends a request, and again where that is safe and the budget allows it."""

    def __init__(
        self,
        inner: httpx.AsyncBaseTransport,
        *,
        origin: Origin,
        pacing: Pacing,
        tally: Tally,
        hooks: Sequence[Hook] = (),
    ) -> None:
        self._inner = inner
        self._origin = origin
        self._pacing = pacing
        self._tally = tally
        self._hooks = tuple(hooks)
        self._lanes: dict[str, str] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Attempt a request until it is answered well enough, or may not be attempted again."""
        route, lane = self._place(request)
        row = self._tally.rows[route]
        row.requests += 1
        clock, number, first_start = self._pacing.clock, 0, None
        while True:
            number += 1
            request.extensions[ATTEMPTS] = number
            waited = await self._turn(lane, route)
            start = clock.monotonic()
            first_start = start if first_start is None else first_start
            outcome = await self._once(request)
            now = clock.monotonic()
            attempt = _attempt(request, route, number, outcome, waited, now - start)
            row.add(attempt)
            self._show(attempt)
            asked = _retry_after(outcome)
            self._tell_limiter(lane, attempt, asked)
            pause = self._pause(request, attempt, asked, now - first_start)
            if pause is None:
                return _or_raise(outcome)
            log.info("%s: attempt %d in %.1f s", route, number + 1, pause)
            if isinstance(outcome, httpx.Response):
                await outcome.aclose()
            await clock.sleep(pause)

    async def aclose(self) -> None:
        """Close the transport below."""
        await self._inner.aclose()

    def _place(self, request: httpx.Request) -> tuple[str, str | None]:
        """The endpoint as statistics name it, and as the limiter does; no limits elsewhere."""
        if not self._origin.is_api_call(request):
            return f"{request.method} elsewhere", None
        route = request.extensions.get(ROUTE) or route_of(request.method, request.url.path)
        lane = self._lanes.get(route)
        if lane is None:
            lane = self._lanes[route] = canonical(route)
        return route, lane

    async def _turn(self, lane: str | None, route: str) -> float:
        if lane is None:
            return 0.0
        plan = self._pacing.plan
        return await self._pacing.limiter.wait(lane, plan.rate(route) if plan else None)

    async def _once(self, request: httpx.Request) -> httpx.Response | httpx.RequestError:
        try:
            return await self._inner.handle_async_request(request)
        except httpx.RequestError as error:
            return error

    def _show(self, attempt: Attempt) -> None:
        if log.isEnabledFor(logging.DEBUG):
            log.debug(
                "%s: attempt %d, %s after %.3f s",
                attempt.route,
                attempt.number,
                attempt.status or type(attempt.failure).__name__,
                attempt.seconds,
            )
        for hook in self._hooks:
            hook(attempt)

    def _tell_limiter(self, lane: str | None, attempt: Attempt, asked: float | None) -> None:
        if lane is None or attempt.status is None:
            return
        if attempt.status != 429:
            self._pacing.limiter.admitted(lane)
            return
        seconds = self._pacing.limiter.refused(lane, asked)
        log.warning("%s: 429; the endpoint is paused for %.1f s", attempt.route, seconds)

    def _pause(
        self, request: httpx.Request, attempt: Attempt, asked: float | None, spent: float
    ) -> float | None:
        """Seconds to pause before another attempt; None for no other."""
        policy = self._pacing.retry
        if attempt.number >= policy.attempts or not _is_replayable(request):
            return None
        outcome = attempt.status or failure_of(attempt.failure)
        if not may_retry(request.method, attempt.route, outcome):
            return None
        pause = max(backoff(policy, attempt.number, self._pacing.jitter()), asked or 0.0)
        return pause if spent + pause <= policy.seconds else None


def _attempt(
    request: httpx.Request,
    route: str,
    number: int,
    outcome: httpx.Response | httpx.RequestError,
    waited: float,
    seconds: float,
) -> Attempt:
    status, failure = None, None
    if isinstance(outcome, httpx.Response):
        status = outcome.status_code
    else:
        failure = outcome
    return Attempt(
        route=route,
        method=request.method,
        path=request.url.path,
        number=number,
        status=status,
        failure=failure,
        waited=waited,
        seconds=seconds,
    )


def _or_raise(outcome: httpx.Response | httpx.RequestError) -> httpx.Response:
    if isinstance(outcome, httpx.RequestError):
        raise outcome
    return outcome


def _retry_after(outcome: httpx.Response | httpx.RequestError) -> float | None:
    header = outcome.headers.get("retry-after") if isinstance(outcome, httpx.Response) else None
    return retry_after(header, datetime.now(UTC)) if header else None


def _is_replayable(request: httpx.Request) -> bool:
    # A body that is an iterator is used up by the first attempt.
    return isinstance(request.stream, httpx.ByteStream)
