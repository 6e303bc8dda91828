"""Attempts through the whole stack: which calls are made again, how often, and what comes of it."""

from __future__ import annotations

import pickle
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from bria_tailored.models import UpdateProject
from bria_tailored_ext import (
    ApiError,
    BriaConnectionError,
    BriaTimeoutError,
    CreateProject,
    QuotaExceededError,
    RateLimitedError,
    RetryPolicy,
    StartTraining,
    SubmitOutcomeUnknown,
    TailoredClient,
)

if TYPE_CHECKING:
    from tests.conftest import Script, VirtualClock

pytestmark = pytest.mark.anyio

PROJECT = CreateProject(project_name="x", ip_medium="photography", ip_type="other")

Call = Callable[[TailoredClient], Awaitable[Any]]
AGAIN: dict[str, Call] = {
    "GET": lambda bria: bria.projects.get_projects(),
    "PUT": lambda bria: bria.projects.update_project(7, body=UpdateProject(project_name="y")),
    "DELETE": lambda bria: bria.projects.delete_project(7),
    "POST stop_training": lambda bria: bria.models.stop_training(7),
}
ONCE: dict[str, Call] = {
    "POST": lambda bria: bria.projects.create_project(body=PROJECT),
    "POST start_training": lambda bria: bria.models.start_training(7, body=StartTraining()),
}
CALLS = {**AGAIN, **ONCE}
PASSING = [408, 425, 500, 502, 503, 504, 520, 522, 524, 529]
FINAL = [400, 401, 404, 409, 412, 413, 415, 422, 460, 506]
LOST = [
    httpx.ReadError,
    httpx.ReadTimeout,
    httpx.WriteError,
    httpx.WriteTimeout,
    httpx.CloseError,
    httpx.RemoteProtocolError,
]
NEVER_ARRIVED = [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError]


async def outcome(script: Script, call: Call, *steps: Any, **settings: Any) -> tuple[Any, Any]:
    """What a call raised, and the network that it went over."""
    network = script.network(*steps)
    settings = {"plan": None, **settings}
    async with script.client(network, **settings) as bria:
        try:
            await call(bria)
        except Exception as error:
            return error, network
    return None, network


@pytest.mark.parametrize("status", [*PASSING, 429])
@pytest.mark.parametrize("name", AGAIN)
async def test_what_is_safe_is_sent_until_the_budget_is_spent(
    script: Script, name: str, status: int
) -> None:
    """Five attempts, and the error says so."""
    error, network = await outcome(script, AGAIN[name], script.answer(status, "busy"))

    assert isinstance(error, ApiError)
    assert (len(network.seen), error.attempts, error.status) == (5, 5, status)


@pytest.mark.parametrize("status", PASSING)
@pytest.mark.parametrize("name", ONCE)
async def test_a_post_that_met_trouble_is_sent_once(script: Script, name: str, status: int) -> None:
    """It may have been carried out: the status, the cause and the count are on the error."""
    error, network = await outcome(script, ONCE[name], script.answer(status, "busy"))

    assert isinstance(error, SubmitOutcomeUnknown)
    assert (len(network.seen), error.attempts, error.status) == (1, 1, status)
    assert isinstance(error.__cause__, ApiError)
    assert error.__cause__.words == "busy"
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (again.status, again.method, again.path, str(again)) == (
        status,
        "POST",
        error.path,
        str(error),
    )


@pytest.mark.parametrize("status", FINAL)
@pytest.mark.parametrize("name", CALLS)
async def test_a_refusal_is_final(script: Script, name: str, status: int) -> None:
    """Asking again would be told the same."""
    error, network = await outcome(script, CALLS[name], script.answer(status, "no"))

    assert isinstance(error, ApiError)
    assert (len(network.seen), error.attempts, error.status) == (1, 1, status)


@pytest.mark.parametrize("name", CALLS)
async def test_a_used_up_quota_is_not_asked_twice(script: Script, name: str) -> None:
    """403 is told apart by its words, and is final whatever they are, Retry-After included."""
    said = script.answer(403, "Quota exceeded for this organization", retry_after="1")

    error, network = await outcome(script, CALLS[name], said)

    assert isinstance(error, QuotaExceededError)
    assert len(network.seen) == 1


@pytest.mark.parametrize("kind", LOST)
@pytest.mark.parametrize("name", CALLS)
async def test_a_lost_answer_is_asked_for_again_only_where_that_is_safe(
    script: Script, name: str, kind: type[httpx.TransportError]
) -> None:
    """A POST arrives at most once."""
    error, network = await outcome(script, CALLS[name], script.fail(kind))

    if name in AGAIN:
        late = issubclass(kind, httpx.TimeoutException)
        assert type(error) is (BriaTimeoutError if late else BriaConnectionError)
        assert (len(network.seen), error.attempts) == (5, 5)
    else:
        assert type(error) is SubmitOutcomeUnknown
        assert (len(network.seen), error.attempts, error.status) == (1, 1, None)
    assert isinstance(error.__cause__, kind)


@pytest.mark.parametrize("kind", NEVER_ARRIVED)
@pytest.mark.parametrize("name", CALLS)
async def test_what_never_arrived_is_sent_again(
    script: Script, name: str, kind: type[httpx.TransportError]
) -> None:
    """Also a POST, until the budget is spent."""
    error, network = await outcome(script, CALLS[name], script.fail(kind))

    assert isinstance(error, BriaConnectionError | BriaTimeoutError)
    assert (len(network.seen), error.attempts) == (5, 5)


async def test_a_post_that_was_turned_away_for_its_pace_goes_through(script: Script) -> None:
    """A 429 did nothing, so the next attempt is the first that counts."""
    done = script.answer(201, {"id": 7, "project_name": "x"})

    error, network = await outcome(script, ONCE["POST"], script.answer(429, "slow"), done)

    assert not isinstance(error, RateLimitedError)
    assert len(network.seen) == 2
    assert network.seen[0].body == network.seen[1].body != b""


async def test_a_post_stops_being_repeated_once_it_may_have_arrived(script: Script) -> None:
    """Each attempt is judged by itself, and the count is of all of them."""
    steps = [script.fail(httpx.ConnectError), script.answer(429), script.fail(httpx.ReadError)]

    error, network = await outcome(script, ONCE["POST"], *steps, script.answer(201, {}))

    assert isinstance(error, SubmitOutcomeUnknown)
    assert (len(network.seen), error.attempts) == (3, 3)


@pytest.mark.parametrize("attempts", [1, 2, 7])
async def test_the_budget_in_attempts_holds(script: Script, attempts: int) -> None:
    """One is never again."""
    policy = RetryPolicy(attempts=attempts, seconds=1e9)

    _, network = await outcome(script, AGAIN["GET"], script.answer(503), retry=policy)

    assert len(network.seen) == attempts


@pytest.mark.parametrize("seconds", [0, 5, 30])
@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("plan", [None, "free"])
async def test_the_budget_in_seconds_holds(
    script: Script, clock: VirtualClock, seconds: float, status: int, plan: Any
) -> None:
    """No attempt starts later, be it for backoff, a pause or the plan's own pace."""
    starts = []

    def answer(_request: httpx.Request) -> httpx.Response:
        starts.append(clock.monotonic())
        clock.advance(0.25)
        return httpx.Response(status)

    policy = RetryPolicy(attempts=1000, seconds=seconds)
    error, _ = await outcome(script, AGAIN["GET"], answer, retry=policy, clock=clock, plan=plan)

    assert isinstance(error, ApiError)
    assert starts[-1] - starts[0] <= seconds
    assert error.attempts == len(starts)
    assert clock.monotonic() - starts[0] <= seconds + 0.25


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("form", ["seconds", "date"])
async def test_retry_after_is_waited_for(
    script: Script, clock: VirtualClock, status: int, form: str
) -> None:
    """Not a moment less, in either form; without a `Date` it counts from the time here."""
    header = "40" if form == "seconds" else format_datetime(clock.now() + timedelta(0, 41))
    starts = []

    def answer(_request: httpx.Request) -> httpx.Response:
        starts.append(clock.monotonic())
        if len(starts) > 1:
            return httpx.Response(200, json=[])
        return httpx.Response(status, headers={"Retry-After": header})

    error, _ = await outcome(script, AGAIN["GET"], answer, clock=clock)

    assert error is None
    assert 39 <= starts[1] - starts[0] <= 42


@pytest.mark.parametrize("name", CALLS)
async def test_a_retry_after_beyond_the_budget_is_given_up_at_once(
    script: Script, clock: VirtualClock, name: str
) -> None:
    """The caller learns how long, and no time is lost on the way."""
    before = clock.monotonic()

    error, network = await outcome(
        script, CALLS[name], script.answer(429, "slow", retry_after="3600"), clock=clock
    )

    assert isinstance(error, RateLimitedError)
    assert (error.retry_after, error.attempts, len(network.seen)) == (3600, 1, 1)
    assert clock.monotonic() == before


async def test_a_503_with_a_distant_retry_after_is_given_up_at_once(
    script: Script, clock: VirtualClock
) -> None:
    """A budget of two minutes is not spent on a pause of an hour."""
    said = script.answer(503, "down", retry_after="3600")

    error, network = await outcome(script, AGAIN["GET"], said, clock=clock)

    assert isinstance(error, ApiError)
    assert (len(network.seen), clock.slept) == (1, [])


async def test_backoffs_are_jittered_within_their_bounds(
    script: Script, clock: VirtualClock
) -> None:
    """Each pause lies between nothing and a bound that doubles, and no two runs agree."""
    policy = RetryPolicy(attempts=6, seconds=1e6, first_pause=1, longest_pause=8)
    runs = []
    for _ in range(20):
        clock.slept.clear()
        await outcome(script, AGAIN["GET"], script.answer(503), retry=policy, clock=clock)
        runs.append(list(clock.slept))

    for pauses in runs:
        assert all(
            0 <= pause <= bound for pause, bound in zip(pauses, (1, 2, 4, 8, 8), strict=True)
        )
    assert len({tuple(pauses) for pauses in runs}) == 20
    assert max(pauses[4] for pauses in runs) > 4


class Pieces(httpx.AsyncByteStream):
    def __init__(self) -> None:
        self.closed = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"busy"

    async def aclose(self) -> None:
        self.closed += 1


@pytest.mark.parametrize("kind", [httpx.ConnectError, None])
async def test_a_body_that_is_used_up_is_not_sent_again(
    script: Script, kind: type[httpx.TransportError] | None
) -> None:
    """An iterator gave what it had to the first attempt: the second would be empty."""

    async def body() -> AsyncIterator[bytes]:
        yield b"{}"

    sent = []

    class Consuming(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            assert isinstance(request.stream, httpx.AsyncByteStream)
            sent.append([piece async for piece in request.stream])
            if kind:
                raise kind("it broke", request=request)
            return httpx.Response(503)

    async with script.client(Consuming()) as bria:
        try:
            await bria.api.get_async_httpx_client().put("/v1/x", content=body())
        except BriaConnectionError:
            assert kind

    assert sent == [[b"{}"]]


async def test_the_answer_of_a_failed_attempt_is_closed(script: Script) -> None:
    """Whole or streamed, before the next attempt, so that its connection is free again."""
    streams: list[Pieces] = []

    def busy(_request: httpx.Request) -> httpx.Response:
        assert all(each.closed for each in streams)
        streams.append(Pieces())
        return httpx.Response(503, stream=streams[-1])

    async def streamed(bria: TailoredClient) -> None:
        http = bria.api.get_async_httpx_client()
        async with http.stream("GET", "/v1/x", extensions={"stream": True}) as response:
            assert response.status_code == 503
            assert await response.aread() == b"busy"

    for call in (AGAIN["GET"], streamed):
        streams.clear()
        error, _ = await outcome(script, call, busy)
        assert not isinstance(error, AssertionError)
        assert [each.closed for each in streams] == [1] * 5


@pytest.mark.parametrize("body", [b"", b"{", b"<html>", b"[]", b"7", b"null", b"\xff"])
async def test_a_broken_success_of_a_post_leaves_its_outcome_unknown(
    script: Script, body: bytes
) -> None:
    """It went through, it seems: the status and the reason are kept, and it pickles."""
    error, network = await outcome(script, ONCE["POST"], script.answer(201, body))

    assert isinstance(error, SubmitOutcomeUnknown)
    assert (error.status, error.attempts, len(network.seen)) == (201, 1, 1)
    assert isinstance(error.__cause__, ApiError)
    assert isinstance(error.__cause__.__cause__, Exception)
    assert pickle.loads(pickle.dumps(error)).status == 201  # noqa: S301


@pytest.mark.parametrize(
    ("location", "method"), [("https://[", "GET"), ("https://[", "POST"), ("http://a:b/", "GET")]
)
async def test_a_redirect_to_nonsense_is_an_unexpected_answer(
    script: Script, location: str, method: str
) -> None:
    """Httpx reads the header even if nobody follows it, and its own error came through."""
    error, _ = await outcome(script, CALLS[method], script.answer(302, b"", location=location))

    assert isinstance(error, ApiError)
    assert error.status == 302
