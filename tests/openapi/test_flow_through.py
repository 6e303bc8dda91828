"""What Bria may do to its document next flows through by itself, and the report names it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import attrs
import pytest

from openapi.builder import commands, generation
from openapi.builder.__main__ import ROOT, main
from openapi.builder.documents import Document, as_yaml
from openapi.builder.passes import run

DATA = Path(__file__).parent / "data"

Schema: TypeAlias = dict[str, Any]

TEXT = {"type": "string"}
COUNT = {"type": "integer"}
HOST = "https://engine.prod.bria-api.com"
TOKEN = {"name": "api_token", "in": "header", "required": True, "schema": TEXT}


@attrs.frozen
class Change:
    """One change, and what the report must say of it.

    Attributes:
        make: Makes the change in a document of Bria's.
        at: The operation that the report names.
        bria: What the report says of Bria's document.
        ours: What it says of the client, where the words differ.
    """

    make: Callable[[Document], None]
    at: str
    bria: str
    ours: str | None = None


def fields(**properties: Any) -> Schema:
    return {"type": "object", "properties": properties}


def json_of(schema: Schema) -> dict[str, Any]:
    return {"description": "It.", "content": {"application/json": {"schema": schema}}}


def operation(name: str, tag: str, version: str = "v1", **parts: Any) -> dict[str, Any]:
    return {
        "operationId": name,
        "tags": [tag],
        "summary": name,
        "servers": [{"url": f"{HOST}/{version}/"}],
        "parameters": [TOKEN, *parts.pop("parameters", ())],
        **parts,
    }


def adding(path: str, method: str, body: dict[str, Any]) -> Callable[[Document], None]:
    def make(document: Document) -> None:
        document["paths"].setdefault(path, {})[method] = body

    return make


def schemas(document: Document, path: str, method: str, status: str | None) -> list[Schema]:
    """The schema of a body, or of an answer, in `paths` and in the twin beside it."""
    found = []
    for holder in (document["paths"], document):
        item = holder.get(path, {}).get(method, {})
        place = item.get("responses", {}).get(status) if status else item.get("requestBody")
        if place and "content" in place:
            schema = place["content"]["application/json"]["schema"]
            found.append(schema.get("items", schema))
    return found


def setting(
    path: str, method: str, status: str | None, *, of: str = "", **new: Any
) -> Callable[[Document], None]:
    """Set properties of a body (no status) or an answer; `None` removes one."""

    def make(document: Document) -> None:
        for schema in schemas(document, path, method, status):
            inside = schema["properties"][of]["items"] if of else schema
            for name, value in new.items():
                if value is None:
                    inside["properties"].pop(name, None)
                else:
                    inside["properties"][name] = value

    return make


def wording(path: str, method: str, status: str | None, name: str, word: str) -> Any:
    """Add a word to an enum."""

    def make(document: Document) -> None:
        for schema in schemas(document, path, method, status):
            schema["properties"][name]["enum"].append(word)

    return make


def everywhere(*makers: Callable[[Document], None]) -> Callable[[Document], None]:
    def make(document: Document) -> None:
        for maker in makers:
            maker(document)

    return make


DATASET = "/tailored-gen/datasets/{dataset_id}"
MODEL = "/tailored-gen/models/{model_id}"
PROJECTS = "/tailored-gen/projects"
DATASET_ID = {"name": "dataset_id", "in": "path", "required": True, "schema": COUNT}
DATASET_LIKE = fields(
    id=COUNT, project_id=COUNT, name=TEXT, captions_update_status=TEXT, merged_from=COUNT
)
MERGE = operation(
    "merge-datasets",
    "Dataset",
    parameters=[DATASET_ID],
    requestBody=json_of(
        {
            **fields(
                source_ids={
                    "type": "array",
                    "items": {"type": "integer", "default": 1},
                    "description": "What to merge (required)",
                },
                mode={"type": "string", "enum": ["keep", "replace"], "default": "keep"},
                options=fields(dry_run={"type": "boolean"}),
            )
        }
    ),
    responses={"201": json_of(DATASET_LIKE), "409": {"description": "Frozen"}},
)
AUDIO = operation(
    "generate-jingle",
    "Audio Generation",
    "v2",
    requestBody=json_of(
        {**fields(prompt=TEXT, seconds={**COUNT, "enum": [5, 10]}), "required": ["prompt"]}
    ),
    responses={
        "200": json_of(
            fields(
                takes={
                    "type": "array",
                    "items": fields(
                        url=TEXT,
                        seconds={**COUNT, "enum": [5, 10]},
                        mood={"type": "string", "nullable": True, "enum": ["calm", "loud", None]},
                    ),
                }
            )
        ),
        "202": json_of(fields(request_id=TEXT, status_url=TEXT)),
        "default": {"description": "Anything else"},
    },
)


def odd(name: str, **parts: Any) -> Callable[[Document], None]:
    """An operation of a kind that Bria has none of yet."""
    method = "post" if "requestBody" in parts else "get"
    return adding(f"/tailored-gen/odd/{name}", method, operation(name, "Dataset", **parts))


BYTES = {"type": "string", "format": "binary"}
ODD = everywhere(
    odd(
        "list-words",
        responses={"200": json_of({"type": "array", "items": {**TEXT, "enum": ["a"]}})},
    ),
    odd(
        "count-words", responses={"2XX": json_of({"type": "object", "additionalProperties": COUNT})}
    ),
    odd("get-notes", responses={"200": json_of({"type": "object"})}),
    odd("get-anything", responses={"default": json_of(fields(a=TEXT))}),
    odd(
        "get-readme",
        responses={"200": {"description": "It.", "content": {"text/plain": {"schema": TEXT}}}},
    ),
    odd(
        "get-archive",
        responses={
            "200": {
                "description": "It.",
                "content": {"application/octet-stream": {"schema": BYTES}},
            }
        },
    ),
    odd(
        "send-archive",
        requestBody={"content": {"multipart/form-data": {"schema": fields(archive=BYTES)}}},
        responses={"204": {"description": "Done"}},
    ),
    odd(
        "send-either",
        requestBody={
            "content": {
                "application/json": {"schema": fields(a=TEXT)},
                "application/x-www-form-urlencoded": {"schema": fields(b=TEXT)},
            }
        },
        responses={"204": {"description": "Done"}},
    ),
)

CHANGES: dict[str, Change] = {
    "an operation under a tag that is there": Change(
        adding(f"{DATASET}/merge", "post", MERGE),
        "POST /v1/tailored-gen/datasets/{dataset_id}/merge",
        "operation added",
    ),
    "an operation under a new tag": Change(
        adding("/audio/generate/tailored", "post", AUDIO),
        "POST /v2/audio/generate/tailored",
        "operation added",
    ),
    "operations of kinds that are new": Change(
        ODD, "GET /v1/tailored-gen/odd/get-notes", "operation added"
    ),
    "a field in a request": Change(
        setting(PROJECTS, "post", None, mascots={"type": "array", "items": TEXT, "default": []}),
        "POST /v1/tailored-gen/projects",
        'body.mascots: field "mascots" added',
    ),
    "a field in an answer": Change(
        setting(
            MODEL, "get", "200", owner=fields(name=TEXT, since={**TEXT, "format": "date-time"})
        ),
        "GET /v1/tailored-gen/models/{model_id}",
        '200 body.owner: field "owner" added',
    ),
    "a word in a request": Change(
        wording(PROJECTS, "post", None, "ip_type", "mascot"),
        "POST /v1/tailored-gen/projects",
        'body.ip_type: enum word "mascot" added',
    ),
    "a word in an answer": Change(
        wording(f"{PROJECTS}/{{project_id}}", "get", "200", "status", "archived"),
        "GET /v1/tailored-gen/projects/{project_id}",
        '200 body.status: enum word "archived" added',
    ),
    "a field gone from a request": Change(
        setting("/image/generate/tailored", "post", None, negative_prompt=None),
        "POST /v2/image/generate/tailored",
        'body.negative_prompt: field "negative_prompt" removed',
    ),
    "a field gone from an answer": Change(
        setting(f"{MODEL}/download", "get", "200", base_model_card=None),
        "GET /v1/tailored-gen/models/{model_id}/download",
        '200 body.base_model_card: field "base_model_card" removed',
    ),
    "another type in a request": Change(
        setting("/image/generate/tailored", "post", None, seed=TEXT),
        "POST /v2/image/generate/tailored",
        "body.seed: type changed from integer to string",
    ),
    "another type in every copy of an answer": Change(
        everywhere(
            setting(f"{MODEL}/checkpoints", "get", "200", of="checkpoints", training_job_id=TEXT),
            setting(f"{MODEL}/checkpoints/{{checkpoint_step}}", "get", "200", training_job_id=TEXT),
        ),
        "GET /v1/tailored-gen/models/{model_id}/checkpoints/{checkpoint_step}",
        "200 body.training_job_id: type changed from integer to string",
    ),
    "another type in one copy of nine": Change(
        setting(DATASET, "get", "200", images_count=TEXT),
        "GET /v1/tailored-gen/datasets/{dataset_id}",
        "200 body.images_count: type changed from integer to string",
        "200 body.images_count: type widened from integer to integer or string",
    ),
}


def make_all(document: Document) -> Document:
    """A copy with every change at once, as it would be read from a file."""
    changed = json.loads(json.dumps(document))
    for change in CHANGES.values():
        change.make(changed)
    again: Document = json.loads(json.dumps(changed))
    return again


def reported(
    document: Document, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str, str, str]:
    """What `diff` returns and says of Bria's document, of our client, and as an error."""
    path = tmp_path / "next.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    code = main(["diff", str(path)])
    out, err = capsys.readouterr()
    bria, _, ours = out.partition("What that changes in the client")
    return code, " ".join(bria.split()), " ".join(ours.split()), " ".join(err.split())


def under(operation: str, report: str) -> str:
    """What a report says after the name of an operation."""
    assert f"{operation} (" in report
    after = report.partition(f"{operation} (")[2]
    return re.split(r" (?:GET|POST|PUT|DELETE) /v", after)[0]


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_builds_by_itself(name: str, upstream: Document, built: Document) -> None:
    """Nobody has to touch a pass or a correction, whichever change comes alone."""
    CHANGES[name].make(upstream)
    assert run(upstream).document != built


def test_every_change_is_named_on_both_sides(
    upstream: Document, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The report says what it is, in Bria's document and for users of the client."""
    code, bria, ours, err = reported(make_all(upstream), tmp_path, capsys)
    assert (code, err) == (0, "")
    for change in CHANGES.values():
        assert change.bria in under(change.at, bria)
        assert (change.ours or change.bria) in under(change.at, ours)


def test_the_document_in_use_changes_nothing(
    upstream: Document, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not even as YAML: the report is that there is no difference."""
    path = tmp_path / "next.yaml"
    path.write_text(as_yaml(upstream), encoding="utf-8")
    assert main(["diff", str(path)]) == 0
    assert capsys.readouterr().out.count("No differences.") == 2


def gone(*way: str) -> Callable[[Document], None]:
    def make(document: Document) -> None:
        for key in way[:-1]:
            document = document[key]
        del document[way[-1]]

    return make


def mend_stray_paths(document: Document) -> None:
    for path in [key for key in document if key.startswith("/")]:
        document["paths"][path] = document.pop(path)


BREAKING: list[tuple[Callable[[Document], None], str]] = [
    (
        gone("paths", "/datasets/{dataset_id}/download"),
        "Pass `moved-paths`: corrections/paths.yaml",
    ),
    (mend_stray_paths, "Pass `stray-paths` found nothing to do"),
    (lambda document: document.update(openapi="3.1.0"), "Pass `json-schema`: The document is"),
    (gone("paths", "/tailored-gen/refine_structured_prompt"), "Pass `names`: corrections/names"),
    (
        setting(f"{DATASET}/images", "post", "201", caption_source=TEXT),
        "Pass `corrections`: the action of overlay.yaml with target",
    ),
    (setting(f"{MODEL}/download", "get", "200", download_url=None), "Pass `components`"),
    (adding("/new", "get", {**AUDIO, "parameters": []}), "Pass `authentication`: get /v2/new"),
]


@pytest.mark.parametrize(("make", "reason"), BREAKING)
def test_a_document_that_stops_the_build_is_compared_all_the_same(
    make: Callable[[Document], None],
    reason: str,
    upstream: Document,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The report says what Bria changed, then that the build stops, and why; exit code 2."""
    make(upstream)
    CHANGES["a field in a request"].make(upstream)
    code, bria, ours, err = reported(upstream, tmp_path, capsys)
    assert code == 2
    assert 'body.mascots: field "mascots" added' in bria
    assert ours.startswith("Nothing yet: the build stops.")
    assert err.startswith(f"Stopped: {reason}")


def strange_names(package: Path) -> list[str]:
    """The models whose names the generator invented."""
    names = {path.stem for path in (package / "models").iterdir()}
    assert {"merge_datasets", "merge_datasets_options", "merge_datasets_mode"} <= names
    assert {"generate_jingle", "generate_jingle_result", "generate_jingle_result_take"} <= names
    assert {"model_owner", "list_words_result", "count_words_result", "get_notes_result"} <= names
    assert "merge_datasets_result" not in names
    return [name for name in names if "response" in name or "type_0" in name]


def test_users_of_the_new_client_get_what_the_document_says(
    upstream: Document, pytestconfig: pytest.Config
) -> None:
    """It is strictly typed, a program that uses what is new is too, and does what it should.

    One test for all changes together, because making a client takes its time. What mypy knows
    of the libraries, it keeps from one run to the next.
    """
    assert pytestconfig.cache is not None
    known = pytestconfig.cache.mkdir("mypy-of-the-new-client")
    built = commands.build(make_all(upstream))
    with (
        commands._written(built.document) as document,
        generation.generated(ROOT, document) as package,
    ):
        assert strange_names(package) == []
        assert (package / "api" / "audio_generation" / "generate_jingle.py").is_file()
        program = package.parent / "next_client.py"
        program.write_text((DATA / "next_client.py.txt").read_text(encoding="utf-8"))
        mypy = ("-m", "mypy", "--strict", f"--cache-dir={known}", "bria_tailored", program.name)
        for each in (mypy, (program.name,)):
            done = subprocess.run(
                [sys.executable, *each],
                cwd=package.parent,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr
