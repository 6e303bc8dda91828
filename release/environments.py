"""Empty environments, made for one trial and removed after it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


class TrialError(Exception):
    """A step of a trial failed; the message says which, and how."""


class Environment:
    """A virtual environment without pip, so that what is in it was asked for.

    Args:
        folder: Where it is made.
    """

    def __init__(self, folder: Path) -> None:
        self.python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        run([sys.executable, "-m", "venv", "--without-pip", str(folder)], folder.parent)

    def install(self, *requirements: str, constraints: Path | None = None) -> None:
        """Install with this interpreter's pip, and have it checked that everything fits.

        Raises:
            TrialError: It cannot be installed, or something does not fit.
        """
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python"]
        pip.append(str(self.python))
        limits = ["--constraint", str(constraints)] if constraints else []
        here = self.python.parent
        run([*pip, "install", "--quiet", "--no-compile", *limits, *requirements], here)
        run([*pip, "check"], here)

    def run(self, *arguments: str, cwd: Path) -> str:
        """Run its Python, and give what it printed.

        Raises:
            TrialError: It failed.
        """
        return run([str(self.python), *arguments], cwd)

    def command(self, name: str, *arguments: str, cwd: Path) -> str:
        """Run a command that a distribution brought.

        Raises:
            TrialError: It failed.
        """
        return run([str(self.python.with_name(name)), *arguments], cwd)


def run(command: Sequence[str], cwd: Path) -> str:
    """Run a command in a folder, away from the sources.

    Raises:
        TrialError: It failed; with all that it printed.
    """
    # Nothing of this project's own surroundings may help, such as PYTHONPATH or a user's token.
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "BRIA_", "PYTEST_", "VIRTUAL_ENV"))
    }
    done = subprocess.run(
        command, cwd=cwd, env=kept, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        raise TrialError(f"{' '.join(command)} failed:\n{done.stdout.strip()}")
    return done.stdout
