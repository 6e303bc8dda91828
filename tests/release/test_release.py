"""What is built, what it asks for, and that a trial notices what is wrong."""

from __future__ import annotations

import re
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from bria_tailored_ext import __version__
from release.building import check_sdist, check_wheel
from release.environments import TrialError
from release.requirements import OURSELVES, lowest, of_wheel, tools

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NOTES = "bria_tailored-1.dist-info/"
PYTHON = ("bria_tailored/__init__.py", "bria_tailored/py.typed", "bria_tailored_ext/__init__.py")
TOPS = (
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "NOTICE",
    "README.md",
    "SECURITY.md",
    "generator-config.yaml",
    "pyproject.toml",
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small project."""
    for name in PYTHON:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def wheel(folder: Path, *names: str, requires: str = "") -> Path:
    path = folder / "bria_tailored-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name in (*names, NOTES + "entry_points.txt", NOTES + "LICENSE", NOTES + "NOTICE"):
            archive.writestr(name, "")
        archive.writestr(NOTES + "METADATA", f"Name: bria-tailored\n{requires}")
    return path


def sdist(folder: Path, *names: str) -> Path:
    path = folder / "bria_tailored-1.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name in names:
            (folder / "empty").touch()
            archive.add(folder / "empty", f"bria_tailored-1/{name}")
    return path


def test_a_wheel_of_every_file_passes(tree: Path) -> None:
    """What is in the packages is in the wheel, data and `py.typed` included."""
    check_wheel(tree, wheel(tree, *PYTHON))


@pytest.mark.parametrize(
    ("names", "named"), [(PYTHON[1:], PYTHON[0]), ((*PYTHON, "tests/a.py"), "tests/a.py")]
)
def test_a_wheel_with_less_or_more_is_refused(
    tree: Path, names: tuple[str, ...], named: str
) -> None:
    """A forgotten template shows here and not at a user's."""
    with pytest.raises(TrialError, match=re.escape(named)):
        check_wheel(tree, wheel(tree, *names))


def test_an_sdist_with_what_it_needs_passes(tree: Path) -> None:
    """It can build, test and document itself."""
    check_sdist(tree, sdist(tree, *TOPS, *PYTHON))


@pytest.mark.parametrize(
    ("names", "named"),
    [
        ((*TOPS, *PYTHON, "out/demo/index.html"), "out/demo/index.html"),
        ((*TOPS, *PYTHON, ".hypothesis/examples"), ".hypothesis"),
        ((*TOPS[1:], *PYTHON), TOPS[0]),
        ((*TOPS, *PYTHON[1:]), PYTHON[0]),
    ],
)
def test_an_sdist_with_less_or_more_is_refused(
    tree: Path, names: tuple[str, ...], named: str
) -> None:
    """Nothing that is made goes to users, and nothing of the sources is left out."""
    with pytest.raises(TrialError, match=re.escape(named)):
        check_sdist(tree, sdist(tree, *names))


def test_the_oldest_versions_are_those_that_the_wheel_allows(tree: Path) -> None:
    """They are read from it, so that no second list can be out of date."""
    asked = (
        "Requires-Dist: httpx<0.29,>=0.28.1\n"
        "Requires-Dist: av>=13; extra == 'sandbox'\n"
        "Requires-Dist: mypy==2; extra == 'dev'\n"
        "Requires-Dist: bria-tailored[images]; extra == 'cli'\n"
    )

    assert lowest(of_wheel(wheel(tree, requires=asked))) == ["av==13", "httpx==0.28.1"]


def test_development_tools_are_pinned_exactly() -> None:
    """Tomorrow's run is today's."""
    extras = PROJECT["optional-dependencies"]
    tooling = [each for name in OURSELVES for each in extras.get(name, ())]
    pins = [each for each in tooling if not each.startswith(PROJECT["name"])]

    assert [each for each in pins if "==" not in each] == []
    assert tools(ROOT, "trio") == [each for each in pins if each.startswith("trio==")]


def test_what_users_install_has_a_lower_bound_and_no_pin() -> None:
    """A bound that was tried, and room for what they have already."""
    extras = PROJECT["optional-dependencies"]
    asked = [
        *PROJECT["dependencies"],
        *(each for name in extras if name not in OURSELVES for each in extras[name]),
    ]

    wrong = [each for each in asked if not each.startswith(PROJECT["name"]) and ">=" not in each]
    assert wrong == []
    assert [each for each in asked if "==" in each] == []


def test_the_version_is_stated_once() -> None:
    """In `bria_tailored_ext/version.py`."""
    assert "version" not in PROJECT
    places = [
        path.relative_to(ROOT).as_posix()
        for package in ("bria_tailored", "bria_tailored_ext", "release", "openapi/builder")
        for path in (ROOT / package).rglob("*.py")
        if f'"{__version__}"' in path.read_text(encoding="utf-8")
    ]

    assert places == ["bria_tailored_ext/version.py"]
