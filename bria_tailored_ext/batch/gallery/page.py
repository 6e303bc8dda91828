"""The gallery: one page, its data in pieces beside it, nothing from elsewhere.

The page reads its data with script elements, which a browser lets a local file do; it puts every
text of the user's into the document as text, never as HTML.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from html import escape
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Any

from bria_tailored_ext.batch import entries
from bria_tailored_ext.batch.gallery.figures import figures
from bria_tailored_ext.batch.gallery.manifest import write_manifest
from bria_tailored_ext.batch.gallery.thumbnails import FOLDER, make_thumbnails, thumbnail
from bria_tailored_ext.batch.journal import readable_journal
from bria_tailored_ext.edge.on_disk import replacing
from bria_tailored_ext.values.errors import ConfigurationError, JournalError
from bria_tailored_ext.version import __version__

_PIECE = 1000
_MOST = 100_000
"""Requests that the page shows; a browser's memory is not without end."""

Progress = Callable[[int, int], None]


def write_gallery(
    journal: Path,
    folder: Path | None = None,
    *,
    thumbnails: bool = False,
    on_progress: Progress | None = None,
) -> Path:
    """Write `manifest.jsonl` and `index.html` anew from a journal.

    Args:
        journal: Of a batch, which may be running.
        folder: Where its files are; `None` for the one that the journal knows.
        thumbnails: Whether to make thumbnails, which needs Pillow and takes some 10 ms each.
        on_progress: Told how many thumbnails are there, of how many.

    Returns:
        The page.

    Raises:
        JournalError: The journal cannot be read.
        ConfigurationError: The folder is not known, or cannot be written.
    """
    with readable_journal(journal) as connection:
        target = folder or _folder(connection, journal)
        try:
            target.mkdir(parents=True, exist_ok=True)
            write_manifest(connection, target)
            if thumbnails:
                _thumbnails(connection, target, on_progress)
            return _write_page(connection, target)
        except OSError as error:
            raise ConfigurationError(f"{target} cannot be written: {error}.") from error


def _folder(connection: sqlite3.Connection, journal: Path) -> Path:
    found = entries.recall(connection, entries.OUTPUT_DIR)
    if found is None:
        raise JournalError(
            f"{journal} does not know where its files are: name the folder.", path=str(journal)
        )
    return Path(found)


def _thumbnails(connection: sqlite3.Connection, folder: Path, on_progress: Progress | None) -> None:
    found = connection.execute(
        "SELECT file FROM requests WHERE state = 'saved' ORDER BY number LIMIT ?", (_MOST,)
    )
    names = [row["file"] for row in found]
    make_thumbnails(
        folder, names, None if on_progress is None else lambda done: on_progress(done, len(names))
    )


def _write_page(connection: sqlite3.Connection, folder: Path) -> Path:
    data = folder / "gallery"
    data.mkdir(exist_ok=True)
    rows = _rows(connection, folder)
    pieces = 0
    while piece := list(islice(rows, _PIECE)):
        pieces += 1
        with replacing(data / f"rows-{pieces}.js") as file:
            file.write(f"rows({_script(piece)});\n")
    total = connection.execute("SELECT count(*) FROM requests").fetchone()[0]
    about = {"pieces": pieces, "total": total, "shown": min(total, _MOST)}
    page = files("bria_tailored_ext.batch.gallery").joinpath("page.html").read_text("utf-8")
    for name, text in (
        ("{{version}}", escape(__version__)),
        ("{{about}}", _script(about)),
        ("{{figures}}", figures(connection)),
    ):
        page = page.replace(name, text)
    with replacing(folder / "index.html") as file:
        file.write(page)
    return folder / "index.html"


def _rows(connection: sqlite3.Connection, folder: Path) -> Iterator[Sequence[Any]]:
    small = folder / FOLDER
    there = {path.name for path in small.iterdir()} if small.is_dir() else set[str]()
    found = connection.execute("SELECT * FROM requests ORDER BY number LIMIT ?", (_MOST,))
    for row in found:
        body = json.loads(row["body"])
        result = json.loads(row["result"] or "{}")
        saved = row["state"] == "saved"
        prompt = body.get("prompt") or result.get("prompt") or body.get("structured_prompt") or ""
        yield (
            row["id"],
            row["state"],
            row["kind"],
            row["file"] if saved else "",
            1 if saved and thumbnail(row["file"]) in there else 0,
            prompt,
            "" if row["seed"] is None else str(row["seed"]),
            str(body.get("tailored_model_id", "")),
            row["request_id"] or "",
            row["error"] or "",
            row["sha256"] or "",
            _seconds(row),
        )


def _seconds(row: sqlite3.Row) -> float | None:
    """From the submit to the end of the job."""
    if row["finished_at"] is None or row["submitted_at"] is None:
        return None
    return round(float(row["finished_at"] - row["submitted_at"]), 3)


def _script(value: object) -> str:
    """JSON that may stand inside a script: nothing in it can end the element or a line."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
