"""The wheel and the sdist, and whether they hold what they should and nothing else."""

from __future__ import annotations

import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from release.environments import TrialError, run

PACKAGES = ("bria_tailored", "bria_tailored_ext")


def build(root: Path, folder: Path) -> Path:
    """Build the sdist, and from it the wheel; check both, and give the wheel.

    Raises:
        TrialError: They cannot be built, or something is missing or superfluous.
    """
    run([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(root)], root)
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    check_wheel(root, wheel)
    check_sdist(root, sdist)
    return wheel


def check_wheel(root: Path, wheel: Path) -> None:
    """See that a wheel holds every file of both packages, the licence, and nothing else.

    Raises:
        TrialError: It does not.
    """
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
        notes = {PurePosixPath(name).name for name in archive.namelist() if ".dist-info/" in name}
    _compare(wheel, {path for package in PACKAGES for path in _files(root, package)}, held)
    if not notes >= {"METADATA", "entry_points.txt", "LICENSE", "NOTICE"}:
        raise TrialError(f"{wheel.name} lacks its licences or its entry points.")


def check_sdist(root: Path, sdist: Path) -> None:
    """See that an sdist builds and tests itself, and carries nothing that is made.

    Raises:
        TrialError: It lacks something, or has too much.
    """
    with tarfile.open(sdist) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    held -= {"PKG-INFO"}
    tops = (
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "NOTICE",
        "CHANGELOG.md",
        "SECURITY.md",
        "Makefile",
    )
    missing = {*tops, "generator-config.yaml"} - held
    wanted = {
        path for each in (*PACKAGES, "tests", "openapi", "release") for path in _files(root, each)
    }
    if missing or wanted - held:
        raise TrialError(f"{sdist.name} lacks {sorted(missing | (wanted - held))}.")
    made = {
        name for name in held if name.startswith(("out/", "dist/", ".")) and name != ".gitignore"
    }
    if made:
        raise TrialError(f"{sdist.name} has too much: {sorted(made)[:10]}.")


def _files(root: Path, folder: str) -> Iterator[str]:
    for path in (root / folder).rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts and path.name != ".DS_Store":
            yield path.relative_to(root).as_posix()


def _compare(archive: Path, wanted: set[str], held: set[str]) -> None:
    if wanted != held:
        raise TrialError(
            f"{archive.name} lacks {sorted(wanted - held)}, "
            f"and has {sorted(held - wanted)} too much."
        )
