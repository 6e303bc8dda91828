"""The generated package as files: headers, types, and what importing it costs."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import bria_tailored
from bria_tailored import models
from openapi.builder.generation import HEADER

PACKAGE = Path(bria_tailored.__file__).parent
LOADED = "import sys, json; print(json.dumps(sorted(sys.modules)))"


def loaded_by(statement: str) -> set[str]:
    """The modules of the package that a fresh interpreter has after a statement."""
    done = subprocess.run(
        [sys.executable, "-c", f"{statement}\n{LOADED}"],
        capture_output=True,
        check=True,
        cwd=PACKAGE.parent,
    )
    names: list[str] = json.loads(done.stdout)
    return {each for each in names if each.partition(".")[0] == "bria_tailored"}


def models_of(names: set[str]) -> set[str]:
    start = "bria_tailored.models."
    return {each.removeprefix(start) for each in names if each.startswith(start)}


def test_every_file_says_that_it_is_generated() -> None:
    """In its first line, with the command that makes it; and the package is typed."""
    files = [path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    assert len(files) > 100
    for path in files:
        if path.name == "py.typed":
            continue
        assert path.suffix == ".py"
        assert path.read_text(encoding="utf-8").startswith(HEADER)
    assert (PACKAGE / "py.typed").is_file()
    assert HEADER == "# Generated, do not edit: make generate\n"


def test_one_operation_costs_its_own_models_and_no_others() -> None:
    """Importing all models would cost more than httpx."""
    names = loaded_by("import bria_tailored.api.models.get_model")
    needed = {
        "model", "model_status", "training_mode", "error_body", "error_detail", "field_error",
    }  # fmt: skip
    assert {"model", "error_body"} <= models_of(names) <= needed
    assert {each for each in names if each.startswith("bria_tailored.api.")} == {
        "bria_tailored.api.models",
        "bria_tailored.api.models.get_model",
    }


@pytest.mark.parametrize(
    "statement", ["import bria_tailored", "import bria_tailored.models", "import bria_tailored.api"]
)
def test_a_package_costs_no_model_at_all(statement: str) -> None:
    """Names are resolved on first use."""
    assert models_of(loaded_by(statement)) == set()


def test_one_model_costs_that_model() -> None:
    """By attribute, and by `from`."""
    for statement in (
        "import bria_tailored.models as m; m.CreateModel",
        "from bria_tailored.models import CreateModel",
    ):
        assert models_of(loaded_by(statement)) == {"create_model", "training_mode"}


def test_every_model_is_exported_and_found() -> None:
    """Listed, resolved, shown by `dir`, and known to type checkers under the same name."""
    files = {path.stem for path in (PACKAGE / "models").glob("*.py")} - {"__init__"}
    assert {getattr(models, name).__module__.rpartition(".")[2] for name in classes()} <= files
    assert len(models.__all__) == len(set(models.__all__)) == len(files)
    assert set(models.__all__) <= set(dir(models))
    typed = {
        alias.asname
        for node in ast.walk(ast.parse((PACKAGE / "models" / "__init__.py").read_text()))
        if isinstance(node, ast.ImportFrom) and node.level
        for alias in node.names
    }
    assert typed == set(models.__all__)


def classes() -> list[str]:
    return [name for name in models.__all__ if isinstance(resolve(name), type)]


def resolve(name: str) -> Any:
    return getattr(models, name)


def test_a_name_that_does_not_exist_is_an_attribute_error() -> None:
    """As of any module."""
    with pytest.raises(AttributeError, match=r"'bria_tailored\.models' has no attribute 'Nothing'"):
        resolve("Nothing")
    assert not hasattr(models, "GetModelResponse200")
