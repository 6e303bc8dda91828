"""`generate`, `check` and `update`, on a copy of the project's tree: all or nothing."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from openapi.builder import __main__ as command
from openapi.builder import commands, generation
from openapi.builder.documents import BuildError, Document, as_yaml
from openapi.builder.passes import Built

ROOT = command.ROOT
PARTS = ("openapi", "bria_tailored")
IGNORED = shutil.ignore_patterns("__pycache__", ".*_cache")
DRIFT = "Never edit these by hand: change openapi/ and run `make generate`.\n"


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, by its name."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


@cache
def built_once(text: str) -> Built:
    """What the builder makes of a document, without making it again for every test."""
    return _build(json.loads(text))


_build = commands.build


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what the builder reads and writes, and the commands work on it."""
    root = tmp_path / "project"
    for part in PARTS:
        shutil.copytree(ROOT / part, root / part, ignore=IGNORED)
    for file in ("generator-config.yaml", commands.SHIPPED):
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / file, root / file)
    monkeypatch.setattr(command, "ROOT", root)
    monkeypatch.setattr(commands, "build", lambda document: built_once(json.dumps(document)))
    return root


@pytest.fixture
def without_generator(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[BaseException], None]:
    """The package of the tree in place of a freshly generated one; or an error."""
    fresh = project.parent / "fresh"
    shutil.copytree(project / "bria_tailored", fresh)

    def install(error: BaseException | None = None) -> None:
        @contextmanager
        def generated(_root: Path, _document: Path) -> Iterator[Path]:
            if error:
                raise error
            yield fresh

        monkeypatch.setattr(generation, "generated", generated)

    install()
    return install


def changed(upstream: Document) -> Document:
    """Bria's document with a field and a word more."""
    project = upstream["paths"]["/tailored-gen/projects/{project_id}"]["get"]["responses"]["200"]
    properties = project["content"]["application/json"]["schema"]["properties"]
    properties["mascot"] = {"type": "string", "description": "Its mascot."}
    properties["status"]["enum"].append("archived")
    return upstream


def command_line(project: Path, *arguments: str, seed: str) -> str:
    """What a command prints, in an interpreter of its own whose sets have another order."""
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONDONTWRITEBYTECODE": "1"}
    program = [sys.executable, "-m", "openapi.builder", *arguments]
    done = subprocess.run(
        program, cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_an_update_takes_the_new_document_over_byte_for_byte(
    project: Path, upstream: Document, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its bytes, their checksum, document and client."""
    new = tmp_path / "from Bria.json"
    new.write_text(json.dumps(changed(upstream), indent=3), encoding="utf-8")
    assert command.main(["update", str(new)]) == 0
    report = capsys.readouterr().out
    assert 'field "mascot" added' in report
    assert 'enum word "archived" added' in report
    (kept,) = (project / "openapi" / "upstream").iterdir()
    assert kept.read_bytes() == new.read_bytes()
    source = tomllib.loads((project / "openapi" / "sources.toml").read_text())["upstream"]
    assert source["file"] == f"upstream/{kept.name}" == "upstream/tailored-generation.json"
    assert source["sha256"] == hashlib.sha256(new.read_bytes()).hexdigest()
    assert source["url"].startswith("https://")
    for name in ("openapi/tailored-generation.yaml", "bria_tailored/models/project.py"):
        assert "Its mascot." in (project / name).read_text()
    assert "archived" in (project / "bria_tailored/models/project_status.py").read_text()


@pytest.mark.slow
def test_every_further_run_gives_the_same(
    project: Path, upstream: Document, tmp_path: Path
) -> None:
    """Whatever order the interpreter gives to its sets; `make check-generated` relies on it."""
    new = tmp_path / "new.json"
    new.write_text(json.dumps(changed(upstream)), encoding="utf-8")
    assert 'field "mascot" added' in command_line(project, "update", str(new), seed="1")
    assert "are what a fresh build gives." in command_line(project, "check", seed="4242")


@pytest.mark.usefixtures("without_generator")
def test_an_update_in_yaml_takes_the_place_of_json(
    project: Path, upstream: Document, tmp_path: Path
) -> None:
    """One document stays, under the name of its kind; other files of the folder stay as well."""
    notes = project / "openapi" / "upstream" / "notes.txt"
    notes.write_text("Ours.")
    new = tmp_path / "new.yaml"
    new.write_text(as_yaml(changed(upstream)), encoding="utf-8")
    assert command.main(["update", str(new)]) == 0
    assert tree(project / "openapi" / "upstream") == {
        "tailored-generation.yaml": new.read_bytes(),
        "notes.txt": b"Ours.",
    }


def test_an_update_that_does_not_build_changes_nothing(
    project: Path, upstream: Document, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A correction that no longer matches is told before anything is replaced."""
    before = tree(project)
    del changed(upstream)["paths"]["/datasets/{dataset_id}/download"]
    new = tmp_path / "new.json"
    new.write_text(json.dumps(upstream), encoding="utf-8")
    assert command.main(["update", str(new)]) == 2
    assert "Stopped: Pass `moved-paths`" in capsys.readouterr().err
    assert tree(project) == before


@pytest.mark.parametrize(
    ("error", "name"),
    [(BuildError("It warned."), "new.yaml"), (KeyboardInterrupt(), "new.json")],
)
def test_an_update_that_is_cut_short_changes_nothing(
    error: BaseException,
    name: str,
    project: Path,
    without_generator: Callable[[BaseException], None],
    upstream: Document,
    tmp_path: Path,
) -> None:
    """Whatever goes wrong after the document was replaced, the old one comes back."""
    before = tree(project)
    without_generator(error)
    new = tmp_path / name
    new.write_text(json.dumps(changed(upstream)), encoding="utf-8")
    with pytest.raises(type(error)):
        commands.update(project, new)
    assert tree(project) == before


@pytest.mark.usefixtures("without_generator")
def test_an_update_whose_last_step_fails_changes_nothing(
    project: Path, upstream: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even the built document, which is in place by then."""

    def full(_package: Path, _target: Path) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(generation, "replace", full)
    before = tree(project)
    new = tmp_path / "new.json"
    new.write_text(json.dumps(changed(upstream)), encoding="utf-8")
    with pytest.raises(OSError, match="No space left"):
        commands.update(project, new)
    assert tree(project) == before


def test_a_generator_that_only_warns_stops_the_build(project: Path, tmp_path: Path) -> None:
    """A piece that is left out of the client would be noticed by a user first."""
    document = tmp_path / "warned.yaml"
    text = (project / "openapi" / "tailored-generation.yaml").read_text()
    document.write_text(text.replace("application/json:", "application/unheard-of:", 1))
    with (
        pytest.raises(BuildError, match=r"(?s)openapi_python_client failed:.*WARNING"),
        generation.generated(project, document),
    ):
        pass


@pytest.mark.parametrize("arguments", [["generate"], ["check"], ["diff", "{new}"]])
def test_a_document_that_was_edited_by_hand_is_refused(
    arguments: list[str], project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By its checksum, before anything is built from it; a new one comes in by `update`."""
    upstream = project / "openapi" / "upstream" / "tailored-generation.json"
    new = tmp_path / "new.json"
    shutil.copyfile(upstream, new)
    upstream.write_bytes(upstream.read_bytes() + b"\n")
    before = tree(project)
    assert command.main([each.format(new=new) for each in arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"Stopped: {upstream} was changed by hand: ")
    assert "make spec-update NEW=file" in err
    assert tree(project) == before


DAMAGES: list[tuple[str, Callable[[Path], object], str]] = [
    (
        "bria_tailored/client.py",
        lambda path: path.write_text(path.read_text() + "# mine\n"),
        "bria_tailored/client.py differs",
    ),
    (
        "bria_tailored/stray.py",
        lambda path: path.write_text("STRAY = 1\n"),
        "bria_tailored/stray.py is not generated",
    ),
    (
        "bria_tailored/py.typed",
        lambda path: path.unlink(),
        "bria_tailored/py.typed is missing",
    ),
    (
        "bria_tailored/models",
        lambda path: shutil.rmtree(path),
        "bria_tailored/models/model.py is missing",
    ),
    (
        "openapi/tailored-generation.yaml",
        lambda path: path.write_text(path.read_text() + "x-mine: 1\n"),
        "openapi/tailored-generation.yaml differs",
    ),
    (
        "openapi/tailored-generation.yaml",
        lambda path: path.unlink(),
        "openapi/tailored-generation.yaml differs",
    ),
    (
        "bria_tailored_ext/sandbox/document.json",
        lambda path: path.write_text(path.read_text().replace("Bria", "Mine", 1)),
        "bria_tailored_ext/sandbox/document.json differs",
    ),
    (
        "bria_tailored_ext/sandbox/document.json",
        lambda path: path.unlink(),
        "bria_tailored_ext/sandbox/document.json differs",
    ),
]


@pytest.mark.usefixtures("without_generator")
@pytest.mark.parametrize(("name", "damage", "words"), DAMAGES)
def test_check_finds_what_is_not_as_generated(
    name: str,
    damage: Callable[[Path], object],
    words: str,
    project: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Edited, stray and missing files, of the client and of the built document; exit code 1."""
    damage(project / name)
    before = tree(project)
    assert command.main(["check"]) == 1
    out = capsys.readouterr().out
    assert words in out.splitlines()
    assert out.endswith(DRIFT)
    if not name.endswith("models"):
        assert len(out.splitlines()) == 2
    assert tree(project) == before


@pytest.mark.usefixtures("without_generator")
def test_generating_removes_what_is_not_generated(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A stray file, an edit and a half-finished former run leave no trace; the notes are told."""
    before = tree(project)
    (project / "bria_tailored" / "stray.py").write_text("")
    (project / "bria_tailored" / "client.py").write_text("")
    (project / "bria_tailored.new").mkdir()
    (project / "bria_tailored.old").mkdir()
    assert command.main(["generate", "--notes"]) == 0
    out = capsys.readouterr().out
    assert "stray-paths: Path items stand beside `paths`." in out
    assert "No differences." in out
    assert tree(project) == before
    assert not (project / "bria_tailored.new").exists()
    assert not (project / "bria_tailored.old").exists()
