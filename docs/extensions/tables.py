"""Tables that are read from the code, so that the pages cannot tell anything else.

In a page: a fenced block `{plans}`, `{retries}`, `{repeatable-posts}`, `{settings} RetryPolicy`,
`{error-tree}` or `{operations}`.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Sequence
from importlib import import_module
from itertools import groupby
from typing import Any

import attrs
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import bria_tailored_ext
from bria_tailored import models
from bria_tailored.api import Facades
from bria_tailored_ext.rules.retries import (
    REPEATABLE_POSTS,
    Failure,
    leaves_outcome_unknown,
    may_retry,
)
from bria_tailored_ext.values import errors
from bria_tailored_ext.values.configuration import Timeouts
from bria_tailored_ext.values.plan import PLANS
from bria_tailored_ext.values.retry_policy import RetryPolicy

_FAILURES = {
    Failure.NEVER_ARRIVED: "the connection failed, so that Bria cannot have seen the request",
    Failure.MAY_HAVE_ARRIVED: "the connection broke, or no answer came in time",
    Failure.NOT_SENDABLE: "the request itself cannot be sent",
}
_SETTINGS: dict[str, type[attrs.AttrsInstance]] = {"RetryPolicy": RetryPolicy, "Timeouts": Timeouts}
_ATTRIBUTE = re.compile(r"^        (\w+): ([^\n]+(?:\n            [^\n]+)*)", re.MULTILINE)
_ROUTE = re.compile(r"`((?:GET|POST|PUT|DELETE) \S+)`")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def plans() -> str:
    """The plans that have a name."""
    rows = [(f'`"{name}"`', plan.requests_per_minute) for name, plan in PLANS.items()]
    return table(["plan", "requests a minute, at each endpoint"], rows)


def retries() -> str:
    """What becomes of a request after each way to fail."""
    rows: list[tuple[str, str, str]] = [
        (words, fate("GET", failure), fate("POST", failure)) for failure, words in _FAILURES.items()
    ]
    by_fate: dict[tuple[str, str], list[int]] = {}
    for status in range(400, 600):
        by_fate.setdefault((fate("GET", status), fate("POST", status)), []).append(status)
    rows += [(f"answered {spans(of)}", *fates) for fates, of in by_fate.items()]
    return table(["what happened", "GET, HEAD, PUT, DELETE", "POST"], rows)


def fate(method: str, outcome: int | Failure) -> str:
    """What becomes of a request that ended so, in words."""
    if may_retry(method, None, outcome):
        return "tried again"
    if leaves_outcome_unknown(method, None, outcome):
        return "**never again**: `SubmitOutcomeUnknown`"
    return "raised at once"


def spans(numbers: Iterable[int]) -> str:
    """Numbers in words: 400–407, 409."""
    found = []
    for _, run in groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0]):
        first, *rest = [number for _, number in run]
        found.append(f"{first}–{rest[-1]}" if rest else str(first))
    return ", ".join(found)


def repeatable_posts() -> str:
    """The POSTs that may be repeated, with their reasons."""
    return table(["", "why"], [(f"`{each}`", why) for each, why in REPEATABLE_POSTS.items()])


def settings(name: str) -> str:
    """The settings of one value and their defaults."""
    kind = _SETTINGS[name]
    said = dict(
        re.findall(
            r"^        (\w+): ([^\n]+(?:\n            [^\n]+)*)", kind.__doc__ or "", re.MULTILINE
        )
    )
    rows = [
        (f"`{each.name}`", each.default, " ".join(said[each.name].split()))
        for each in attrs.fields(kind)
    ]
    return table([f"`{name}`", "default", ""], rows)


def error_tree() -> str:
    """The tree at the top of the module of errors."""
    tree = (errors.__doc__ or "").partition("\n\n")[2]
    return f"```text\n{tree.strip()}\n```"


def operations() -> str:
    """Every generated operation, by tag."""
    parts: list[str] = []
    for tag in sorted(name for name in vars(Facades) if isinstance(vars(Facades)[name], property)):
        if tag == "api":
            continue
        facade = type(getattr(_Unconnected(), tag))
        rows = [_operation(name, method) for name, method in _methods(facade)]
        parts.append(
            f"## `bria.{tag}`\n\n" + table(["method", "what it does, and its route"], rows)
        )
    return "\n\n".join(parts)


class _Unconnected(Facades):
    """The facades, without a client: only their classes are looked at."""

    @property
    def api(self) -> Any:
        return None


def _methods(facade: type) -> list[tuple[str, Any]]:
    return [
        (name, each) for name, each in vars(facade).items() if inspect.iscoroutinefunction(each)
    ]


def _operation(name: str, method: Any) -> tuple[str, str]:
    documentation = inspect.getdoc(method) or ""
    route = _ROUTE.search(documentation)
    named = [each for each in inspect.signature(method).parameters if each != "self"]
    title = documentation.partition("\n")[0].strip().rstrip(".")
    return f"`{name}({', '.join(named)})`", f"{title}. `{route[1]}`" if route else title


_TABLES: dict[str, Any] = {
    "plans": plans,
    "retries": retries,
    "repeatable-posts": repeatable_posts,
    "settings": settings,
    "error-tree": error_tree,
    "operations": operations,
}


class Table(SphinxDirective):
    """A fenced block that is replaced by one of the tables."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Parse the table as if it stood in the page."""
        text = _TABLES[self.name](*self.arguments)
        return self.parse_text_to_nodes(text, allow_section_headings=True)


class Package(SphinxDirective):
    """Everything that a package exports: what can be called first, then the values."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Name each once, under the name that users import."""
        [name] = self.arguments
        package = import_module(name)
        functions = [each for each in package.__all__ if inspect.isfunction(vars(package)[each])]
        classes = [each for each in package.__all__ if inspect.isclass(vars(package)[each])]
        others = [each for each in package.__all__ if each not in (*functions, *classes)]
        lines = [f".. automodule:: {name}\n   :no-members:\n"]
        lines += [f".. autofunction:: {name}.{each}\n" for each in functions]
        lines += [f".. autoclass:: {name}.{each}\n   :members:\n" for each in classes]
        lines += [f".. autodata:: {name}.{each}\n   :no-value:\n" for each in others]
        return self.parse_text_to_nodes("\n".join(lines))


class PublicErrors(SphinxDirective):
    """Every class of errors, as autodoc has it."""

    def run(self) -> list[nodes.Node]:
        """Name each once, under the name that users import."""
        lines = [f".. autoexception:: bria_tailored_ext.{name}\n" for name in errors.__all__]
        return self.parse_text_to_nodes("\n".join(lines))


class PublicModels(SphinxDirective):
    """The generated models that can be imported from the package itself."""

    def run(self) -> list[nodes.Node]:
        """Name each with its fields, and without what the generator needs."""
        lines = [
            f".. autoclass:: bria_tailored_ext.{name}\n   :members:\n   {_WITHOUT}\n"
            for name in bria_tailored_ext.__all__
            if hasattr(models, name)
        ]
        return self.parse_text_to_nodes("\n".join(lines))


_WITHOUT = ":exclude-members: to_dict, from_dict, additional_properties, additional_keys"


def setup(app: Sphinx) -> dict[str, bool]:
    """Make the directives known."""
    for name in _TABLES:
        app.add_directive(name, Table)
    app.add_directive("package", Package)
    app.add_directive("public-errors", PublicErrors)
    app.add_directive("public-models", PublicModels)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
