"""The commands and what they share: errors as one sentence, exit codes that mean something."""

from __future__ import annotations

import sys
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


class Application(click.Group):
    """A group of commands whose failures are one sentence on standard error."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; turn what it raises into a sentence and an exit code."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            click.echo("Interrupted.", err=True)
            sys.exit(INTERRUPTED)
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


@click.group(cls=Application)
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.version_option(__version__, prog_name="bria-tailored")
def application(debug: bool) -> None:
    """Bria's Tailored Generation: train on a brand's pictures, generate on-brand ones."""


@application.command()
@click.option(
    "--images",
    type=click.Path(file_okay=False),
    help="A folder with 5 to 200 pictures (jpg, jpeg, png, webp). Default: a small set of ours.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False),
    default="out/demo",
    show_default=True,
    help="Where to leave the page and the pictures. A former demo there is replaced.",
)
@click.option(
    "--speed",
    type=click.FloatRange(min=1, max=1_000_000),
    default=1500.0,
    show_default=True,
    help="Simulated seconds per second: a training takes hours.",
)
def demo(images: str | None, out: str, speed: float) -> None:
    """From a folder of pictures to a trained model and on-brand pictures, against the sandbox.

    Nothing is sent to Bria, and nothing is billed.

    \b
    Examples:
      bria-tailored demo
      bria-tailored demo --images brand/ --out out/brand
    """
    from bria_tailored_ext.cli.demo.command import run_demo

    run_demo(images, out, speed)


@application.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8700, show_default=True)
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Loopback, unless you mean it."
)
@click.option(
    "--speed",
    type=click.FloatRange(min=0, max=1_000_000),
    default=60.0,
    show_default=True,
    help="Simulated seconds per second.",
)
@click.option("--seed", type=int, default=0, show_default=True)
def sandbox(port: int, host: str, speed: float, seed: int) -> None:
    """Serve a local stand-in for Bria until interrupted.

    \b
    Example:
      bria-tailored sandbox --port 8700 --speed 600
    """
    from bria_tailored_ext.cli.serve import serve

    serve(host=host, port=port, speed=speed, seed=seed)
