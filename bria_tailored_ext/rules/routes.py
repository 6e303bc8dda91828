"""Endpoints: a method and a path template, the unit that limits and statistics count by."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bria_tailored_ext.values.plan import Plan

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


class Rates:
    """How many requests a minute a plan allows, by endpoint in the form that `canonical` gives.

    Args:
        plan: The plan; `None` for no pacing.
    """

    def __init__(self, plan: Plan | None) -> None:
        self._most = plan.requests_per_minute if plan else None
        overrides: Mapping[str, int] = plan.overrides if plan else {}
        self._overrides = {canonical(route): rate for route, rate in overrides.items()}

    def of(self, lane: str) -> int | None:
        """The rate of an endpoint; `None` for any."""
        return self._overrides.get(lane, self._most)
