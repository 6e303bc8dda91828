"""Reading the fields of a JSON body, collecting what rules find wrong with them."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from bria_tailored_ext.sandbox.refusal import Problem

_LONGEST_ECHO = 200
_DEEPEST = 64
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")
_TOO_SHORT = "String should have at least 1 character"


class Fields:
    """One JSON object that the document allows, read field by field.

    The gate has held it against the document, so each field has its type, and its value is
    within its limits. What a rule beyond the document finds wrong is noted as a problem, so
    that one refusal can name all of them.

    Args:
        body: The object, as parsed.
    """

    def __init__(self, body: Mapping[str, Any]) -> None:
        self._body = body
        self.problems: list[Problem] = []

    def has(self, name: str) -> bool:
        """Tell whether the field is there."""
        return name in self._body

    def text(self, name: str) -> str | None:
        """Read a string, if it is there; the document may not know the field."""
        value = self._body.get(name)
        return value if isinstance(value, str) else None

    def filled(self, name: str) -> str:
        """Read a string that must be there and say something."""
        value = self.text(name) or ""
        if not value.strip():
            missing = not self.has(name)
            self.refuse(name, "Field required" if missing else _TOO_SHORT)
        return value

    def whole(self, name: str) -> int | None:
        """Read a whole number, if it is there; by JSON Schema, 3.0 is one too."""
        value: float | None = self._body.get(name)
        return None if value is None else int(value)

    def number(self, name: str) -> float | None:
        """Read a number, if it is there."""
        value: float | None = self._body.get(name)
        return None if value is None else float(value)

    def flag(self, name: str, *, default: bool) -> bool:
        """Read a boolean, or its default."""
        value: bool = self._body.get(name, default)
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Read a list of strings; absent and empty are the same."""
        return tuple(self._body.get(name, ()))

    def mapping(self, name: str) -> Mapping[str, Any]:
        """Read an object; absent and empty are the same."""
        value: Mapping[str, Any] = self._body.get(name, {})
        return value

    def document(self, name: str) -> str | None:
        """Read a string that must hold a JSON object, where it is there; give the string."""
        value = self.text(name)
        if value is None or parsed_object(value) is not None:
            return value
        self.refuse(name, "Input should be a string containing a valid JSON object")
        return None

    def refuse(self, name: str, msg: str) -> None:
        """Note a problem that a rule has found with a field."""
        given = self._body.get(name, "")
        shown = given if isinstance(given, str) else json.dumps(given)
        self.problems.append(Problem(msg=msg, field_name=name, field_input=shown[:_LONGEST_ECHO]))


def parsed_object(text: str) -> dict[str, object] | None:
    """Parse a JSON object; anything else, however broken, gives `None`."""
    try:
        value = parsed_json(text)
    except ValueError:
        return None
    return cast("dict[str, object]", value) if isinstance(value, dict) else None


def parsed_json(raw: str | bytes) -> object:
    """Parse JSON by the letter: no NaN, no numbers beyond a double, no bottomless nesting.

    Half of a surrogate pair is no text either: nothing that is to encode it could.

    Raises:
        ValueError: It is not JSON in UTF-8, or nested too deeply to be worked on.
    """
    text = raw if isinstance(raw, str) else raw.decode()
    try:
        value: object = json.loads(text, parse_constant=_no_constant, parse_float=_finite)
        if _SURROGATE.search(text):
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if _depth(value) > _DEEPEST:
        raise ValueError("nested too deeply")
    return value


def _depth(value: object) -> int:
    """How many lists and objects lie in one another, counted without recursion."""
    level, depth = [value], 0
    while level := [inner for outer in level for inner in _inside(outer)]:
        depth += 1
    return depth


def _inside(value: object) -> Sequence[object]:
    if isinstance(value, dict):
        return list(cast("dict[str, object]", value).values())
    return cast("list[object]", value) if isinstance(value, list) else ()


def _no_constant(word: str) -> object:
    """NaN and Infinity are Python's own idea of JSON."""
    raise ValueError(word)


def _finite(word: str) -> float:
    number = float(word)
    if not math.isfinite(number):
        raise ValueError(word)
    return number
