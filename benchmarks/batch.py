"""What a batch loses and pays twice when its process dies, and what it costs by itself."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks.figures import ratios, spread
from benchmarks.frame import Answer, Figures, Measure, Scope, Table, Target, in_turns
from benchmarks.jobs import judging
from benchmarks.machine import OURS
from benchmarks.processes import in_a_process
from benchmarks.sandbox_server import PICTURE, serve_books
from bria_tailored_ext.batch import read_status
from bria_tailored_ext.sandbox import Length

NAME = "batch"
TITLE = "Batches"
METHOD = (
    "A sandbox in another process that draws nothing is the judge: its books say what was billed, "
    "and what twice. First the crash: the process is killed (SIGKILL) when a quarter, a half and "
    "three quarters of the requests are billed, and started again each time; pictures are counted "
    "and compared at the end. The loop is what users write: a semaphore, a look each second, a "
    "file of what is done. `run_batch` tells of submits whose fate the kill left unknown, and "
    "leaves them to the user: at most eight a kill, for as many are under way at once. Then the "
    "cost: instant jobs, `run_batch` with journal, checksums, manifest and gallery, beside bare "
    "submit, wait and save with this client and the same limits; the ratio is that of the same "
    "round. Last, a dry run over a file of rows in a fresh process."
)
PACKAGES = ("aiohttp", "bria-tailored", "httpx", "httpx-aiohttp")

_KILLS = (0.25, 0.5, 0.75)
_LOOP, _OURS = "loop over httpx", "this client: run_batch"
_WORKERS = {_LOOP: "loop", _OURS: "run_batch"}
_CRASH = {
    "wall": Measure(unit="s", digits=1, better="less"),
    "lost": Measure(digits=0, better="less"),
    "paid twice": Measure(digits=0, better="less"),
    "left to user": Measure(digits=0, better="less"),
    "damaged": Measure(digits=0, better="less"),
}
_COST = {
    "wall": Measure(unit="s", digits=2, better="less"),
    "cpu": Measure(unit="ms each", digits=2, better="less"),
}
_DRY = {
    "rate": Measure(unit="rows/s", digits=0, better="more"),
    "memory": Measure(unit="MB", digits=0, better="less"),
}


def ask(scope: Scope) -> Answer:
    """Kill, compare, and check a file."""
    crash = _crashing(scope, 1000 if scope.is_full else 200)
    cost = _costing(scope, 5000 if scope.is_full else 1000)
    dry = _dry_runs(scope)
    ours = crash.rows[_OURS]
    added = ratios(cost.rows[_OURS]["wall"].rounds, cost.rows["bare work"]["wall"].rounds)
    largest = dry.rows[list(dry.rows)[-1]]
    targets = [
        Target(
            key="lost",
            what="Killed three times: pictures lost, of those not listed as unknown",
            bound=0,
            at_least=False,
            found=ours["lost"],
            digits=0,
        ),
        Target(
            key="paid-twice",
            what="Killed three times: paid twice",
            bound=0,
            at_least=False,
            found=ours["paid twice"],
            digits=0,
        ),
        Target(
            key="cost",
            what=f"{cost.case}: time over that of the bare work",
            bound=1.25,
            at_least=False,
            found=added,
        ),
        Target(
            key="dry-run-rate",
            what="Dry run: rows a second",
            bound=20_000,
            at_least=True,
            found=largest["rate"],
            digits=0,
        ),
        Target(
            key="dry-run-memory",
            what="Dry run: MB at its most",
            bound=150,
            at_least=False,
            found=largest["memory"],
            digits=0,
        ),
    ]
    return Answer(tables=[crash, cost, dry], targets=targets)


def _crashing(scope: Scope, requests: int) -> Table:
    at_once = 100 if scope.is_full else 50
    return Table(
        case=f"{requests:,} requests of about a second, {at_once} at once, killed three times",
        measures=_CRASH,
        rows=in_turns(list(_WORKERS), partial(_crash_round, scope, requests, at_once), 5),
        plotted="paid twice",
    )


def _crash_round(scope: Scope, requests: int, at_once: int, name: str) -> Figures:
    durations = {"image": Length(median=1.0, sigma=0.3)}
    with judging(serve_books, durations) as judge, _folder(scope) as folder:
        asked = judge.recv() | {
            "contestant": _WORKERS[name],
            "count": requests,
            "at_once": at_once,
            "folder": str(folder),
            "prompt": "a teapot",
        }
        start = time.perf_counter()
        for part in _KILLS:
            _killed(asked, judge, int(part * requests))
        in_a_process(OURS, "benchmarks.batching", asked, timeout=600)
        wall = time.perf_counter() - start
        judge.send("books")
        books = judge.recv()
        unknown = _unknown(folder / "journal.db")
        pictures = [each.read_bytes() for each in folder.glob("*.png")]
    whole = sum(picture == PICTURE for picture in pictures)
    return {
        "wall": wall,
        "lost": requests - whole - unknown,
        "paid twice": books["twice"],
        "left to user": unknown,
        "damaged": len(pictures) - whole,
    }


def _killed(asked: dict[str, Any], judge: Connection, billed: int) -> None:
    """Work until so much is billed, and die."""
    # Our own program, with arguments of our own.
    command = [str(OURS), "-m", "benchmarks.batching", json.dumps(asked)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:  # noqa: S603
        while process.poll() is None:
            judge.send("books")
            if judge.recv()["billed"] >= billed:
                process.kill()
            time.sleep(0.02)


def _unknown(journal: Path) -> int:
    return read_status(journal).requests.get("unknown", 0) if journal.exists() else 0


def _costing(scope: Scope, requests: int) -> Table:
    at_once = 200
    with judging(serve_books, {"image": 0.0}) as judge:
        asked = judge.recv() | {"count": requests, "at_once": at_once}
        rows = in_turns(
            ["bare work", _OURS],
            partial(_cost_round, scope, asked, count()),
            scope.rounds,
        )
    return Table(
        case=f"{requests:,} instant jobs, {at_once} at once",
        measures=_COST,
        rows=rows,
        plotted="wall",
    )


def _cost_round(scope: Scope, asked: dict[str, Any], turns: Iterator[int], name: str) -> Figures:
    with _folder(scope) as folder:
        found = in_a_process(
            OURS,
            "benchmarks.batching",
            asked
            | {
                "contestant": _WORKERS.get(name, name),
                "folder": str(folder),
                "prompt": f"round {next(turns)}, number",
            },
            timeout=600,
        )
        made = sum(1 for _ in folder.glob("*.png"))
    if made != asked["count"]:
        raise RuntimeError(f"{name} made {made} of {asked['count']} pictures.")
    return {"wall": found["seconds"], "cpu": found["cpu"] / asked["count"] * 1000}


def _dry_runs(scope: Scope) -> Table:
    rows = {}
    with _folder(scope) as folder:
        path = folder / "rows.jsonl"
        for size in (1000, 1_000_000 if scope.is_full else 100_000):
            _write_rows(path, size)
            found = [_dry_run(path) for _ in range(5)]
            rows[f"{size:,} rows"] = {
                key: spread([each[key] for each in found]) for key in found[0]
            }
    return Table(case="Dry run", measures=_DRY, rows=rows, plotted="rate")


def _dry_run(path: Path) -> Figures:
    asked = {"contestant": "dry run", "path": str(path)}
    found = in_a_process(OURS, "benchmarks.batching", asked, timeout=600)
    return {"rate": found["rows"] / found["seconds"], "memory": found["memory"]}


def _write_rows(path: Path, rows: int) -> None:
    with path.open("w") as file:
        for number in range(rows):
            row = {
                "id": f"autumn-campaign-{number}",
                "tailored_model_id": "12001",
                "prompt": f"a teapot on a wooden table at dawn, steam rising, number {number}",
                "seed": number,
            }
            file.write(json.dumps(row) + "\n")


@contextmanager
def _folder(scope: Scope) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=scope.folder, prefix=".bench-") as folder:
        yield Path(folder)


if __name__ == "__main__":
    sys.exit("Run it as `python -m benchmarks batch`.")
