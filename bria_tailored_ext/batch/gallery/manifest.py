"""The manifest: a line for every file, with all that it takes to make it again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bria_tailored_ext.batch.progress import instant
from bria_tailored_ext.edge.on_disk import replacing

MANIFEST = "manifest.jsonl"
_LINE_ENDS = {end: f"\\u{end:04x}" for end in (0x85, 0x2028, 0x2029)}
"""What JSON lets stand, and many a reader takes for the end of a line."""


def write_manifest(journal: sqlite3.Connection, folder: Path) -> int:
    """Write `manifest.jsonl` anew from the journal; how many lines it has."""
    count = 0
    with replacing(folder / MANIFEST) as file:
        for line in manifest(journal):
            file.write(json.dumps(line, ensure_ascii=False).translate(_LINE_ENDS) + "\n")
            count += 1
    return count


def manifest(journal: sqlite3.Connection) -> Iterator[Mapping[str, Any]]:
    """The lines of the manifest, in the order of the first submits."""
    for found in journal.execute("SELECT * FROM requests WHERE state = 'saved' ORDER BY number"):
        request: dict[str, Any] = json.loads(found["body"])
        result: dict[str, Any] = json.loads(found["result"] or "{}")
        yield {
            "id": found["id"],
            "file": found["file"],
            "sha256": found["sha256"],
            "bytes": found["bytes"],
            "kind": found["kind"],
            "model": request.get("tailored_model_id"),
            "seed": found["seed"],
            **result,
            "prompt": request.get("prompt") or result.get("prompt"),
            "request": request,
            "request_id": found["request_id"],
            "submitted_at": _in_utc(found["submitted_at"]),
            "finished_at": _in_utc(found["finished_at"]),
            "saved_at": _in_utc(found["saved_at"]),
        }


def _in_utc(seconds: float | None) -> str | None:
    when = instant(seconds)
    return None if when is None else when.isoformat()
