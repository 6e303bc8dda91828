"""Two sandboxes that the tests of the command line share, and ways to run a command."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias, get_args

import attrs
import pytest
from click.testing import CliRunner, Result

from bria_tailored_ext.cli.application import application
from bria_tailored_ext.sandbox import Sandbox
from bria_tailored_ext.sandbox.durations import Kind, Length

Run: TypeAlias = Callable[..., Result]
"""Runs a command line in this process, with standard input if `input` is given."""

_COMMAND = (sys.executable, "-m", "bria_tailored_ext.cli")


@pytest.fixture(scope="session")
def _quick_sandbox() -> Iterator[Sandbox]:
    at_once: dict[Kind, float | Length] = dict.fromkeys(get_args(Kind), 0.0)
    with Sandbox(durations=at_once) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def _still_sandbox() -> Iterator[Sandbox]:
    with Sandbox(speed=0) as sandbox:
        yield sandbox


def _lead_to(sandbox: Sandbox, patch: pytest.MonkeyPatch) -> Sandbox:
    patch.setenv("BRIA_BASE_URL", sandbox.base_url)
    patch.setenv("BRIA_API_TOKEN", sandbox.api_token)
    patch.setenv("BRIA_PLAN", "none")
    return sandbox


@pytest.fixture
def account(_quick_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """A sandbox in which everything is ready at once; commands go to it."""
    return _lead_to(_quick_sandbox, monkeypatch)


@pytest.fixture
def still(_still_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """A sandbox in which no time passes: what is begun goes on until `advance`."""
    return _lead_to(_still_sandbox, monkeypatch)


@pytest.fixture
def run() -> Run:
    def running(*arguments: object, **more: Any) -> Result:
        return CliRunner().invoke(application, [str(each) for each in arguments], **more)

    return running


@attrs.frozen
class Ended:
    """A command that has ended in a process of its own."""

    code: int
    stdout: str
    stderr: str


Interrupted: TypeAlias = Callable[..., Ended]


@pytest.fixture
def interrupted() -> Interrupted:
    """Runs a command in a process of its own, and interrupts it when standard error has a word."""

    def running(*arguments: object, at: str) -> Ended:
        command = [*_COMMAND, *map(str, arguments)]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stderr is not None
            seen = ""
            # What never says the word is killed, and the test fails on what it did say.
            watchdog = threading.Timer(40, process.kill)
            watchdog.start()
            while at not in seen:
                line = process.stderr.readline()
                assert line, seen
                seen += line
            process.send_signal(signal.SIGINT)
            out, rest = process.communicate()
            watchdog.cancel()
        return Ended(process.returncode, out, seen + rest)

    return running


@pytest.fixture
def on_a_terminal() -> Callable[..., list[str]]:
    """The lines that a command prints on a terminal, without colours."""

    def running(*arguments: object, columns: int) -> list[str]:
        ours, theirs = pty.openpty()
        environment = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm-256color"}
        command = [*_COMMAND, *map(str, arguments)]
        printed = io.BytesIO()
        with subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environment):
            os.close(theirs)
            try:
                while piece := os.read(ours, 65536):
                    printed.write(piece)
            except OSError:
                pass  # How Linux says that nobody writes any more.
            finally:
                os.close(ours)
        text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", printed.getvalue().decode())
        return [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]

    return running


@pytest.fixture
def data_of() -> Callable[[Result], Any]:
    """The one JSON document that is all of a command's standard output."""

    def reading(result: Result) -> Any:
        return json.loads(result.stdout)

    return reading
