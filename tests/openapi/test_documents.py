"""Reading documents: JSON or YAML in, the same values out, or one sentence and exit code 2."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from openapi.builder.__main__ import main
from openapi.builder.documents import BuildError, Document, as_yaml, checked_upstream, read

HEAD = "openapi: 3.0.0\npaths:\n"

UNREADABLE: list[tuple[str, bytes, str]] = [
    ("a.json", b"{", "is neither JSON nor YAML"),
    ("a.json", b"", "is neither JSON nor YAML"),
    ("a.yaml", b"a: [", "is neither JSON nor YAML"),
    ("a.yaml", b"a: 1\na: 2\n", "is neither JSON nor YAML"),
    ("a.yaml", b"\x00\x01", "is neither JSON nor YAML"),
    ("a.json", b"\xff\xfe\xff", "Cannot read"),
    ("a.yaml", b"", "it has no `paths`"),
    ("a.json", b"[]", "it has no `paths`"),
    ("a.json", b'{"openapi": "3.0.0"}', "it has no `paths`"),
    ("a.json", b'{"openapi": "3.0.0", "paths": []}', "it has no `paths`"),
    ("a.json", b'{"swagger": "2.0", "paths": {}}', "which version of OpenAPI"),
    ("a.yaml", f"{HEAD}  /a: text\n".encode(), "under /a stands something that is no operation"),
    ("a.yaml", f"{HEAD}  /a: {{get: [1]}}\n".encode(), "under /a stands something"),
    ("a.yaml", f"{HEAD}  /a: {{get: null}}\n".encode(), "under /a stands something"),
    ("a.yaml", b"&a\nopenapi: 3.0.0\npaths: {/a: *a}\n", "contains itself"),
    ("a.json", b"[" * 100_000, "nested without end"),
]


@pytest.mark.parametrize(("name", "data", "words"), UNREADABLE)
@pytest.mark.parametrize("command", ["diff", "update"])
def test_a_file_that_is_no_document_is_one_sentence(
    command: str,
    name: str,
    data: bytes,
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit code 2, the file's name, no traceback, and nothing on the way to it."""
    path = tmp_path / name
    path.write_bytes(data)
    assert main([command, str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("Stopped: ")
    assert err.count("\n") == 1
    assert str(path) in err
    assert words in err
    assert err.endswith((". Fetch it again.\n", "JSON or YAML file.\n"))


@pytest.mark.parametrize("name", ["missing.json", ""])
def test_a_missing_file_and_a_folder_are_one_sentence(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same for what is no file at all."""
    assert main(["diff", str(tmp_path / name)]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(f"Stopped: Cannot read {tmp_path / name}")


def test_a_command_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """And so is one without its file."""
    for arguments in ([], ["invent"], ["diff"]):
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == 2
    assert "usage: python -m openapi.builder" in capsys.readouterr().err


def test_yaml_gives_what_json_gives(upstream: Document, tmp_path: Path) -> None:
    """Also where its authors left out quotes: statuses are numbers then, timestamps are dates."""
    stream = io.StringIO()
    YAML(typ="safe").dump(upstream, stream)
    text = stream.getvalue().replace("'200':", "200:").replace("'202':", "202:")
    assert "200:" in text
    path = tmp_path / "a.yaml"
    path.write_text(text, encoding="utf-8")
    assert read(path) == upstream
    path.write_text(f"{HEAD}  /a: {{x: 2024-05-26T12:00:00Z, y: 2024-05-26}}\n", encoding="utf-8")
    assert read(path)["paths"]["/a"] == {"x": "2024-05-26T12:00:00+00:00", "y": "2024-05-26"}


def test_parts_that_yaml_shares_are_parts_of_their_own(tmp_path: Path) -> None:
    """A pass that changes one place must not change another."""
    path = tmp_path / "a.yaml"
    path.write_text(f"{HEAD}  /a: &item {{get: {{x: []}}}}\n  /b: *item\n", encoding="utf-8")
    paths = read(path)["paths"]
    assert paths["/a"] == paths["/b"]
    assert paths["/a"]["get"]["x"] is not paths["/b"]["get"]["x"]


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["", "yes", "1500", "null", "2024-05-26", " a", "a ", "a\nb", "a\n\n", "- a"])
    | st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=9
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("ab-/{}'1"), inner, max_size=3)
    ),
    max_leaves=9,
)


@given(VALUES)
def test_what_is_written_is_read_again(value: Any) -> None:
    """The built document says the same to whoever reads it as it does to the builder."""
    document = {"openapi": "3.1.0", "paths": {}, "x": value}
    assert YAML(typ="safe").load(as_yaml(document)) == document
    assert as_yaml(document) == as_yaml(json.loads(json.dumps(document)))


def sources(folder: Path, checksum: str) -> None:
    text = f'[upstream]\nfile = "upstream/a.json"\nsha256 = "{checksum}"\n'
    (folder / "sources.toml").write_text(text, encoding="utf-8")


def test_the_upstream_document_is_what_its_checksum_says(tmp_path: Path) -> None:
    """Missing, changed by hand, or as received."""
    sources(tmp_path, "0" * 64)
    with pytest.raises(BuildError, match=r"is missing, though sources.toml names it"):
        checked_upstream(tmp_path)
    (tmp_path / "upstream").mkdir()
    data = b'{"openapi": "3.0.0", "paths": {}}'
    (tmp_path / "upstream" / "a.json").write_bytes(data)
    with pytest.raises(BuildError, match=r"was changed by hand: its SHA-256 is .*spec-update"):
        checked_upstream(tmp_path)
    sources(tmp_path, hashlib.sha256(data).hexdigest())
    assert checked_upstream(tmp_path) == {"openapi": "3.0.0", "paths": {}}
