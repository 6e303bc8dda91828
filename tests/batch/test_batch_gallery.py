"""What a batch leaves behind: the page, its data, and its thumbnails."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bria_tailored_ext.batch import entries
from bria_tailored_ext.batch.gallery import write_gallery
from bria_tailored_ext.batch.journal import locked_journal
from bria_tailored_ext.batch.rows import read_row
from bria_tailored_ext.values.errors import JobFailed, JournalError

HOSTILE = "</script><img src=x onerror=alert(1)>\u2028\"'&<!--"


def filled(folder: Path, count: int, prompt: str = "a teapot") -> Path:
    """A journal of saved pictures, with a failure and an unknown one at the end."""
    path = folder / "journal.db"
    with locked_journal(path) as journal:
        journal.execute("BEGIN")
        entries.begin(journal, 0.0)
        entries.remember(journal, entries.OUTPUT_DIR, str(folder))
        for number in range(count):
            row = read_row(1, {"id": f"r{number}", "tailored_model_id": "7", "prompt": prompt})
            entries.intent(journal, row, 1, 30000, number * 1.0)
            entries.submitted(journal, row.id, f"job{number}", number + 1.0)
            entries.finished(
                journal,
                row.id,
                1,
                seed=number,
                result={"structured_prompt": "{}"},
                wanted=[f"{row.id}.png"],
                folder=folder,
                now=number + 3.0,
            )
            entries.saved(journal, row.id, "ab" * 32, 10, number + 4.0)
            entries.sample(journal, (1, number * 1.0, number, number, number, 0, 2 * number, 0))
        for name in ("bad", "lost"):
            row = read_row(1, {"id": name, "tailored_model_id": "7", "prompt": prompt})
            entries.intent(journal, row, 1, 30000, 1.0)
        error = JobFailed(f"It failed {HOSTILE}.", request_id="x")
        bad = read_row(1, {"id": "bad", "tailored_model_id": "7", "prompt": prompt})
        entries.failed(journal, bad, 1, error, 0, 9.0)
        entries.unknown(journal, "lost", 1, error, 9.0)
        journal.execute("COMMIT")
    return path


def data(folder: Path) -> list[list[Any]]:
    """The rows that the page reads."""
    found: list[list[Any]] = []
    for number in range(1, len(list((folder / "gallery").iterdir())) + 1):
        text = (folder / "gallery" / f"rows-{number}.js").read_text()
        found += json.loads(text.removeprefix("rows(").removesuffix(");\n"))
    return found


def test_the_page_has_a_row_for_every_request_failures_included(tmp_path: Path) -> None:
    """In pieces, so that a browser starts with the first."""
    write_gallery(filled(tmp_path, 2500))

    rows = data(tmp_path)
    assert len(rows) == 2502
    assert rows[0][:4] == ["r0", "saved", "image", "r0.png"]
    assert {row[1] for row in rows[-2:]} == {"failed", "unknown"}
    assert all("It failed" in row[9] for row in rows[-2:])
    about = re.search(r'id="about">(.*?)</script>', (tmp_path / "index.html").read_text())
    assert about is not None
    assert json.loads(about[1]) == {"pieces": 3, "total": 2502, "shown": 2502}


def test_nothing_of_the_users_becomes_markup(tmp_path: Path) -> None:
    """A prompt is text, in the page and in its data."""
    write_gallery(filled(tmp_path, 1, prompt=HOSTILE))

    page = (tmp_path / "index.html").read_text()
    assert "onerror=alert" not in page
    for script in (tmp_path / "gallery").iterdir():
        text = script.read_text()
        assert "<" not in text
        assert "\u2028" not in text
    assert data(tmp_path)[0][5] == HOSTILE


def test_the_page_needs_nothing_from_elsewhere(tmp_path: Path) -> None:
    """It works without a network, in ten years' time."""
    write_gallery(filled(tmp_path, 3))
    page = (tmp_path / "index.html").read_text()
    assert "//" not in re.sub(r"^\s*//.*$", "", page, flags=re.MULTILINE)


def test_the_page_shows_throughput_latency_and_polls(tmp_path: Path) -> None:
    """Three charts, with what was measured."""
    write_gallery(filled(tmp_path, 40))
    page = (tmp_path / "index.html").read_text()
    assert page.count("<svg") == 3
    assert "half within 2 s" in page
    assert "2 a job in all runs" in page


def test_a_run_with_nothing_to_do_leaves_the_charts_as_they_were(tmp_path: Path) -> None:
    """The same command again is how one makes sure; it does not empty the page."""
    path = filled(tmp_path, 40)
    write_gallery(path)
    bars = (tmp_path / "index.html").read_text().count("<rect")
    with locked_journal(path) as journal:
        for at in (100.0, 100.1):
            entries.sample(journal, (2, at, 0, 0, 0, 0, 0, 0))
    write_gallery(path)
    assert (tmp_path / "index.html").read_text().count("<rect") == bars


def test_an_empty_journal_has_a_page_all_the_same(tmp_path: Path) -> None:
    """Before the first picture."""
    write_gallery(filled(tmp_path, 0))
    assert len(data(tmp_path)) == 2


def test_thumbnails_are_made_once_and_only_of_pictures(tmp_path: Path) -> None:
    """What cannot be read has none, and the page shows the picture itself."""
    journal = filled(tmp_path, 3)
    for number in (0, 1):
        Image.new("RGBA", (900, 600), (9, 99, 199, 120)).save(tmp_path / f"r{number}.png")
    (tmp_path / "r2.png").write_text("no picture")
    told: list[tuple[int, int]] = []

    write_gallery(journal, thumbnails=True, on_progress=lambda *each: told.append(each))

    assert told[-1] == (3, 3)
    with Image.open(tmp_path / "thumbnails" / "r0.png.jpg") as small:
        assert small.size == (320, 213)
    assert [row[4] for row in data(tmp_path)] == [1, 1, 0, 0, 0]
    first = (tmp_path / "thumbnails" / "r0.png.jpg").stat().st_mtime_ns
    write_gallery(journal, thumbnails=True)
    assert (tmp_path / "thumbnails" / "r0.png.jpg").stat().st_mtime_ns == first


def test_a_moved_folder_is_named_by_hand(tmp_path: Path) -> None:
    """The journal knows where the files were; the user knows where they are."""
    journal = filled(tmp_path, 1)
    moved = tmp_path / "moved"
    assert write_gallery(journal, moved) == moved / "index.html"


def test_without_a_journal_there_is_no_page(tmp_path: Path) -> None:
    """Nothing is written."""
    with pytest.raises(JournalError):
        write_gallery(tmp_path / "journal.db", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_the_pages_script_is_javascript(tmp_path: Path) -> None:
    """A page that does not run shows nothing."""
    write_gallery(filled(tmp_path, 1))
    page = (tmp_path / "index.html").read_text()
    script = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)[-1]
    (tmp_path / "page.js").write_text(script)
    subprocess.run(["node", "--check", str(tmp_path / "page.js")], check=True)  # noqa: S607
