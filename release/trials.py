"""The distribution, tried as users have it: installed from a wheel, without the sources."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from release import base_install, requirements
from release.building import build
from release.environments import Environment

EXTRAS = "aiohttp,cli,parquet,sandbox,webhooks"
TOOLS = (
    "hypothesis",
    "jsonschema",
    "opentelemetry-instrumentation-httpx",
    "opentelemetry-sdk",
    "pytest",
    "pytest-asyncio",
    "pytest-timeout",
    "pytest-xdist",
    "respx",
    "trio",
)
NEWER = {"fastapi": "tests/webhooks/test_webhook_server.py"}
"""Tools that ask for newer versions than we do, and the tests that need them."""

QUICK = ("tests/values", "tests/client")
"""What shows within seconds that an installation works."""

NEED_NO_SOURCES = (
    "batch",
    "cli",
    "client",
    "edge",
    "plugin",
    "rules",
    "sandbox",
    "sweep",
    "values",
    "webhooks",
    "workflows",
)
"""The folders of tests that are about the two packages and nothing else of the project."""


@contextmanager
def trial(root: Path) -> Iterator[tuple[Path, Path]]:
    """A built wheel, and a folder for what is done with it, with a copy of the tests."""
    with tempfile.TemporaryDirectory(prefix="bria-tailored-") as name:
        folder = Path(name)
        wheel = build(root, folder / "dist")
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(root / "tests", folder / "tests", ignore=ignored)
        # The settings of pytest stand in there; a folder without packages hides no sources.
        shutil.copy(root / "pyproject.toml", folder)
        # Bria's document is what some tests hold the package against.
        shutil.copytree(root / "openapi" / "upstream", folder / "openapi" / "upstream")
        shutil.copy(root / "openapi" / "tailored-generation.yaml", folder / "openapi")
        # And a page of the documentation is held against the package.
        (folder / "docs").mkdir()
        shutil.copy(root / "docs" / "sandbox.md", folder / "docs")
        yield wheel, folder


def package(root: Path, *, everything: bool) -> None:
    """Try the wheel: without any extra, and then with all of them, by the tests and the demo.

    Raises:
        TrialError: Something is wrong.
    """
    with trial(root) as (wheel, folder):
        bare = Environment(folder / "bare")
        bare.install(str(wheel))
        print(bare.run("-I", str(base_install.__file__), cwd=folder).strip())
        full = Environment(folder / "full")
        full.install(f"{wheel}[{EXTRAS}]", *requirements.tools(root, *TOOLS, *NEWER))
        _test(full, folder, everything=everything)
        full.command("bria-tailored", "demo", cwd=folder)
        print("The wheel works with all extras: its tests pass, and the demo runs.")


def oldest(root: Path, *, everything: bool) -> None:
    """Try the wheel with the oldest versions that it allows.

    Raises:
        TrialError: Something is wrong.
    """
    with trial(root) as (wheel, folder):
        constraints = folder / "oldest.txt"
        versions = requirements.lowest(requirements.of_wheel(wheel))
        constraints.write_text("\n".join(versions) + "\n", encoding="utf-8")
        old = Environment(folder / "oldest")
        tools = requirements.tools(root, *TOOLS)
        old.install(f"{wheel}[{EXTRAS}]", *tools, constraints=constraints)
        for place in NEWER.values():
            (folder / place).unlink()
        _test(old, folder, everything=everything)
        old.command("bria-tailored", "demo", cwd=folder)
        print(f"The wheel works with the oldest versions that it allows: {', '.join(versions)}.")


def _test(environment: Environment, folder: Path, *, everything: bool) -> None:
    places = [f"tests/{name}" for name in NEED_NO_SOURCES] if everything else QUICK
    pytest = ("-m", "pytest", "--numprocesses=2", "--dist=loadfile", "--quiet", "-m", "not slow")
    lines = environment.run(*pytest, *places, cwd=folder).strip().splitlines()
    print(lines[-1])
