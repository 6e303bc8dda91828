"""Endpoints: one name, whichever way a request writes it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bria_tailored
from bria_tailored_ext.rules.routes import Rates, canonical, route_of
from bria_tailored_ext.values.plan import Plan

ROUTES = sorted(
    {
        route
        for module in Path(bria_tailored.__file__).parent.glob("api/*/*.py")
        for route in re.findall(r'"route": "([^"]+)"', module.read_text())
    }
)


def test_the_generated_client_names_its_endpoints() -> None:
    """Else the table below is empty."""
    assert len(ROUTES) > 30


@pytest.mark.parametrize("route", ROUTES)
def test_a_call_by_hand_meets_the_generated_endpoint(route: str) -> None:
    """`bria.api` and the facades share one limit."""
    method, _, template = route.partition(" ")
    path = re.sub(r"\{[^}]*\}", "a1b2-3", template)

    assert route_of(method, path) == canonical(route)


def test_no_two_generated_endpoints_are_taken_for_one() -> None:
    """A pause of one would pause the other."""
    assert len({canonical(route) for route in ROUTES}) == len(ROUTES)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_path_has_one_form(method: str, path: str) -> None:
    """Writing it again changes nothing."""
    once = canonical(f"{method} {path}")

    assert canonical(once) == once


@pytest.mark.parametrize(
    ("plan", "rate"),
    [
        (None, None),
        (Plan(requests_per_minute=60), 60),
        (Plan(requests_per_minute=60, overrides={"GET /v2/status/{request_id}": 9}), 9),
        (Plan(requests_per_minute=60, overrides={"GET /v1/status/{request_id}": 9}), 60),
    ],
)
def test_an_override_names_an_endpoint_in_either_form(plan: Plan | None, rate: int | None) -> None:
    """The template's own variable counts as any; another version is another endpoint."""
    assert Rates(plan).of(route_of("GET", "/v2/status/7f3c")) == rate
