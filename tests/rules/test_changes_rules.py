"""What changed between two JSON documents, in words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bria_tailored_ext.rules.json_changes import Change, changes_between

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("xy", max_size=2), inner),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"a": 1}, {"a": 1, "b": [2]}, ["added b: [2]"]),
        ({"a": 1, "b": 2}, {"a": 1}, ["removed b: 2"]),
        ({"a": "x"}, {"a": "ÿ"}, ['changed a: "x" → "ÿ"']),
        ({"a": {"b": {"c": 1}}}, {"a": {"b": {"c": 2}}}, ["changed a.b.c: 1 → 2"]),
        ({"a": [1, 2]}, {"a": [0, 1, 2]}, ["added a[0]: 0"]),
        ({"a": [1, 2, 3]}, {"a": [1, 3]}, ["removed a[1]: 2"]),
        ({"a": [{"h": 1, "n": 2}]}, {"a": [{"h": 9, "n": 2}]}, ["changed a[0].h: 1 → 9"]),
        ({"hair colour": 1}, {"hair colour": 2}, ['changed ["hair colour"]: 1 → 2']),
        ({"a": {"b c": 1}}, {"a": {}}, ['removed a["b c"]: 1']),
        ({"a": 1}, {"a": True}, ["changed a: 1 → true"]),
        ({"a": None}, {}, ["removed a: null"]),
        ({"a": [1]}, {"a": {"0": 1}}, ['changed a: [1] → {"0": 1}']),
        ("x", 7, ['changed the whole: "x" → 7']),
    ],
)
def test_each_change_is_a_line_that_a_person_reads(
    before: Any, after: Any, told: list[str]
) -> None:
    """Where, what happened, and the values."""
    assert [str(change) for change in changes_between(before, after)] == told


def test_the_order_of_keys_says_nothing() -> None:
    """To JSON it is the same object."""
    assert changes_between({"a": 1, "b": {"c": 2, "d": 3}}, {"b": {"d": 3, "c": 2}, "a": 1}) == ()


def test_a_long_value_is_cut() -> None:
    """The line stays one; the value is whole in the attribute."""
    (change,) = changes_between({}, {"a": "x" * 5000})

    assert len(str(change)) < 350
    assert change.after == "x" * 5000


def test_documents_too_deep_to_compare_are_one_change() -> None:
    """They were paid for, and nothing is lost over their comparison."""

    def deep(bottom: int) -> Any:
        value: Any = bottom
        for _ in range(600):
            value = [value]
        return value

    assert changes_between(deep(1), deep(2))[0].kind == "changed"


@given(value=JSON)
def test_what_is_the_same_has_no_changes(value: Any) -> None:
    """A copy is the same."""
    assert changes_between(value, json.loads(json.dumps(value))) == ()


@given(before=JSON, after=JSON)
def test_what_differs_has_changes_each_with_its_values(before: Any, after: Any) -> None:
    """No difference goes unreported, and none is invented."""
    changes = changes_between(before, after)

    same = json.dumps(before, sort_keys=True) == json.dumps(after, sort_keys=True)
    assert same == (changes == ())
    assert len(changes) == len(set(map(str, changes))) or any("[" in c.path for c in changes)
    for change in changes:
        assert change.kind != "changed" or json.dumps(change.before) != json.dumps(change.after)


def test_a_change_knows_its_values() -> None:
    """What the line shows is in the attributes."""
    assert changes_between({"a": 1}, {"a": 2}) == (
        Change(path="a", kind="changed", before=1, after=2),
    )
