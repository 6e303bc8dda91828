"""Pages made from templates, everything in them escaped. It needs Jinja."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import jinja2


def rendered(
    package: str,
    template: str,
    *,
    filters: Mapping[str, Callable[[Any], Any]] | None = None,
    **values: Any,
) -> str:
    """A page as text.

    Args:
        package: Where the template lies.
        template: Its name there.
        filters: Functions that it may use, by name.
        values: What it shows, by name. One that it names and does not get is an error.
    """
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(package, "."),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(filters or {})
    return environment.get_template(template).render(**values)
