"""A contestant's run in a fresh process, and what a process takes. Linux alone tells the latter."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

MEGABYTE = 1e6
_ROOT = Path(__file__).parents[1]


class ContestantFailedError(Exception):
    """A contestant's process ended without figures."""


def in_a_process(
    python: Path, module: str, asked: Mapping[str, Any], *, timeout: float
) -> dict[str, Any]:
    """Run `python -m module` with its question as JSON, and read its answer: the last line.

    Args:
        python: Whose interpreter.
        module: What to run.
        asked: Its only argument.
        timeout: Seconds after which it is killed.

    Raises:
        ContestantFailedError: It was killed, or ended with an error.
    """
    try:
        # Our own programs, with arguments of our own.
        ended = subprocess.run(  # noqa: S603
            [str(_ROOT / python), "-m", module, json.dumps(asked)],
            cwd=_ROOT,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ContestantFailedError(f"{module} took more than {timeout} s: {asked}") from error
    if ended.returncode or not ended.stdout.strip():
        raise ContestantFailedError(f"{module} failed: {asked}\n{ended.stderr[-2000:]}")
    answer: dict[str, Any] = json.loads(ended.stdout.strip().splitlines()[-1])
    return answer


def memory_now() -> float:
    """What this process has in memory, in megabytes; what it had at its most is forgotten."""
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")
    return _memory("VmRSS:")


def memory_peak() -> float:
    """What this process had in memory at its most since `memory_now`, in megabytes."""
    return _memory("VmHWM:")


def _memory(line: str) -> float:
    text = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(text.split(line)[1].split()[0]) * 1024 / MEGABYTE
