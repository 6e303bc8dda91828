"""The README: its program is run by `tests/docs`; its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readmes_program_has_fifteen_lines() -> None:
    """From a folder to a picture, in what fits on a slide."""
    [program] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    body = program.partition("async def")[2].partition("asyncio.run")[0]

    assert len([line for line in body.splitlines() if line.strip()]) <= 15


def test_every_file_that_the_readme_shows_is_there() -> None:
    """Relative links lead somewhere."""
    links = re.findall(r"\]\(([^):]+)\)", README)

    assert links
    assert all((ROOT / link).exists() for link in links)
