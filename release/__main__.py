"""`python -m release`: what `make package` and `make oldest` run."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from release import trials
from release.environments import TrialError

ROOT = Path(__file__).parents[1]


@click.command()
@click.argument("trial", type=click.Choice(["package", "oldest"]))
@click.option("--everything", is_flag=True, help="All tests that need no sources, not the quick.")
def main(trial: str, *, everything: bool) -> None:
    """Build the distribution and try it in an empty environment."""
    try:
        getattr(trials, trial)(ROOT, everything=everything)
    except TrialError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
