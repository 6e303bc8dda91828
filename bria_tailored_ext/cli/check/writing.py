"""The contact sheet: one HTML file with every picture and what is to be said of it."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path

from bria_tailored_ext.batch.pages import rendered
from bria_tailored_ext.cli.check.telling import summary
from bria_tailored_ext.cli.tables import printable
from bria_tailored_ext.edge.on_disk import replacing
from bria_tailored_ext.values.errors import InvalidInputError
from bria_tailored_ext.workflows.check_images import ImageCheck
from bria_tailored_ext.workflows.mend_images import MendedPicture

MARK = '<meta name="generator" content="bria-tailored check">'
"""What tells a page of ours from a file that must not be replaced."""

_WORDS = {"refuse": "would be refused", "warn": "warning", "note": "note"}


def check_page(page: Path) -> None:
    """Check that a page can be written there.

    Raises:
        InvalidInputError: It cannot, or would replace a file that is no contact sheet.
    """
    if not page.exists():
        return
    if not page.is_file() or MARK not in page.read_text(encoding="utf-8", errors="replace")[:2000]:
        raise InvalidInputError(f"{page} is there already, and no contact sheet. Name another.")


def write_page(page: Path, check: ImageCheck, mended: Sequence[MendedPicture]) -> None:
    """Write the page, whole or not at all. It needs no other file and no network.

    Raises:
        InvalidInputError: It cannot be written there.
    """
    text = rendered(
        "bria_tailored_ext.cli.check",
        "sheet.html.jinja",
        filters={"printable": printable},
        mark=MARK,
        words=_WORDS,
        check=check,
        summary=summary(check),
        pictures=[
            (picture, base64.b64encode(picture.thumbnail).decode()) for picture in check.pictures
        ],
        mended={each.name: each for each in mended},
    )
    try:
        page.parent.mkdir(parents=True, exist_ok=True)
        with replacing(page) as file:
            file.write(text)
    except OSError as error:
        raise InvalidInputError(
            f"{page} cannot be written: {error.strerror}. Choose another place."
        ) from error
