"""The errors as values: their tree, and what survives a journey between processes."""

from __future__ import annotations

import copy
import inspect
import pickle
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bria_tailored_ext.values import errors
from bria_tailored_ext.values.errors import ApiError, BriaError

FACTS: dict[str, Any] = {
    "method": "PUT",
    "status": 418,
    "attempts": 4,
    "retry_after": 7.5,
    "request_id": "7f3c",
    "words": "said “no” — ünïcode",
    "fields": {"name": "too long"},
    "code": "E42",
    "seconds": 12.5,
    "polls": 9,
    "dataset_id": 3,
    "missing": ("a picture", "a schema"),
    "model_id": 12,
    "check": "freshness",
    "identity": ("a schema", 7),
    "remaining": ("make it warm",),
    "answer": "not JSON",
    "report": ("failed", 3),
    "problems": ("line 3: no prompt",),
    "count": 1,
    "path": "batch.db",
    "pid": 4711,
    "reason": "cost",
}
"""A value for each fact that any error carries; a new fact needs one here."""


def family(kind: type[BriaError]) -> Iterator[type[BriaError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from family(child)


ALL = [each for each in family(BriaError) if each.__module__.startswith(errors.__name__)]


JOURNEYS: dict[str, Callable[[BriaError], BriaError]] = {
    "pickle": lambda error: pickle.loads(pickle.dumps(error)),  # noqa: S301
    "deepcopy": copy.deepcopy,
    "copy": copy.copy,
}


def an(kind: type[BriaError]) -> tuple[BriaError, dict[str, Any]]:
    """An error of that class with every fact set, and the facts."""
    init: object = kind.__init__
    named = inspect.getfullargspec(init).kwonlyargs if inspect.isfunction(init) else []
    facts = {name: FACTS[name] for name in named}
    if issubclass(kind, errors.WaitTimeout):
        facts["status"] = "IN_PROGRESS"
    return kind("What happened.", **facts), facts


def drawn_tree() -> dict[str, str | None]:
    """Each class of the drawing in the docstring, with its parent."""
    parents: dict[str, str | None] = {}
    above: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        drawn = re.match(r"^([│├└─ ]*)([A-Z]\w+)(\s{2,}|$)", line)
        if drawn is None:
            continue
        depth = len(drawn[1]) // 4
        name = drawn[2]
        parents[name] = above[depth - 1] if depth else None
        above[depth:] = [name]
    return parents


def test_the_drawn_tree_is_the_real_one() -> None:
    """Whoever reads the drawing knows what `except` catches."""
    real = {
        kind.__name__: None if kind is BriaError else kind.__bases__[0].__name__ for kind in ALL
    }

    assert drawn_tree() == real


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("journey", JOURNEYS)
def test_every_error_survives_a_journey_with_all_its_facts(
    kind: type[BriaError], journey: str
) -> None:
    """A worker process hands an error on, and nothing of it is lost."""
    error, facts = an(kind)
    error.add_note("seen by the worker")

    arrived = JOURNEYS[journey](error)

    assert type(arrived) is kind
    assert str(arrived) == str(error) == "What happened."
    assert arrived.args == error.args
    assert {name: getattr(arrived, name) for name in facts} == facts
    assert arrived.__notes__ == ["seen by the worker"]


@pytest.mark.parametrize("kind", ALL)
def test_no_error_shows_its_facts_only_in_its_repr(kind: type[BriaError]) -> None:
    """Facts are attributes, where logs find them by name."""
    error, facts = an(kind)

    assert {name: getattr(error, name) for name in facts} == facts


def test_a_deep_copy_shares_nothing_that_can_change() -> None:
    """A deep copy is one."""
    error, _ = an(ApiError)
    assert isinstance(error, ApiError)

    copied = copy.deepcopy(error)
    copied.fields["name"] = "changed"

    assert error.fields == FACTS["fields"]


@pytest.mark.parametrize("kind", [errors.ConfigurationError, errors.InvalidInputError])
def test_what_was_wrong_beforehand_is_a_value_error_too(kind: type[BriaError]) -> None:
    """Code that knows nothing of Bria catches ValueError for a bad argument."""
    assert issubclass(kind, ValueError)
