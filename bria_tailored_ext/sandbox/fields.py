"""Reading the fields of a JSON body, collecting everything that is wrong with them."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import cast

from bria_tailored_ext.sandbox.refusal import Problem

_LONGEST_ECHO = 200
_DEEPEST = 64


class Fields:
    """One JSON object, read field by field.

    A field that is null counts as absent. A field of the wrong kind is noted as a problem
    and read as absent, so that one refusal can name all of them.

    Args:
        body: The object, as parsed.
    """

    def __init__(self, body: Mapping[str, object]) -> None:
        self._body = body
        self.problems: list[Problem] = []

    def has(self, name: str) -> bool:
        """Tell whether the field is there and not null."""
        return self._body.get(name) is not None

    def text(self, name: str, *, choices: Sequence[str] = ()) -> str | None:
        """Read an optional string, if need be one of some words."""
        value = self._body.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            self._wrong(name, "Input should be a valid string")
            return None
        if choices and value not in choices:
            self._wrong(name, f"Input should be {_either(choices)}")
            return None
        return value

    def required_text(self, name: str, *, choices: Sequence[str] = ()) -> str:
        """Read a string that must be there and say something."""
        if not self._required(name):
            return ""
        value = self.text(name, choices=choices)
        if value is not None and not value.strip():
            self._wrong(name, "String should have at least 1 character")
        return value or ""

    def whole(
        self, name: str, *, minimum: int | None = None, maximum: int | None = None
    ) -> int | None:
        """Read an optional whole number within limits."""
        value = self._body.get(name)
        if value is None:
            return None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            self._wrong(name, "Input should be a valid integer")
            return None
        return None if self._outside(name, value, minimum, maximum) else value

    def required_whole(self, name: str) -> int:
        """Read a whole number that must be there."""
        if not self._required(name):
            return 0
        return self.whole(name) or 0

    def number(self, name: str, *, minimum: float, maximum: float) -> float | None:
        """Read an optional number within limits."""
        value = self._body.get(name)
        if value is None:
            return None
        if not isinstance(value, int | float) or isinstance(value, bool):
            self._wrong(name, "Input should be a valid number")
            return None
        return None if self._outside(name, value, minimum, maximum) else float(value)

    def flag(self, name: str, *, default: bool) -> bool:
        """Read an optional boolean."""
        value = self._body.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            self._wrong(name, "Input should be a valid boolean")
            return default
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Read an optional list of strings; absent and empty are the same."""
        value = self._body.get(name)
        if value is None:
            return ()
        if not isinstance(value, list):
            self._wrong(name, "Input should be a valid list")
            return ()
        entries = cast("list[object]", value)
        if not all(isinstance(entry, str) for entry in entries):
            self._wrong(name, "Every entry should be a valid string")
        return tuple(entry for entry in entries if isinstance(entry, str))

    def document(self, name: str) -> str | None:
        """Read an optional string that must hold a JSON object; give the string."""
        value = self.text(name)
        if value is None or parsed_object(value) is not None:
            return value
        self._wrong(name, "Input should be a string containing a valid JSON object")
        return None

    def mapping(self, name: str) -> Mapping[str, object]:
        """Read an optional object; absent and empty are the same."""
        value = self._body.get(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self._wrong(name, "Input should be a valid object")
            return {}
        return cast("dict[str, object]", value)

    def refuse(self, name: str, msg: str) -> None:
        """Note a problem that a rule has found with a field."""
        self._wrong(name, msg)

    def _required(self, name: str) -> bool:
        if not self.has(name):
            self._wrong(name, "Field required")
        return self.has(name)

    def _outside(
        self, name: str, value: float, minimum: float | None, maximum: float | None
    ) -> bool:
        if minimum is not None and value < minimum:
            self._wrong(name, f"Input should be greater than or equal to {minimum}")
            return True
        if maximum is not None and value > maximum:
            self._wrong(name, f"Input should be less than or equal to {maximum}")
            return True
        return False

    def _wrong(self, name: str, msg: str) -> None:
        given = self._body.get(name)
        shown = given if isinstance(given, str) else json.dumps(given) if self.has(name) else ""
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

    Raises:
        ValueError: It is not JSON, or nested too deeply to be worked on.
    """
    try:
        value: object = json.loads(raw, parse_constant=_no_constant, parse_float=_finite)
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


def _either(choices: Sequence[str]) -> str:
    quoted = [f"'{choice}'" for choice in choices]
    return ", ".join(quoted[:-1]) + f" or {quoted[-1]}" if len(quoted) > 1 else quoted[0]
