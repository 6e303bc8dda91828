"""Every Python block of the documentation does what the page says."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import pytest

from bria_tailored_ext import TailoredClient
from bria_tailored_ext.cli.demo.pictures import default_folder
from bria_tailored_ext.sandbox import Sandbox

if TYPE_CHECKING:
    from tests.docs.conftest import Page, Session

RUN_ELSEWHERE = {
    "docs/webhooks.md": "test_webhooks_page.py: its programs are servers",
}
_OWN_SANDBOX = "Sandbox(speed="
# One event loop is enough to show that the page tells the truth; and nobody need wait for it.
_CONFTEST = """
import time
import anyio
import pytest
from bria_tailored_ext.values.clock import SystemClock

@pytest.fixture
def anyio_backend():
    return "asyncio"

@pytest.fixture(autouse=True)
def hurried(monkeypatch):
    ahead = [0.0]

    async def sleep(_clock, seconds):
        await anyio.sleep(min(seconds, 0.02))
        ahead[0] += seconds

    monkeypatch.setattr(SystemClock, "sleep", sleep)
    monkeypatch.setattr(SystemClock, "monotonic", lambda _clock: time.monotonic() + ahead[0])
"""


@pytest.fixture
def anyio_backend() -> str:
    """What the pages call is tested on both loops where it is made; the pages themselves on one."""
    return "asyncio"


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """The demo's pictures, where the README's program looks for them, and in `brand`."""
    shutil.copytree(default_folder(), tmp_path / "bria_tailored_ext/cli/demo/pictures")
    shutil.copytree(default_folder(), tmp_path / "brand")
    return tmp_path


@pytest.mark.anyio
@pytest.mark.usefixtures("pictures")
async def test_the_blocks_of_a_page_run_one_after_the_other(
    session_page: Page, session: type[Session], quick_sandbox: Sandbox
) -> None:
    """As in a notebook, with an open client and a trained model."""
    if session_page.name in RUN_ELSEWHERE:
        return
    async with TailoredClient(plan=None) as bria:
        running = session(
            {"bria": bria, "sandbox": quick_sandbox}, quick_sandbox.add_trained_model()
        )
        with anyio.fail_after(60):
            await running.run([*session_page.given, *session_page.session], session_page.name)


@pytest.mark.usefixtures("pictures")
def test_a_program_runs_as_printed(program: str, tmp_path: Path, quick_sandbox: Sandbox) -> None:
    """With nothing but the two variables in its environment."""
    if "uvicorn" in program or _OWN_SANDBOX in program:
        return
    path = tmp_path / "program.py"
    path.write_text(program.replace('"7"', f'"{quick_sandbox.add_trained_model()}"'))
    runpy.run_path(str(path), run_name="__main__")
    assert quick_sandbox.books
    assert (tmp_path / "teapot.png").read_bytes().startswith(b"\x89PNG")


def test_the_first_program_needs_nothing_but_the_package(
    pages: dict[str, Page], tmp_path: Path
) -> None:
    """In an empty folder, in real time, without a token: it brings its own sandbox."""
    path = tmp_path / "first.py"
    path.write_text(pages["docs/quick-start.md"].block(_OWN_SANDBOX))
    environment = {name: value for name, value in os.environ.items() if "BRIA" not in name}
    command = [sys.executable, "-W", "error", str(path)]
    ran = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "teapot.png").read_bytes().startswith(b"\x89PNG")


def test_a_suite_passes(suite_page: Page, tmp_path: Path) -> None:
    """All examples of the page together, in a fresh pytest, with warnings as errors."""
    suite = tmp_path / "test_page.py"
    suite.write_text("\n\n".join(suite_page.suite), encoding="utf-8")
    (tmp_path / "conftest.py").write_text(_CONFTEST, encoding="utf-8")
    # pytest-asyncio warns by itself, wherever it happens to be installed.
    without = ["-p", "no:cacheprovider", "-p", "no:asyncio"]
    command = [sys.executable, "-m", "pytest", "-W", "error", "-q", *without, str(suite)]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    wanted = sum(example.count("async def test_") for example in suite_page.suite)
    assert f"{wanted} passed" in ran.stdout
