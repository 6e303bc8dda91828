"""How Sphinx builds the documentation: `make docs`."""

from __future__ import annotations

import sys
from pathlib import Path

from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parent / "extensions"))

from bria_tailored_ext.version import __version__

project = "bria-tailored"
author = "The bria-tailored authors"
project_copyright = author
release = version = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "docstrings",
    "sphinx.ext.napoleon",
    "tables",
    "names",
    "offline",
]
exclude_patterns = ["extensions"]

myst_heading_anchors = 3
myst_enable_extensions = ["deflist"]

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
napoleon_use_ivar = True
napoleon_use_rtype = False
python_maximum_signature_line_length = 72
python_use_unqualified_type_names = True

html_theme = "furo"
html_title = f"bria-tailored {__version__}"
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_static_path = ["static"]
html_css_files = ["pages.css"]


def _leave_out_benchmarks(app: Sphinx, name: str, source: list[str]) -> None:
    # It is written from a run, so it may not be there.
    if name == "index" and not (Path(app.srcdir) / "benchmarks.md").exists():
        source[0] = source[0].replace("\nbenchmarks\n", "\n")


def setup(app: Sphinx) -> None:
    """List the page on benchmarks only where there is one."""
    app.connect("source-read", _leave_out_benchmarks)
