"""How a batch tells of itself: a bar on a terminal, lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from bria_tailored_ext.batch import BatchStatistics, Outcome, OutcomeState
from bria_tailored_ext.batch.gallery import write_gallery
from bria_tailored_ext.cli.tables import shown
from bria_tailored_ext.cli.telling import SECONDS, PatientConsole, Rate, in_words, telling

_LONGEST = 300


class BatchTelling:
    """Takes outcomes and shows how far it is.

    Args:
        total: Requests of the file.
        console: Where to.
        progress: The bar, on a terminal.
        quiet: Whether to say nothing at all.
    """

    def __init__(
        self, total: int, console: Console, progress: Progress | None, *, quiet: bool
    ) -> None:
        self._total = total
        self._console = console
        self._progress = progress
        self._quiet = quiet
        self._start = self._last = time.monotonic()
        self._counts: Counter[OutcomeState] = Counter()
        self._bar = None if progress is None else progress.add_task("", total=total, bad="")

    def outcome(self, outcome: Outcome, found: BatchStatistics) -> None:
        """Take one outcome."""
        self._counts[outcome.state] += 1
        if self._quiet:
            return
        if outcome.error is not None:
            words = str(outcome.error)[:_LONGEST]
            line = shown(f"{outcome.id}: {outcome.state.value}: {words}")
            self._console.print(line, highlight=False, markup=False, soft_wrap=True)
        done = found.already_final + sum(self._counts.values())
        if self._progress is not None and self._bar is not None:
            bad = sum(self._counts.values()) - self._counts[OutcomeState.COMPLETED]
            words = f"{bad:,} not done" if bad else ""
            self._progress.update(self._bar, completed=done, bad=words)
        elif time.monotonic() - self._last >= SECONDS:
            self._last = time.monotonic()
            self._console.print(self._line(done), highlight=False, markup=False, soft_wrap=True)

    def _line(self, done: int) -> str:
        seconds = max(time.monotonic() - self._start, 1e-3)
        fresh = sum(self._counts.values())
        bad = fresh - self._counts[OutcomeState.COMPLETED]
        left = in_words(max(0, self._total - done) * seconds / fresh) if fresh else "unknown"
        return (
            f"{done:,} of {self._total:,}; {bad:,} not completed; "
            f"{fresh * 60 / seconds:,.0f} a minute; {left} left"
        )


@contextmanager
def telling_of_batch(total: int, *, quiet: bool) -> Generator[BatchTelling]:
    """Show how far a batch is, on standard error."""
    console = PatientConsole(stderr=True)
    if quiet or not console.is_terminal:
        yield BatchTelling(total, console, None, quiet=quiet)
        return
    columns = (
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(compact=True),
        TextColumn("[red]{task.fields[bad]}"),
    )
    with Progress(*columns, console=console, speed_estimate_period=60, expand=True) as progress:
        yield BatchTelling(total, console, progress, quiet=quiet)


def write_pages(journal: Path, out: Path | None) -> Path:
    """Write manifest, thumbnails and page; the page.

    Raises:
        JournalError: The journal cannot be read.
        ConfigurationError: The folder is not known, or cannot be written.
    """
    with telling(quiet=not sys.stderr.isatty()) as tell:
        return write_gallery(
            journal, out, thumbnails=True, on_progress=partial(tell.now, "Thumbnails")
        )
