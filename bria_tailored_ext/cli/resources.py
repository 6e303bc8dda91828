"""What `projects`, `datasets` and `models` share: asking, listing, showing, saving, deleting."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from urllib.parse import urlsplit

import click

from bria_tailored_ext.cli.account import confirm, open_client, print_json, when_interrupted
from bria_tailored_ext.cli.saying import say

if TYPE_CHECKING:
    from bria_tailored_ext.cli.tables import Column
    from bria_tailored_ext.client.tailored_client import TailoredClient

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])
C = TypeVar("C", bound=Callable[..., Any] | click.Command)


class Wired(Protocol):
    """What came over the wire."""

    def to_dict(self) -> dict[str, Any]:
        """Its fields, as they came."""
        ...


W = TypeVar("W", bound=Wired)


class Decorator(Protocol):
    """An option or argument of click, for several commands."""

    def __call__(self, command: C, /) -> C:
        """Give a command the option."""
        ...


_ENDING = re.compile(r"\.[A-Za-z0-9]{1,12}")

id_argument: Decorator = click.argument("number", metavar="ID", type=click.IntRange(min=1))

status_option: Decorator = click.option(
    "--status", metavar="WORD", help="Only those of this status, such as completed."
)

project_option: Decorator = click.option(
    "--project", metavar="ID", type=click.IntRange(min=1), help="Only those of this project."
)

yes_option: Decorator = click.option("--yes", is_flag=True, help="Do not ask.")

out_option: Decorator = click.option(
    "--out", type=click.Path(path_type=Path), help="The file, or a folder for it."
)

GOES_ON = "The same command goes on with what has come so far."

STOP_FIRST = (
    "Wait for the training, or stop it with `bria-tailored models stop ID`, which loses it."
)

replace_option: Decorator = click.option("--replace", is_flag=True, help="Replace what is there.")


def ask(
    plan: str,
    look: Callable[[TailoredClient], Awaitable[T]],
    *,
    interrupted: str = "Nothing was changed: run it again.",
) -> T:
    """What a look at the account gives."""
    import anyio

    async def looking() -> T:
        async with open_client(plan) as bria:
            return await look(bria)

    with when_interrupted(interrupted):
        return anyio.run(looking)


def print_list(
    items: Sequence[W],
    columns: Sequence[Column[W]],
    *,
    noun: str,
    status: str | None,
    as_json: bool,
) -> None:
    """Print those that are wanted, as a table, lines or JSON."""
    from bria_tailored_ext.cli.tables import print_rows

    wanted = [each for each in items if status is None or _status(each) == status.lower()]
    if as_json:
        print_json([each.to_dict() for each in wanted])
    elif wanted:
        print_rows(wanted, columns)
    elif items:
        there = Counter(_status(each) for each in items)
        told = ", ".join(f"{count} {word}" for word, count in there.most_common())
        say(f"No {noun} is {status}. There are: {told}.", err=True)
    else:
        click.echo(f"There are no {noun}s.", err=True)


def print_one(item: Wired, facts: Sequence[tuple[str, object]], *, as_json: bool) -> None:
    """Print everything about one, as lines or as JSON."""
    from bria_tailored_ext.cli.tables import print_facts

    if as_json:
        print_json(item.to_dict())
    else:
        print_facts(facts)


def delete(
    plan: str,
    what: str,
    command: Callable[[TailoredClient], Awaitable[None]],
    *,
    loses: str,
    yes: bool,
    as_json: bool,
    in_training: str,
) -> None:
    """Ask, delete, and say so.

    Args:
        plan: The account's.
        what: Is deleted, such as `model 7 (Teapots)`.
        command: Deletes it.
        loses: What goes with it, a sentence.
        yes: Whether nobody is asked.
        as_json: Whether to answer with JSON.
        in_training: What to do where Bria refuses because of a training.

    Raises:
        ClickException: It was not confirmed, or is in use.
    """
    from bria_tailored_ext.values.errors import ConflictError

    if not yes:
        say(loses, err=True)
        confirm(f"Delete {what} for good?")
    try:
        ask(plan, command, interrupted=f"Whether {what} is deleted yet, a look at it tells.")
    except ConflictError as error:
        words = error.words or "it is in use"
        raise click.ClickException(
            f"Bria does not delete {what}: {words}. {in_training}"
        ) from error
    if as_json:
        print_json({"deleted": True})
    else:
        click.echo(f"Deleted {what}.")


def target(out: Path | None, stem: str, url: str, *, replace: bool) -> Path:
    """Where a download goes: `out`, or a name of its own, here or in the folder `out`.

    Args:
        out: What was asked for.
        stem: The name of its own, without an ending.
        url: Where it comes from; its path may have an ending.
        replace: Whether a file that is there may be replaced.

    Raises:
        InvalidInputError: There is a file already, or no folder to write into.
    """
    ending = Path(urlsplit(url).path).suffix
    name = stem + (ending if _ENDING.fullmatch(ending) else "")
    path = Path(name) if out is None else out / name if out.is_dir() else out
    check_target(path, replace=replace)
    return path


def check_target(path: Path, *, replace: bool) -> None:
    """Make the folder of a file, and check that the file may be written.

    Raises:
        InvalidInputError: There is a file already, or its folder cannot be written into.
    """
    from bria_tailored_ext.values.errors import InvalidInputError

    if path.is_dir() or (path.exists() and not replace):
        raise InvalidInputError(f"{path} is there already. Name another, or pass --replace.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInputError(
            f"{path.parent} cannot be made: {error.strerror}. Choose another place."
        ) from error
    if not os.access(path.parent, os.W_OK):
        raise InvalidInputError(f"Nothing can be written into {path.parent}. Choose another place.")


def named(noun: str, number: int, name: object) -> str:
    """Such as `model 7 (Teapots)`."""
    from bria_tailored_ext.cli.tables import cell

    told = cell(name)
    return f"{noun} {number}" + ("" if told == "-" else f" ({told})")


def counted(count: int, noun: str) -> str:
    """Such as `1 model` or `2 models`."""
    return f"{count} {noun}" + ("" if count == 1 else "s")


def _status(item: object) -> str:
    return str(getattr(item, "status", "")).lower()
