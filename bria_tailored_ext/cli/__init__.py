"""The command line, `bria-tailored`. It needs the `cli` extra; `demo` and `sandbox` theirs too."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """The command's entry point."""
    try:
        from bria_tailored_ext.cli.application import NAME, application
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("bria_tailored"):
            raise
        sys.exit(
            f"The command line needs {error.name}, which is not installed. "
            "Run: pip install 'bria-tailored[cli]'"
        )
    except KeyboardInterrupt:
        sys.exit(130)
    application(prog_name=NAME)
