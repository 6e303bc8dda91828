"""What the account, moderation and the network do to a batch."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from bria_tailored_ext.batch import Outcome, OutcomeState, Prices, read_status, run_batch
from bria_tailored_ext.values.errors import (
    BatchStopped,
    BriaConnectionError,
    ConfigurationError,
    InvalidInputError,
    ModerationError,
    QuotaExceededError,
)

if TYPE_CHECKING:
    from tests.conftest import Script, ScriptedNetwork

pytestmark = pytest.mark.anyio

ROWS = [{"id": str(number), "tailored_model_id": "7", "prompt": "x"} for number in range(5)]


class Run:
    """A batch over a scripted network."""

    def __init__(self, script: Script, folder: Path) -> None:
        self.script = script
        self.journal = folder / "journal.db"
        self.out = folder / "out"
        self.told: list[Outcome] = []

    async def over(self, network: ScriptedNetwork, rows: Any = ROWS, **settings: Any) -> None:
        """Run it, one request at a time, so that the script meets them in order."""
        async with (
            self.script.client(network, plan=None) as bria,
            run_batch(
                bria,
                rows,
                journal=self.journal,
                output_dir=self.out,
                in_flight=1,
                **settings,
            ) as batch,
        ):
            async for outcome in batch:
                self.told.append(outcome)

    def states(self) -> dict[str, str]:
        with closing(sqlite3.connect(self.journal)) as connection:
            return dict(connection.execute("SELECT id, state FROM requests").fetchall())


@pytest.fixture
def run(script: Script, tmp_path: Path) -> Run:
    return Run(script, tmp_path)


async def test_a_used_up_quota_stops_the_batch_and_costs_nothing(run: Run) -> None:
    """Nothing else is tried, and the refused request can go on next month."""
    network = run.script.network(run.script.answer(403, "Quota exceeded for this account"))

    with pytest.raises(BatchStopped, match="The account refuses requests") as caught:
        await run.over(network)

    assert caught.value.reason == "account"
    assert isinstance(caught.value.__cause__, QuotaExceededError)
    assert len(network.asked) == 1
    assert run.told == []
    assert run.states() == {"0": "planned"}
    assert read_status(run.journal).cost == 0
    assert read_status(run.journal).ended == "stopped: account"


async def test_a_wrong_token_stops_the_batch(run: Run) -> None:
    """Every other request would be refused as well."""
    network = run.script.network(run.script.answer(401, {"message": "Unauthorized"}))
    with pytest.raises(BatchStopped) as caught:
        await run.over(network)
    assert caught.value.reason == "account"


async def test_what_moderation_refuses_is_told_and_not_tried_again(run: Run) -> None:
    """One submit each, at no cost, and the batch goes on to its end."""
    refusal = {"error": {"code": 422, "message": "Prompt failed content moderation"}}
    network = run.script.network(run.script.answer(422, refusal))

    await run.over(network, max_failures=2)

    assert [outcome.state for outcome in run.told] == [OutcomeState.FAILED] * 5
    assert all(isinstance(outcome.error, ModerationError) for outcome in run.told)
    assert len(network.asked) == 5
    assert read_status(run.journal).cost == 0

    await run.over(network, retry_failed=True)
    assert len(network.asked) == 5


async def test_a_bria_that_cannot_be_reached_stops_the_batch_with_nothing_lost(run: Run) -> None:
    """After several tries; the request is planned again, not failed."""
    network = run.script.network(run.script.fail(httpx.ConnectError))

    with pytest.raises(BatchStopped, match="could not be reached") as caught:
        await run.over(network)

    assert caught.value.reason == "unreachable"
    assert isinstance(caught.value.__cause__, BriaConnectionError)
    assert run.told == []
    assert run.states() == {"0": "planned"}


async def test_a_busy_account_makes_the_batch_slower_and_stops_nothing(run: Run) -> None:
    """429 for hours is no failure."""
    script = run.script
    busy = [script.answer(429, {"message": "slow down"})] * 60
    refusal = {"error": {"code": 400, "message": "no"}}
    network = script.network(*busy, script.answer(400, refusal))

    await run.over(network, ROWS[:1])

    assert len(network.asked) == 61
    assert [outcome.state for outcome in run.told] == [OutcomeState.FAILED]
    assert run.told[0].attempts == 1


async def test_a_ceiling_needs_a_price(run: Run) -> None:
    """A video costs nobody knows what: nothing is sent until the user says."""
    network = run.script.network(run.script.answer(500))
    rows = [{"kind": "video", "tailored_model_id": "7", "image": "https://x.test/a.png"}]

    with pytest.raises(ConfigurationError, match="needs a price for requests of kind video"):
        await run.over(network, rows, max_cost=5)
    assert network.asked == []

    with pytest.raises(BatchStopped, match=r"more than max_cost, \$5\.00"):
        await run.over(network, rows, max_cost=5, prices=Prices(video=6))
    assert network.asked == []


async def test_a_picture_that_went_away_fails_alone(run: Run, tmp_path: Path) -> None:
    """It was there when the file was checked; nothing is sent for it."""
    network = run.script.network(run.script.answer(500))
    rows = [{"kind": "video", "tailored_model_id": "7", "image_file": str(tmp_path / "gone.png")}]

    await run.over(network, rows)

    assert [outcome.state for outcome in run.told] == [OutcomeState.FAILED]
    assert isinstance(run.told[0].error, InvalidInputError)
    assert network.asked == []


async def test_the_token_and_the_signed_urls_stay_out_of_the_journal(run: Run) -> None:
    """The journal is read by others, and kept."""
    script = run.script
    accepted = {"request_id": "7f3c", "status_url": f"{script.origin}/v2/status/7f3c"}
    result = {"image_url": "https://cdn.test/a.png?Signature=SECRET", "seed": 3}
    done = {"status": "COMPLETED", "request_id": "7f3c", "result": result}
    png = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\x0dIHDR" + b"x" * 40 + b"\0\0\0\0IEND\xaeB`\x82"
    network = script.network(
        script.answer(202, accepted), script.answer(200, done), script.answer(200, png)
    )

    await run.over(network, ROWS[:1])

    assert [outcome.state for outcome in run.told] == [OutcomeState.COMPLETED], run.told
    for path in run.journal.parent.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert b"SECRET" not in data
            assert script.token.encode() not in data
