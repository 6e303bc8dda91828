"""`bria-tailored batch`: what it prints, and what it exits with."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import anyio.to_thread
import attrs
import pytest
from click.testing import CliRunner, Result

from bria_tailored.models import UploadModel, UploadModelProjectParameters
from bria_tailored_ext.batch import entries, read_status
from bria_tailored_ext.batch.journal import locked_journal
from bria_tailored_ext.cli.application import application
from bria_tailored_ext.cli.batch_running import _code, _Went
from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.sandbox import Fault, Sandbox
from bria_tailored_ext.values.errors import (
    BatchInputError,
    BatchStopped,
    BriaError,
    JournalError,
    JournalInUse,
)

_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63606060"
    "f80f0001040100c5e9b7450000000049454e44ae426082"
)


def rows(folder: Path, count: int, model: str = "7") -> Path:
    path = folder / "prompts.jsonl"
    lines = [
        {"id": f"r{number}", "tailored_model_id": model, "prompt": f"teapot {number}"}
        for number in range(count)
    ]
    path.write_text("\n".join(map(json.dumps, lines)))
    return path


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(application, ["batch", *map(str, arguments)])


def test_a_dry_run_needs_no_token_and_sends_nothing(tmp_path: Path) -> None:
    """Count, cost and time; and whether the money suffices."""
    path = rows(tmp_path, 120)

    told = invoke("run", path, "--dry-run", "--max-cost", "3", "--out", tmp_path / "out")
    assert told.exit_code == 0
    assert told.stdout.splitlines() == [
        "120 requests to submit: 120 image.",
        "Cost: $3.60 by the price table.",
        "Time: 2 min at least, at the plan's pace.",
        "--max-cost 3 stops it before the end.",
    ]
    assert not (tmp_path / "out").exists()

    told = invoke("run", path, "--dry-run", "--json", "--price", "image=0.1", "--plan", "none")
    assert json.loads(told.stdout) == {
        "requests": {"image": 120},
        "total": 120,
        "already_submitted": 0,
        "cost": 12.0,
        "seconds": None,
    }


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--price", "sculpture=1"], "--price sculpture=1 must be"),
        (["--price", "image=much"], "A price must be a number"),
        (["--plan", "gold"], "There is no plan 'gold'"),
        (["--max-cost", "much"], "--max-cost must be a number"),
    ],
)
def test_wrong_use_is_one_sentence_and_exit_code_2(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    """Nothing was sent, and no traceback is shown."""
    told = invoke("run", rows(tmp_path, 1), "--dry-run", *arguments)
    assert told.exit_code == 2
    assert words in told.stderr
    assert told.stderr.count("\n") == 1


def test_a_wrong_file_is_named_line_by_line(tmp_path: Path) -> None:
    """Exit code 2, and every wrong line."""
    path = tmp_path / "rows.csv"
    path.write_text("tailored_model_id,prompt,seed\n7,x,y\n7,x,1\n,x,1\n")
    told = invoke("run", path, "--dry-run")
    assert told.exit_code == 2
    assert "line 2: seed must be a whole number" in told.stderr
    assert "line 4: tailored_model_id" in told.stderr


def test_status_of_what_is_no_journal(tmp_path: Path) -> None:
    """One sentence."""
    told = invoke("status", rows(tmp_path, 1))
    assert told.exit_code == 2
    assert "is not a journal" in told.stderr


def test_recreate_prints_rows_that_can_be_run(tmp_path: Path) -> None:
    """From a line of the manifest to a row of a batch."""
    line = {
        "id": "r1",
        "kind": "image",
        "seed": 5,
        "structured_prompt": "{}",
        "request": {"tailored_model_id": "7", "prompt": "x"},
    }
    manifest = tmp_path / "manifest.jsonl"
    manifest.write_text(json.dumps(line) + "\n" + json.dumps({**line, "id": "r2"}) + "\n")

    told = invoke("recreate", manifest, "r2")
    assert json.loads(told.stdout) == {
        "id": "r2",
        "tailored_model_id": "7",
        "seed": 5,
        "structured_prompt": "{}",
    }
    (tmp_path / "again.jsonl").write_text(told.stdout)
    assert invoke("run", tmp_path / "again.jsonl", "--dry-run").exit_code == 0

    told = invoke("recreate", manifest, "r9")
    assert told.exit_code == 2
    assert "no line for r9" in told.stderr


def test_help_has_examples() -> None:
    """Of every command."""
    for name in ("run", "status", "gallery", "recreate"):
        assert "Example" in invoke(name, "--help").stdout


@attrs.frozen
class Shop:
    """A sandbox in this process, for commands in processes of their own."""

    sandbox: Sandbox
    folder: Path
    model: str

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def start(self, *arguments: object, token: str | None = None) -> subprocess.Popen[str]:
        environment = {
            **os.environ,
            "BRIA_BASE_URL": self.sandbox.base_url,
            "BRIA_API_TOKEN": token or self.sandbox.api_token,
        }
        command = [sys.executable, "-m", "bria_tailored_ext.cli", "batch", *map(str, arguments)]
        return subprocess.Popen(
            command,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def billed(self) -> int:
        """Jobs that Bria would have charged for."""
        return sum("generate" in call.operation for call in self.sandbox.books)

    async def end(self, process: subprocess.Popen[str]) -> tuple[int, str, str]:
        out, err = await anyio.to_thread.run_sync(partial(process.communicate, timeout=60))
        return process.returncode, out, err

    async def run(self, count: int, *arguments: object, **named: Any) -> tuple[int, str, str]:
        path = rows(self.folder, count, self.model)
        shared = ("--out", self.out, "--plan", "none")
        return await self.end(self.start("run", path, *shared, *arguments, **named))


@pytest.fixture
def anyio_backend() -> str:
    # The commands are processes of their own; here only the sandbox runs.
    return "asyncio"


@pytest.fixture
async def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Shop]:
    monkeypatch.setattr("bria_tailored_ext.sandbox.files.draw", lambda *_, **__: _PNG)
    durations: Any = {"image": 0.1, "syncing": 0}
    async with Sandbox(seed=1, durations=durations) as sandbox:
        async with TailoredClient(
            api_token=sandbox.api_token, base_url=sandbox.base_url, plan=None
        ) as bria:
            project = UploadModelProjectParameters(
                project_name="p", ip_medium="photography", ip_type="other"
            )
            url = sandbox.publish(b"weights", "model.safetensors")
            body = UploadModel(model_url=url, model_name="m", project_parameters=project)
            model = await bria.models.upload_model(body=body)
        yield Shop(sandbox, tmp_path, str(model.id))


@pytest.mark.anyio
async def test_a_run_its_status_and_its_gallery(shop: Shop) -> None:
    """All done is exit code 0; the same command again has nothing to do."""
    code, out, err = await shop.run(8)
    assert code == 0, err
    assert "8 completed. $0.24 may be spent." in out
    assert f"Open {shop.out / 'index.html'} in a browser." in out
    assert len(list(shop.out.glob("r*.png"))) == 8
    assert len((shop.out / "manifest.jsonl").read_text().splitlines()) == 8

    code, out, err = await shop.run(8, "--json")
    assert code == 0, err
    told = json.loads(out)
    assert told["outcomes"] == {}
    assert told["already_final"] == 8

    found = json.loads(invoke("status", shop.out / "journal.db", "--json").stdout)
    assert found["requests"] == {"saved": 8}
    assert found["done"] is True
    assert found["unknown"] == []
    (shop.out / "index.html").unlink()
    assert invoke("gallery", shop.out / "journal.db").exit_code == 0
    assert (shop.out / "index.html").exists()


@pytest.mark.anyio
async def test_a_failure_is_told_and_is_exit_code_1(shop: Shop) -> None:
    """In a line of its own, with its reason."""
    shop.sandbox.faults.add(Fault(kind="job_failed", operation="generate-image", count=1))
    code, out, err = await shop.run(3)
    assert code == 1
    assert "failed: Job" in err
    assert "1 failed" in out


@pytest.mark.anyio
async def test_a_refusal_of_the_account_is_exit_code_3(shop: Shop) -> None:
    """One sentence."""
    code, _, err = await shop.run(3, token="wrong")
    assert code == 3
    assert "Error: The account refuses requests" in err
    assert "Traceback" not in err


@pytest.mark.anyio
async def test_a_journal_of_something_else_is_exit_code_2(shop: Shop) -> None:
    """It is left as it was."""
    path = shop.folder / "notes.txt"
    path.write_text("mine")
    code, _, err = await shop.run(1, "--journal", path)
    assert code == 2, err
    assert "is not a journal" in err
    assert path.read_text() == "mine"


async def until_submitted(shop: Shop, count: int) -> None:
    deadline = time.monotonic() + 30
    while sum("generate" in call.operation for call in shop.sandbox.books) < count:
        assert time.monotonic() < deadline
        await anyio.sleep(0.01)


@pytest.mark.anyio
async def test_ctrl_c_finishes_what_is_paid_for(shop: Shop) -> None:
    """Exit code 130, how to go on, and the same command does."""
    path = rows(shop.folder, 3000, shop.model)
    process = shop.start("run", path, "--out", shop.out, "--plan", "none", "--in-flight", 5)
    await until_submitted(shop, 5)
    process.send_signal(signal.SIGINT)
    code, _, err = await shop.end(process)

    assert code == 130, err
    assert "paid for are being finished" in err
    assert "The same command goes on from here." in err
    status = read_status(shop.out / "journal.db")
    assert set(status.requests) == {"saved"}
    assert status.requests["saved"] == sum(
        "generate" in call.operation for call in shop.sandbox.books
    )
    assert status.ended == "stopped: asked to"


@pytest.mark.anyio
async def test_ctrl_c_twice_leaves_at_once(shop: Shop) -> None:
    """What runs at Bria is in the journal; nothing is unknown that can be known."""
    shop.sandbox.faults.add(Fault(kind="stuck", operation="get-status"))
    path = rows(shop.folder, 30, shop.model)
    process = shop.start("run", path, "--out", shop.out, "--plan", "none")
    await until_submitted(shop, 30)
    process.send_signal(signal.SIGINT)
    await anyio.sleep(0.3)
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    code, _, err = await shop.end(process)

    assert code == 130, err
    assert time.monotonic() - start < 8
    assert read_status(shop.out / "journal.db").requests == {"submitted": 30}
    shop.sandbox.faults.clear()
    code, _, err = await shop.run(30)
    assert code == 0, err
    assert shop.billed() == 30


def test_status_lists_what_may_have_been_billed_in_vain(tmp_path: Path) -> None:
    """Each submit of unknown fate, by its request."""
    from bria_tailored_ext.batch.rows import read_row

    path = tmp_path / "journal.db"
    row = read_row(1, {"id": "r7", "tailored_model_id": "7", "prompt": "x"})
    with locked_journal(path) as journal:
        entries.begin(journal, 1.0)
        entries.intent(journal, row, 1, 30000, 2.0)
    with locked_journal(path) as journal:
        entries.begin(journal, 3.0)

    told = invoke("status", path)
    assert told.exit_code == 0
    assert "unknown submit: r7 (now unknown), run 1: The process died" in told.stdout


def test_recreate_reads_lines_as_json_means_them(tmp_path: Path) -> None:
    """A prompt may hold what Unicode calls the end of a line; what is no manifest is said so."""
    line = {
        "id": "r1",
        "kind": "image",
        "seed": 5,
        "structured_prompt": '{"text": "one\u2028two\u0085three"}',
        "request": {"tailored_model_id": "7"},
    }
    manifest = tmp_path / "manifest.jsonl"
    manifest.write_text(json.dumps(line, ensure_ascii=False) + "\n", encoding="utf-8")
    assert json.loads(invoke("recreate", manifest, "r1").stdout)["id"] == "r1"

    for wrong in (b"[1]\n", b"\xff\n", b"x\n"):
        manifest.write_bytes(wrong)
        told = invoke("recreate", manifest, "r1")
        assert told.exit_code == 2
        assert "is not a manifest" in told.stderr


def test_a_ceiling_that_is_none_is_wrong_use(tmp_path: Path) -> None:
    """Not a number, and less than nothing."""
    for wrong in ("nan", "-1"):
        told = invoke("run", rows(tmp_path, 1), "--dry-run", "--max-cost", wrong)
        assert told.exit_code == 2
        assert "--max-cost must be a number" in told.stderr


@pytest.mark.parametrize(
    ("error", "started", "code"),
    [
        (JournalError("It broke.", path="j.db"), True, 1),
        (JournalError("It is none.", path="j.db"), False, 2),
        (JournalInUse("Another has it.", path="j.db", pid=1), False, 1),
        (BatchInputError("The file was changed."), True, 1),
        (BatchInputError("The file is wrong."), False, 2),
        (BatchStopped("No more.", reason="account"), True, 3),
        (BatchStopped("Too much.", reason="cost"), True, 1),
    ],
)
def test_wrong_use_is_what_keeps_a_batch_from_starting(
    error: BriaError, started: bool, code: int
) -> None:
    """2 says that nothing was billed; once it has started, something may be."""
    assert _code(_Went(error=error, started=started)) == code
