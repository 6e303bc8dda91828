"""Bria's document and ours, each as a copy that a test may change."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from openapi.builder.documents import Document, checked_upstream
from openapi.builder.passes import PASSES, run

OPENAPI = Path(__file__).parents[2] / "openapi"


@cache
def _upstream() -> Document:
    return checked_upstream(OPENAPI)


@cache
def _after(count: int) -> Document:
    return run(_upstream(), PASSES[:count]).document


@pytest.fixture
def upstream() -> Document:
    """Bria's document."""
    return copy.deepcopy(_upstream())


@pytest.fixture
def built() -> Document:
    """Bria's document after every pass."""
    return copy.deepcopy(_after(len(PASSES)))


@pytest.fixture
def before() -> Callable[[str], Document]:
    """Bria's document as a pass gets to see it."""

    def document(name: str) -> Document:
        return copy.deepcopy(_after([step.name for step in PASSES].index(name)))

    return document
