"""`python -m openapi.builder`: build, check, diff and update. Run it from the repository root."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from openapi.builder import commands
from openapi.builder.documents import BuildError

ROOT = Path(__file__).parents[2]


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 on success, 1 when something differs, 2 when the build stopped."""
    parser = argparse.ArgumentParser(prog="python -m openapi.builder", description=__doc__)
    command = parser.add_subparsers(dest="command", required=True)
    generate = command.add_parser("generate", help="rebuild the document and the client")
    generate.add_argument("--notes", action="store_true", help="print what every pass changed")
    command.add_parser("check", help="fail if document or client differ from a fresh build")
    for name, help_ in (
        ("diff", "say what a new upstream document changes; nothing is replaced"),
        ("update", "replace the upstream document and regenerate"),
    ):
        command.add_parser(name, help=help_).add_argument("new", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    try:
        match options.command:
            case "generate":
                return commands.generate(ROOT, notes=options.notes)
            case "check":
                return commands.check(ROOT)
            case "diff":
                return commands.diff(ROOT, options.new)
            case _:
                return commands.update(ROOT, options.new)
    except (BuildError, OSError) as error:
        print(f"Stopped: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
