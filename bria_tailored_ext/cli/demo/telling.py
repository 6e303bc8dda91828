"""How the demo tells what it does: lines that stay, and bars where there is a terminal."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import Console


class Narrator:
    """Prints steps, numbered, and what each has come to.

    Args:
        console: Where to print.
        steps: How many steps there will be.
        speed: Simulated seconds per second, for times as Bria would take them.
    """

    def __init__(self, console: Console, *, steps: int, speed: float) -> None:
        self._console = console
        self._steps = steps
        self._speed = speed
        self._number = 0

    def step(self, title: str) -> None:
        """Begin the next step."""
        self._number += 1
        place = f"{self._number:>2}/{self._steps}"
        self._console.print(f"[bold cyan]{place}[/]  [bold]{title}[/]", highlight=False)

    def detail(self, text: str) -> None:
        """Say what the step has come to."""
        self._console.print(f"       {text}", highlight=False, markup=False)

    def counter(self, what: str) -> Callable[[int, int], None]:
        """A callback that is given how many of how many are done, and tells when all are."""

        def count(done: int, total: int) -> None:
            if done == total:
                self.detail(f"{total} {what}")

        return count

    @contextmanager
    def training(self) -> Generator[Callable[[str, float], None]]:
        """A callback for each look at a training: a line that moves, or lines elsewhere."""
        with self._console.status("       waiting", spinner="dots") as status:

            def looked(state: str, elapsed: float) -> None:
                text = f"{state}, {_duration(elapsed * self._speed)} into it at Bria's pace"
                if self._console.is_terminal and state == "InProgress":
                    status.update(f"     {text}")
                else:
                    self.detail(text)

            yield looked


def _duration(seconds: float) -> str:
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes:02} min"
