"""Each pass over paths, parameters and prose, on documents small enough to read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from openapi.builder.documents import BuildError, Document
from openapi.builder.passes import (
    NORMALISE,
    PASSES,
    Pass,
    authentication,
    comparable,
    json_schema,
    names,
    overlays,
    prose,
    run,
    servers,
    supplements,
)

Apply = Callable[[Document], Sequence[str]]

HOST = "https://a.test"
TEXT = {"type": "string"}
TOKEN = {"in": "header", "name": "api_token", "schema": TEXT}


def document(operation: dict[str, Any] | None = None, **parts: Any) -> Document:
    return {"openapi": "3.0.0", "paths": {"/a": {"get": operation or {}}}, **parts}


def write(path: Path, data: Any) -> Path:
    with path.open("w", encoding="utf-8") as stream:
        YAML(typ="safe").dump(data, stream)
    return path


def operation_of(built: Document) -> dict[str, Any]:
    found: dict[str, Any] = built["paths"]["/a"]["get"]
    return found


def one_pass(apply: Apply, given: Document) -> Document:
    return run(given, [Pass("this", "A defect.", apply)]).document


def sentence(apply: Apply, given: Document) -> str:
    with pytest.raises(BuildError) as caught:
        one_pass(apply, given)
    return str(caught.value)


@pytest.mark.parametrize("step", PASSES, ids=lambda step: step.name)
def test_a_shape_that_no_pass_expects_is_a_sentence_and_no_traceback(step: Pass) -> None:
    """Whatever stands where an operation should be, the build stops with words."""
    given = {"openapi": "3.0.0", "servers": [{"url": HOST}], "/a": 1, "paths": {"/a": {"get": 7}}}
    with pytest.raises(BuildError, match=f"^Pass `{step.name}`"):
        run(given, [step])


SERVERS: list[tuple[str, str | None, str]] = [
    (f"{HOST}/v2/", None, "/v2/a"),
    (f"{HOST}/v2", f"{HOST}/v1", "/v1/a"),
    (f"{HOST}/v2", f"{HOST}/v1/", "/v1/a"),
    (HOST, f"{HOST}/v1", "/v1/a"),
]


@pytest.mark.parametrize(("default", "own", "path"), SERVERS)
def test_a_server_becomes_part_of_the_path(default: str, own: str | None, path: str) -> None:
    """An operation's own server counts, else the document's, with or without a final slash."""
    given = document({"servers": [{"url": own}]} if own else {}, servers=[{"url": default}])
    assert one_pass(servers.apply, given) == {
        "openapi": "3.0.0",
        "servers": [{"url": HOST}],
        "paths": {path: {"get": {}}},
    }


def test_operations_of_one_path_may_have_different_servers() -> None:
    """One item becomes two, and each keeps what the item says of all its operations."""
    item: dict[str, Any] = {
        "summary": "Both",
        "servers": [{"url": f"{HOST}/v1"}],
        "get": {},
        "put": {"servers": [{"url": f"{HOST}/v3"}]},
    }
    given: Document = {"servers": [{"url": HOST}], "paths": {"/a": item}}
    assert one_pass(servers.apply, given)["paths"] == {
        "/v1/a": {"summary": "Both", "get": {}},
        "/v3/a": {"summary": "Both", "put": {}},
    }


SERVER_SENTENCES: list[tuple[Document, str]] = [
    (document(), "The document declares 0 servers where one was expected"),
    (document(servers=[{"url": HOST}] * 2), "The document declares 2 servers"),
    (document({"servers": [{}]}, servers=[{"url": HOST}]), "get /a declares 1 servers"),
    (
        document({"servers": [{"url": "https://b.test/v1"}]}, servers=[{"url": HOST}]),
        "get /a is on https://b.test, the document on https://a.test",
    ),
]


@pytest.mark.parametrize(("given", "words"), SERVER_SENTENCES)
def test_servers_that_make_no_single_address_stop_the_build(given: Document, words: str) -> None:
    """The sentence names the operation and what it declares."""
    assert words in sentence(servers.apply, given)


def moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, documented: str, used: str) -> None:
    entry = {"documented": documented, "used": used, "reason": "A reason."}
    monkeypatch.setattr(servers, "MOVED_PATHS", write(tmp_path / "p.yaml", {"paths": [entry]}))


def test_a_path_is_called_where_the_table_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the path changes, and the order stays."""
    moved(tmp_path, monkeypatch, "/a", "/z")
    given: Document = {"paths": {"/a": {"get": {}}, "/b": {}}}
    assert list(one_pass(servers.move_paths, given)["paths"].items()) == [
        ("/z", {"get": {}}),
        ("/b", {}),
    ]


def test_a_path_that_is_gone_or_taken_stops_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An operation may not be lost because another is moved onto its path."""
    moved(tmp_path, monkeypatch, "/gone", "/z")
    assert "speaks of /gone, which the document no longer has" in sentence(
        servers.move_paths, document()
    )
    moved(tmp_path, monkeypatch, "/a", "/b")
    said = sentence(servers.move_paths, {"paths": {"/a": {}, "/b": {}}})
    assert "calls /a at /b, which is a path of the document itself. Remove the entry" in said


def test_only_the_token_is_lifted_out_of_the_parameters() -> None:
    """A query parameter of the same name is another thing, and other headers stay."""
    others = [{"in": "query", "name": "api_token"}, {"in": "header", "name": "x-other"}]
    after = one_pass(authentication.apply, document({"parameters": [TOKEN, *others]}))
    assert operation_of(after)["parameters"] == others
    alone = one_pass(authentication.apply, document({"parameters": [TOKEN]}))
    assert "parameters" not in operation_of(alone)
    assert alone["security"] == [{"apiToken": []}]


def test_an_operation_without_the_token_stops_the_build() -> None:
    """A public operation may be meant or a mistake: a person decides."""
    said = sentence(authentication.apply, document())
    assert "get /a has no header parameter `api_token`" in said
    assert "add an exception to this pass" in said


NULLABLE: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
    ({"type": "string", "nullable": False}, {"type": "string"}),
    ({"type": ["string", "null"], "nullable": True}, {"type": ["string", "null"]}),
    (
        {"type": "string", "enum": ["a"], "nullable": True, "description": "d"},
        {"description": "d", "anyOf": [{"type": "string", "enum": ["a"]}, {"type": "null"}]},
    ),
    ({"anyOf": [TEXT], "nullable": True}, {"anyOf": [TEXT, {"type": "null"}]}),
    ({"nullable": True}, {}),
    (
        {"type": "array", "items": {"type": "string", "nullable": True}},
        {"type": "array", "items": {"type": ["string", "null"]}},
    ),
]


@pytest.mark.parametrize(("old", "new"), NULLABLE)
def test_nullable_becomes_null(old: dict[str, Any], new: dict[str, Any]) -> None:
    """In bodies, answers and parameters alike, however deep."""
    content = {"content": {"application/json": {"schema": {"properties": {"x": old}}}}}
    operation = {
        "requestBody": content,
        "responses": {"200": content},
        "parameters": [{"name": "q", "in": "query", "schema": old}],
    }
    after = operation_of(one_pass(json_schema.apply, document(operation)))
    assert after["parameters"][0]["schema"] == new
    for place in (after["requestBody"], after["responses"]["200"]):
        assert place["content"]["application/json"]["schema"]["properties"]["x"] == new


def test_a_document_of_another_version_stops_the_build() -> None:
    """When Bria moves to 3.1, the pass has to go."""
    said = sentence(json_schema.apply, {"openapi": "3.1.0", "paths": {}})
    assert "The document is OpenAPI 3.1.0; 3.0 was expected" in said


@pytest.fixture
def two_names(monkeypatch: pytest.MonkeyPatch) -> None:
    renamed = {"operations": [{"from": "a", "to": "b"}], "tags": [{"from": "T", "to": "U"}]}
    monkeypatch.setattr(names, "table", lambda: renamed)


@pytest.mark.usefixtures("two_names")
def test_names_change_wherever_they_stand() -> None:
    """A tag is renamed where it is used, where it is declared, and where it is grouped."""
    given = document({"operationId": "a", "tags": ["T", "V"]})
    given |= {"tags": [{"name": "T"}], "x-tagGroups": [{"tags": ["V", "T"]}]}
    after = one_pass(names.apply, given)
    assert operation_of(after) == {"operationId": "b", "tags": ["U", "V"]}
    assert (after["tags"], after["x-tagGroups"]) == ([{"name": "U"}], [{"tags": ["V", "U"]}])


@pytest.mark.usefixtures("two_names")
@pytest.mark.parametrize(
    ("operation", "words"),
    [
        ({"operationId": "c", "tags": ["T"]}, "`operations`: the document has no operation id 'a'"),
        ({"operationId": "a", "tags": ["V"]}, "`tags`: the document has no tag 'T' any more"),
    ],
)
def test_a_name_that_is_gone_stops_the_build(operation: dict[str, Any], words: str) -> None:
    """The sentence names the section and the entry, and says what to do."""
    said = sentence(names.apply, document(operation))
    assert words in said
    assert said.endswith("Rename the entry to what Bria calls it now, or remove it.")


def test_prose_is_replaced_in_descriptions_and_summaries_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Values and names are not prose, and a property may be called `description`."""
    phrases = {"phrases": [{"find": "old", "replace": "new"}]}
    monkeypatch.setattr(prose, "DATA", write(tmp_path / "prose.yaml", phrases))
    given: Document = {
        "summary": "old",
        "x": ["old", {"description": "an old, old one"}],
        "old": "old",
    }
    given["properties"] = {"description": {"example": "old"}}
    after = one_pass(prose.apply, given)
    assert after == {
        "summary": "new",
        "x": ["old", {"description": "an new, new one"}],
        "old": "old",
        "properties": {"description": {"example": "old"}},
    }
    assert "looks for 'old', which no description has any more" in sentence(prose.apply, {})


OVERLAY: list[tuple[dict[str, Any], Document, Document]] = [
    ({"target": "$.a", "update": {"c": 1}}, {"a": {"b": 0}}, {"a": {"b": 0, "c": 1}}),
    (
        {"target": "$.a", "update": {"b": {"d": 1}}},
        {"a": {"b": {"c": 0}}},
        {"a": {"b": {"c": 0, "d": 1}}},
    ),
    ({"target": "$.a", "update": {"b": [1]}}, {"a": {"b": [0]}}, {"a": {"b": [1]}}),
    ({"target": "$.a", "update": 1}, {"a": [0]}, {"a": [0, 1]}),
    ({"target": "$.a", "update": [1, 2]}, {"a": [0]}, {"a": [0, 1, 2]}),
    ({"target": "$.a.b", "update": 2}, {"a": {"b": 1}}, {"a": {"b": 2}}),
    ({"target": "$..x", "update": 2}, {"a": {"x": 1}, "x": 0}, {"a": {"x": 2}, "x": 2}),
    ({"target": "$.a", "remove": True}, {"a": 1, "b": 2}, {"b": 2}),
    ({"target": "$.a[?(@ < 3)]", "remove": True}, {"a": [1, 5, 2, 0, 4]}, {"a": [5, 4]}),
]


@pytest.mark.parametrize(("action", "given", "expected"), OVERLAY)
def test_an_overlay_action_does_what_the_standard_says(
    action: dict[str, Any], given: Document, expected: Document, tmp_path: Path
) -> None:
    """Objects merge, arrays grow, other values are replaced, and all matches are meant."""
    path = write(tmp_path / "overlay.yaml", {"actions": [action]})
    assert one_pass(lambda each: overlays.apply(each, path), given) == expected


def test_an_overlay_action_without_a_match_or_a_fit_stops_the_build(tmp_path: Path) -> None:
    """The sentence names file, target, reason and until when, as far as they are given."""
    action = {"target": "$.b", "update": 1, "x-reason": "It was wrong.", "x-until": "It is right."}
    path = write(tmp_path / "overlay.yaml", {"actions": [action]})
    said = sentence(lambda each: overlays.apply(each, path), {"a": 1})
    assert "the action of overlay.yaml with target $.b matches nothing" in said
    assert "because: It was wrong. It may go when: It is right. Look at what" in said
    assert "an update of it must be one too" in sentence(
        lambda each: overlays.apply(each, path), {"b": {}}
    )


def test_an_overlay_does_not_share_values_between_its_matches(tmp_path: Path) -> None:
    """What a later pass does to one place must not happen to another."""
    action = {"target": "$.*", "update": {"c": {"d": []}}}
    path = write(tmp_path / "overlay.yaml", {"actions": [action]})
    after = one_pass(lambda each: overlays.apply(each, path), {"a": {}, "b": {}})
    assert after["a"]["c"] == after["b"]["c"]
    assert after["a"]["c"] is not after["b"]["c"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"paths": {"/new": {}}}, "adds the path /new, which Bria's document now has itself"),
        ({"paths": {}, "components": {"schemas": {"New": {}}}}, "adds the schema New, which"),
    ],
)
def test_a_supplement_that_bria_has_caught_up_with_stops_the_build(
    given: Document, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ours is not better than theirs: somebody has to compare the two."""
    monkeypatch.setattr(supplements, "FOLDER", tmp_path)
    ours = {"paths": {"/new": {"get": {}}}, "components": {"schemas": {"New": {"type": "object"}}}}
    write(tmp_path / "ours.yaml", {**ours, "tags": [{"name": "Ours"}]})
    after = one_pass(supplements.apply, {"paths": {}})
    assert after == {**ours, "tags": [{"name": "Ours"}]}
    assert f"supplement/ours.yaml {words}" in sentence(supplements.apply, given)


def test_documents_are_compared_even_where_a_pass_would_stop() -> None:
    """A document that Bria has mended can still be laid beside the old one."""
    given = document({"servers": [{"url": f"{HOST}/v1"}]}, servers=[{"url": HOST}])
    with pytest.raises(BuildError):
        run(given, NORMALISE)
    after, skipped = comparable(given)
    assert skipped == ["authentication"]
    assert after["openapi"] == "3.1.0"
    assert list(after["paths"]) == ["/v1/a"]
