"""`bria-tailored demo`, as a user runs it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from bria_tailored_ext.cli.application import application
from bria_tailored_ext.cli.demo.page import MARK
from bria_tailored_ext.cli.demo.pictures import default_folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(application, ["demo", *arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five small pictures of our own, one of each kind of name."""
    folder = tmp_path / "brand pictures"
    folder.mkdir()
    for index, name in enumerate(("a.jpg", "b.JPEG", "c & d.png", "e.webp", "f.jpg")):
        colour = (200 - 30 * index, 60 + 20 * index, 90)
        Image.new("RGB", (300, 260), colour).save(folder / name)
    (folder / "notes.txt").write_text("not a picture")
    (folder / ".hidden.jpg").write_bytes(b"not a picture either")
    return folder


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [unquote(value) for key, value in attrs if key in ("src", "href") and value]


def assert_one_sentence(result: Result, *words: str) -> None:
    assert result.exit_code not in (0, None)
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("Error: ")
    assert "Traceback" not in result.output
    for word in words:
        assert word in lines[0]


def test_demo_goes_the_whole_road_with_a_users_own_pictures(folder: Path, tmp_path: Path) -> None:
    """Every step is told, and the page shows what is there: each file it links exists."""
    out = tmp_path / "out" / "demo"
    result = run("--images", str(folder), "--out", str(out), "--speed", "10000")
    assert result.exit_code == 0, result.output
    assert re.findall(r"^ ?(\d+)/12", result.output, re.MULTILINE) == [str(n) for n in range(1, 13)]

    page = (out / "index.html").read_text()
    links = _Links()
    links.feed(page)
    assert MARK in page
    assert all((out / link).is_file() for link in links.found)
    assert sum(link.startswith("training/") for link in links.found) == 5
    pictures = sorted(out.glob("picture-*.png"))
    assert len(pictures) == 8
    assert len({path.read_bytes() for path in pictures}) == 8
    assert (out / "video.mp4").stat().st_size > 10_000
    for seed in range(1, 9):
        assert f"seed {seed}" in page
    assert list(out.parent.iterdir()) == [out]


def test_demo_replaces_a_former_demo_and_nothing_else(folder: Path, tmp_path: Path) -> None:
    """A folder that holds anything but a demo's page is refused before anything starts."""
    out = tmp_path / "mine"
    out.mkdir()
    (out / "thesis.txt").write_text("irreplaceable")
    assert_one_sentence(run("--images", str(folder), "--out", str(out)), "--out")
    assert [path.name for path in out.iterdir()] == ["thesis.txt"]


def test_demo_does_not_write_over_the_pictures_themselves(folder: Path) -> None:
    """The output may be neither the pictures' folder nor one that holds it."""
    assert_one_sentence(run("--images", str(folder), "--out", str(folder)), "Choose another")
    assert_one_sentence(run("--images", str(folder), "--out", str(folder.parent)), "Choose another")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({}, ("holds no picture", "at least 5")),
        ({"a.jpg": None, "b.jpg": None}, ("holds 2 pictures", "at least 5")),
        ({f"{n}.jpg": None for n in range(4)} | {"x.png": b"\x89PNG\r\n\x1a\nno"}, ("x.png",)),
        ({f"{n}.jpg": None for n in range(4)} | {"x.jpg": b"plain text"}, ("x.jpg", "Convert")),
        ({f"{n}.jpg": None for n in range(4)} | {"x.jpg": b""}, ("x.jpg", "empty")),
    ],
    ids=["none", "two", "damaged", "text", "empty"],
)
def test_demo_says_in_one_sentence_what_is_wrong_with_a_folder(
    tmp_path: Path, content: dict[str, bytes | None], words: tuple[str, ...]
) -> None:
    """Nothing starts and nothing is written when the pictures will not do."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name, data in content.items():
        if data is None:
            Image.new("RGB", (300, 300), "teal").save(folder / name)
        else:
            (folder / name).write_bytes(data)
    out = tmp_path / "out"
    assert_one_sentence(run("--images", str(folder), "--out", str(out)), *words)
    assert not out.exists()


def test_demo_refuses_pictures_below_256_pixels(folder: Path, tmp_path: Path) -> None:
    """Bria refuses them, so the demo says so first, with the size that was found."""
    Image.new("RGB", (200, 400)).save(folder / "small.png")
    result = run("--images", str(folder), "--out", str(tmp_path / "out"))
    assert_one_sentence(result, "small.png", "200×400", "256×256")


def test_demo_without_a_folder_of_that_name(tmp_path: Path) -> None:
    """A missing folder is one sentence."""
    assert_one_sentence(run("--images", str(tmp_path / "nowhere")), "nowhere", "not a folder")


def test_the_default_pictures_are_small_and_will_do() -> None:
    """Under 1 MB together, at least five, each at least 1024 pixels wide and high."""
    pictures = [
        path for path in default_folder().iterdir() if path.suffix in (".jpg", ".png", ".webp")
    ]
    assert len(pictures) >= 5
    assert sum(path.stat().st_size for path in pictures) < 1_000_000
    for path in pictures:
        with Image.open(path) as picture:
            assert min(picture.size) >= 1024
