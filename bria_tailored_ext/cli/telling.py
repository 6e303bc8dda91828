"""How a command tells what it is doing: one moving line on a terminal, plain lines elsewhere.

All of it goes to standard error, and none of it can end what is told of.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager

from rich.console import Console, RenderableType
from rich.filesize import decimal
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
)
from rich.table import Column
from rich.text import Text

from bria_tailored_ext.cli.tables import NARROW, shown

SECONDS = 10.0
"""Between two plain lines that say the same of another count."""


class PatientConsole(Console):
    """Standard error, which may go away while paid work goes on."""

    def on_broken_pipe(self) -> None:
        """Say nothing any more."""
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


class Telling:
    """What stays, and what is under way.

    Args:
        console: Where to.
        progress: The moving line, on a terminal.
        in_bytes: Whether what is counted are bytes.
        quiet: Whether to say nothing at all.
    """

    def __init__(
        self, console: Console, progress: Progress | None, *, in_bytes: bool, quiet: bool
    ) -> None:
        self._console = console
        self._progress = progress
        self._in_bytes = in_bytes
        self._quiet = quiet
        self._text = ""
        self._line: str = ""
        self._begin = self._last = time.monotonic()
        self._bar: TaskID | None = None

    def say(self, text: str) -> None:
        """Print a line that stays."""
        if not self._quiet:
            self._console.print(shown(text), markup=False, highlight=False, soft_wrap=True)

    def now(self, text: str, done: int | None = None, total: int | None = None) -> None:
        """Say what is under way, and how much of it is done if that is counted."""
        if self._quiet:
            return
        changed, self._text = text != self._text, text
        now = time.monotonic()
        if changed:
            self._begin = now
        if self._progress is not None:
            if changed or self._bar is None:
                self.hide()
                self._bar = self._progress.add_task(shown(text), total=total)
            self._progress.update(self._bar, completed=done or 0, total=total)
        elif changed or now - self._last >= SECONDS or (done is not None and done == total):
            line = text + self._counted(done, total, now - self._begin)
            if line != self._line:
                self._last, self._line = now, line
                self.say(line)

    def busy(self) -> None:
        """Show on a terminal that something goes on, and for how long."""
        if self._progress is not None:
            self.now("Under way")

    def hide(self) -> None:
        """Take the moving line away: nothing is under way."""
        if self._progress is not None and self._bar is not None:
            self._progress.remove_task(self._bar)
            self._bar = None

    def _counted(self, done: int | None, total: int | None, seconds: float) -> str:
        if done is None:
            return ""
        of = "" if total is None else f" of {amount(total, in_bytes=self._in_bytes)}"
        line = f": {amount(done, in_bytes=self._in_bytes)}{of}"
        if done and total and total > done and seconds > 1:
            line += f", {in_words((total - done) * seconds / done)} left"
        return line


@contextmanager
def telling(*, quiet: bool = False, in_bytes: bool = False) -> Generator[Telling]:
    """Tell on standard error what is under way."""
    console = PatientConsole(stderr=True)
    if quiet or not console.is_terminal:
        yield Telling(console, None, in_bytes=in_bytes, quiet=quiet)
        return
    bar = [] if console.width < NARROW else [_Bar()]
    columns = (
        SpinnerColumn(),
        TextColumn(
            "{task.description}",
            table_column=Column(ratio=1, no_wrap=True, overflow="ellipsis"),
            markup=False,
        ),
        *bar,
        _Counted(in_bytes),
        Rate(in_bytes=in_bytes),
        _Time(),
    )
    with Progress(*columns, console=console, transient=True, expand=True) as progress:
        yield Telling(console, progress, in_bytes=in_bytes, quiet=quiet)


def amount(count: float, *, in_bytes: bool = False) -> str:
    """A count, as one would say it."""
    return decimal(round(count)) if in_bytes else f"{count:,.0f}"


def in_words(seconds: float) -> str:
    """A length of time, as one would say it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


class _Bar(ProgressColumn):
    """A bar, where something is counted."""

    def __init__(self) -> None:
        super().__init__()
        self._bar = BarColumn(bar_width=16)

    def render(self, task: Task) -> RenderableType:
        return "" if task.total is None else self._bar.render(task)


class _Counted(ProgressColumn):
    """How much of how much."""

    def __init__(self, in_bytes: bool) -> None:
        super().__init__(Column(no_wrap=True))
        self._in_bytes = in_bytes

    def render(self, task: Task) -> Text:
        if task.total is None and not (self._in_bytes and task.completed):
            return Text("")
        done = amount(task.completed, in_bytes=self._in_bytes)
        if task.total is None:
            return Text(done)
        return Text(f"{done}/{amount(task.total, in_bytes=self._in_bytes)}")


class Rate(ProgressColumn):
    """How much in a second, or in a minute."""

    def __init__(self, *, in_bytes: bool = False) -> None:
        super().__init__(Column(no_wrap=True))
        self._in_bytes = in_bytes

    def render(self, task: Task) -> Text:
        """The column's text."""
        if not task.speed:
            return Text("")
        if self._in_bytes:
            return Text(f"{amount(task.speed, in_bytes=True)}/s", style="progress.data.speed")
        return Text(f"{task.speed * 60:,.0f}/min", style="progress.data.speed")


class _Time(ProgressColumn):
    """What is left; where that cannot be known, how long it has taken."""

    def __init__(self) -> None:
        super().__init__(Column(no_wrap=True))

    def render(self, task: Task) -> Text:
        if task.total is not None and task.time_remaining is not None:
            return Text(f"{in_words(task.time_remaining)} left", style="progress.remaining")
        return Text(in_words(task.elapsed or 0), style="progress.elapsed")
