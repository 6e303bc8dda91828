"""How a batch's journal grows: bytes and seconds for each request, and the exponent.

Method: journals of 1,000 to 1,000,000 requests, each from its intent to its file, written by one
connection in commits of a hundred, flushed to disk as a batch does.

Run it with `python -m benchmarks.journal`; `--quick` ends at 100,000.
"""

from __future__ import annotations

import json
import math
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bria_tailored.models import ImageRequest
from bria_tailored_ext.batch import entries
from bria_tailored_ext.batch.journal import locked_journal
from bria_tailored_ext.batch.rows import row_of


def grow(counts: list[int]) -> None:
    """All four entries of each request, in commits of a hundred."""
    measured: list[tuple[int, float, float]] = []
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "journal.db"
            start = time.perf_counter()
            with locked_journal(path) as connection:
                for first in range(0, count, 100):
                    connection.execute("BEGIN IMMEDIATE")
                    for number in range(first, min(first + 100, count)):
                        fill(connection, number, Path(folder))
                    connection.execute("COMMIT")
            seconds = time.perf_counter() - start
            size = path.stat().st_size
        measured.append((count, size, seconds))
        each = f"{size / count:6.0f} bytes, {seconds / count * 1e6:5.0f} µs"
        print(f"  {count:>9,} requests: {each} each")
    least, most = measured[0], measured[-1]
    span = math.log(most[0] / least[0])
    print(
        f"  exponent of the size {math.log(most[1] / least[1]) / span:.3f}, "
        f"of the seconds {math.log(most[2] / least[2]) / span:.3f}"
    )


def fill(connection: Any, number: int, folder: Path) -> None:
    """One request, from its intent to its file."""
    prompt = f"a teapot on a wooden table at dawn, steam rising, number {number}"
    row = row_of(number + 1, ImageRequest(tailored_model_id="12001", prompt=prompt))
    entries.intent(connection, row, 1, 30000, 1.0)
    entries.submitted(connection, row.id, f"{number:032x}", 2.0)
    entries.finished(
        connection,
        row.id,
        1,
        seed=number,
        result={"structured_prompt": json.dumps({"short_description": prompt, "objects": []})},
        wanted=[f"{row.id}-{number}.png"],
        folder=folder,
        now=3.0,
    )
    entries.saved(connection, row.id, f"{number:064x}", 700_000, 4.0)


if __name__ == "__main__":
    counts = [1000, 10_000, 100_000, 1_000_000]
    grow(counts[:-1] if "--quick" in sys.argv else counts)
