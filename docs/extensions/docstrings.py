"""The code's docstrings, written for readers of code, as reStructuredText.

A single backtick is code here, an indented passage is a program, and a type is found under the
name that users import, wherever it is defined.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.domains.python import PythonDomain
from sphinx.environment import BuildEnvironment

import bria_tailored.models

_CODE = re.compile(r"(?<![`:\\])`([^`\n]+)`(?!`)")
_SECTION = re.compile(r"(Args|Attributes|Raises|Returns|Yields):$")
_RAISING = re.compile(r"(Entering it raises|Iterating raises.*):$")
_LIST = re.compile(r"\w.*:$")
_ERRORS = re.compile(r"(\s+)((?:\w+, )+\w+): (.*)$")
_PLAIN = ("attribute", "data", "property")

_OTHERS = {
    *("anyio", "asyncio", "attr", "bria_tailored", "builtins", "collections", "contextlib"),
    *("datetime", "decimal", "enum", "httpx", "os", "pathlib", "ssl", "starlette", "types"),
    "typing",
}
"""Packages whose names are not on these pages."""

_FACADES = ("Datasets", "Images", "Legacy", "Models", "Projects", "Status", "Videos")
"""What the client's properties give: their methods are on the page of operations."""

_UNLISTED = {
    *_FACADES,
    # Aliases, said in words where they are used.
    *("Tell", "Where", "Unset"),
    # What stands in a signature and is nothing that a user makes.
    *("bria_tailored_ext.batch.settings.Settings", "bria_tailored_ext.batch.sources.Checked"),
    *("bria_tailored_ext.client.deliveries.Deliveries", "bria_tailored_ext.client.job.JobTaker"),
    "bria_tailored_ext.client.placeholder.PlaceholderTaker",
    *("bria_tailored_ext.client.handle.R", "bria_tailored_ext.values.plan.KeepType"),
    *("bria_tailored_ext.sandbox.chance.Chance", "bria_tailored_ext.sandbox.clock.SimulatedClock"),
}


def _rewrite(
    _app: Sphinx, what: str, _name: str, _object: Any, _options: Any, lines: list[str]
) -> None:
    lines[:] = _marked(_errors_apart(_CODE.sub(r"``\1``", line) for line in lines))
    if what in _PLAIN:
        # Of a first line with a colon napoleon takes the beginning for a type.
        lines.insert(0, "\\")


def _errors_apart(lines: Iterable[str]) -> Iterator[str]:
    """Give each of several errors that share a line a line of its own."""
    for line in lines:
        shared = _ERRORS.match(line)
        if shared is None:
            yield _RAISING.sub("Raises:", line)
            continue
        indent, names, reason = shared.groups()
        yield from (f"{indent}{name}: {reason}" for name in names.split(", "))


def _marked(lines: Iterable[str]) -> Iterator[str]:
    """Mark what is indented outside the known sections, as a program or as a list."""
    head, blank, inside = "", True, ""
    for line in lines:
        indented = line.startswith("    ")
        if not line.strip():
            blank = True
            yield line
            continue
        if not indented:
            head, inside = line, "section" if _SECTION.match(line) else ""
        elif not inside and blank:
            inside = "program"
            yield from (".. code-block:: python", "")
        elif not inside and _LIST.match(head):
            inside = "list"
            yield ""
        is_entry = inside == "list" and line[4] != " "
        yield f"  * {line.strip()}" if is_entry else line
        blank = False


def _found(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, text: nodes.TextElement
) -> nodes.reference | nodes.TextElement | None:
    """Lead a reference to where a class is documented, which is not where it is defined."""
    if node.get("refdomain") != "py":
        return None
    target = str(node["reftarget"])
    if target in _FACADES and node["refdoc"] == "reference/client":
        page = app.builder.get_relative_uri(node["refdoc"], "reference/operations")
        reference = nodes.reference("", "", internal=True, refuri=f"{page}#bria-{target.lower()}")
        reference += text
        return reference
    domain = env.domains["py"]
    assert isinstance(domain, PythonDomain)  # noqa: S101 - it is Sphinx's own
    name = _documented(target, domain.objects)
    if name is None:
        return text if _is_unlisted(target) else None
    found = domain.objects[name]
    place = app.builder.get_relative_uri(node["refdoc"], found.docname)
    reference = nodes.reference("", "", internal=True, reftitle=name)
    reference["refuri"] = f"{place}#{found.node_id}"
    reference += text
    return reference


def _is_unlisted(target: str) -> bool:
    return (
        target.split(".")[0] in _OTHERS
        or target in _UNLISTED
        or target in dir(bria_tailored.models)
    )


def _documented(target: str, known: Iterable[str]) -> str | None:
    """The public name of what is defined as `target`, if there is exactly one."""
    package, _, last = target.rpartition(".")
    named = [each for each in known if each.rpartition(".")[2] == last]
    if len(named) > 1:
        named = [each for each in named if package.startswith(each.rpartition(".")[0])]
    return named[0] if len(named) == 1 else None


def setup(app: Sphinx) -> dict[str, bool]:
    """Rewrite before napoleon reads, at 500."""
    app.connect("autodoc-process-docstring", _rewrite, priority=400)
    app.connect("missing-reference", _found)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
