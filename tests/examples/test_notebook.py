"""The notebook runs from its first cell to its last, and shows pictures."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

NOTEBOOK = Path(__file__).parents[2] / "examples" / "pictures_in_a_notebook.ipynb"

# In a process of its own: a kernel's machinery warns about itself.
_EXECUTE = """
import sys
import nbformat
from nbclient import NotebookClient

notebook = nbformat.read(sys.argv[1], as_version=4)
notebook.cells.insert(0, nbformat.v4.new_code_cell(sys.argv[2]))
NotebookClient(notebook, timeout=60).execute()
print(nbformat.writes(notebook))
"""

_HURRY = """
import anyio, time
from bria_tailored_ext.values.clock import SystemClock

ahead = [0.0]

async def sleep(_clock, seconds):
    await anyio.sleep(min(seconds, 0.05))
    ahead[0] += seconds

SystemClock.sleep = sleep
SystemClock.monotonic = lambda _clock: time.monotonic() + ahead[0]
"""


def test_the_notebook_shows_its_pictures(tmp_path: Path) -> None:
    """Inline, from the saved files, so that they are still there when their URLs have expired."""
    ran = subprocess.run(
        [sys.executable, "-c", _EXECUTE, str(NOTEBOOK), _HURRY],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert len(list(tmp_path.glob("*.png"))) == 2
    shown = [page for cell in json.loads(ran.stdout)["cells"] for page in _pages(cell)]
    assert len(shown) == 2
    assert all("data:image/png;base64," in page for page in shown)


def _pages(cell: dict[str, Any]) -> list[str]:
    outputs = (each.get("data", {}) for each in cell.get("outputs", []))
    return ["".join(data["text/html"]) for data in outputs if "text/html" in data]
