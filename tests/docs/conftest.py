"""The pages of the documentation, and the Python in them.

A page's blocks are, by what they hold:

- a *program*, with a `run(` of its own: run as it stands;
- a *suite*: the blocks of a page that has tests are run together by a fresh pytest;
- anything else is part of the page's *session*: one after the other, with `bria` and `sandbox`, and
  an `await` wherever it stands. What a reader is not shown comes first, from comments
  `<!-- given ... -->`.

Model "7" of the pages is a trained model of the sandbox.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import attrs
import pytest

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))

_BLOCK = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
_GIVEN = re.compile(r"^<!-- given\n(.*?)^-->", re.DOTALL | re.MULTILINE)
_RUNS = re.compile(r"^(anyio|asyncio|trio)\.run\(", re.MULTILINE)


@attrs.frozen
class Page:
    """A page of the documentation."""

    path: Path
    text: str = attrs.field(repr=False)

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def blocks(self) -> list[str]:
        return [str(each) for each in _BLOCK.findall(self.text)]

    @property
    def given(self) -> list[str]:
        return [str(each) for each in _GIVEN.findall(self.text)]

    @property
    def suite(self) -> list[str]:
        return self.blocks if any("def test_" in each for each in self.blocks) else []

    @property
    def programs(self) -> list[str]:
        return [] if self.suite else [each for each in self.blocks if _RUNS.search(each)]

    @property
    def session(self) -> list[str]:
        if self.suite:
            return []
        return [each for each in self.blocks if not _RUNS.search(each)]

    def block(self, words: str) -> str:
        """The one block that holds these words."""
        [found] = [each for each in self.blocks if words in each]
        return found


def read(path: Path) -> Page:
    return Page(path, path.read_text(encoding="utf-8"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes a `suite_page`, a `program` or a `session_page` gets each there is."""
    pages = [read(path) for path in PAGES]
    if "any_page" in metafunc.fixturenames:
        metafunc.parametrize("any_page", pages, ids=lambda page: page.name)
    if "suite_page" in metafunc.fixturenames:
        chosen = [page for page in pages if page.suite]
        metafunc.parametrize("suite_page", chosen, ids=lambda page: page.name)
    if "session_page" in metafunc.fixturenames:
        chosen = [page for page in pages if page.session]
        metafunc.parametrize("session_page", chosen, ids=lambda page: page.name)
    if "program" in metafunc.fixturenames:
        found = [(page.name, each) for page in pages for each in page.programs]
        metafunc.parametrize(
            "program", [each for _, each in found], ids=[name for name, _ in found]
        )


class Session:
    """Blocks that run one after the other, as in a notebook."""

    def __init__(self, names: dict[str, Any], model_id: int) -> None:
        # A module of its own, for frameworks look up annotations there.
        self.names: dict[str, Any] = {"__name__": "page"}
        self._always = names
        self._model = f'"{model_id}"'

    async def run(self, blocks: Iterable[str], where: str) -> dict[str, Any]:
        for block in blocks:
            source = block.replace('"7"', self._model)
            # A block may have shut a client of its own under the same name.
            self.names.update(self._always)
            code = compile(source, where, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            awaited = eval(code, self.names)  # noqa: S307 - these are our own pages
            if awaited is not None:
                await awaited
        return self.names


@pytest.fixture
def pages() -> dict[str, Page]:
    """Every page, by its path from the root."""
    found = [read(path) for path in PAGES]
    return {page.name: page for page in found}


@pytest.fixture
def session() -> type[Session]:
    return Session


@pytest.fixture
def root() -> Path:
    return ROOT
