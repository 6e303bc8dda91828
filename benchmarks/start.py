"""What it costs to import the package, and to start the command line."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import attrs

from benchmarks.figures import Spread, ratios, spread
from benchmarks.frame import Answer, Figures, Measure, Scope, Table, Target, in_turns
from benchmarks.machine import OURS, THEIRS

NAME = "start"
TITLE = "Start"
METHOD = (
    "Whole fresh processes, from start to end, in turns: the time until one has ended; and the "
    "most memory that another one had, which tells it at its end. Compiled files are there (one "
    "round before the first counts for nothing). Each contestant has its own environment's "
    "interpreter; `net` is the time less that of an interpreter of the same environment that does "
    "nothing, in the same round."
)
PACKAGES = ("anyio", "attrs", "bria-client", "bria-tailored", "click", "httpx", "openai")

_OPENED = """
import asyncio
from bria_tailored_ext import TailoredClient
async def main():
    async with TailoredClient(api_token="benchmark"):
        pass
asyncio.run(main())
"""


_HELPED = """
import sys
from bria_tailored_ext.cli import main
sys.argv[1:] = ["--help"]
main()
"""
# At its end, so that what it says is the most that there was.
_TELLING = """
import atexit, sys
atexit.register(lambda: sys.stderr.write(open("/proc/self/status").read()))
"""


@attrs.frozen
class _Start:
    """A process to start.

    Attributes:
        python: Whose interpreter.
        code: What it runs.
        command: What is timed in place of the code, where that only does the same.
        nothing: The process of the same interpreter that does nothing.
    """

    python: Path
    code: str
    command: Sequence[str] = ()
    nothing: str = "nothing"


_OTHERS = "nothing, others' environment"
_HTTPX = "import httpx"
_IMPORT = "this client: import bria_tailored_ext"
_HELP = "this client: bria-tailored --help"
_STARTS = {
    "nothing": _Start(OURS, "pass"),
    _OTHERS: _Start(THEIRS, "pass", nothing=_OTHERS),
    _HTTPX: _Start(OURS, "import httpx"),
    "import httpx, aiohttp": _Start(OURS, "import httpx, aiohttp"),
    "import bria_client": _Start(THEIRS, "import bria_client", nothing=_OTHERS),
    "import openai": _Start(THEIRS, "import openai", nothing=_OTHERS),
    _IMPORT: _Start(OURS, "import bria_tailored_ext"),
    "this client: first use of TailoredClient": _Start(
        OURS, "from bria_tailored_ext import TailoredClient"
    ),
    "this client: opened and closed": _Start(OURS, _OPENED),
    _HELP: _Start(OURS, _HELPED, [str(OURS.with_name("bria-tailored")), "--help"]),
}
_MEASURES = {
    "time": Measure(unit="ms", digits=0, better="less"),
    "net": Measure(unit="ms", digits=0, better="less"),
    "memory": Measure(unit="MB", digits=1, better="less"),
}


def ask(scope: Scope) -> Answer:
    """Start them all, again and again."""
    for name in _STARTS:
        _started(name)
    rounds = 21 if scope.is_full else 9
    rows = in_turns(list(_STARTS), _started, rounds)
    whole: dict[str, dict[str, Spread]] = {}
    for name, row in rows.items():
        nothing = rows[_STARTS[name].nothing]["time"].rounds
        net = [mine - theirs for mine, theirs in zip(row["time"].rounds, nothing, strict=True)]
        whole[name] = {**row, "net": spread(net)}
    table = Table(case="Whole processes", measures=_MEASURES, rows=whole, plotted="time")
    httpx, package, command = (whole[name]["time"].rounds for name in (_HTTPX, _IMPORT, _HELP))
    allowed = max(300.0, 1.5 * whole[_HTTPX]["time"].median)
    targets = [
        Target(
            key="import",
            what="import bria_tailored_ext, over import httpx",
            bound=1.5,
            at_least=False,
            found=ratios(package, httpx),
        ),
        Target(
            key="import-net",
            what="import bria_tailored_ext over import httpx, each less the interpreter",
            bound=1.5,
            at_least=False,
            found=ratios(whole[_IMPORT]["net"].rounds, whole[_HTTPX]["net"].rounds),
        ),
        Target(
            key="help",
            what="bria-tailored --help, ms (300, or 1.5 times import httpx, whichever is more)",
            bound=round(allowed),
            at_least=False,
            found=spread(command),
            digits=0,
        ),
    ]
    return Answer(tables=[table], targets=targets)


def _started(name: str) -> Figures:
    start = _STARTS[name]
    whole = start.command or [str(start.python), "-c", start.code]
    begin = time.perf_counter()
    # Our own interpreters and commands.
    subprocess.run(whole, stdout=subprocess.DEVNULL, check=True)  # noqa: S603
    taken = time.perf_counter() - begin
    told = subprocess.run(  # noqa: S603
        [str(start.python), "-c", _TELLING + start.code],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=True,
    )
    kilobytes = int(told.stderr.split("VmHWM:")[1].split()[0])
    return {"time": taken * 1000, "memory": kilobytes * 1024 / 1e6}
