"""From the built document to the generated package: offline, deterministic, all or nothing."""

from __future__ import annotations

import filecmp
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openapi.builder.documents import BuildError

HEADER = "# Generated, do not edit: make generate\n"
_RUFF = ("--isolated", "--target-version=py311", "--line-length=100", "--quiet")


@contextmanager
def generated(root: Path, document: Path) -> Iterator[Path]:
    """A fresh package made from a document, in a temporary folder of its own.

    Args:
        root: The project's root, for the configuration and the templates.
        document: The built document.

    Raises:
        BuildError: The generator or the formatter complained, be it only with a warning.
    """
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "bria_tailored"
        _run(
            "openapi_python_client", "generate", "--fail-on-warning", "--meta=none",
            f"--path={document}", f"--output-path={package}",
            f"--config={root / 'generator-config.yaml'}",
            f"--custom-template-path={root / 'openapi' / 'templates'}",
        )  # fmt: skip
        _run("ruff", "check", *_RUFF, "--fix-only", "--select=I,F401,F811,UP", str(package))
        _run("ruff", "format", *_RUFF, str(package))
        for path in package.rglob("*.py"):
            path.write_text(HEADER + path.read_text(encoding="utf-8"), encoding="utf-8")
        (package / "py.typed").touch()
        yield package


def replace(package: Path, target: Path) -> None:
    """Put a generated package in the place of the former one; no stray file survives."""
    fresh, old = target.with_name(target.name + ".new"), target.with_name(target.name + ".old")
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    shutil.copytree(package, fresh)
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def drift(package: Path, target: Path) -> list[str]:
    """Every file that differs between a fresh package and the one in the tree, as sentences."""
    fresh, present = _files(package), _files(target)
    found = [f"{name} is missing" for name in sorted(fresh - present)]
    found += [f"{name} is not generated" for name in sorted(present - fresh)]
    for name in sorted(fresh & present):
        if not filecmp.cmp(package / name, target / name, shallow=False):
            found.append(f"{name} differs")
    return found


def _files(folder: Path) -> set[str]:
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def _run(module: str, *arguments: str) -> None:
    # The generator seeks its formatter on PATH; here each is the module of this interpreter.
    environment = {**os.environ, "PYTHONHASHSEED": "0", "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], capture_output=True, text=True, env=environment
    )
    if done.returncode:
        raise BuildError(f"{module} failed:\n{(done.stdout + done.stderr).strip()}")
