"""When requests leave: first come, first served, and one pause for all."""

from __future__ import annotations

import gc
import threading
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio
import anyio.lowlevel
import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bria_tailored_ext import ImageRequest, Plan, RetryPolicy, TailoredClient
from bria_tailored_ext.edge import limiter as rooms
from bria_tailored_ext.edge.limiter import Limiter, limiter_for
from bria_tailored_ext.rules.limits import DOUBT, MARGIN, PERIOD
from bria_tailored_ext.values.configuration import Account

if TYPE_CHECKING:
    from tests.conftest import Script, VirtualClock
    from tests.edge.conftest import FastClock, Timeline

ROUTE = "GET /v1/x"
STEP = PERIOD + MARGIN


def queues_of(limiter: Limiter) -> dict[str, Any]:
    return dict(limiter._queues())


@pytest.mark.anyio
async def test_waiters_start_in_the_order_they_came(timeline: Timeline) -> None:
    """Nobody overtakes, and the rate is used to the full."""
    limiter, starts = Limiter(timeline), []

    async def one(number: int) -> None:
        await limiter.wait(ROUTE, 3)
        starts.append((number, timeline.monotonic() - 1000))

    await timeline.together(*(partial(one, number) for number in range(10)))

    assert [number for number, _ in starts] == list(range(10))
    assert [at for _, at in starts] == [0] * 3 + [STEP] * 3 + [2 * STEP] * 3 + [3 * STEP]


@pytest.mark.anyio
async def test_who_had_a_turn_before_goes_before_the_line(timeline: Timeline) -> None:
    """And once it has started, those in line go on in their order; none is left behind."""
    limiter, starts = Limiter(timeline), []

    async def one(name: str, *, again: bool = False) -> None:
        await limiter.wait(ROUTE, 1, again=again)
        starts.append((name, timeline.monotonic() - 1000))

    await timeline.together(
        *(partial(one, name) for name in "abcd"),
        partial(one, "first again", again=True),
        partial(one, "second again", again=True),
    )

    assert [at for _, at in starts] == [STEP * number for number in range(6)]
    order = [name for name, _ in starts]
    assert order[0] == "a"
    # The one whose turn was next keeps it, or gives it to one that had a turn before.
    assert set(order[1:4]) == {"b", "first again", "second again"}
    assert order[4:] == ["c", "d"]


@pytest.mark.anyio
async def test_a_refused_submit_is_not_lost_behind_a_long_line(timeline: Timeline) -> None:
    """A 429 was never carried out: it gets the next place, within the budget of its attempts."""
    refused = [10]

    def answer(request: httpx.Request) -> httpx.Response:
        refused[0] -= 1
        if refused[0] == 0:
            return httpx.Response(429, headers={"retry-after": "1"}, json={"message": "slow down"})
        return httpx.Response(202, json={"request_id": "a", "status_url": "x"})

    done: list[str] = []
    async with TailoredClient(
        api_token="t",
        base_url="https://bria.test",
        plan=Plan(requests_per_minute=60),
        transport=httpx.MockTransport(answer),
        clock=timeline,
    ) as bria:

        async def submit() -> None:
            request = ImageRequest(tailored_model_id="7", prompt="a cup")
            done.append((await bria.submit(request)).request_id)

        await timeline.together(*([submit] * 200))

    assert len(done) == 200


@pytest.mark.anyio
async def test_the_instant_of_the_start_is_told(timeline: Timeline) -> None:
    """By it, the start is moved to when it was answered."""
    limiter, starts = Limiter(timeline), []

    async def one() -> None:
        starts.append(await limiter.wait(ROUTE, 1))

    await timeline.together(one, one, one)

    assert starts == [1000 + STEP * place for place in range(3)]


@pytest.mark.anyio
@pytest.mark.parametrize("gone", [{1}, {5}, {3}, {1, 2, 3}, {1, 3, 5}, {1, 2, 3, 4, 5}])
async def test_a_cancelled_waiter_frees_its_place_at_once(
    timeline: Timeline, gone: set[int]
) -> None:
    """At the head, in the middle, at the end: the others move up, and none is lost."""
    limiter, starts = Limiter(timeline), []
    scopes = {number: anyio.CancelScope() for number in range(6)}

    async def one(number: int) -> None:
        with scopes[number]:
            await limiter.wait(ROUTE, 1)
            starts.append((number, timeline.monotonic() - 1000))

    async def leave() -> None:
        await timeline.settle()
        for number in gone:
            scopes[number].cancel()

    await timeline.together(*(partial(one, number) for number in range(6)), leave)

    left = [number for number in range(6) if number not in gone]
    assert starts == [(number, STEP * place) for place, number in enumerate(left)]
    assert queues_of(limiter) == {}


@pytest.mark.anyio
async def test_a_waiter_cancelled_in_the_moment_of_its_turn_hands_it_on(
    timeline: Timeline,
) -> None:
    """The one before it starts, and it is cancelled before it can."""
    limiter, starts = Limiter(timeline), []
    second = anyio.CancelScope()

    async def one(number: int, *, scope: anyio.CancelScope, then: Callable[[], None]) -> None:
        with scope:
            await limiter.wait(ROUTE, 2)
            starts.append(number)
            then()

    await limiter.wait(ROUTE, 2)
    await limiter.wait(ROUTE, 2)
    calls = [
        partial(one, 0, scope=anyio.CancelScope(), then=second.cancel),
        partial(one, 1, scope=second, then=lambda: None),
        partial(one, 2, scope=anyio.CancelScope(), then=lambda: None),
    ]
    await timeline.together(*calls)

    # It may have been too late to stop it, but then its start counts, and it counts once.
    assert starts in ([0, 2], [0, 1, 2])
    assert timeline.monotonic() == 1000 + STEP * (1 if starts == [0, 2] else 2)
    assert queues_of(limiter) == {}


PLANS = st.lists(
    st.tuples(
        st.integers(1, 4) | st.none(),
        st.floats(0, 100),
        st.none() | st.floats(0, 300),
        st.sampled_from([None, None, None, 0.0, 20.0]),
    ),
    min_size=1,
    max_size=12,
)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(tasks=PLANS)
def test_whoever_comes_and_goes_the_window_holds_and_nobody_starves(
    timeline: Timeline,
    backend: str,
    tasks: list[tuple[int | None, float, float | None, float | None]],
) -> None:
    """Tasks of any rate, arriving at any time, cancelled at any time, with refusals between."""
    of_tests = timeline

    async def run() -> None:
        timeline = type(of_tests)()
        limiter, starts, ended = Limiter(timeline), [], 0

        async def one(
            rate: int | None, arrival: float, patience: float | None, refusal: float | None
        ) -> None:
            nonlocal ended
            await timeline.sleep(arrival)
            with anyio.CancelScope() as scope:
                async with anyio.create_task_group() as group:
                    if patience is not None:
                        group.start_soon(impatient, scope, patience)
                    await limiter.wait(ROUTE, rate)
                    starts.append((timeline.monotonic(), rate))
                    if refusal is not None:
                        limiter.refused(ROUTE, refusal or None)
                    group.cancel_scope.cancel()
            ended += 1

        async def impatient(scope: anyio.CancelScope, patience: float) -> None:
            await timeline.sleep(patience)
            scope.cancel()

        await timeline.together(*(partial(one, *task) for task in tasks))
        assert ended == len(tasks)
        assert len(starts) >= sum(patience is None for _, _, patience, _ in tasks)
        assert len(starts) <= len(tasks)
        for place, (at, rate) in enumerate(starts):
            recent = [each for each, _ in starts[: place + 1] if each >= at - 60]
            assert rate is None or len(recent) <= rate
        assert queues_of(limiter) == {}

    anyio.run(run, backend=backend)


@pytest.mark.anyio
async def test_one_429_pauses_its_endpoint_for_every_task_and_no_other(
    script: Script, timeline: Timeline
) -> None:
    """Models wait for as long as Bria asked; projects do not notice."""
    starts: list[tuple[str, float]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        starts.append((request.url.path.rpartition("/")[2], timeline.monotonic() - 1000))
        if len(starts) == 1:
            return httpx.Response(429, headers={"Retry-After": "30"})
        return httpx.Response(200, json=[])

    network = script.network(answer)
    async with script.client(network, clock=timeline, plan=None) as bria:
        models, projects = bria.models.get_models, bria.projects.get_projects
        await timeline.together(models, *[models] * 5, *[projects] * 3)

    assert starts[0] == ("models", 0)
    assert sorted(starts[1:]) == sorted([("projects", 0.0)] * 3 + [("models", 30.0)] * 6) or sorted(
        starts[1:]
    ) == sorted([("models", 0.0)] * 5 + [("projects", 0.0)] * 3 + [("models", 30.0)])


@pytest.mark.anyio
@pytest.mark.parametrize("plan", [None, "free", "enterprise"])
async def test_a_pause_holds_for_whoever_comes_later(
    script: Script, timeline: Timeline, plan: Any
) -> None:
    """Also without a plan: Bria asked for it."""
    network = script.network(script.answer(429, "slow", retry_after="30"), script.answer(200, []))
    once = RetryPolicy(attempts=1)
    async with script.client(network, clock=timeline, plan=plan, retry=once) as bria:
        with pytest.raises(Exception, match="429"):
            await bria.models.get_models()
        await timeline.together(bria.models.get_models)

        row = bria.statistics().endpoints["GET /v1/tailored-gen/models"]

    assert timeline.monotonic() == 1030
    assert (row.requests, row.refusals, row.waits, row.waited) == (2, 1, 1, 30)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("token", "base_url", "shared"),
    [
        ("a", "https://bria.test", True),
        ("b", "https://bria.test", False),
        ("a", "https://other.test", False),
    ],
)
async def test_clients_of_one_account_share_its_pace(
    script: Script, timeline: Timeline, token: str, base_url: str, shared: bool
) -> None:
    """Same token and host: one window. Anything else: a window of its own."""
    starts = []

    def answer(_request: httpx.Request) -> httpx.Response:
        starts.append(timeline.monotonic() - 1000)
        return httpx.Response(200, json=[])

    plan = Plan(requests_per_minute=1)
    common: dict[str, Any] = {"clock": timeline, "plan": plan}
    one = script.client(script.network(answer), api_token="a", **common)
    two = script.client(script.network(answer), api_token=token, base_url=base_url, **common)
    async with one, two:
        await timeline.together(one.models.get_models, two.models.get_models)

    assert starts == ([0, STEP] if shared else [0, 0])


def test_clients_in_two_threads_share_the_window(fast_clock: FastClock) -> None:
    """Each thread with an event loop of its own; together they keep the one rate."""
    starts: list[float] = []

    async def ask() -> None:
        class Noting(httpx.AsyncBaseTransport):
            async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
                starts.append(fast_clock.monotonic())
                return httpx.Response(200, json=[])

        plan = Plan(requests_per_minute=10)
        client = TailoredClient(api_token="t", transport=Noting(), plan=plan, clock=fast_clock)
        async with client as bria, anyio.create_task_group() as group:
            for _ in range(20):
                group.start_soon(bria.models.get_models)

    threads = [
        threading.Thread(target=anyio.run, args=(ask,), kwargs={"backend": backend})
        for backend in ("asyncio", "trio")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    starts.sort()
    assert len(starts) == 40
    # What lies between leaving the limiter and the note is real time, a thousand times longer.
    assert starts[-1] - starts[0] > 3 * 60 - 30
    assert all(later - first > 30 for first, later in zip(starts, starts[10:], strict=False))


@pytest.mark.anyio
async def test_an_override_applies_to_its_own_endpoint(script: Script, timeline: Timeline) -> None:
    """However the call is made: by the facade, or by hand."""
    starts = []

    def answer(request: httpx.Request) -> httpx.Response:
        starts.append((request.url.path, timeline.monotonic() - 1000))
        return httpx.Response(200, json={"status": "IN_PROGRESS"})

    overrides = {"GET /v2/status/{request_id}": 2}
    plan = Plan(requests_per_minute=1, overrides=overrides)
    async with script.client(script.network(answer), clock=timeline, plan=plan) as bria:
        http = bria.api.get_async_httpx_client()
        by_hand: Callable[[], Awaitable[object]] = partial(http.get, "/v2/status/7f3c")
        other: Callable[[], Awaitable[object]] = partial(http.get, "/v1/x")
        await timeline.together(bria.job("7f3c").poll, by_hand, by_hand, other, other)

    looks = [at for path, at in starts if path.startswith("/v2/status")]
    others = [at for path, at in starts if path == "/v1/x"]
    assert (looks, others) == ([0, 0, STEP], [0, STEP])


@pytest.mark.anyio
@pytest.mark.parametrize(("seconds", "counts_from"), [(3.0, 3.0), (40.0, DOUBT)])
async def test_a_request_counts_from_its_answer_on(
    script: Script, timeline: Timeline, seconds: float, counts_from: float
) -> None:
    """The server may have counted it then, and not when it left."""
    starts: list[float] = []

    class Slow(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            starts.append(timeline.monotonic() - 1000)
            await timeline.sleep(seconds)
            return httpx.Response(200, json=[])

    plan = Plan(requests_per_minute=1)
    async with script.client(Slow(), clock=timeline, plan=plan) as bria:
        await timeline.together(bria.models.get_models, bria.models.get_models)

    assert starts == [0, counts_from + STEP]


@pytest.mark.anyio
async def test_a_deadline_is_kept(timeline: Timeline) -> None:
    """Who cannot start in time does not start, leaves no trace, and holds nobody up."""
    limiter, said = Limiter(timeline), []

    async def one(deadline: float) -> None:
        said.append((await limiter.wait(ROUTE, 1, deadline), timeline.monotonic()))

    await timeline.together(*(partial(one, 1000.0 + each) for each in (0, 50, 61, 62, 300)))

    first, second, third = (1000 + STEP * each for each in range(3))
    assert said == [
        (first, first),
        (None, first),
        (second, second),
        (None, second),
        (third, third),
    ]
    assert queues_of(limiter) == {}


@pytest.mark.anyio
async def test_forgotten_waiters_and_limiters_leave_no_memory(clock: VirtualClock) -> None:
    """Thousands of accounts in one process, one after the other."""
    for number in range(200):
        limiter = limiter_for(Account("https://bria.test", f"token {number}"), clock)
        for each in range(3):
            await limiter.wait(f"GET /v1/{each}", 1)
            await limiter.wait(f"GET /v1/{each}", 1)
        del limiter
    await clock.sleep(61)
    last = limiter_for(Account("https://bria.test", "the last"), clock)
    gc.collect()

    assert [found for key, found in rooms._limiters.items() if key[-1] is clock] == [last]
    queues: Any = rooms._queues
    assert len(queues.get(())) == 0


@pytest.mark.anyio
async def test_a_limiter_shows_no_token(clock: VirtualClock) -> None:
    """Neither it nor the table that it is found in."""
    limiter = limiter_for(Account("https://bria.test", "secret-token"), clock)

    assert "secret" not in repr(limiter) + repr(vars(limiter)) + repr(list(rooms._limiters.items()))


@pytest.mark.anyio
async def test_an_account_keeps_its_windows_while_a_client_lives(script: Script) -> None:
    """Closing and opening a client is no way around the plan."""
    clock_ = script.client(script.network(script.answer(200, []))).clock
    network = script.network(script.answer(200, []))
    bria = script.client(network, clock=clock_, plan="free")
    before = clock_.monotonic()
    for _ in range(11):
        async with bria:
            await bria.models.get_models()

    assert clock_.monotonic() - before >= 60


@pytest.mark.anyio
async def test_a_newcomer_does_not_overtake_a_waiter_whose_turn_has_come() -> None:
    """The window is open, but the first in line has not woken yet: it goes first all the same."""
    held = HeldClock()
    limiter = Limiter(held)
    assert await limiter.wait("GET /v1/x", 1) == 0
    started: list[str] = []

    async def ask(name: str) -> None:
        await limiter.wait("GET /v1/x", 1)
        started.append(name)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(ask, "first")
        await anyio.wait_all_tasks_blocked()
        held.seconds = 61.0
        tasks.start_soon(ask, "newcomer")
        await anyio.wait_all_tasks_blocked()
        assert started == []
        held.released.set()
        await anyio.wait_all_tasks_blocked()
        assert started == ["first"]
        tasks.cancel_scope.cancel()


class HeldClock:
    """A clock whose first sleeper wakes only when the test lets it, and no later one ever."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.released = anyio.Event()

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)

    async def sleep(self, seconds: float) -> None:
        if self.released.is_set():
            await anyio.sleep_forever()
        await self.released.wait()
