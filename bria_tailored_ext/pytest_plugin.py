"""The pytest plugin, found on install: in tests, no client of ours leaves loopback.

It also keeps httpx's own transport in place of the aiohttp one, which mocking libraries such as
respx do not see. A test that means to reach Bria says so with `@pytest.mark.bria_network`.
"""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest

# As `edge.guard` has it, without importing httpx into every suite that finds this plugin.
_VARIABLE = "PYTEST_BRIA_LOOPBACK_ONLY"


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line(
        "markers", "bria_network: this test may reach hosts beyond loopback, where calls are billed"
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Set the guard around each test, its fixtures included."""
    former = os.environ.pop(_VARIABLE, None)
    if item.get_closest_marker("bria_network") is None:
        os.environ[_VARIABLE] = "1"
    try:
        return (yield)
    finally:
        # An inner pytest, in a test of a plugin, leaves the outer test guarded.
        os.environ.pop(_VARIABLE, None)
        if former is not None:
            os.environ[_VARIABLE] = former
