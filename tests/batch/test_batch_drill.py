"""The fault drill: everything breaks, and the process is killed; nothing is lost or paid twice."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import attrs
import pytest

from bria_tailored_ext.batch import Outcome, OutcomeState, read_outcomes, read_status
from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.sandbox import Fault, Sandbox, SandboxPlan

pytestmark = pytest.mark.anyio

MakeModel = Callable[[Sandbox, TailoredClient], Awaitable[str]]
SUBMITS_AT_ONCE = 8
"""The default: what one kill may leave unknown."""

FAULTS = (
    Fault(kind="status", status=503, rate=0.05),
    Fault(kind="reset_before", rate=0.01),
    Fault(kind="reset_after", rate=0.01),
    Fault(kind="garbage", rate=0.01),
    Fault(kind="stuck", operation="generate-image", rate=0.01),
    Fault(kind="truncated", operation="get-file", rate=0.02),
)


@pytest.fixture
def anyio_backend() -> str:
    # The batch is a process of its own; here only the sandbox runs.
    return "asyncio"


@attrs.frozen
class Drill:
    """One batch as a process of its own, and what it can be held to."""

    sandbox: Sandbox
    folder: Path
    count: int
    rate: int
    timeout: float

    @property
    def journal(self) -> Path:
        return self.folder / "journal.db"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def start(self, on_unknown: str = "report") -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "bria_tailored_ext.cli", "batch", "run"]
        command += [str(self.folder / "rows.jsonl"), "--json", "--timeout", str(self.timeout)]
        command += ["--journal", str(self.journal), "--out", str(self.out)]
        command += ["--plan", str(self.rate), "--on-unknown", on_unknown, "--max-failures", "0"]
        environment = {
            **os.environ,
            "BRIA_BASE_URL": self.sandbox.base_url,
            "BRIA_API_TOKEN": self.sandbox.api_token,
        }
        with (self.folder / "log.txt").open("ab") as log:
            return subprocess.Popen(command, env=environment, stdout=log, stderr=log)

    def kill(self, random_: random.Random, most: int) -> int:
        """Run it until some more was billed, `most` at the most, and kill it a moment later."""
        enough = len(self.sandbox.books) + random_.randint(1, most)
        process = self.start()
        deadline = time.monotonic() + 60
        while len(self.sandbox.books) < enough and process.poll() is None:
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.001)
        time.sleep(random_.uniform(0.0, 0.02))
        process.send_signal(signal.SIGKILL)
        return process.wait()

    def finish(self, on_unknown: str = "report") -> int:
        """Run it to its end; the exit code."""
        return self.start(on_unknown).wait(timeout=600)

    def log(self) -> str:
        return (self.folder / "log.txt").read_text()[-3000:]

    def outcomes(self) -> dict[str, Outcome]:
        told = list(read_outcomes(self.journal))
        assert len({outcome.id for outcome in told}) == len(told) == self.count, self.log()
        return {outcome.id: outcome for outcome in told}

    def billed(self) -> Counter[str]:
        """How often each request was billed, by the sandbox's own books."""
        jobs: dict[str, Any] = self.sandbox._state.jobs
        found: Counter[str] = Counter()
        for call in self.sandbox.books:
            if "generate" in call.operation:
                found[jobs[call.request_id].prompt.removeprefix("teapot ")] += 1
        return found

    def check_files(self) -> None:
        """No picture is missing, damaged, or there without its line in the journal."""
        told = self.outcomes().values()
        files = {each.file: each.sha256 for each in told if each.file is not None}
        for file, checksum in files.items():
            assert hashlib.sha256(file.read_bytes()).hexdigest() == checksum
        assert {path for path in self.out.iterdir() if path.suffix == ".png"} == set(files)
        text = (self.out / "manifest.jsonl").read_text()
        lines = [json.loads(line) for line in text.splitlines()]
        assert {line["file"] for line in lines} == {file.name for file in files}

    def check_books(self, kills: int) -> None:
        """Billed once, but for what the journal lists as unknown."""
        status = read_status(self.journal)
        unknown = Counter(each.id for each in status.unknown)
        for name, times in self.billed().items():
            assert times <= 1 + unknown[name], name
        died = sum("process died" in each.reason for each in status.unknown)
        assert died <= kills * SUBMITS_AT_ONCE
        outcomes = self.outcomes()
        for name, outcome in outcomes.items():
            if outcome.request_id is not None:
                assert self.billed()[name] >= 1


@pytest.fixture
async def start_drill(tmp_path: Path, make_model: MakeModel) -> Callable[[int, int, float], Any]:
    @asynccontextmanager
    async def starting(count: int, rate: int, timeout: float) -> AsyncIterator[Drill]:
        durations: Any = {"image": 0.2, "syncing": 0}
        plan = SandboxPlan(requests_per_minute=rate)
        async with Sandbox(seed=5, durations=durations, plan=plan) as sandbox:
            async with TailoredClient(
                api_token=sandbox.api_token, base_url=sandbox.base_url, plan=None
            ) as bria:
                model = await make_model(sandbox, bria)
            rows = (
                {"id": str(number), "tailored_model_id": model, "prompt": f"teapot {number}"}
                for number in range(count)
            )
            (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
            sandbox.faults.add(*FAULTS)
            yield Drill(sandbox, tmp_path, count, rate, timeout)

    return starting


async def carry_out(drill: Drill, *, kills: int) -> None:
    """Kill it so often, then let it finish; and hold it to its promises, twice."""
    chance = random.Random(20)  # noqa: S311 - it only has to be the same again
    # Enough is left to be done at the last of them.
    most = drill.count // (kills + 2)
    for _ in range(kills):
        code = await anyio.to_thread.run_sync(drill.kill, chance, most)
        assert code == -signal.SIGKILL, drill.log()
        with closing(sqlite3.connect(drill.journal)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    code = await anyio.to_thread.run_sync(drill.finish)
    assert code in (0, 1), drill.log()
    drill.check_files()
    drill.check_books(kills)
    assert max(drill.billed().values()) == 1

    # What is unknown may be bought again, if the user says so; nothing else is.
    code = await anyio.to_thread.run_sync(drill.finish, "resubmit")
    assert code in (0, 1), drill.log()
    drill.check_files()
    drill.check_books(kills)
    last = Counter(outcome.state for outcome in drill.outcomes().values())
    assert last[OutcomeState.COMPLETED] >= 0.95 * drill.count
    assert last[OutcomeState.FAILED] == 0


async def test_a_killed_batch_loses_nothing_and_pays_for_nothing_twice(
    start_drill: Callable[[int, int, float], Any],
) -> None:
    """50 requests and 3 kills, with everything that can break breaking."""
    async with start_drill(50, 6000, 1.5) as drill:
        await carry_out(drill, kills=3)


@pytest.mark.slow
async def test_two_thousand_requests_and_twenty_kills(
    start_drill: Callable[[int, int, float], Any],
) -> None:
    """The drill itself: 5 % 5xx, 2 % resets, 1 % garbage, 1 % stuck jobs, and a rate limit."""
    async with start_drill(2000, 3000, 10.0) as drill:
        await carry_out(drill, kills=20)
