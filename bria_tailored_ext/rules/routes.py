"""Endpoints: a method and a path template, the unit that limits and statistics count by."""

from __future__ import annotations

import re

_VARIABLE = re.compile(r"\{[^/]*\}|[^/]*\d[^/]*")
_VERSION = re.compile(r"v\d+")


def route_of(method: str, path: str) -> str:
    """The endpoint of a request that does not name its template.

    Every segment with a digit in it, the version excepted, counts as a variable; so does a
    template's own `{name}`, so that both ways to write an endpoint give the same text.
    """
    segments = [
        "{}" if not _VERSION.fullmatch(segment) and _VARIABLE.fullmatch(segment) else segment
        for segment in path.split("/")
    ]
    return f"{method} {'/'.join(segments)}"


def canonical(route: str) -> str:
    """An endpoint written with its template, in the form that `route_of` gives."""
    method, _, path = route.partition(" ")
    return route_of(method, path)
