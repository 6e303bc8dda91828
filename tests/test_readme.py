"""The README's code works as printed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import anyio
import pytest

from bria_tailored_ext.cli.demo.pictures import default_folder
from bria_tailored_ext.sandbox import Sandbox

ROOT = Path(__file__).parents[1]


@pytest.mark.anyio
async def test_the_readmes_program_runs_as_printed(tmp_path: Path) -> None:
    """Against the sandbox, with only the two variables set, from the root of a clone."""
    [program] = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    (tmp_path / "program.py").write_text(program)
    shutil.copytree(default_folder(), tmp_path / default_folder().relative_to(ROOT))
    async with Sandbox(speed=100_000) as sandbox:
        environment = {
            **os.environ,
            "BRIA_BASE_URL": sandbox.base_url,
            "BRIA_API_TOKEN": sandbox.api_token,
        }
        with anyio.fail_after(60):
            done = await anyio.run_process(
                [sys.executable, "-W", "error", "program.py"],
                cwd=tmp_path,
                env=environment,
                check=False,
                stderr=subprocess.STDOUT,
            )
    assert done.returncode == 0, done.stdout.decode()
    assert (tmp_path / "teapot.png").read_bytes().startswith(b"\x89PNG")


def test_every_file_that_the_readme_shows_is_there() -> None:
    """Relative links lead somewhere."""
    links = re.findall(r"\]\(([^):]+)\)", (ROOT / "README.md").read_text())
    assert links
    assert all((ROOT / link).exists() for link in links)
