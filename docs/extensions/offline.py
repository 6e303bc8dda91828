"""A page that is read must ask nobody else for anything: no script, font or picture from afar."""

from __future__ import annotations

import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util import logging

_LOADED = re.compile(
    r"""<(?:script|img|iframe|video|source)\b[^>]*\bsrc=["'](?P<src>[^"']+)"""
    r"""|<link\b(?=[^>]*\brel=["'](?:stylesheet|icon|preload|preconnect))[^>]*\bhref=["'](?P<href>[^"']+)"""
)
_CSS = re.compile(r"""url\(["']?(?P<src>[^"')]+)|@import\s+["'](?P<href>[^"']+)""")

_log = logging.getLogger(__name__)


def loaded_from_afar(text: str, *, css: bool = False) -> list[str]:
    """The addresses on other hosts that a browser would fetch to show this."""
    matches = (_CSS if css else _LOADED).finditer(text)
    addresses = [match["src"] or match["href"] for match in matches]
    return [each for each in addresses if re.match(r"(https?:)?//", each)]


def _check(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.format != "html":
        return
    for path in sorted(Path(app.outdir).rglob("*")):
        if path.suffix in (".html", ".css"):
            text = path.read_text(encoding="utf-8")
            for address in loaded_from_afar(text, css=path.suffix == ".css"):
                _log.warning("%s loads %s; copy it into the site.", path.name, address)


def setup(app: Sphinx) -> dict[str, bool]:
    """Look at what was written."""
    app.connect("build-finished", _check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
