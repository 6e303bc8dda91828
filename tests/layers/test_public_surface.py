"""What users import, and what an import costs."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

import bria_tailored_ext
from bria_tailored_ext import workflows

HEAVY = ("httpx", "attrs", "attr", "anyio", "bria_tailored", "PIL", "numpy", "starlette", "click")


def in_a_fresh_python(code: str) -> str:
    finished = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )
    return finished.stdout.strip()


@pytest.mark.parametrize("name", bria_tailored_ext.__all__)
def test_every_public_name_imports(name: str) -> None:
    """What `__all__` promises is there, under that name."""
    value = getattr(bria_tailored_ext, name)

    assert name == "__version__" or getattr(value, "__name__", name) == name


def test_public_names_are_sorted_and_unique() -> None:
    """A sorted list shows at a glance what is missing."""
    assert bria_tailored_ext.__all__ == sorted(set(bria_tailored_ext.__all__))


def test_dir_lists_the_public_names() -> None:
    """Completion in an editor or a shell finds names that are not imported yet."""
    assert set(bria_tailored_ext.__all__) <= set(dir(bria_tailored_ext))


def test_every_error_is_public() -> None:
    """An error that cannot be imported cannot be caught."""
    errors = importlib.import_module("bria_tailored_ext.values.errors")
    classes = {name for name, value in vars(errors).items() if isinstance(value, type)}

    assert {name for name in classes if not name.startswith("_")} - {"Any", "Mapping"} <= set(
        bria_tailored_ext.__all__
    )


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    """A misspelt name fails as in any other module."""
    with pytest.raises(AttributeError, match="TailoredCleint"):
        bria_tailored_ext.TailoredCleint  # noqa: B018


def test_the_workflows_are_importable_by_name() -> None:
    """The names under "Public surface" that exist so far."""
    assert workflows.__all__ == sorted(workflows.__all__)
    assert all(hasattr(workflows, name) for name in workflows.__all__)
    assert {
        "complete_dataset",
        "define_visual_identity",
        "generate_and_wait",
        "train",
        "train_and_wait",
        "upload_images",
    } <= set(workflows.__all__)


def test_importing_the_package_imports_nothing_heavy() -> None:
    """`import bria_tailored_ext` costs nothing until a name of it is used."""
    code = (
        f"import sys, bria_tailored_ext\nprint([name for name in {HEAVY!r} if name in sys.modules])"
    )

    assert in_a_fresh_python(code) == "[]"


def test_an_error_class_needs_no_http() -> None:
    """Reading a pickled error in another process does not need the network's code."""
    code = (
        "import sys\nfrom bria_tailored_ext import WaitTimeout\n"
        "print([name for name in ('httpx', 'bria_tailored') if name in sys.modules])"
    )

    assert in_a_fresh_python(code) == "[]"


def test_the_client_needs_nothing_of_the_extras() -> None:
    """Sandbox, command line and aiohttp are extras; the client works without them."""
    code = (
        "import sys, bria_tailored_ext.workflows\nfrom bria_tailored_ext import TailoredClient\n"
        # Not click and rich: httpx imports those itself where they are installed.
        "heavy = ('PIL', 'numpy', 'av', 'starlette', 'uvicorn', 'aiohttp')\n"
        "print([name for name in heavy if name in sys.modules])"
    )

    assert in_a_fresh_python(code) == "[]"
