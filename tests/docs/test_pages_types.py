"""Every Python block of the documentation type-checks, those that no test runs as well."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.docs.conftest import Page

_HEAD = "async def page(bria: TailoredClient, sandbox: Sandbox) -> None:\n"
_NAMES = (
    "from typing import Any\n"
    "from bria_tailored_ext import TailoredClient\n"
    "from bria_tailored_ext.sandbox import Sandbox\n"
    "request: Any\nraw_body: bytes\n"
)


def modules(page: Page) -> list[str]:
    """The page as modules: its programs, its tests, and what is run in one go."""
    found = [*page.programs]
    if page.suite:
        found.append("\n\n".join(page.suite))
    if page.session:
        body = "\n".join([*page.given, *page.session])
        found.append(_NAMES + _HEAD + indent(body, "    "))
    return found


def test_the_pages_type_check(pages: dict[str, Page], root: Path, tmp_path: Path) -> None:
    """By pyright, as an editor shows it to whoever copies a block."""
    written: dict[str, str] = {}
    for page in pages.values():
        for number, source in enumerate(modules(page)):
            path = tmp_path / f"page_{len(written)}_{number}.py"
            path.write_text(source, encoding="utf-8")
            written[path.name] = page.name
    assert len(written) > 8
    settings = {
        "typeCheckingMode": "standard",
        "extraPaths": [str(root)],
        # A page says the same name again for the next thing.
        "reportRedeclaration": False,
    }
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))
    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "--outputjson"]
    ran = subprocess.run(
        [*command, "--project", str(tmp_path)], capture_output=True, text=True, check=False
    )
    told = json.loads(ran.stdout)["generalDiagnostics"]
    wrong = [
        f"{written[Path(each['file']).name]}: {each['message']}"
        for each in told
        if each["severity"] == "error"
    ]
    assert wrong == []
