"""Events: each state of a job or placeholder once, the final one always."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
import pytest

from bria_tailored_ext import JobState
from tests.client.conftest import Bria, open_client

if TYPE_CHECKING:
    from tests.client.conftest import Run
    from tests.conftest import Script


@pytest.mark.parametrize("by_webhook", [True, False])
def test_a_job_that_ends_while_an_event_is_dealt_with_tells_its_end(
    script: Script, run: Run, by_webhook: bool
) -> None:
    """Whoever follows the events sees the end, however slow he is and whoever learned of it."""
    server = Bria(a=2.0)

    async def main() -> None:
        seen: list[JobState] = []
        async with open_client(script, server) as bria:
            job = bria.job("a")
            async for event in job.events():
                seen.append(event.state)
                await anyio.sleep(3)
                if by_webhook:
                    bria._delivered("a", server.status("a"))
                else:
                    await job.poll()
        assert seen == [JobState.IN_PROGRESS, JobState.COMPLETED]

    run(main)
