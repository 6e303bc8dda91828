"""Plans: what is let through in a minute, and in all."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from bria_tailored_ext.sandbox import Sandbox, SandboxPlan
from bria_tailored_ext.sandbox.clock import SimulatedClock
from bria_tailored_ext.sandbox.plans import Limits
from bria_tailored_ext.sandbox.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from contextlib import AbstractAsyncContextManager

pytestmark = pytest.mark.anyio

PROJECTS = "/v1/tailored-gen/projects"
STATUS = "/v2/status/some-job"
ANYTHING: Any = str
"""What a type checker would not let through."""


def calling(sandbox: Sandbox) -> AbstractAsyncContextManager[httpx.AsyncClient]:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=sandbox.application),
        base_url="http://sandbox.test",
        headers={"api_token": sandbox.api_token},
    )


async def statuses(http: httpx.AsyncClient, path: str, count: int) -> list[int]:
    return [(await http.get(path)).status_code for _ in range(count)]


@pytest.fixture
async def three(anyio_backend: str) -> AsyncIterator[tuple[Sandbox, httpx.AsyncClient]]:
    """A sandbox that lets three requests a minute through."""
    sandbox = Sandbox(speed=0, plan=SandboxPlan(requests_per_minute=3))
    async with calling(sandbox) as http:
        yield sandbox, http


async def test_without_a_plan_there_is_no_limit(anyio_backend: str) -> None:
    """`None`, the default."""
    assert anyio_backend
    async with calling(Sandbox(speed=0)) as http:
        assert set(await statuses(http, PROJECTS, 70)) == {200}


async def test_a_window_is_any_sixty_seconds(three: tuple[Sandbox, httpx.AsyncClient]) -> None:
    """Not a bucket that refills, nor a minute by the clock: never more than N in any 60 s."""
    sandbox, http = three
    assert await statuses(http, PROJECTS, 1) == [200]
    sandbox.advance(30)
    assert await statuses(http, PROJECTS, 3) == [200, 200, 429]
    sandbox.advance(29.9)
    assert await statuses(http, PROJECTS, 1) == [429]
    sandbox.advance(0.2)
    assert await statuses(http, PROJECTS, 2) == [200, 429]
    sandbox.advance(29.9)
    assert await statuses(http, PROJECTS, 3) == [200, 200, 429]


async def test_each_operation_has_a_window_of_its_own(
    three: tuple[Sandbox, httpx.AsyncClient],
) -> None:
    """By method and path template: two ids share one, two methods do not."""
    _, http = three
    assert await statuses(http, PROJECTS, 4) == [200, 200, 200, 429]
    assert [(await http.get(f"{PROJECTS}/{n}")).status_code for n in range(4)] == [404] * 3 + [429]
    assert await statuses(http, STATUS, 4) == [404, 404, 404, 429]
    assert (await http.post(PROJECTS, json={})).status_code == 400


async def test_refusal_has_the_shape_of_its_version(
    three: tuple[Sandbox, httpx.AsyncClient],
) -> None:
    """And says when to come again."""
    sandbox, http = three
    await statuses(http, PROJECTS, 3)
    await statuses(http, STATUS, 3)
    sandbox.advance(20.5)
    v1, v2 = await http.get(PROJECTS), await http.get(STATUS)
    assert list(v1.json()) == ["message"]
    assert v2.json()["error"]["code"] == 429
    assert [each.headers["retry-after"] for each in (v1, v2)] == ["40", "40"]


async def test_rejected_requests_do_not_count(three: tuple[Sandbox, httpx.AsyncClient]) -> None:
    """Nor do those without the token."""
    sandbox, http = three
    assert (await http.get(PROJECTS, headers={"api_token": "wrong"})).status_code == 401
    assert await statuses(http, PROJECTS, 9) == [200] * 3 + [429] * 6
    sandbox.advance(60)
    assert await statuses(http, PROJECTS, 3) == [200] * 3


async def test_rejected_requests_can_be_counted(anyio_backend: str) -> None:
    """Then who keeps on asking is never let through."""
    assert anyio_backend
    sandbox = Sandbox(speed=0, plan=SandboxPlan(requests_per_minute=1, count_rejected=True))
    async with calling(sandbox) as http:
        assert await statuses(http, PROJECTS, 1) == [200]
        for _ in range(4):
            sandbox.advance(50)
            answer = await http.get(PROJECTS)
            assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
        sandbox.advance(60)
        assert await statuses(http, PROJECTS, 1) == [200]


async def test_retry_after_can_be_left_out_or_be_a_date(anyio_backend: str) -> None:
    """As HTTP allows; a date is never too early."""
    assert anyio_backend
    for told in (False, "date"):
        plan = SandboxPlan(requests_per_minute=1, retry_after=told)
        async with calling(Sandbox(speed=0, plan=plan)) as http:
            await http.get(PROJECTS)
            before = time.time()
            header = (await http.get(PROJECTS)).headers.get("retry-after")
        if not told:
            assert header is None
        else:
            assert 60 <= parsedate_to_datetime(header).timestamp() - before <= 62


async def test_named_plans_and_overrides(anyio_backend: str) -> None:
    """Bria's published figures, or one's own by operation."""
    assert anyio_backend
    for plan, rate in (("free", 10), ("pay_as_you_go", 60)):
        async with calling(Sandbox(speed=0, plan=plan)) as http:  # type: ignore[arg-type]
            assert (await statuses(http, PROJECTS, rate + 1)) == [200] * rate + [429]
    own = SandboxPlan(requests_per_minute=5, overrides={"GET /v2/status/{request_id}": 2})
    async with calling(Sandbox(speed=0, plan=own)) as http:
        assert await statuses(http, STATUS, 3) == [404, 404, 429]
        assert await statuses(http, PROJECTS, 6) == [200] * 5 + [429]


async def test_quota_ends_for_good(anyio_backend: str) -> None:
    """Over all operations together; then 403 with a bare string, whatever time passes."""
    assert anyio_backend
    sandbox = Sandbox(speed=0, plan=SandboxPlan(requests_per_minute=100, quota=5))
    async with calling(sandbox) as http:
        assert await statuses(http, PROJECTS, 3) == [200] * 3
        assert await statuses(http, STATUS, 2) == [404, 404]
        sandbox.advance(hours=24)
        for path in (PROJECTS, STATUS):
            answer = await http.get(path)
            assert answer.status_code == 403
            assert answer.json().startswith("Quota exceeded")
        assert (await http.get("/sandbox/books")).status_code == 200


async def test_files_are_not_counted(three: tuple[Sandbox, httpx.AsyncClient]) -> None:
    """Results lie on another server at Bria."""
    _, http = three
    assert set(await statuses(http, "/files/none", 10)) == {404}


def limits(speed: float, **settings: Any) -> tuple[Limits, list[float]]:
    """One request a minute, and the real time in seconds."""
    real = [0.0]
    clock = SimulatedClock(speed=speed, source=lambda: real[0])
    plan = SandboxPlan(requests_per_minute=1)
    return Limits(plan, clock=clock, real=lambda: real[0], **settings), real


def retry_after(counted: Limits) -> str | None:
    try:
        counted.admit("GET /v1/tailored-gen/models", enveloped=False)
    except Refusal as refusal:
        return refusal.headers["retry-after"]
    return None


def test_minute_passes_as_fast_as_everything_else() -> None:
    """At 30 times a minute is two real seconds, and `Retry-After` is in the client's seconds."""
    counted, real = limits(30)
    assert retry_after(counted) is None
    assert retry_after(counted) == "2"
    real[0] += 1.99
    assert retry_after(counted) == "1"
    real[0] += 0.02
    assert retry_after(counted) is None


def test_minute_can_be_a_real_one() -> None:
    """By the real clock it is 60 s at any speed."""
    counted, real = limits(30, measured_by="real")
    assert retry_after(counted) is None
    real[0] += 2.1
    assert retry_after(counted) == "58"
    real[0] += 58
    assert retry_after(counted) is None


def test_time_that_stands_still_never_opens_a_window() -> None:
    """At speed 0 a second there is told as one here; only `advance` helps."""
    counted, real = limits(0)
    assert retry_after(counted) is None
    real[0] += 1000
    assert retry_after(counted) == "60"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Sandbox(plan=ANYTHING("gold")), "There is no plan 'gold'"),
        (lambda: Sandbox(limits_clock=ANYTHING("sun")), "limits_clock must be"),
        (lambda: SandboxPlan(requests_per_minute=0), "requests_per_minute must be a whole number"),
        (lambda: SandboxPlan(requests_per_minute=True), "must be a whole number"),
        (lambda: SandboxPlan(quota=0), "quota must be a whole number"),
        (lambda: SandboxPlan(overrides={"GET /nope": 1}), "'GET /nope', which is no operation"),
        (lambda: SandboxPlan(overrides={"GET /v1/tailored-gen/models": 0}), "whole number"),
        (lambda: SandboxPlan(retry_after=ANYTHING("soon")), "retry_after"),
    ],
)
def test_impossible_plan_is_refused(make: Any, words: str) -> None:
    """When it is made."""
    with pytest.raises(ValueError, match=words):
        make()
