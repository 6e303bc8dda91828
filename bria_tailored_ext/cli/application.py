"""The commands and what they share: errors as one sentence, exit codes that mean something."""

from __future__ import annotations

import errno
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any, cast

import click

from bria_tailored_ext.cli.saying import say
from bria_tailored_ext.values.errors import (
    AccessDeniedError,
    AuthenticationError,
    BriaError,
    ConfigurationError,
    InvalidInputError,
    JournalError,
    JournalInUse,
)
from bria_tailored_ext.version import __version__

NAME = "bria-tailored"

FAILED = 1
WRONG_USE = 2
REFUSED_BY_THE_ACCOUNT = 3
INTERRUPTED = 130

_CLI = "bria_tailored_ext.cli"

SECTIONS: Mapping[str, Mapping[str, str]] = {
    "Without an account": {
        "demo": f"{_CLI}.demo.command:command",
        "check": f"{_CLI}.check.command:command",
        "sandbox": f"{_CLI}.sandbox:command",
    },
    "Train": {
        "tailor": f"{_CLI}.tailor:command",
        "sweep": f"{_CLI}.sweep:command",
    },
    "Generate": {
        "generate": f"{_CLI}.generate:command",
        "batch": f"{_CLI}.batch:command",
    },
    "What the account has": {
        "projects": f"{_CLI}.projects:command",
        "datasets": f"{_CLI}.datasets:command",
        "models": f"{_CLI}.models:command",
    },
    "This shell": {
        "completion": f"{_CLI}.completion:command",
    },
}

COMMANDS: Mapping[str, str] = {
    name: place for section in SECTIONS.values() for name, place in section.items()
}
"""Where each command is. One is imported when it is asked for; its module imports only click."""

_EXTRAS = {"jsonschema_rs", "starlette", "uvicorn", "av", "numpy"}
"""What only the extra `sandbox` has."""


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

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands section by section, their columns in line."""
        widest = max(map(len, COMMANDS))
        limit = formatter.width - 6 - widest
        for title, commands in SECTIONS.items():
            rows: list[tuple[str, str]] = []
            for name in commands:
                command = self.get_command(ctx, name)
                words = command.get_short_help_str(limit) if command else ""
                rows.append((name.ljust(widest), words))
            with formatter.section(title):
                formatter.write_dl(rows)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; turn what it raises into a sentence and an exit code."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as interrupt:
            _interrupted(interrupt)
        except click.Abort as abort:
            # click makes one exception of Ctrl-C at a question and of an input that has ended.
            if isinstance(abort.__context__, KeyboardInterrupt):
                _interrupted(abort.__context__)
            raise
        except (click.ClickException, click.exceptions.Exit):
            raise
        except Exception as raised:
            error = _alone(raised)
            if ctx.params.get("debug"):
                raise
            if _is_broken_pipe(error):
                raise error from raised
            say(f"Error: {_sentence(error)}", err=True)
            sys.exit(exit_code(error))


def exit_code(error: BaseException) -> int:
    """The exit code for an error: 3 for the account's refusals, 2 for wrong use, else 1."""
    if isinstance(error, AuthenticationError | AccessDeniedError):
        return REFUSED_BY_THE_ACCOUNT
    if isinstance(error, JournalInUse):
        return FAILED
    if isinstance(error, ConfigurationError | InvalidInputError | JournalError):
        return WRONG_USE
    return FAILED


def _interrupted(interrupt: BaseException) -> None:
    """End as one ends on SIGINT, with what the command has to say on how to go on."""
    how = interrupt.args[0] if interrupt.args else "Run the same command again."
    say(f"\nInterrupted. {how}", err=True)
    sys.exit(INTERRUPTED)


def _alone(error: Exception) -> Exception:
    """The error itself, where tasks side by side have wrapped it."""
    if not isinstance(error, ExceptionGroup):
        return error
    group = cast("ExceptionGroup[Exception]", error)
    return _alone(group.exceptions[0]) if len(group.exceptions) == 1 else group


def _is_broken_pipe(error: Exception) -> bool:
    # click ends quietly on these: whoever read the output has gone.
    return isinstance(error, OSError) and error.errno == errno.EPIPE


def _sentence(error: Exception) -> str:
    """What a person is told of an error."""
    if isinstance(error, BriaError):
        return str(error)
    if isinstance(error, ModuleNotFoundError) and not (error.name or "").startswith("bria"):
        extra = "cli,sandbox" if (error.name or "").split(".")[0] in _EXTRAS else "cli"
        return (
            f"this command needs {error.name}, which is not installed. "
            f"Run: pip install '{NAME}[{extra}]'"
        )
    if isinstance(error, OSError) and error.strerror:
        place = f"{error.filename}: " if error.filename is not None else ""
        return f"{place}{error.strerror}."
    words = str(error).partition("\n")[0]
    return (
        f"{type(error).__name__}: {words}. This is a defect of {NAME}: please report it, with what "
        f"`{NAME} --debug` and the rest of the command line prints."
    )


@click.group(cls=Application, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.version_option(__version__, prog_name=NAME)
def application(debug: bool) -> None:
    """Bria's Tailored Generation: train on a brand's pictures, generate on-brand ones.

    \b
    The token is read from BRIA_API_TOKEN, the host from BRIA_BASE_URL.
    Exit codes: 0 all done, 1 some failed, 2 wrong use,
                3 refused by the account, 130 interrupted.

    \b
    Examples:
      bria-tailored check brand/
      bria-tailored tailor brand/ --name Teapots --ip-type stylized_scene \\
          --medium photography
      bria-tailored generate 7 "a teapot at dawn" --out teapot.png
    """
