"""`bria-tailored models`: what the account has, its trainings, downloading and deleting."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bria_tailored_ext.cli import resources
from bria_tailored_ext.cli.account import (
    confirm,
    json_option,
    plan_option,
    print_json,
)
from bria_tailored_ext.cli.saying import say

if TYPE_CHECKING:
    from bria_tailored.models import Model
    from bria_tailored_ext.cli.telling import Telling
    from bria_tailored_ext.client.tailored_client import TailoredClient
    from bria_tailored_ext.workflows import TrainingProgress


@click.group("models")
def command() -> None:
    """List, show, watch, stop, download and delete models."""


@command.command("list")
@resources.project_option
@resources.status_option
@plan_option
@json_option
def list_all(project: int | None, status: str | None, plan: str, as_json: bool) -> None:
    """List the account's models.

    \b
    Examples:
      bria-tailored models list --status completed
      bria-tailored models list --project 3 --json | jq '.[].id'
    """
    from bria_tailored_ext.cli.tables import Column

    async def look(bria: TailoredClient) -> list[Model]:
        if project is None:
            return await bria.models.get_models()
        return await bria.models.get_models_by_project(project)

    columns: list[Column[Model]] = [
        Column("id", lambda each: each.id),
        Column("name", lambda each: each.name, is_free=True),
        Column("status", lambda each: each.status),
        Column("dataset", lambda each: each.dataset_id),
        Column("project", lambda each: each.project_id),
        Column("mode", lambda each: each.training_mode, is_wide=True),
        Column("changed", lambda each: each.updated_at or each.created_at, is_wide=True),
    ]
    found = resources.ask(plan, look)
    resources.print_list(found, columns, noun="model", status=status, as_json=as_json)


@command.command("show")
@resources.id_argument
@plan_option
@json_option
def show(number: int, plan: str, as_json: bool) -> None:
    """Show a model.

    \b
    Example:
      bria-tailored models show 7
    """
    from bria_tailored.models import TrainingParameters

    found = resources.ask(plan, lambda bria: bria.models.get_model(number))
    parameters = found.training_parameters
    given = parameters.to_dict() if isinstance(parameters, TrainingParameters) else {}
    facts = [
        ("id", found.id),
        ("name", found.name),
        ("description", found.description),
        ("status", found.status),
        ("project", found.project_id),
        ("dataset", found.dataset_id),
        ("training mode", found.training_mode),
        ("parameters", [f"{name} {value}" for name, value in given.items()]),
        ("active version", found.active_model_version),
        ("checkpoints", found.checkpoint_steps),
        ("created", found.created_at),
        ("changed", found.updated_at),
        ("metadata", found.custom_metadata),
    ]
    resources.print_one(found, facts, as_json=as_json)


@command.command("watch")
@resources.id_argument
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    help="Seconds to watch.  [default: until it ends]",
)
@plan_option
@json_option
def watch(number: int, timeout: float | None, plan: str, as_json: bool) -> None:
    """Wait until a training that runs has ended. It never starts one.

    Exit code 0 if the model is trained, 1 if its training failed or was stopped.

    \b
    Example:
      bria-tailored models watch 7 && bria-tailored generate 7 "a teapot at dawn"
    """
    from bria_tailored_ext.cli.telling import telling
    from bria_tailored_ext.values.errors import InvalidInputError, TrainingTimeout
    from bria_tailored_ext.workflows.train import status_of
    from bria_tailored_ext.workflows.train_and_wait import train_and_wait

    again = f"To go on: `bria-tailored models watch {number}`."

    async def follow(bria: TailoredClient) -> Model:
        # What is begun cannot become Created again: nothing is started from here on.
        if status_of(await bria.models.get_model(number)) == "created":
            raise InvalidInputError(
                f"The training of model {number} was never started, so there is nothing to watch."
            )
        with telling(quiet=as_json) as tell:
            return await train_and_wait(
                bria, number, timeout=timeout, on_progress=partial(_tell, tell)
            )

    try:
        model = resources.ask(plan, follow, interrupted=f"The training goes on at Bria. {again}")
    except TrainingTimeout as error:
        raise click.ClickException(
            f"Model {number} is still training after {timeout:g} s; it goes on at Bria and is "
            f"paid for. {again}"
        ) from error
    if as_json:
        print_json(model.to_dict())
    else:
        click.echo(f"Model {number} is trained.")


def _tell(tell: Telling, seen: TrainingProgress) -> None:
    from bria_tailored_ext.cli.telling import in_words

    left = "" if seen.remaining is None else f", perhaps {in_words(seen.remaining)} left"
    saved = f", checkpoint {seen.checkpoints[-1]}" if seen.checkpoints else ""
    tell.now(f"Model {seen.model_id} is {seen.status}{left}{saved}")


@command.command("stop")
@resources.id_argument
@resources.yes_option
@plan_option
@json_option
def stop(number: int, yes: bool, plan: str, as_json: bool) -> None:
    """Stop a training for good: it is lost, and what it has cost is spent.

    \b
    Example:
      bria-tailored models stop 7
    """
    from bria_tailored_ext.workflows.train import status_of, stop_training

    model = resources.ask(plan, lambda bria: bria.models.get_model(number))
    what = resources.named("model", number, model.name)
    if status_of(model) == "inprogress":
        if not yes:
            say(
                "A training that was stopped cannot be resumed: another model has to be created, "
                "trained and paid for.",
                err=True,
            )
            confirm(f"Stop the training of {what} for good?")
        model = resources.ask(
            plan,
            lambda bria: stop_training(bria, number, for_good=True),
            interrupted=f"Whether it was stopped, `bria-tailored models show {number}` tells.",
        )
    elif not as_json:
        click.echo("It is not in training: nothing was stopped.", err=True)
    if as_json:
        print_json(model.to_dict())
    else:
        click.echo(f"{what[0].upper()}{what[1:]} is {model.status}.")


@command.command("download")
@resources.id_argument
@resources.out_option
@resources.replace_option
@plan_option
@json_option
def download(number: int, out: Path | None, replace: bool, plan: str, as_json: bool) -> None:
    """Download a trained model. After a break, the same command goes on with what is there.

    \b
    Examples:
      bria-tailored models download 7
      bria-tailored models download 7 --out weights/
    """
    from bria_tailored_ext.cli.telling import telling
    from bria_tailored_ext.workflows.download import download_model

    async def fetch(bria: TailoredClient) -> Path:
        url = (await bria.models.download_tailored_model(number)).download_url
        path = resources.target(out, f"model-{number}", url, replace=replace)
        with telling(quiet=as_json, in_bytes=True) as tell:
            count = partial(tell.now, f"Downloading {path.name}")
            return await download_model(bria, number, path, on_progress=count)

    path = resources.ask(plan, fetch, interrupted=resources.GOES_ON)
    if as_json:
        print_json({"file": str(path), "bytes": path.stat().st_size})
    else:
        click.echo(f"Saved {path}.")


@command.command("delete")
@resources.id_argument
@resources.yes_option
@plan_option
@json_option
def delete(number: int, yes: bool, plan: str, as_json: bool) -> None:
    """Delete a model. It cannot be undone; its dataset remains.

    \b
    Example:
      bria-tailored models delete 7
    """
    model = resources.ask(plan, lambda bria: bria.models.get_model(number))
    resources.delete(
        plan,
        resources.named("model", number, model.name),
        lambda bria: bria.models.delete_model(number),
        loses="Nothing can be generated with it any more, and what its training has cost is spent. "
        "Its dataset remains.",
        yes=yes,
        as_json=as_json,
        in_training=f"Wait with `bria-tailored models watch {number}`, or stop it with "
        f"`bria-tailored models stop {number}`, which loses the training.",
    )
