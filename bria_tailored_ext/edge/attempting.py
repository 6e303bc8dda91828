"""Pacing and retries: every attempt waits its turn, is counted, logged, and shown to hooks."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Sequence
from math import inf
from typing import cast

import attrs
import httpx

from bria_tailored_ext.edge.failures import failure_of
from bria_tailored_ext.edge.gate import LEAVE, WHOLE
from bria_tailored_ext.edge.limiter import Limiter
from bria_tailored_ext.edge.origin import Origin
from bria_tailored_ext.edge.tally import Tally
from bria_tailored_ext.rules.headers import retry_after
from bria_tailored_ext.rules.retries import backoff, may_retry
from bria_tailored_ext.rules.routes import Rates, canonical, route_of
from bria_tailored_ext.values.attempts import Attempt, Hook
from bria_tailored_ext.values.clock import Clock
from bria_tailored_ext.values.plan import Plan
from bria_tailored_ext.values.retry_policy import RetryPolicy

log: logging.Logger = logging.getLogger("bria_tailored_ext")

ROUTE = "route"
"""The request extension that names the endpoint; the generated client sets it."""

RETRY_AFTER = "retry_after"
"""The response extension with the seconds that its `Retry-After` asks for."""

ATTEMPTS = "attempts"
"""The request extension that says, afterwards, how many attempts there were."""


_NEWS = 1.0
"""Seconds by which a pause must grow to be told of again."""


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


@attrs.define
class _Turn:
    """A request's turn at its endpoint, as the plan counts it: recorded, moved, and then settled.

    Attributes:
        started: The instant that the limiter has recorded.
        waited: Seconds, for that turn.
    """

    _limiter: Limiter
    _lane: str | None
    _rate: int | None
    started: float
    waited: float

    async def leave(self) -> None:
        """Wait until it may leave, after it was held up."""
        if self._lane is not None and self._rate is not None:
            self.started = await self._limiter.leave(self._lane, self._rate, self.started)

    def over(self, *, is_answered: bool) -> None:
        """Tell the limiter by when the server has counted it."""
        # With no plan there may be a hundred thousand starts in a window, and no need to be exact.
        if self._lane is not None and self._rate is not None:
            self._limiter.counted(self._lane, self.started, is_answered=is_answered)


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
        whole: float = inf,
    ) -> None:
        self._inner = inner
        self._origin = origin
        self._pacing = pacing
        self._tally = tally
        self._hooks = tuple(hooks)
        self._whole = whole
        self._lanes: dict[str, str] = {}
        self._rates = Rates(pacing.plan)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Attempt a request until it is answered well enough, or may not be attempted again."""
        route, lane = self._place(request)
        self._tally.rows[route].requests += 1
        clock, number = self._pacing.clock, 0
        deadline, outcome = inf, None
        while (turn := await self._turn(lane, deadline, again=number > 0)) is not None:
            number += 1
            if number == 1:
                # Waiting for the plan is no attempt.
                deadline = clock.monotonic() + self._pacing.retry.seconds
            outcome, attempt = await self._attempt(request, route, number, turn)
            asked = self._retry_after(outcome)
            paused = self._tell_limiter(lane, attempt, asked)
            pause = self._pause(request, attempt, max(asked or 0.0, paused), deadline)
            if pause is None:
                break
            log.info("%s: attempt %d in %.1f s", route, number + 1, pause)
            if isinstance(outcome, httpx.Response):
                await outcome.aclose()
            # What the limiter pauses is waited for in its line, where the place counts.
            await clock.sleep(max(0.0, pause - paused))
        if isinstance(outcome, httpx.RequestError):
            raise outcome
        # There is one: nothing keeps the first attempt from its turn.
        return cast("httpx.Response", outcome)

    async def _attempt(
        self, request: httpx.Request, route: str, number: int, turn: _Turn
    ) -> tuple[httpx.Response | httpx.RequestError, Attempt]:
        """Send it once, and tell of it, however it ends."""
        request.extensions[WHOLE] = self._whole
        request.extensions[ATTEMPTS] = number
        # What waits for its place in flight leaves at the plan's pace all the same.
        request.extensions[LEAVE] = turn.leave
        start = self._pacing.clock.monotonic()
        outcome: httpx.Response | httpx.RequestError | None = None
        try:
            outcome = answer = await self._once(request)
        finally:
            # In the end of a cancelled attempt too: it left, and may be billed.
            turn.over(is_answered=isinstance(outcome, httpx.Response))
            seconds = self._pacing.clock.monotonic() - start
            attempt = _told(request, route, number, outcome, turn.waited, seconds)
            self._tally.rows[route].add(attempt)
            self._show(attempt)
        return answer, attempt

    async def _once(self, request: httpx.Request) -> httpx.Response | httpx.RequestError:
        try:
            return await self._inner.handle_async_request(request)
        except httpx.RequestError as error:
            return error

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

    async def _turn(
        self, lane: str | None, deadline: float, *, again: bool = False
    ) -> _Turn | None:
        """Wait for the plan and for pauses; None where they last beyond the deadline."""
        limiter, clock = self._pacing.limiter, self._pacing.clock
        if lane is None:
            return _Turn(limiter, None, None, clock.monotonic(), 0.0)
        rate = self._rates.of(lane)
        if not again and (started := limiter.start(lane, rate)) is not None:
            return _Turn(limiter, lane, rate, started, 0.0)
        begin = clock.monotonic()
        started = await limiter.wait(lane, rate, deadline, again=again)
        return None if started is None else _Turn(limiter, lane, rate, started, started - begin)

    def _retry_after(self, outcome: httpx.Response | httpx.RequestError) -> float | None:
        if not isinstance(outcome, httpx.Response) or "retry-after" not in outcome.headers:
            return None
        seconds = retry_after(outcome.headers, self._pacing.clock.now())
        outcome.extensions[RETRY_AFTER] = seconds
        return seconds

    def _show(self, attempt: Attempt) -> None:
        if log.isEnabledFor(logging.DEBUG):
            log.debug(
                "%s: attempt %d, %s after %.3f s",
                attempt.route,
                attempt.number,
                attempt.status or _what_broke(attempt),
                attempt.seconds,
            )
        for hook in self._hooks:
            try:
                hook(attempt)
            except Exception:
                # An answer may be paid for: it is not lost because somebody who watched failed.
                log.exception("%s: a hook failed", attempt.route)

    def _tell_limiter(self, lane: str | None, attempt: Attempt, asked: float | None) -> float:
        """Tell of an answer; the seconds that the endpoint is paused for it."""
        if lane is None or attempt.status is None:
            return 0.0
        if attempt.status != 429:
            self._pacing.limiter.admitted(lane)
            return 0.0
        known = self._pacing.limiter.delay(lane, None)
        seconds = self._pacing.limiter.refused(lane, asked)
        # Those that were under way when the pause began are refused too, and are no news.
        is_news = known <= 0 or seconds > known + _NEWS
        level = logging.WARNING if is_news else logging.DEBUG
        log.log(level, "%s: 429; the endpoint is paused for %.1f s", attempt.route, seconds)
        return seconds

    def _pause(
        self, request: httpx.Request, attempt: Attempt, least: float, deadline: float
    ) -> float | None:
        """Seconds to pause before another attempt; None for no other."""
        policy = self._pacing.retry
        if attempt.number >= policy.attempts or not _is_replayable(request):
            return None
        outcome = attempt.status or failure_of(attempt.failure)
        if not may_retry(request.method, attempt.route, outcome):
            return None
        pause = max(backoff(policy, attempt.number, self._pacing.jitter()), least)
        return pause if self._pacing.clock.monotonic() + pause <= deadline else None


def _told(
    request: httpx.Request,
    route: str,
    number: int,
    outcome: httpx.Response | httpx.RequestError | None,
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


def _what_broke(attempt: Attempt) -> str:
    return type(attempt.failure).__name__ if attempt.failure else "cancelled"


def _is_replayable(request: httpx.Request) -> bool:
    # A body that is an iterator is used up by the first attempt; ours says that it is not.
    stream = request.stream
    return isinstance(stream, httpx.ByteStream) or getattr(stream, "is_replayable", False)
