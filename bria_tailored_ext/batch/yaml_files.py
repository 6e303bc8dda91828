"""YAML files, which grids and sweeps are written in."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from bria_tailored_ext.values.errors import ConfigurationError, InvalidInputError


def read_yaml(path: Path, what: str) -> object:
    """What a YAML file holds, as plain values.

    Args:
        path: The file.
        what: What it is, such as "A grid".

    Raises:
        InvalidInputError: It is not YAML; says where.
        ConfigurationError: What reads YAML is not installed.
        OSError: It cannot be read.
    """
    try:
        yaml: Any = import_module("ruamel.yaml")
    except ModuleNotFoundError:
        raise ConfigurationError(
            f"{what} in YAML needs ruamel.yaml. Run: pip install 'bria-tailored[cli]'"
        ) from None
    try:
        return yaml.YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"{path} cannot be read as YAML: {error}") from error
