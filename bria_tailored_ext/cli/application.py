"""The commands and what they share: errors as one sentence, exit codes that mean something."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from bria_tailored_ext.values.errors import (
    AccessDeniedError,
    AuthenticationError,
    BriaError,
    ConfigurationError,
    InvalidInputError,
)
from bria_tailored_ext.version import __version__

FAILED = 1
WRONG_USE = 2
REFUSED_BY_THE_ACCOUNT = 3
INTERRUPTED = 130

COMMANDS: Mapping[str, str] = {
    "demo": "bria_tailored_ext.cli.demo.command:command",
    "sandbox": "bria_tailored_ext.cli.sandbox:command",
}
"""Where each command is. One is imported when it is asked for; its module imports only click."""


class Application(click.Group):
    """The commands of a table, whose failures are one sentence on standard error."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own
        """Name them, in the order of the table."""
        return list(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's own
        cmd_name: str,
    ) -> click.Command | None:
        """Import one."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        found: click.Command = getattr(import_module(module), name)
        return found

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; turn what it raises into a sentence and an exit code."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            click.echo("Interrupted.", err=True)
            sys.exit(INTERRUPTED)
        except ModuleNotFoundError as error:
            if ctx.params.get("debug") or (error.name or "").startswith("bria_tailored"):
                raise
            click.echo(
                f"Error: this command needs {error.name}, which is not installed. "
                "Run: pip install 'bria-tailored[cli,sandbox]'",
                err=True,
            )
            sys.exit(FAILED)
        except Exception as error:
            if ctx.params.get("debug") or not isinstance(error, BriaError):
                raise
            click.echo(f"Error: {error}", err=True)
            sys.exit(exit_code(error))


def exit_code(error: BaseException) -> int:
    """The exit code for an error: 3 for the account's refusals, 2 for wrong use, else 1."""
    if isinstance(error, AuthenticationError | AccessDeniedError):
        return REFUSED_BY_THE_ACCOUNT
    if isinstance(error, ConfigurationError | InvalidInputError):
        return WRONG_USE
    return FAILED


@click.group(cls=Application, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.version_option(__version__, prog_name="bria-tailored")
def application(debug: bool) -> None:
    """Bria's Tailored Generation: train on a brand's pictures, generate on-brand ones.

    \b
    The token is read from BRIA_API_TOKEN, the host from BRIA_BASE_URL.
    Exit codes: 0 all done, 1 some failed, 2 wrong use, 3 refused by the account, 130 interrupted.
    """
