"""What `statistics()` counts, exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from bria_tailored_ext import BriaError, RetryPolicy

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Script, VirtualClock

pytestmark = pytest.mark.anyio

PROJECTS = "GET /v1/tailored-gen/projects"


async def test_a_call_counts_once_however_many_attempts_it_took(
    script: Script, clock: VirtualClock
) -> None:
    """Requests, attempts, retries, refusals, and the time waited, each by itself."""
    network = script.network(
        script.answer(503),
        script.answer(429, "slow", retry_after="7"),
        script.fail(httpx.ReadError),
        script.answer(200, []),
    )
    async with script.client(
        network, clock=clock, retry=RetryPolicy(first_pause=0), plan=None
    ) as bria:
        await bria.projects.get_projects()
        await bria.projects.get_projects()
        row = bria.statistics().endpoints[PROJECTS]

    assert (row.requests, row.attempts, row.retries, row.refusals) == (2, 5, 3, 1)
    assert (row.waits, row.waited) == (1, 7)


async def test_each_endpoint_has_a_row_and_the_total_is_their_sum(
    script: Script, tmp_path: Path
) -> None:
    """By template, not by id; what goes elsewhere is one row."""
    network = script.network(script.answer(200, []))
    async with script.client(network) as bria:
        await bria.projects.get_projects()
        for number in (7, 8):
            with pytest.raises(BriaError):
                await bria.models.get_model(number)
        await bria.download("https://cdn.test/a.png", tmp_path / "a.png")
        seen = bria.statistics()

    assert {route: row.requests for route, row in seen.endpoints.items()} == {
        PROJECTS: 1,
        "GET /v1/tailored-gen/models/{model_id}": 2,
        "GET elsewhere": 1,
    }
    assert (seen.total.requests, seen.total.attempts, seen.total.waits) == (4, 4, 0)


async def test_statistics_are_a_value(script: Script) -> None:
    """They do not change afterwards, and a client that did nothing has none."""
    bria = script.client(script.network(script.answer(200, [])))
    before = bria.statistics()
    async with bria:
        await bria.projects.get_projects()

    assert before.endpoints == {}
    assert before.total.requests == 0
    assert bria.statistics().total.requests == 1


async def test_waiting_for_the_plan_is_counted(script: Script, clock: VirtualClock) -> None:
    """The eleventh call of a minute, on the free plan."""
    network = script.network(script.answer(200, []))
    async with script.client(network, clock=clock, plan="free") as bria:
        for _ in range(11):
            await bria.projects.get_projects()
        row = bria.statistics().endpoints[PROJECTS]

    assert (row.requests, row.waits, row.waited) == (11, 1, 60.0625)
