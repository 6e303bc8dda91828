"""`python -m benchmarks [question ...] [--quick | --full]`: measure, print, and draw the page."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path
from typing import cast

from benchmarks.frame import RESULTS, Question, Scope, run
from benchmarks.page import QUESTIONS, write_plots


def question(name: str) -> Question:
    """The module that asks it."""
    return cast("Question", import_module(f"benchmarks.{name}"))


def main() -> int:
    """Ask all questions, or those that are named; 1 if a target was missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("questions", nargs="*", metavar="question", help=", ".join(QUESTIONS))
    scope = parser.add_mutually_exclusive_group()
    scope.add_argument("--quick", action="store_true", help="a few minutes; the default")
    scope.add_argument("--full", action="store_true", help="an hour and a half")
    parser.add_argument("--folder", type=Path, default=Path.cwd(), help="on which disk to write")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.questions) - set(QUESTIONS))
    if unknown:
        parser.error(f"There is no question {', '.join(unknown)}. Ask {', '.join(QUESTIONS)}.")
    missed = 0
    for name in arguments.questions or QUESTIONS:
        result = run(question(name), Scope(is_full=arguments.full, folder=arguments.folder))
        missed += sum(not target["is_met"] for target in result["targets"])
    page = write_plots(RESULTS)
    print(f"\n{missed or 'No'} target{'s' * (missed != 1)} missed. The plots: {page}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
