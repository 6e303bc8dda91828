"""What the pages say agrees with the code."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

import bria_tailored_ext
from bria_tailored_ext.rules.retries import REPEATABLE_POSTS
from bria_tailored_ext.values import errors
from bria_tailored_ext.values.plan import PLANS

if TYPE_CHECKING:
    from tests.docs.conftest import Page

MOST_BYTES = 400_000
DOCUMENTED = ("batch", "sandbox", "sweep", "webhooks", "workflows")


@pytest.fixture
def tables(root: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The extension that makes the tables."""
    monkeypatch.syspath_prepend(str(root / "docs" / "extensions"))
    return importlib.import_module("tables")


@pytest.fixture
def offline(root: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The extension that looks for what a page would fetch."""
    monkeypatch.syspath_prepend(str(root / "docs" / "extensions"))
    return importlib.import_module("offline")


def test_every_error_has_an_entry(pages: dict[str, Page]) -> None:
    """What happened and what to do, once for each class, and for no class that is gone."""
    page = pages["docs/errors.md"].text
    entries = re.findall(r"^`(\w+)`\n: \S", page, re.MULTILINE)

    assert sorted(entries) == sorted(errors.__all__)


def test_every_public_name_is_in_the_reference(pages: dict[str, Page]) -> None:
    """What can be imported is documented: a class by itself, a package as a whole."""
    reference = "\n".join(page.text for name, page in pages.items() if "/reference/" in name)
    models = vars(importlib.import_module("bria_tailored.models"))["__all__"]
    named = (
        set(re.findall(r"auto(?:class|data):: (?:[\w.]+\.)?(\w+)", reference))
        | set(errors.__all__)
        | set(models)
    )

    assert set(bria_tailored_ext.__all__) - named == {"__version__"}
    assert ".. public-errors::" in reference
    assert ".. public-models::" in reference
    assert all(f".. package:: bria_tailored_ext.{name}" in reference for name in DOCUMENTED)


def test_the_tables_are_the_codes_own_rules(tables: ModuleType) -> None:
    """A POST is tried again after a 429 and where it never arrived, and after nothing else."""
    rows = tables.retries().splitlines()[2:]
    posts = {row.split("|")[1].strip(): row.split("|")[3].strip() for row in rows}
    again = [what for what, becomes in posts.items() if becomes == "tried again"]
    never = [what for what, becomes in posts.items() if "never again" in becomes]

    assert again == [next(iter(posts)), "answered 429"]
    assert "the connection broke, or no answer came in time" in never
    assert "answered 408, 425, 500, 502–504, 520–529" in never
    assert all(f'`"{name}"`' in tables.plans() for name in PLANS)
    assert all(route in tables.repeatable_posts() for route in REPEATABLE_POSTS)


def test_every_generated_operation_is_listed(tables: ModuleType) -> None:
    """With its route."""
    api = importlib.import_module("bria_tailored.api")
    folder = Path(str(api.__file__)).parent
    modules = [path for path in folder.glob("*/*.py") if path.stem != "__init__"]

    rows = [row for row in tables.operations().splitlines() if row.startswith("| `")]
    assert len(rows) == len(modules)
    assert all(re.search(r"`(GET|POST|PUT|DELETE) /v", row) for row in rows)


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ('<script src="https://cdn.test/x.js"></script>', True),
        ('<img alt="" src="//cdn.test/x.png">', True),
        ('<link rel="stylesheet" href="https://fonts.test/x.css">', True),
        ('<a href="https://docs.bria.ai">elsewhere</a>', False),
        ('<img src="_images/x.png">', False),
    ],
)
def test_what_a_page_would_fetch_is_found(offline: ModuleType, text: str, is_found: bool) -> None:
    """A link may lead away; what a browser loads by itself may not."""
    assert bool(offline.loaded_from_afar(text)) is is_found


def test_the_pictures_are_small(root: Path) -> None:
    """Whoever clones the project takes them along."""
    pictures = [path for path in (root / "docs").rglob("*") if path.suffix in (".png", ".jpg")]

    assert sum(path.stat().st_size for path in pictures) < MOST_BYTES


def test_every_page_is_in_the_tree(pages: dict[str, Page]) -> None:
    """What Sphinx would warn of, without Sphinx."""
    index = pages["docs/index.md"].text
    names = {name.removeprefix("docs/").removesuffix(".md") for name in pages if "docs/" in name}
    listed = set(re.findall(r"^[a-z/-]+$", index, re.MULTILINE))

    assert {name for name in names - {"index"} if not name.startswith("benchmark")} <= listed
