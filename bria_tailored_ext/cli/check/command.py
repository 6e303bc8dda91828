"""`bria-tailored check`: its options, and the order of things."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bria_tailored_ext.cli.account import json_option, print_json

if TYPE_CHECKING:
    from bria_tailored_ext.workflows.check_images import ImageCheck
    from bria_tailored_ext.workflows.mend_images import MendedPicture

_PLACE = click.Path(path_type=Path)


@click.command("check")
@click.argument("folder", type=_PLACE)
@json_option
@click.option("--html", "page", type=_PLACE, help="Write a contact sheet, one HTML file.")
@click.option(
    "--fix", "out", type=_PLACE, help="Write corrected copies into this folder, a new one."
)
@click.option(
    "--background",
    default="#ffffff",
    show_default=True,
    help="With --fix: what to lay transparent pictures on.",
)
@click.option(
    "--no-enlarge", is_flag=True, help="Judge for increase_resolution=False: 1024×1024 at least."
)
def command(
    folder: Path, as_json: bool, page: Path | None, out: Path | None, background: str,
    no_enlarge: bool,
) -> None:  # fmt: skip
    """Check a folder of pictures as Bria would. Nothing is sent, and no token is needed.

    Looks at what begins like a picture or has the name of one; not into sub-folders.
    With --fix, rotations are applied, colours converted to RGB, transparency laid on the
    background, other formats converted; nothing is enlarged, and the originals stay as they are.

    \b
    Exit code 1 when Bria would refuse any of them; with --fix, any of the copies.

    \b
    Examples:
      bria-tailored check brand/
      bria-tailored check brand/ --html sheet.html
      bria-tailored check brand/ --fix brand-ready/ --background "#f4efe6"
    """
    import sys

    import anyio

    from bria_tailored_ext.cli.application import FAILED
    from bria_tailored_ext.cli.check.telling import as_data, tell, tell_mended
    from bria_tailored_ext.cli.check.writing import check_page, write_page

    if page is not None:
        # Before minutes are spent on a page that cannot be written.
        check_page(page)
    check, mended, copies = anyio.run(_work, folder, out, background, not no_enlarge, as_json)
    if page is not None:
        write_page(page, check, mended)
    if as_json:
        print_json(as_data(check, mended, copies))
    else:
        tell(check, page)
        if copies is not None:
            tell_mended(mended, copies, Path(str(out)))
    judged = check if copies is None else copies
    left_out = any(each.path is None for each in mended)
    if left_out or not judged.is_good:
        sys.exit(FAILED)


async def _work(
    folder: Path, out: Path | None, background: str, increase_resolution: bool, quiet: bool
) -> tuple[ImageCheck, tuple[MendedPicture, ...], ImageCheck | None]:
    from bria_tailored_ext.cli.check.telling import counting
    from bria_tailored_ext.workflows.check_images import check_images
    from bria_tailored_ext.workflows.mend_images import mend_images

    with counting("Looking at", quiet=quiet) as count:
        check = await check_images(
            folder, increase_resolution=increase_resolution, on_progress=count
        )
    if out is None:
        return check, (), None
    with counting("Correcting", quiet=quiet) as count:
        mended = await mend_images(check, out, background=background, on_progress=count)
    with counting("Looking again at", quiet=quiet) as count:
        copies = await check_images(out, increase_resolution=increase_resolution, on_progress=count)
    return check, mended, copies
