"""The values that a comparison of two documents is made of, and how JSON is read and shown.

Nothing here knows a rule of OpenAPI. Documents may hold anything at any place, so every reader
answers with something empty where the document holds the wrong kind of value.
"""

import enum
import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

_JSON_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number", list: "array"}


class Side(enum.StrEnum):
    """Which way the changed part travels, or where else in the document it stands."""

    REQUEST = "request"
    RESPONSE = "response"
    PARAMETER = "parameter"
    OPERATION = "operation"
    DOCUMENT = "document"


@attrs.frozen(kw_only=True)
class Change:
    """One difference between two documents, as a user of the generated client meets it."""

    operation: str
    """`POST /v1/things (create-thing)`, or `document` for what belongs to no operation."""
    side: Side
    where: str
    """A path for people, such as `200 body.images[].url`; empty for an operation as a whole."""
    what: str
    breaking: bool
    why: str
    """What breaks for a user; empty when nothing does."""


@attrs.frozen(kw_only=True)
class Place:
    """Where in an operation the comparison stands."""

    operation: str
    side: Side
    where: str = ""

    def below(self, suffix: str) -> "Place":
        """Return the place one step further down: `suffix` is `.name`, `[]` or the like."""
        return attrs.evolve(self, where=self.where + suffix)


@attrs.frozen(kw_only=True)
class Documents:
    """The two documents, kept together because references lead back into them."""

    old: Mapping[str, Any]
    new: Mapping[str, Any]


@attrs.frozen(kw_only=True)
class Operation:
    """An operation with the path item around it."""

    method: str
    path: str
    item: Mapping[str, Any]
    body: Mapping[str, Any]

    @property
    def identity(self) -> str:
        """The `operationId`; empty when there is none."""
        name = self.body.get("operationId")
        return name if isinstance(name, str) else ""

    @property
    def address(self) -> str:
        """Method and path, as in `GET /things/{id}`."""
        return f"{self.method.upper()} {self.path}"

    @property
    def template(self) -> str:
        """The address with the names of its path parameters left out."""
        return re.sub(r"\{[^{}]*\}", "{}", self.address)

    @property
    def label(self) -> str:
        """What the report calls the operation."""
        return f"{self.address} ({self.identity})" if self.identity else self.address


def plain(value: object) -> Any:
    """Return `value` as JSON reads it: text keys, whole numbers as integers, the rest as text.

    A YAML reader gives integer keys for response statuses and dates for unquoted examples.
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return int(value) if value.is_integer() else value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [plain(item) for item in value]
    return str(value)


def spell(value: object) -> str:
    """Return the one spelling of a plain value, which, unlike `==`, tells `true` from `1`."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def shown(value: object, limit: int = 60) -> str:
    """Return `value` for a sentence: spelled, or `none`, and cut at `limit` characters."""
    spelled = "none" if value is None else spell(value)
    return spelled if len(spelled) <= limit else spelled[: limit - 1] + "…"


def json_type(value: object) -> str:
    """Return the JSON Schema type of a plain value."""
    return "null" if value is None else _JSON_TYPES.get(type(value), "object")


def mapping(value: object) -> Mapping[str, Any]:
    """Return `value` if it is a mapping, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def sequence(value: object) -> Sequence[Any]:
    """Return `value` if it is a list, else an empty one."""
    return value if isinstance(value, list) else ()


def texts(value: object) -> list[str]:
    """Return the strings of a list, without repetitions, in their order."""
    return list(dict.fromkeys(item for item in sequence(value) if isinstance(item, str)))
