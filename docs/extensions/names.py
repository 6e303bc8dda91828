"""A public name in a page's prose leads to its entry in the reference."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.domains.python import PythonDomain
from sphinx.transforms.post_transforms import SphinxPostTransform

_NAME = re.compile(r"(?:(\w+)\.)?(\w+)(?:\(.*\))?$", re.DOTALL)
_OWNERS = {
    "bria": "bria_tailored_ext.TailoredClient",
    "job": "bria_tailored_ext.Job",
    "sandbox": "bria_tailored_ext.sandbox.Sandbox",
}
"""Whose methods they are, by what the pages call an object of the class."""

_OTHER_WORDS = ("command-line", "reference/operations")
"""Pages on which a word in small letters is a command, or a method of a facade."""


class LinkNames(SphinxPostTransform):
    """Makes links of `JobFailed`, `run_batch(...)` and `bria.job(...)`."""

    default_priority = 20

    def run(self, **_: Any) -> None:
        """Wrap each in a reference to its entry."""
        domain = self.env.domains["py"]
        assert isinstance(domain, PythonDomain)  # noqa: S101 - it is Sphinx's own
        here = self.env.docname
        for literal in list(self.document.findall(nodes.literal)):
            name = None if _is_linked(literal) else target(literal.astext(), domain.objects)
            if name is None or (here in _OTHER_WORDS and name.rpartition(".")[2].islower()):
                continue
            entry = domain.objects[name]
            place = self.app.builder.get_relative_uri(here, entry.docname)
            reference = nodes.reference("", "", internal=True, reftitle=name)
            reference["refuri"] = f"{place}#{entry.node_id}"
            literal.replace_self(reference)
            reference += literal


def _is_linked(literal: nodes.literal) -> bool:
    parent: Any = literal.parent
    return isinstance(parent, nodes.reference | nodes.title)


def target(text: str, known: Mapping[str, Any]) -> str | None:
    """The documented name that a piece of code means, if it is one and only one."""
    match = _NAME.match(text)
    if match is None:
        return None
    owner, last = match.groups()
    if owner:
        name = f"{_OWNERS.get(owner, owner)}.{last}"
        return name if name in known and known[name].objtype != "module" else None
    named = [each for each, entry in known.items() if _may_be_meant(each, last, entry)]
    return named[0] if len(named) == 1 else None


def _may_be_meant(name: str, last: str, entry: Any) -> bool:
    """A method by itself could be anybody's; and an alias is where a class is defined."""
    package, _, own = name.rpartition(".")
    is_known = own == last and not entry.aliased and entry.objtype != "module"
    return is_known and package.rpartition(".")[2].islower()


def setup(app: Sphinx) -> dict[str, bool]:
    """Link once everything is read."""
    app.add_post_transform(LinkNames)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
