"""The order of the rooms, read from the imports themselves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = "bria_tailored_ext"

ORDER = (
    "version",
    "values",
    "rules",
    "edge",
    "client",
    "webhooks",
    "workflows",
    "batch",
    "sweep",
    "sandbox",
    "cli",
    "pytest_plugin",
)
"""A module imports only from its own room or an earlier one."""

MAY_IMPORT_HTTPX = {
    "edge": "it is the HTTP",
    "client/tailored_client.py": "the type of `transport`, which is httpx's by decision 5",
    "sandbox/posting.py": "it sends webhooks to receivers: HTTP of its own, away from the edge",
}
NEVER_GENERATED = ("version", "values", "rules", "sandbox")
SANDBOX_KNOWS = ("version", "values", "sandbox")
MOST_LINES = 400


def modules(root: Path) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((root / PACKAGE).rglob("*.py")):
        place = path.relative_to(root / PACKAGE).as_posix()
        yield place, ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported(place: str, tree: ast.Module) -> Iterator[str]:
    """The full name of everything imported anywhere in a module, inside functions included."""
    package = [PACKAGE, *place.split("/")[:-1]]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            stem = ".".join([*base, *([node.module] if node.module else [])])
            yield stem
            yield from (f"{stem}.{alias.name}" for alias in node.names)


def room_of(name: str) -> str | None:
    """The room of a module of ours, or `None`."""
    parts = name.split(".")
    return parts[1] if parts[0] == PACKAGE and len(parts) > 1 else None


def room_of_place(place: str) -> str:
    return place.split("/")[0].removesuffix(".py")


def wrong_imports(root: Path) -> list[str]:
    """A sentence for each import that breaks a rule."""
    return sorted({wrong for place, tree in modules(root) for wrong in wrong_in(place, tree)})


def wrong_in(place: str, tree: ast.Module) -> Iterator[str]:
    room = room_of_place(place)
    if room == "__init__":
        return  # The façade over all rooms; what it costs is tested with the public surface.
    if room not in ORDER:
        yield f"{place}: its room {room!r} has no place in the order"
        return
    for name in imported(place, tree):
        target = room_of(name)
        top = name.split(".")[0]
        if target in ORDER and ORDER.index(target) > ORDER.index(room):
            yield f"{place} imports {target}, which comes later"
        if target in ORDER and room == "sandbox" and target not in SANDBOX_KNOWS:
            yield f"{place} imports {target}, which the sandbox does not know"
        if name == PACKAGE and room != "cli":
            yield f"{place} imports the package itself, which hides the order"
        if top == "httpx" and room not in MAY_IMPORT_HTTPX and place not in MAY_IMPORT_HTTPX:
            yield f"{place} imports httpx"
        if top == "bria_tailored" and room in NEVER_GENERATED:
            yield f"{place} imports generated code"


def async_code(root: Path) -> list[str]:
    kinds = (ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith, ast.Await)
    return [
        f"{place}:{node.lineno}"
        for place, tree in modules(root)
        if room_of_place(place) == "rules"
        for node in ast.walk(tree)
        if isinstance(node, kinds)
    ]


def test_every_module_imports_only_from_its_own_room_or_an_earlier_one() -> None:
    """One direction: values → rules → edge → client → workflows → command line, sandbox."""
    assert wrong_imports(ROOT) == []


def test_the_rules_await_nothing() -> None:
    """A rule has no I/O in it, so that every branch is a table."""
    assert async_code(ROOT) == []


def test_every_layer_was_read() -> None:
    """An empty folder would keep every rule."""
    read = {room_of_place(place) for place, _ in modules(ROOT)}

    assert {"values", "rules", "edge", "client", "webhooks", "workflows", "sandbox", "cli"} <= read


def test_no_module_has_more_than_400_lines() -> None:
    """A module that grows beyond that is two modules."""
    paths = (ROOT / PACKAGE).rglob("*.py")
    long = [path.name for path in paths if len(path.read_text().splitlines()) > MOST_LINES]

    assert long == []


def test_every_exception_is_still_needed() -> None:
    """An exception that nothing uses any more is a hole."""
    for place, tree in modules(ROOT):
        if place in MAY_IMPORT_HTTPX:
            assert "httpx" in set(imported(place, tree))
    assert {place for place, _ in modules(ROOT)} >= set(MAY_IMPORT_HTTPX) - {"edge"}


@pytest.mark.parametrize(
    ("place", "line", "found"),
    [
        ("values/a.py", "from bria_tailored_ext.rules import pace", "imports rules"),
        ("values/a.py", "import bria_tailored_ext.edge.border", "imports edge"),
        ("values/a.py", "from ..client.job import Job", "imports client"),
        ("rules/a.py", "def f():\n    from bria_tailored_ext.workflows import train", "workflows"),
        ("rules/a.py", "import httpx", "imports httpx"),
        ("rules/a.py", "from bria_tailored.models import Model", "imports generated code"),
        ("client/job.py", "from httpx import URL", "imports httpx"),
        ("workflows/a.py", "import httpx._models", "imports httpx"),
        ("edge/a.py", "from bria_tailored_ext.cli import main", "imports cli"),
        ("edge/a.py", "from bria_tailored_ext import TailoredClient", "imports the package itself"),
        ("client/a.py", "from bria_tailored_ext import workflows", "imports workflows"),
        ("sandbox/a.py", "from bria_tailored_ext.rules import pace", "does not know"),
        ("sandbox/a.py", "from bria_tailored.models import Model", "imports generated code"),
        ("sandbox/deep/a.py", "from ...cli import main", "imports cli"),
        ("common/a.py", "import json", "no place in the order"),
    ],
)
def test_a_planted_import_is_found(tmp_path: Path, place: str, line: str, found: str) -> None:
    """The reader of imports sees every way to write a wrong one."""
    path = tmp_path / PACKAGE / place
    path.parent.mkdir(parents=True)
    path.write_text(line)

    assert [wrong for wrong in wrong_imports(tmp_path) if found in wrong]


@pytest.mark.parametrize("line", ["async def f(): ...", "async def f():\n    await g()"])
def test_a_planted_await_is_found(tmp_path: Path, line: str) -> None:
    """The reader of rules sees what is asynchronous."""
    path = tmp_path / PACKAGE / "rules" / "a.py"
    path.parent.mkdir(parents=True)
    path.write_text(line)

    assert async_code(tmp_path)


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("rules/a.py", "from bria_tailored_ext.values.errors import BriaError"),
        ("edge/a.py", "import httpx"),
        ("workflows/a.py", "from bria_tailored.models import Model"),
        ("cli/a.py", "from bria_tailored_ext.sandbox import Sandbox"),
        ("sandbox/a.py", "from bria_tailored_ext.values.errors import BriaError"),
        ("client/a.py", "from . import job"),
    ],
)
def test_a_right_import_is_let_through(tmp_path: Path, place: str, line: str) -> None:
    """What the order allows is not complained of."""
    path = tmp_path / PACKAGE / place
    path.parent.mkdir(parents=True)
    path.write_text(line)

    assert wrong_imports(tmp_path) == []
