"""Values as they came over the wire: of any shape, whatever the documentation says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast


def mapping(value: object) -> Mapping[str, Any] | None:
    """The value, if it is a JSON object."""
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else None


def array(value: object) -> list[Any]:
    """The value, if it is a JSON array, else an empty one."""
    return cast("list[Any]", value) if isinstance(value, list) else []


def text(value: object) -> str | None:
    """The value, if it is a string with something in it."""
    return value if isinstance(value, str) and value else None
