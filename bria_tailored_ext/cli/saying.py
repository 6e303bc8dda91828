"""Sentences for a person: a terminal gets them wrapped between words, anything else as they are."""

from __future__ import annotations

import shutil
import sys
import textwrap

import click


def say(text: str, *, err: bool = False) -> None:
    """Print lines; where one is wrapped, what follows is indented as it is.

    Args:
        text: What to print.
        err: Whether to standard error.
    """
    stream = sys.stderr if err else sys.stdout
    if not stream.isatty():
        click.echo(text, err=err)
        return
    width = max(20, shutil.get_terminal_size().columns)
    for line in text.split("\n"):
        click.echo(_wrapped(line, width), err=err)


def _wrapped(line: str, width: int) -> str:
    rest = line.lstrip(" ")
    indent = " " * (len(line) - len(rest))
    return textwrap.fill(
        rest,
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
