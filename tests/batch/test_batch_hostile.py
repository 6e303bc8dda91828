"""What a batch meets that nobody expects: half characters, other names, a disk that fills up."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from bria_tailored_ext.batch import OutcomeState, read_status, run_batch, saving
from bria_tailored_ext.batch.journal import locked_journal
from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.values.clock import SystemClock
from bria_tailored_ext.values.errors import BatchStopped, JournalError, JournalInUse
from bria_tailored_ext.values.plan import Plan
from bria_tailored_ext.values.retry_policy import RetryPolicy

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Script, ScriptedNetwork

pytestmark = pytest.mark.anyio

ROW = {"id": "a", "tailored_model_id": "7", "prompt": "x"}


async def told(
    script: Script, network: ScriptedNetwork, folder: Path, rows: Any, **settings: Any
) -> list[Any]:
    """The outcomes of one run over a scripted network."""
    async with (
        script.client(network, plan=None) as bria,
        run_batch(
            bria, rows, journal=folder / "j.db", output_dir=folder / "out", **settings
        ) as batch,
    ):
        return [outcome async for outcome in batch]


def wire(answer: Any) -> bytes:
    """JSON as a server may send it, with half characters in it."""
    return json.dumps(answer).encode()


def states(folder: Path) -> dict[str, str]:
    with closing(sqlite3.connect(folder / "j.db")) as connection:
        return dict(connection.execute("SELECT id, state FROM requests").fetchall())


async def test_an_unknown_one_stays_unknown_when_its_resubmit_was_refused(
    script: Script, tmp_path: Path
) -> None:
    """The account refused the second submit; the first may have been billed all the same."""
    broken = script.network(script.answer(500, "?"))
    assert [each.state for each in await told(script, broken, tmp_path, [ROW])] == [
        OutcomeState.UNKNOWN
    ]
    refusing = script.network(script.answer(403, "Quota exceeded for this account"))
    with pytest.raises(BatchStopped):
        await told(script, refusing, tmp_path, [ROW], on_unknown="resubmit")
    assert states(tmp_path) == {"a": "unknown"}

    silent = script.network(script.answer(500, "?"))
    again = await told(script, silent, tmp_path, [ROW])

    assert [each.state for each in again] == [OutcomeState.UNKNOWN]
    assert "500" in str(again[0].error)
    assert silent.asked == []
    assert len(read_status(tmp_path / "j.db").unknown) == 1


async def test_half_a_character_in_an_answer_stops_nothing(script: Script, tmp_path: Path) -> None:
    """JSON may hold a lone surrogate, which neither SQLite nor UTF-8 takes."""
    accepted = {"request_id": "7f3c", "status_url": f"{script.origin}/v2/status/7f3c"}
    result = {"structured_prompt": '{"text": "\ud83d"}', "refined_prompt": "\ud83d"}
    done: Any = {"status": "COMPLETED", "request_id": "7f3c", "result": result}
    failed = {"status": "ERROR", "request_id": "7f3c", "error": {"code": 500, "message": "\ud83d"}}
    row = {**ROW, "kind": "structured_prompt"}
    network = script.network(script.answer(202, accepted), script.answer(200, wire(done)))

    outcomes = await told(script, network, tmp_path, [row])

    assert [each.state for each in outcomes] == [OutcomeState.COMPLETED]
    assert outcomes[0].file.read_text(encoding="utf-8") == '{"text": "\\ud83d"}'
    assert "\\ud83d" in (tmp_path / "out" / "manifest.jsonl").read_text(encoding="utf-8")

    network = script.network(script.answer(202, accepted), script.answer(200, wire(failed)))
    outcomes = await told(script, network, tmp_path, [{**row, "id": "b"}])
    assert [each.state for each in outcomes] == [OutcomeState.FAILED]


def test_a_journal_has_one_lock_whatever_it_is_called(tmp_path: Path) -> None:
    """Through a link to it, it is the same journal."""
    link = tmp_path / "link.db"
    with locked_journal(tmp_path / "j.db"):
        link.symlink_to(tmp_path / "j.db")
        with pytest.raises(JournalInUse), locked_journal(link):
            pass
        assert read_status(link).pid is not None


async def test_a_journal_that_breaks_keeps_back_what_has_not_left(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No id could be kept, so nothing more is paid for; what has left is unknown afterwards."""

    def full(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("bria_tailored_ext.batch.entries.submitted", full)
    async with TailoredClient(
        api_token=shop.sandbox.api_token,
        base_url=shop.sandbox.base_url,
        plan=Plan(requests_per_minute=3),
    ) as bria:
        batch = run_batch(bria, shop.rows(9), journal=shop.journal, output_dir=shop.out)
        with anyio.fail_after(10), pytest.raises(JournalError, match="disk is full"):  # noqa: PT012
            async with batch:
                async for _outcome in batch:
                    pass
    assert 1 <= shop.billed() <= 3

    monkeypatch.undo()
    await shop.run([])
    assert len(read_status(shop.journal).unknown) >= shop.billed()


class Standing:
    """A clock whose pauses have no end."""

    def __init__(self) -> None:
        self.paused = anyio.Event()
        self.monotonic = SystemClock().monotonic
        self.now = SystemClock().now

    async def sleep(self, seconds: float) -> None:
        self.paused.set()
        await anyio.sleep_forever()


async def test_a_batch_that_pauses_can_be_stopped(script: Script, tmp_path: Path) -> None:
    """A busy account may want an hour of patience; what was not taken is not waited for."""
    network = script.network(script.answer(429, {"message": "slow down"}, retry_after="3600"))
    clock = Standing()
    async with (
        script.client(network, clock=clock, plan=None, retry=RetryPolicy(attempts=1)) as bria,
        run_batch(bria, [ROW], journal=tmp_path / "j.db", output_dir=tmp_path / "out") as batch,
    ):
        with anyio.fail_after(10):
            await clock.paused.wait()
            batch.stop()
            assert [outcome async for outcome in batch] == []
    assert states(tmp_path) == {"a": "planned"}
    assert len(network.asked) == 1


@pytest.mark.parametrize("small", [0, 4_000_000])
async def test_a_file_that_vanishes_before_its_checksum_is_fetched_again(
    shop: Any, monkeypatch: pytest.MonkeyPatch, small: int
) -> None:
    """Somebody tidied up too early: that is one file, and neither the batch nor its journal."""
    checksum = saving._checksum
    gone: list[Path] = []

    def tidied(path: Path) -> tuple[str, int]:
        if not gone:
            gone.append(path)
            path.unlink()
        return checksum(path)

    monkeypatch.setattr(saving, "_SMALL", small)
    monkeypatch.setattr(saving, "_checksum", tidied)

    first = await shop.run(shop.rows(3))
    assert sorted(each.state.value for each in first.values()) == [
        "completed",
        "completed",
        "unsaved",
    ]
    again = await shop.run(shop.rows(3))
    assert [each.state for each in again.values()] == [OutcomeState.COMPLETED]
    assert gone[0].exists()
    assert shop.billed() == 3
