"""What a request that broke off has made: looked for, and never made twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bria_tailored_ext import BriaTimeoutError, SubmitOutcomeUnknown
from bria_tailored_ext.workflows.broken_off import LOOKS, look_for
from bria_tailored_ext.workflows.state_file import StateFile

if TYPE_CHECKING:
    from tests.conftest import VirtualClock

pytestmark = pytest.mark.anyio

UNKNOWN = SubmitOutcomeUnknown("It broke off.", method="POST", path="/v1/things")


def finding(*seen: int | Exception | None) -> Callable[[], Awaitable[int | None]]:
    looks = iter(seen)

    async def find() -> int | None:
        found = next(looks)
        if isinstance(found, Exception):
            raise found
        return found

    return find


async def test_what_appears_late_is_found(clock: VirtualClock) -> None:
    """Bria may still be at work on it: three looks in four seconds."""
    assert await look_for(finding(None, None, 7), clock, UNKNOWN) == 7
    assert await look_for(finding(None, None, None), clock, UNKNOWN) is None
    assert clock.slept == [*LOOKS, *LOOKS]


async def test_a_look_that_fails_makes_nothing_better_known(clock: VirtualClock) -> None:
    """Then the outcome is as unknown as before; after a crash, the look's own failure says so."""
    with pytest.raises(SubmitOutcomeUnknown):
        await look_for(finding(BriaTimeoutError("No answer.")), clock, UNKNOWN)
    with pytest.raises(BriaTimeoutError):
        await look_for(finding(BriaTimeoutError("No answer.")), clock)


async def test_a_step_of_unknown_outcome_says_so_although_the_look_failed_too(
    clock: VirtualClock, tmp_path: Path
) -> None:
    """Who reads of a look that had no answer does not learn that something may be billed."""

    async def make() -> int:
        raise UNKNOWN

    with StateFile.opened(tmp_path / "state.json", "test", {}) as state:
        with pytest.raises(SubmitOutcomeUnknown):
            await state.once("thing", make, find=finding(BriaTimeoutError("No.")), clock=clock)
        assert await state.once("thing", make, find=finding(7), clock=clock) == 7
