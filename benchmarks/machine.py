"""What was measured on, and with which versions. No names of hosts or folders."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path

OURS = Path(".venv/bin/python")
THEIRS = Path(".bench/bin/python")
"""The other contestants' environment: `make bench` installs it."""

_ASK = """
import json, sys
from importlib.metadata import PackageNotFoundError, version
found = {}
for name in sys.argv[1:]:
    try:
        found[name] = version(name)
    except PackageNotFoundError:
        pass
print(json.dumps(found))
"""


def machine() -> dict[str, str]:
    """Cores, processor, memory, system and Python."""
    return {
        "cores": str(os.cpu_count()),
        "processor": _processor(),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release().split('-')[0]}, {platform.machine()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
    }


def disturbance(load: float) -> str:
    """What a page says of other work that the machine had, by its load before the run."""
    if load < 0.5 * (os.cpu_count() or 1):
        return "a quiet machine"
    return f"a machine at other work (load {load:g} before): repeat it before relying on it"


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in text.splitlines() if "model name" in line]
    return names[0] if names else platform.machine()


@cache
def _versions(python: Path, names: tuple[str, ...]) -> dict[str, str]:
    # Our own interpreters, our own program.
    asked = subprocess.run(  # noqa: S603
        [str(python), "-c", _ASK, *names], capture_output=True, text=True, check=True
    )
    found: dict[str, str] = json.loads(asked.stdout)
    return found


def versions(names: Iterable[str]) -> dict[str, str]:
    """The versions of some distributions, by name, as each contestant has them.

    Raises:
        RuntimeError: Both environments have one of them in different versions, so that a
            comparison would compare two things at once.
    """
    asked = tuple(sorted(names))
    ours, theirs = _versions(OURS, asked), _versions(THEIRS, asked)
    differing = {name for name in ours.keys() & theirs.keys() if ours[name] != theirs[name]}
    if differing:
        raise RuntimeError(
            f"{', '.join(sorted(differing))}: .venv and .bench have different versions. "
            "Remove .bench and run `make bench` again."
        )
    return dict(sorted((theirs | ours).items()))
