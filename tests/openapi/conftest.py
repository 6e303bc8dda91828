"""Bria's document and ours, each as a copy that a test may change."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from openapi.builder import commands, documents
from openapi.builder.documents import Document, checked_upstream
from openapi.builder.passes import PASSES, run

OPENAPI = Path(__file__).parents[2] / "openapi"


@cache
def _loaded(text: str) -> bytes:
    return pickle.dumps(YAML(typ="safe").load(text))


class _QuickYAML(YAML):
    """Reads a text once, and gives everybody a copy of his own."""

    def load(self, stream: Any) -> Any:
        if self.typ != ["safe"] or not isinstance(stream, str):
            return super().load(stream)
        return pickle.loads(_loaded(stream))  # noqa: S301


_as_yaml = documents.as_yaml


@cache
def _dumped(document: str) -> str:
    return _as_yaml(json.loads(document))


@pytest.fixture(autouse=True, scope="session")
def _quick_yaml() -> Iterator[None]:
    """Remember what YAML was read and written: pure functions, but slow ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "YAML", _QuickYAML)
        patch.setattr(commands, "as_yaml", lambda document: _dumped(json.dumps(document)))
        yield


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
