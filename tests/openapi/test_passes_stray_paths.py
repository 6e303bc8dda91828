"""Merging path items that stand beside `paths`: nothing of either side is lost unsaid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from openapi.builder.documents import BuildError, Document
from openapi.builder.passes import PASSES, run, stray_paths

STRAY = [step for step in PASSES if step.name == "stray-paths"]


def leaves(node: Any, where: str) -> Iterator[tuple[str, Any]]:
    """Every value of a part of a document, by a name that both sides of a merge share."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from leaves(value, f"{where}.{key}")
    elif isinstance(node, list) and all(isinstance(each, dict) and "in" in each for each in node):
        for each in node:
            yield from leaves(each, f"{where}.{each['name']}")
    else:
        yield where, node


def merged(document: Document) -> tuple[dict[str, Any], list[str]]:
    """The leaves of the merged document, and the conflicts that the pass has told."""
    result = run(document, STRAY)
    notes = [note for _, each in result.notes for note in each]
    found = {
        leaf
        for path, item in result.document["paths"].items()
        for leaf in ((where, str(value)) for where, value in leaves(item, path))
    }
    return dict(found), [note for note in notes if note.startswith("conflict: ")]


def test_nothing_of_the_richer_twins_is_lost(upstream: Document) -> None:
    """Every value of a stray item is found again, unless the twin's description says more."""
    after, _ = merged(upstream)
    for path in [key for key in upstream if key.startswith("/")]:
        for where, value in leaves(upstream[path], path):
            if after[where] != str(value):
                assert where.endswith(".description")
                assert len(after[where].split()) > len(value.split())


def test_nothing_of_the_twins_in_paths_is_lost_but_listed_conflicts(upstream: Document) -> None:
    """What gives way is told, with both values, and it is little: two values of examples."""
    after, conflicts = merged(upstream)
    lost = []
    for path in upstream["paths"]:
        for where, value in leaves(upstream["paths"][path], path):
            if after[where] == str(value):
                continue
            if where.endswith(".description"):
                assert len(after[where].split()) >= len(value.split())
            else:
                lost.append(f"conflict: {where}: {value!r} gave way to ")
    assert len(lost) == len(conflicts) == 2
    assert all(told.startswith(start) for told, start in zip(conflicts, sorted(lost), strict=True))
    assert all(".example." in told for told in conflicts)


def test_what_is_richer_arrives(upstream: Document) -> None:
    """What only the stray side knows is in the merged document."""
    model, create = "/tailored-gen/models/{model_id}", "/tailored-gen/models"
    after = run(upstream, STRAY).document["paths"]
    assert "enum" not in str(upstream["paths"][model]["put"])
    assert "'Stopping'" in str(after[model]["put"]["responses"]["200"])
    assert "content" not in upstream["paths"][model]["get"]["responses"]["403"]
    forbidden = after[model]["get"]["responses"]["403"]["content"]["application/json"]
    assert forbidden["schema"] == {"type": "string"}
    assert "custom_metadata" not in str(upstream["paths"][create])
    assert "custom_metadata" in str(after[create]["post"])


CASES: list[tuple[Any, Any, Any, list[str]]] = [
    ({"a": 1}, {"a": 1}, {"a": 1}, []),
    ({"a": 1}, {"b": 2}, {"a": 1, "b": 2}, []),
    ({"a": {"b": 1}}, {"a": {"c": 2}}, {"a": {"b": 1, "c": 2}}, []),
    ({"a": 1}, {"a": 2}, {"a": 2}, ["x.a: 1 gave way to 2"]),
    ({"a": 1}, {"a": 1.5}, {"a": 1.5}, ["x.a: 1 gave way to 1.5"]),
    ({"a": ["p"]}, {"a": ["q"]}, {"a": ["q"]}, ["x.a: ['p'] gave way to ['q']"]),
    ({"description": "one"}, {"description": "one two"}, {"description": "one two"}, []),
    ({"description": "one two"}, {"description": "one"}, {"description": "one two"}, []),
    ({"description": "here"}, {"description": "there"}, {"description": "there"}, []),
    (
        {"parameters": [{"in": "query", "name": "p"}, {"in": "path", "name": "q"}]},
        {"parameters": [{"in": "path", "name": "q", "x": 1}, {"in": "query", "name": "r"}]},
        {
            "parameters": [
                {"in": "query", "name": "p"},
                {"in": "path", "name": "q", "x": 1},
                {"in": "query", "name": "r"},
            ]
        },
        [],
    ),
]


@pytest.mark.parametrize(("base", "rich", "expected", "told"), CASES)
def test_two_values_become_one(base: Any, rich: Any, expected: Any, told: list[str]) -> None:
    """The stray side wins; of two descriptions the longer one stays; parameters pair by name."""
    conflicts: list[str] = []
    assert stray_paths.merge(base, rich, "x", conflicts) == expected
    assert conflicts == told


@pytest.mark.parametrize(("base", "rich"), [("text", {"a": 1}), ([1], "text"), (1, "1"), ({}, [])])
def test_values_of_different_kinds_stop_the_build(base: Any, rich: Any) -> None:
    """Nobody can say which of an object and a text is right, so a person has to."""
    document = {"paths": {"/a": {"get": {"x": base}}}, "/a": {"get": {"x": rich}}}
    with pytest.raises(BuildError) as caught:
        run(document, STRAY)
    assert str(caught.value).startswith("Pass `stray-paths`: /a.get.x is ")
    assert "add a correction" in str(caught.value)


def test_an_item_without_a_twin_moves_and_says_so() -> None:
    """Other keys of the document stay where they are."""
    result = run({"info": {}, "paths": {"/a": {"get": {}}}, "/b": {"get": {}}}, STRAY)
    assert result.document == {"info": {}, "paths": {"/a": {"get": {}}, "/b": {"get": {}}}}
    assert result.notes[0][1] == ("/b: moved into `paths`",)


def test_a_document_without_stray_items_stops_the_build() -> None:
    """When Bria has mended it, the pass has to go, and the sentence says from where."""
    with pytest.raises(BuildError, match=r"found nothing to do.*openapi/builder/passes/__init__"):
        run({"paths": {"/a": {"get": {}}}}, STRAY)
