"""A correction that no longer matches stops the build, and the sentence says which one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import jsonpath
import pytest

from openapi.builder.documents import (
    BuildError,
    Document,
    Operation,
    operations,
    read_data,
    subschemas,
)
from openapi.builder.passes import PASSES, names, overlays, prose, run, servers

Entry = dict[str, Any]
Before = Callable[[str], Document]

TABLE = names.table()
ACTIONS: list[Entry] = read_data(overlays.CORRECTIONS)["actions"]
PHRASES: list[Entry] = read_data(prose.DATA)["phrases"]
PATHS: list[Entry] = read_data(servers.MOVED_PATHS)["paths"]


def stopped(document: Document, *, since: str = PASSES[0].name) -> str:
    """What the build says when it stops over a document as the pass `since` gets to see it."""
    first = [step.name for step in PASSES].index(since)
    with pytest.raises(BuildError) as caught:
        run(document, PASSES[first:])
    return str(caught.value)


def path_items(document: Document, path: str) -> Iterator[dict[str, Any]]:
    """A path item of Bria's document, and its twin beside `paths`."""
    for holder in (document["paths"], document):
        if path in holder:
            yield holder[path]


def answered(operation: Operation) -> Iterator[dict[str, Any]]:
    """Every schema in the successful answers of an operation."""
    for _, answer in operation.successes():
        for content in answer.get("content", {}).values():
            yield from subschemas(content.get("schema"))


def remove(item: dict[str, Any], way: tuple[Any, ...]) -> None:
    """Take out the innermost thing on a way into a path item that is there."""
    node: Any = item
    for here, following in pairwise(way):
        inside = node[here]
        if not (following in inside if isinstance(inside, dict) else isinstance(following, int)):
            del node[here]
            return
        node = inside
    del node[way[-1]]


def complain_of_unknown(said: str, what: str) -> None:
    assert what in said
    assert "remove" in said.lower()


@pytest.mark.parametrize("action", ACTIONS, ids=lambda each: each["target"][-60:])
def test_an_overlay_action_that_matches_nothing_stops_the_build(
    action: Entry, upstream: Document, before: Before
) -> None:
    """The sentence names the target, why the action is there, and until when."""
    for match in jsonpath.finditer(action["target"], before("corrections")):
        _, path, *way = match.parts
        for item in path_items(upstream, str(path).removeprefix("/v1").removeprefix("/v2")):
            if way[0] in item:
                remove(item, tuple(way))
    said = stopped(upstream)
    assert said.startswith("Pass `corrections`: the action of overlay.yaml with target ")
    complain_of_unknown(said, f"{action['target']} matches nothing")
    assert action["x-reason"] in said
    assert action["x-until"] in said


@pytest.mark.parametrize("entry", PHRASES, ids=lambda each: each["find"])
def test_a_phrase_that_no_prose_has_stops_the_build(entry: Entry, upstream: Document) -> None:
    """The sentence quotes the phrase."""
    mended = without_phrase(upstream, entry["find"])
    assert mended != upstream
    complain_of_unknown(stopped(mended), f"corrections/prose.yaml looks for {entry['find']!r}")


def without_phrase(node: Any, phrase: str) -> Any:
    if isinstance(node, dict):
        return {key: without_phrase(value, phrase) for key, value in node.items()}
    if isinstance(node, list):
        return [without_phrase(value, phrase) for value in node]
    return node.replace(phrase, "`right`") if isinstance(node, str) else node


@pytest.mark.parametrize("entry", PATHS, ids=lambda each: each["documented"])
def test_a_path_that_is_gone_stops_the_build(entry: Entry, upstream: Document) -> None:
    """The sentence names the path."""
    del upstream["paths"][entry["documented"].removeprefix("/v1")]
    said = stopped(upstream)
    complain_of_unknown(said, f"corrections/paths.yaml speaks of {entry['documented']}, which")


@pytest.mark.parametrize("entry", TABLE["operations"], ids=lambda each: each["from"])
def test_an_operation_id_that_is_gone_stops_the_build(entry: Entry, upstream: Document) -> None:
    """The sentence names the section of the table and the id."""
    for operation in operations(upstream):
        if operation.id == entry["from"]:
            operation.body["operationId"] = "renamed"
    said = stopped(upstream)
    complain_of_unknown(said, f"`operations`: the document has no operation id {entry['from']!r}")


@pytest.mark.parametrize("entry", TABLE["tags"], ids=lambda each: each["from"])
def test_a_tag_that_is_gone_stops_the_build(entry: Entry, upstream: Document) -> None:
    """The sentence names the section of the table and the tag."""
    stray = [item for path, item in upstream.items() if path.startswith("/")]
    for item in (*upstream["paths"].values(), *stray):
        for body in item.values():
            body["tags"] = ["Renamed" if each == entry["from"] else each for each in body["tags"]]
    upstream["tags"] = [each for each in upstream["tags"] if each["name"] != entry["from"]]
    for group in upstream["x-tagGroups"]:
        group["tags"] = [each for each in group["tags"] if each != entry["from"]]
    complain_of_unknown(stopped(upstream), f"`tags`: the document has no tag {entry['from']!r}")


@pytest.mark.parametrize("entry", TABLE["requests"], ids=lambda each: each["name"])
def test_a_request_that_is_gone_stops_the_build(entry: Entry, before: Before) -> None:
    """The sentence names the entry and the operation."""
    document = before("components")
    for operation in operations(document):
        if operation.id == entry["operation"]:
            del operation.body["requestBody"]
    said = stopped(document, since="components")
    complain_of_unknown(said, f"corrections/names.yaml, {entry['name']}: nothing")
    assert entry["operation"] in said


@pytest.mark.parametrize("entry", TABLE["answers"], ids=lambda each: each["name"])
def test_an_object_that_is_gone_stops_the_build(entry: Entry, before: Before) -> None:
    """The sentence names the entry and what was looked for."""
    document, wanted = before("components"), set(entry.get("fields", ()))
    for operation in operations(document):
        if entry.get("operation", operation.id) == operation.id:
            for schema in answered(operation):
                if wanted <= schema.get("properties", {}).keys():
                    gone = min(wanted) if wanted else "properties"
                    del (schema["properties"] if wanted else schema)[gone]
    said = stopped(document, since="components")
    complain_of_unknown(said, f"corrections/names.yaml, {entry['name']}: nothing")
    assert all(field in said for field in wanted)


IDENTITIES = [
    (entry["name"], field) for entry in TABLE["answers"] for field in entry.get("required", ())
]


@pytest.mark.parametrize(("name", "field"), IDENTITIES)
def test_an_identity_field_that_is_gone_stops_the_build(
    name: str, field: str, before: Before
) -> None:
    """The sentence names the type and the field."""
    document = before("answers")
    del document["components"]["schemas"][name]["properties"][field]
    said = stopped(document, since="answers")
    complain_of_unknown(said, f"corrections/names.yaml, {name}: `required` names {field!r}")


@pytest.mark.parametrize("entry", TABLE["untyped"], ids=lambda each: each["at"])
def test_an_empty_object_that_is_described_now_stops_the_build(
    entry: Entry, before: Before
) -> None:
    """The sentence names the place."""
    document, key = before("components"), entry["at"].partition(".")[2].removesuffix("[]")
    for operation in operations(document):
        for schema in answered(operation):
            if key in schema.get("properties", {}):
                schema["properties"][key] = {"type": "array", "items": {"type": "string"}}
    said = stopped(document, since="components")
    complain_of_unknown(said, f"`untyped`: {entry['at']} is not an empty object any more")


@pytest.mark.parametrize("entry", TABLE["enums"], ids=lambda each: each["name"])
def test_an_enum_that_is_gone_stops_the_build(entry: Entry, before: Before) -> None:
    """The sentence names the property."""
    document = before("enums")
    for owner in document["components"]["schemas"].values():
        for schema in subschemas(owner.get("properties", {}).get(entry["property"])):
            schema.pop("enum", None)
    said = stopped(document, since="enums")
    complain_of_unknown(said, f"`enums`: no property {entry['property']!r} with an enum")


def test_every_section_of_the_corrections_is_covered_here() -> None:
    """A new section of the table needs a test of its own."""
    assert set(TABLE) == {"operations", "tags", "requests", "answers", "untyped", "enums"}
    files = {path.name for path in overlays.CORRECTIONS.parent.iterdir()}
    assert files == {"names.yaml", "overlay.yaml", "paths.yaml", "prose.yaml"}


@pytest.mark.parametrize("entry", [*ACTIONS, *PHRASES, *PATHS])
def test_a_correction_says_why_it_is_there_and_when_it_may_go(entry: Entry) -> None:
    """Without that, nobody dares to remove it."""
    for key in ("reason", "evidence", "until"):
        assert entry.get(key) or entry.get(f"x-{key}")
