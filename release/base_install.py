"""Run by the Python of an environment that holds the wheel and no extra: `make package` does.

Everything that needs no extra works there, and everything else says in one sentence which it needs.
"""

from __future__ import annotations

import asyncio
import importlib
import io
import pkgutil
import re
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import distributions, requires
from pathlib import Path

DIRECT = {"anyio", "attrs", "httpcore", "httpx"}
"""What the package asks for. httpx brings httpcore anyway."""

ROOMS_WITHOUT_EXTRAS = (
    "batch", "client", "edge", "rules", "sweep", "values", "version", "webhooks", "workflows"
)  # fmt: skip
WITH_EXTRAS = {
    "bria_tailored_ext.batch.pages",
    "bria_tailored_ext.edge.over_aiohttp",
    "bria_tailored_ext.sweep.page",
    "bria_tailored_ext.workflows.inspecting",
    "bria_tailored_ext.workflows.mending",
    "bria_tailored_ext.workflows.pillow",
    "bria_tailored_ext.workflows.turning",
}
"""Modules that are imported only where their extra is needed."""


def main() -> None:
    """Look at everything, and stop at what is wrong."""
    check_what_is_installed()
    check_imports()
    asyncio.run(check_client())
    for name, use, extra in USES:
        check_sentence(name, failure_of(use), extra)
    for command in ([], ["demo"], ["sandbox"], ["--help"]):
        check_command(command)
    print("Without any extra: nothing superfluous is installed, and what is missing says so.")


def check_what_is_installed() -> None:
    """Whatever the direct dependencies bring, and nothing else."""
    installed = {name_of(each.metadata["Name"]) for each in distributions()}
    asked = {name_of(line) for line in requires("bria-tailored") or () if "extra ==" not in line}
    assert asked == DIRECT, f"The base asks for {sorted(asked)}."
    needed, open_ends = set[str](), {"bria-tailored"}
    while open_ends:
        found = open_ends.pop()
        needed.add(found)
        lines = [line for line in requires(found) or () if "extra ==" not in line]
        open_ends |= {name_of(line) for line in lines} & installed - needed
    assert installed == needed, f"Nobody asked for {sorted(installed - needed)}."


def name_of(requirement: str) -> str:
    """The name in a requirement, in one spelling."""
    return re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower().replace("_", "-")


def check_imports() -> None:
    """Every module but those of the extras can be imported."""
    for package in (
        "bria_tailored",
        *(f"bria_tailored_ext.{room}" for room in ROOMS_WITHOUT_EXTRAS),
    ):
        module = importlib.import_module(package)
        for found in pkgutil.walk_packages(getattr(module, "__path__", ()), f"{package}."):
            if found.name not in WITH_EXTRAS:
                importlib.import_module(found.name)


async def check_client() -> None:
    """A client is made, opened and closed."""
    from bria_tailored_ext import TailoredClient

    async with TailoredClient(api_token="none") as bria:  # noqa: S106 - it is none
        assert bria.statistics().jobs == 0


def failure_of(use: Callable[[], object]) -> str:
    """What a use without its extra says."""
    from bria_tailored_ext import ConfigurationError

    try:
        use()
    except (ConfigurationError, ModuleNotFoundError) as error:
        return str(error)
    return "nothing"


def check_sentence(name: str, said: str, extra: str) -> None:
    """It says what to install, in one line."""
    good = f"pip install 'bria-tailored[{extra}]'" in said and "\n" not in said
    assert good, f"{name} without its extra says: {said}"


def check_command(arguments: list[str]) -> None:
    """The command says so too, and fails."""
    done = subprocess.run(
        [Path(sys.executable).with_name("bria-tailored"), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, f"bria-tailored {arguments} exited with {done.returncode}"
    check_sentence(f"bria-tailored {arguments}", done.stderr.strip(), "cli")


def use_aiohttp() -> None:
    """Open a client over aiohttp."""
    from bria_tailored_ext import TailoredClient

    async def opened() -> None:
        async with TailoredClient(api_token="none", http_backend="aiohttp"):  # noqa: S106 - none
            pass

    asyncio.run(opened())


def use_images() -> None:
    """Look at a picture."""
    from bria_tailored_ext.workflows import check_images

    asyncio.run(check_images([io.BytesIO(b"\x89PNG\r\n\x1a\n")]))


def use_yaml() -> None:
    """Read a sweep in YAML."""
    from bria_tailored_ext.sweep import read_sweep

    Path("sweep.yaml").write_text("name: none\n", encoding="utf-8")
    read_sweep(Path("sweep.yaml"))


def use_parquet() -> None:
    """Read a batch from Parquet."""
    from bria_tailored_ext.batch import estimate_batch

    Path("batch.parquet").write_bytes(b"PAR1")
    asyncio.run(estimate_batch(Path("batch.parquet"), journal=Path("batch.journal")))


def use_sandbox() -> None:
    """Import the sandbox."""
    importlib.import_module("bria_tailored_ext.sandbox")


USES: tuple[tuple[str, Callable[[], object], str], ...] = (
    ("the aiohttp backend", use_aiohttp, "aiohttp"),
    ("check_images", use_images, "images"),
    ("a sweep in YAML", use_yaml, "cli"),
    ("a batch from Parquet", use_parquet, "parquet"),
    ("the sandbox", use_sandbox, "sandbox"),
)

if __name__ == "__main__":
    main()
