"""What the distribution asks for, read from the wheel itself."""

from __future__ import annotations

import tomllib
import zipfile
from email.parser import HeaderParser
from pathlib import Path

from packaging.requirements import Requirement

OURS = "bria-tailored"
OURSELVES = ("dev", "docs")
"""Extras that nobody needs who does not work on the project; their pins are exact."""


def of_wheel(wheel: Path) -> list[Requirement]:
    """Every requirement of users, those of the extras included."""
    with zipfile.ZipFile(wheel) as archive:
        (notes,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = HeaderParser().parsestr(archive.read(notes).decode())
    found = map(Requirement, metadata.get_all("Requires-Dist", []))
    return [each for each in found if each.name != OURS and _is_for_users(each)]


def _is_for_users(requirement: Requirement) -> bool:
    return not any(f'extra == "{name}"' in str(requirement.marker) for name in OURSELVES)


def lowest(requirements: list[Requirement]) -> list[str]:
    """The oldest versions that are allowed, as pip's constraints."""
    bounds = {
        f"{each.name}=={specifier.version}"
        for each in requirements
        for specifier in each.specifier
        if specifier.operator == ">="
    }
    return sorted(bounds)


def tools(root: Path, *names: str) -> list[str]:
    """Development tools, in the versions that are pinned."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = {Requirement(each).name: each for each in project["optional-dependencies"]["dev"]}
    return [pins[name] for name in names]
