"""`bria-tailored check`: a table, lines, JSON, a page, corrected copies, and honest exit codes."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from PIL import Image, ImageDraw

from bria_tailored_ext.cli.application import application


def drawn(seed: int, size: tuple[int, int] = (1024, 1024), mode: str = "RGB") -> Image.Image:
    """A picture; another seed, another picture."""
    picture = Image.new("RGB", size, (40 * seed % 256, 90 * seed % 256, 120))
    left = 60 + 110 * (seed % 7)
    ImageDraw.Draw(picture).ellipse((left, 90 * seed % 600, left + 250, 700), fill=(250, 200, 9))
    return picture.convert(mode)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A folder of five good pictures."""
    folder = tmp_path / "brand"
    folder.mkdir()
    for seed in range(5):
        drawn(seed).save(folder / f"{seed}.png")
    return folder


def faded() -> Image.Image:
    picture = drawn(6, mode="RGBA")
    picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    return picture


HOSTILE = "<img src=x onerror=alert(1)>&\x1b[31m.png"


@pytest.fixture
def faulty(good: Path) -> Path:
    """The same, with one that Bria would refuse, one that it would spoil, and a hostile name."""
    drawn(5, (200, 200)).save(good / "tiny.jpg")
    faded().save(good / HOSTILE)
    (good / "notes.txt").write_text("x")
    return good


def run(*arguments: object) -> Result:
    return CliRunner().invoke(application, ["check", *map(str, arguments)])


def test_a_good_folder_is_said_to_be_good(good: Path) -> None:
    """Exit code 0; and no token is asked for, for nothing is sent."""
    result = run(good)

    assert result.exit_code == 0, result.output
    assert result.stdout == "5 pictures: 0 would be refused, 0 with warnings, 5 good.\n"
    assert result.stderr == ""


def test_elsewhere_than_on_a_terminal_there_is_a_line_for_each_finding(faulty: Path) -> None:
    """The severity first; nothing that steers a terminal gets through. Exit code 1."""
    result = run(faulty)

    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert re.match(r"refuse\s+tiny\.jpg: It has 200×200 pixels; Bria takes 256×256", lines[0])
    assert re.match(r"warn\s+<img src=x onerror=alert\(1\)>&�\[31m\.png: 50% of it", lines[1])
    assert lines[2:] == [
        "Ignored: notes.txt (no picture)",
        "7 pictures: 1 would be refused, 1 with a warning, 5 good. "
        "--fix can correct something in 1.",
    ]
    assert "\x1b" not in result.output


def test_a_warning_alone_is_no_failure(good: Path) -> None:
    """Bria takes it: exit code 0."""
    faded().save(good / "faded.png")

    assert run(good).exit_code == 0


def test_too_few_are_refused_as_a_set(good: Path) -> None:
    """Each is good, and a dataset of four cannot be completed."""
    (good / "4.png").unlink()

    result = run(good)

    assert result.exit_code == 1
    assert "4 pictures; a dataset needs 5 to be completed. Add 1." in result.stdout


def test_json_holds_everything(faulty: Path) -> None:
    """One document on standard output, and nothing else."""
    result = run(faulty, "--json")

    assert result.exit_code == 1
    data: dict[str, Any] = json.loads(result.stdout)
    assert (data["folder"], data["is_good"], data["refused"]) == (str(faulty), False, 1)
    assert data["ignored"] == [{"name": "notes.txt", "reason": "no picture"}]
    by_name = {each["name"]: each for each in data["pictures"]}
    tiny = by_name["tiny.jpg"]
    assert (tiny["format"], tiny["width"], tiny["height"]) == ("jpeg", 200, 200)
    assert tiny["bytes"] == (faulty / "tiny.jpg").stat().st_size
    assert tiny["refused"] is True
    assert [each["code"] for each in tiny["findings"]] == ["too_small"]
    assert by_name["0.png"]["findings"] == []
    assert len(by_name["0.png"]["sha256"]) == 64
    assert "copies" not in data


class Page(HTMLParser):
    """What is on a page: its tags with their attributes, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(" ".join(data.split()))


def test_the_contact_sheet_is_one_file_with_everything_in_it(faulty: Path, tmp_path: Path) -> None:
    """Each picture embedded, each finding under it, no script, and a file's name is only text."""
    (faulty / "cut.jpg").write_bytes((faulty / "tiny.jpg").read_bytes()[:99])
    sheet = tmp_path / "new" / "sheet.html"

    result = run(faulty, "--html", sheet)

    assert result.exit_code == 1
    assert f"Contact sheet: {sheet}" in result.stdout
    text = sheet.read_text(encoding="utf-8")
    page = Page(text)
    images = [attributes for tag, attributes in page.tags if tag == "img"]
    # The truncated one has no preview.
    assert len(images) == 7
    assert all(str(each["src"]).startswith("data:image/jpeg;base64,") for each in images)
    assert HOSTILE.replace("\x1b", "�") in [each["alt"] for each in images]
    assert not {"script", "link", "iframe"} & {tag for tag, _ in page.tags}
    assert not re.search(r"https?://", text)
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    place = page.words.index("tiny.jpg")
    assert any("200×200 pixels; Bria takes 256×256" in words for words in page.words[place:])
    assert sum(tag == "figure" for tag, _ in page.tags) == 8
    assert [path.name for path in sheet.parent.iterdir()] == ["sheet.html"]


def test_only_a_contact_sheet_is_written_over(good: Path, tmp_path: Path) -> None:
    """A page of somebody else's is left alone; said before the pictures are looked at."""
    sheet = tmp_path / "index.html"
    sheet.write_text("my homepage")

    result = run(good, "--html", sheet)

    assert result.exit_code == 2
    assert "no contact sheet" in result.stderr
    assert sheet.read_text() == "my homepage"
    sheet.unlink()
    assert run(good, "--html", sheet).exit_code == 0
    assert run(good, "--html", sheet).exit_code == 0


def test_fix_writes_corrected_copies_and_tells_of_each(faulty: Path, tmp_path: Path) -> None:
    """What was left out keeps the exit code at 1, and the originals are what they were."""
    before = {path.name: path.read_bytes() for path in faulty.iterdir()}

    result = run(faulty, "--fix", tmp_path / "ready", "--background", "#102030")

    assert result.exit_code == 1
    assert "Left out: tiny.jpg. It has 200×200 pixels" in result.stdout
    assert "put on a background" in result.stdout
    assert f"6 copies in {tmp_path / 'ready'}, 5 as they were." in result.stdout
    assert (
        "Of the copies: 6 pictures: 0 would be refused, 0 with warnings, 6 good." in result.stdout
    )
    assert {path.name: path.read_bytes() for path in faulty.iterdir()} == before
    with Image.open(tmp_path / "ready" / HOSTILE) as copy:
        assert copy.mode == "RGB"
        assert copy.getpixel((1000, 0)) == (0x10, 0x20, 0x30)


def test_fix_succeeds_where_every_picture_can_be_sent_then(good: Path, tmp_path: Path) -> None:
    """The folder itself would be refused; the copies would not: exit code 0."""
    drawn(5).save(good / "old.gif")
    assert run(good).exit_code == 1

    result = run(good, "--fix", tmp_path / "ready", "--json")

    assert result.exit_code == 0, result.output
    data = json.loads(result.stdout)
    assert data["is_good"] is False
    assert data["copies"]["is_good"] is True
    (mended,) = [each for each in data["mended"] if each["done"]]
    assert (mended["name"], mended["done"]) == ("old.gif", ["saved as PNG"])
    assert Path(mended["path"]).read_bytes()[:4] == b"\x89PNG"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["gone"], "no folder that can be read"),
        (["brand", "--fix", "brand/ready"], "within it"),
        (["brand", "--fix", "brand"], "the folder that was checked"),
        (["brand", "--fix", "new", "--background", "nocolour"], "'nocolour' is no colour"),
        (["brand", "--html", "brand"], "no contact sheet"),
    ],
)
def test_wrong_use_is_one_sentence(
    good: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    """Exit code 2, and nothing is written."""
    monkeypatch.chdir(good.parent)

    result = run(*arguments)

    assert result.exit_code == 2
    assert words in result.stderr
    assert "Traceback" not in result.output
    assert sorted(path.name for path in good.parent.iterdir()) == ["brand"]
    assert len(list(good.iterdir())) == 5


def test_judged_without_enlarging_1024_pixels_are_the_least(good: Path) -> None:
    """As Bria judges with increase_resolution off."""
    drawn(5, (1000, 1024)).save(good / "smaller.png")

    assert run(good).exit_code == 0
    assert run(good, "--no-enlarge").exit_code == 1


def on_a_terminal(folder: Path, columns: int) -> list[str]:
    """The lines that the command prints there, without colours."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm-256color"}
    command = [sys.executable, "-m", "bria_tailored_ext.cli", "check", str(folder)]
    with subprocess.Popen(
        command, stdout=theirs, stderr=subprocess.DEVNULL, env=environment
    ) as process:
        os.close(theirs)
        printed = io.BytesIO()
        try:
            while piece := os.read(ours, 65536):
                printed.write(piece)
        except OSError:
            pass  # How Linux says that nobody writes any more.
        finally:
            os.close(ours)
    text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", printed.getvalue().decode())
    assert process.returncode == 1, text
    return [line.rstrip() for line in text.splitlines()]


@pytest.mark.parametrize("columns", [80, 60])
def test_on_a_terminal_there_is_a_table_that_fits(faulty: Path, columns: int) -> None:
    """No line is longer than the terminal is wide, and no word of a finding is lost."""
    lines = on_a_terminal(faulty, columns)

    assert lines[0].split() == (
        ["picture", "pixels", "MB", "finding"] if columns == 80 else ["picture", "finding"]
    )
    assert all(len(line) <= columns for line in lines)
    # The pictures' names stand in a column of their own, between the lines of a finding.
    words = " ".join(line[columns // 4 :] for line in lines).split()
    sentence = "Replace it by a larger original: enlarging adds nothing to learn from."
    assert set(sentence.split()) <= set(words)
    assert "7 pictures: 1 would be refused, 1 with a warning" in " ".join(lines)
