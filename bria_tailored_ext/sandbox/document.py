"""The built document: what each operation's request must look like.

The document lies beside this module as JSON, written by `make generate`; `jsonschema-rs` compiles
its schemas, each when the first request needs it.
"""

import functools
import json
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from itertools import chain
from typing import Any, Final, cast

import attrs
import jsonschema_rs

from bria_tailored_ext.sandbox.refusal import Problem

_LONGEST_ECHO: Final = 200
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

Validator = jsonschema_rs.Draft202012Validator


@attrs.frozen
class Contract:
    """What the document says about the requests of one operation.

    Args:
        body: Checks the JSON body; `None` for an operation without one.
        fields: The names of its fields; `None` where the document leaves them open.
        media_types: What a body may be.
        query: Checks each parameter of the query, by name.
    """

    body: Validator | None
    fields: frozenset[str] | None
    media_types: frozenset[str]
    query: Mapping[str, Validator]

    def body_problems(self, body: Mapping[str, object]) -> list[Problem]:
        """List what the document does not allow in a body."""
        if self.body is None or self.body.is_valid(body):
            return []
        return _first_of_each(_told(error) for error in self.body.iter_errors(body))

    def query_problems(self, query: Mapping[str, str]) -> list[Problem]:
        """List what the document does not allow in a query."""
        return _first_of_each(
            _told(error, name=name)
            for name, validator in self.query.items()
            if name in query
            for error in validator.iter_errors(_value(query[name]))
        )


def text() -> bytes:
    """Give the document as JSON."""
    return resources.files("bria_tailored_ext.sandbox").joinpath("document.json").read_bytes()


@functools.cache
def document() -> Mapping[str, Any]:
    """Read the document."""
    return cast("dict[str, Any]", json.loads(text()))


@functools.cache
def contract(method: str, path: str) -> Contract:
    """Compile what the document says about one operation.

    Args:
        method: In capitals.
        path: The path template with its version, as the document has it.

    Raises:
        KeyError: The document has no such operation.
    """
    operation = document()["paths"][path][method.lower()]
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    parameters = operation.get("parameters", ())
    return Contract(
        None if schema is None else _compiled(schema),
        frozenset() if schema is None else _fields(schema),
        frozenset(content),
        {each["name"]: _compiled(each["schema"]) for each in parameters if each["in"] == "query"},
    )


def operations() -> Iterator[tuple[str, str]]:
    """Every operation of the document, as method in capitals and path template."""
    for path, item in document()["paths"].items():
        for method in item:
            if method in ("get", "put", "post", "delete"):
                yield method.upper(), path


def _fields(schema: Mapping[str, Any]) -> frozenset[str] | None:
    """The names of an object's fields, those of its parts and variants included."""
    if "$ref" in schema:
        return _fields(document()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]])
    if "additionalProperties" in schema:
        return None
    names = frozenset(schema.get("properties", ()))
    for part in chain.from_iterable(schema.get(key, ()) for key in ("allOf", "anyOf", "oneOf")):
        more = _fields(part)
        if more is None:
            return None
        names |= more
    return names


def _compiled(schema: Mapping[str, Any]) -> Validator:
    # The components go along, because `$ref` points into them from the root of the document.
    whole = {**schema, "$schema": _DIALECT, "components": document()["components"]}
    return Validator(whole, validate_formats=True)


def _value(text: str) -> object:
    """Read a parameter of the query: in a URL, numbers and booleans are text."""
    if len(text) > _LONGEST_ECHO:
        return text
    try:
        value: object = json.loads(text.lower())
    except ValueError:
        return text
    return value if isinstance(value, bool | int | float) else text


def _first_of_each(problems: Iterable[Problem]) -> list[Problem]:
    """What has the wrong type is not one of the known words either: once is enough."""
    told: dict[str, Problem] = {}
    for problem in problems:
        told.setdefault(problem.field_name, problem)
    return list(told.values())


def _told(error: jsonschema_rs.ValidationError, *, name: str | None = None) -> Problem:
    """Say what is wrong as Bria does.

    Source: the example of start-training's 400, whose words are those of Bria's framework.
    """
    kind = error.kind.as_dict()
    field = name or ".".join(str(part) for part in error.instance_path)
    if isinstance(error.kind, jsonschema_rs.ValidationErrorKind.Required):
        missing = ".".join(part for part in (field, str(kind["property"])) if part)
        return Problem("Field required", missing, "")
    return Problem(_words(error, kind), field, _echo(error.instance))


def _words(error: jsonschema_rs.ValidationError, kind: Mapping[str, Any]) -> str:
    match error.kind.name:
        case "type":
            return f"Input should be a valid {' or '.join(kind['types'])}"
        case "enum":
            quoted = [f"'{each}'" for each in kind["options"]]
            return "Input should be " + " or ".join((", ".join(quoted[:-1]), quoted[-1]))
        case "minimum":
            return f"Input should be greater than or equal to {kind['limit']}"
        case "maximum":
            return f"Input should be less than or equal to {kind['limit']}"
        case "minItems":
            return f"List should have at least {kind['limit']} items"
        case "maxItems":
            return f"List should have at most {kind['limit']} items"
        case "format":
            return f"Input should be a valid {kind['format']}"
        case other:
            # The library's own words repeat the value, which may be long.
            return f"Input does not fit the document: {other}"


def _echo(value: object) -> str:
    shown = value if isinstance(value, str) else json.dumps(value)
    return shown[:_LONGEST_ECHO]
