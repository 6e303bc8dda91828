"""A check on a terminal as a table, elsewhere as plain lines, and as data for scripts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bria_tailored_ext.cli.tables import NARROW, printable
from bria_tailored_ext.cli.telling import telling
from bria_tailored_ext.values.preflight import Finding, Severity
from bria_tailored_ext.workflows.check_images import CheckedPicture, ImageCheck
from bria_tailored_ext.workflows.mend_images import MendedPicture

COLOURS = {Severity.REFUSE: "bold red", Severity.WARN: "yellow", Severity.NOTE: "cyan"}


def tell(check: ImageCheck, page: Path | None) -> None:
    """Print what was found: the gravest first, then what the pictures are as a set."""
    console = Console(soft_wrap=not Console().is_terminal, highlight=False)
    faulty = [picture for picture in check.pictures if picture.findings]
    order = list(Severity)
    faulty.sort(key=lambda picture: order.index(picture.findings[0].severity))
    if console.is_terminal and faulty:
        console.print(_table(faulty, narrow=console.width < NARROW))
    elif faulty:
        for picture in faulty:
            for finding in picture.findings:
                name = f"{printable(picture.name)}: {printable(finding.message)}"
                console.print(f"{finding.severity}\t{name}", markup=False)
    for finding in check.findings:
        console.print(_sentence(finding) if console.is_terminal else _line(finding))
    for file in check.ignored:
        console.print(Text(f"Ignored: {printable(file.name)} ({printable(file.reason)})", "dim"))
    console.print(Text(summary(check)))
    if page is not None:
        console.print(Text(f"Contact sheet: {page}"))


def tell_mended(mended: Sequence[MendedPicture], copies: ImageCheck, out: Path) -> None:
    """Print what the copies are, and what was left out."""
    console = Console(soft_wrap=not Console().is_terminal, highlight=False)
    console.print()
    for each in mended:
        if each.path is None:
            console.print(Text(f"Left out: {printable(each.name)}. {printable(each.reason)}"))
        elif each.done:
            told = f"{printable(each.name)} → {printable(each.path.name)}: {', '.join(each.done)}"
            console.print(Text(f"Corrected: {told}"))
    unchanged = sum(each.path is not None and not each.done for each in mended)
    made = sum(each.path is not None for each in mended)
    console.print(Text(f"{plural(made, 'copy', 'copies')} in {out}, {unchanged} as they were."))
    for finding in copies.findings:
        console.print(Text(finding.message))
    console.print(Text(f"Of the copies: {summary(copies)}"))


def summary(check: ImageCheck) -> str:
    """One line on how many pictures are what."""
    refused = len(check.refused)
    warned = sum(_gravest(picture) is Severity.WARN for picture in check.pictures)
    parts = [
        f"{refused} would be refused",
        plural(warned, "with a warning", "with warnings"),
        f"{len(check.pictures) - refused - warned} good",
    ]
    mendable = sum(
        any(finding.mendable for finding in picture.findings) for picture in check.pictures
    )
    told = f"{plural(len(check.pictures), 'picture', 'pictures')}: {', '.join(parts)}."
    return told + (f" --fix can correct something in {mendable}." if mendable else "")


def plural(count: int, one: str, more: str) -> str:
    """The number and its word."""
    return f"{count} {one if count == 1 else more}"


def as_data(
    check: ImageCheck, mended: Sequence[MendedPicture], copies: ImageCheck | None
) -> dict[str, Any]:
    """Everything that was found, for scripts."""
    data: dict[str, Any] = {
        "folder": str(check.folder),
        "is_good": check.is_good,
        "refused": len(check.refused),
        "pictures": [_picture(picture) for picture in check.pictures],
        "findings": [_finding(finding) for finding in check.findings],
        "ignored": [{"name": each.name, "reason": each.reason} for each in check.ignored],
    }
    if copies is not None:
        data["copies"] = as_data(copies, (), None)
        data["mended"] = [
            {
                "name": each.name,
                "path": str(each.path) if each.path else None,
                "done": list(each.done),
                "reason": each.reason,
            }
            for each in mended
        ]
    return data


@contextmanager
def counting(what: str, *, quiet: bool) -> Generator[Callable[[int, int], None]]:
    """A callback that counts on a terminal's last line, on standard error; elsewhere in silence."""
    with telling(quiet=quiet or not sys.stderr.isatty()) as line:
        yield partial(line.now, f"{what} the pictures")


def _gravest(picture: CheckedPicture) -> Severity | None:
    return picture.findings[0].severity if picture.findings else None


def _table(pictures: Sequence[CheckedPicture], *, narrow: bool) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("picture", ratio=2, overflow="fold", min_width=12)
    if not narrow:
        table.add_column("pixels", no_wrap=True)
        table.add_column("MB", justify="right", no_wrap=True)
    table.add_column("finding", ratio=5, overflow="fold")
    for picture in pictures:
        sentences = Text("\n").join(_sentence(finding) for finding in picture.findings)
        row: list[str | Text] = [Text(printable(picture.name)), *([] if narrow else _size(picture))]
        table.add_row(*row, sentences)
    return table


def _size(picture: CheckedPicture) -> list[str]:
    width, height = picture.facts.shown_size
    pixels = f"{width}×{height}" if width else ""
    return [pixels, f"{picture.facts.size / 1e6:.2f}" if picture.facts.size else ""]


def _sentence(finding: Finding) -> Text:
    return Text.assemble(
        (str(finding.severity), COLOURS[finding.severity]), f" {printable(finding.message)}"
    )


def _line(finding: Finding) -> Text:
    return Text(f"{finding.severity}\t{finding.message}")


def _picture(picture: CheckedPicture) -> dict[str, Any]:
    facts = picture.facts
    return {
        "name": picture.name,
        "format": facts.kind,
        "width": facts.shown_size[0] or None,
        "height": facts.shown_size[1] or None,
        "bytes": facts.size,
        "mode": facts.mode or None,
        "sha256": picture.digest or None,
        "refused": picture.is_refused,
        "findings": [_finding(finding) for finding in picture.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "message": finding.message,
        "mendable": finding.mendable,
    }
