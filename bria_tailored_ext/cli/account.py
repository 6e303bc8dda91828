"""What every command that talks to Bria shares: the account's plan, `--json`, `--yes`."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

if TYPE_CHECKING:
    from bria_tailored_ext.client.tailored_client import TailoredClient
    from bria_tailored_ext.values.plan import Plan, PlanName

F = TypeVar("F", bound=Callable[..., Any])

_NO_PACING = "none"


def plan_option(command: F) -> F:
    """Add `--plan`; its value is for `open_client`."""
    return click.option(
        "--plan",
        default="pay_as_you_go",
        show_default=True,
        envvar="BRIA_PLAN",
        show_envvar=True,
        help="free, pay_as_you_go, enterprise, a number of requests a minute, or none.",
    )(command)


def json_option(command: F) -> F:
    """Add `--json`, which a command takes as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")(command)


def open_client(plan: str = "pay_as_you_go", **settings: Any) -> TailoredClient:
    """A client for the account that the environment names. Open it with `async with`.

    Raises:
        MissingTokenError: There is no token.
        ConfigurationError: The plan, the token or the host cannot be one.
    """
    from bria_tailored_ext.client.tailored_client import TailoredClient

    return TailoredClient(plan=plan_of(plan), **settings)


def plan_of(text: str) -> Plan | None:
    """The plan that `--plan` names.

    Raises:
        ConfigurationError: There is no plan of that name.
    """
    from bria_tailored_ext.values.plan import Plan, resolve_plan

    if text == _NO_PACING:
        return None
    if text.isdecimal():
        return Plan(requests_per_minute=int(text))
    return resolve_plan(cast("PlanName", text))


def print_json(value: object) -> None:
    """Print a value as JSON, one document, indented."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def confirm(question: str, *, hint: str = "--yes") -> None:
    """Ask on standard error, and go on only if the answer is yes.

    Raises:
        ClickException: It is no. Nothing was done.
        ConfigurationError: Nobody is there to answer.
    """
    from bria_tailored_ext.values.errors import ConfigurationError

    try:
        agreed = click.confirm(question, err=True)
    except click.Abort as abort:
        if isinstance(abort.__context__, KeyboardInterrupt):
            raise KeyboardInterrupt("Nothing was sent.") from None
        click.echo(err=True)
        raise ConfigurationError(
            f"Nobody answered, and nothing was sent. Pass {hint} to go on without being asked."
        ) from None
    if not agreed:
        raise click.ClickException("Not confirmed: nothing was sent.")


@contextmanager
def when_interrupted(how: str | Callable[[], str]) -> Generator[None]:
    """Say how to go on if SIGINT ends what is done within.

    Args:
        how: A sentence, or what gives it when it is known.
    """
    try:
        yield
    except KeyboardInterrupt as interrupt:
        if not interrupt.args:
            interrupt.args = (how if isinstance(how, str) else how(),)
        raise
