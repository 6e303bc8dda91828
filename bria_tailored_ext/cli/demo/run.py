"""`bria-tailored demo`: sandbox, steps and page; one folder is left behind, whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import anyio
from rich.console import Console
from rich.markup import escape

from bria_tailored_ext.cli.demo.page import MARK, write_page
from bria_tailored_ext.cli.demo.pictures import DemoPicture, default_folder, read_pictures
from bria_tailored_ext.cli.demo.steps import STEPS, demonstrate
from bria_tailored_ext.cli.demo.telling import Narrator
from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.sandbox import Sandbox
from bria_tailored_ext.values.errors import InvalidInputError


def run_demo(images: str | None, out: str, speed: float) -> None:
    """Run the demo, from a folder of pictures to a page.

    Raises:
        InvalidInputError: The pictures or the output folder will not do. Nothing was written.
    """
    console = Console(soft_wrap=True)
    started = time.monotonic()
    folder = Path(images) if images else default_folder()
    pictures = read_pictures(folder)
    target = Path(out)
    _check_target(target, folder)
    console.print(f"{len(pictures)} pictures from {folder}", highlight=False, markup=False)
    with _scratch_beside(target) as scratch:
        fresh = scratch / "demo"
        fresh.mkdir()
        anyio.run(_demonstrate, console, pictures, fresh, speed)
        if target.exists():
            target.rename(scratch / "former")
        shutil.move(fresh, target)
    page = escape(str(target / "index.html"))
    seconds = time.monotonic() - started
    console.print(f"\nDone in {seconds:.0f} s. Open [bold]{page}[/] in a browser.", highlight=False)


@contextmanager
def _scratch_beside(target: Path) -> Generator[Path]:
    """A folder on the same disk, from which the result moves in one step; gone afterwards."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name[:40]}-")
    except OSError as error:
        raise InvalidInputError(
            f"{target} cannot be written: {error.strerror}. Choose another folder with --out."
        ) from error
    with scratch as path:
        yield Path(path)


async def _demonstrate(
    console: Console, pictures: Sequence[DemoPicture], folder: Path, speed: float
) -> None:
    tell = Narrator(console, steps=STEPS, speed=speed)
    async with (
        Sandbox(speed=speed) as sandbox,
        TailoredClient(base_url=sandbox.base_url, api_token=sandbox.api_token, plan=None) as bria,
    ):
        console.print(
            f"The sandbox, a local stand-in for Bria, listens at {sandbox.base_url}\n",
            highlight=False,
        )
        demonstration = await demonstrate(bria, pictures, folder, tell)
        write_page(folder, pictures, demonstration, sandbox.books)


def _check_target(target: Path, folder: Path) -> None:
    if target.resolve() == folder.resolve() or target.resolve() in folder.resolve().parents:
        raise InvalidInputError(f"--out {target} holds the pictures themselves. Choose another.")
    if not target.exists():
        return
    page = target / "index.html"
    made_here = page.is_file() and MARK in page.read_text(encoding="utf-8", errors="replace")
    if not target.is_dir() or (any(target.iterdir()) and not made_here):
        raise InvalidInputError(
            f"{target} exists and was not made by the demo. Choose another folder with --out."
        )
