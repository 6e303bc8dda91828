"""`bria-tailored datasets`: what the account has, downloading it, and deleting it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bria_tailored_ext.cli import resources
from bria_tailored_ext.cli.account import json_option, plan_option, print_json

if TYPE_CHECKING:
    from bria_tailored.models import Dataset, Model
    from bria_tailored_ext.client.tailored_client import TailoredClient
    from bria_tailored_ext.workflows.download import DatasetFiles


@click.group("datasets")
def command() -> None:
    """List, show, download and delete datasets."""


@command.command("list")
@resources.project_option
@resources.status_option
@plan_option
@json_option
def list_all(project: int | None, status: str | None, plan: str, as_json: bool) -> None:
    """List the account's datasets.

    \b
    Examples:
      bria-tailored datasets list --project 3
      bria-tailored datasets list --status draft --json
    """
    from bria_tailored_ext.cli.tables import Column

    async def look(bria: TailoredClient) -> list[Dataset]:
        if project is None:
            return await bria.datasets.get_datasets()
        return await bria.datasets.get_datasets_by_project(project)

    columns: list[Column[Dataset]] = [
        Column("id", lambda each: each.id),
        Column("name", lambda each: each.name, is_free=True),
        Column("status", lambda each: each.status),
        Column("pictures", lambda each: each.images_count),
        Column("project", lambda each: each.project_id),
        Column("upload", lambda each: each.upload_type, is_wide=True),
        Column("changed", lambda each: each.updated_at, is_wide=True),
    ]
    found = resources.ask(plan, look)
    resources.print_list(found, columns, noun="dataset", status=status, as_json=as_json)


@command.command("show")
@resources.id_argument
@plan_option
@json_option
def show(number: int, plan: str, as_json: bool) -> None:
    """Show a dataset, and its visual schema.

    \b
    Examples:
      bria-tailored datasets show 12
      bria-tailored datasets show 12 --json | jq -r .visual_schema
    """
    from bria_tailored_ext.cli.tables import as_pretty_json, cell

    found = resources.ask(plan, lambda bria: bria.datasets.get_dataset_by_id(number))
    facts = [
        ("id", found.id),
        ("name", found.name),
        ("status", found.status),
        ("project", found.project_id),
        ("pictures", found.images_count),
        ("upload", found.upload_type),
        ("captions", found.captions_update_status),
        ("created", found.created_at),
        ("changed", found.updated_at),
    ]
    resources.print_one(found, facts, as_json=as_json)
    if not as_json and cell(found.visual_schema) != "-":
        click.echo(f"visual schema:\n{as_pretty_json(found.visual_schema)}")


@command.command("download")
@resources.id_argument
@resources.out_option
@click.option(
    "--captions", type=click.Path(path_type=Path), help="Where its captions go, if Bria has them."
)
@resources.replace_option
@plan_option
@json_option
def download(
    number: int, out: Path | None, captions: Path | None, replace: bool, plan: str, as_json: bool
) -> None:
    """Download an advanced dataset. After a break, the same command goes on with what is there.

    \b
    Examples:
      bria-tailored datasets download 12
      bria-tailored datasets download 12 --out brand.zip --captions captions.json
    """
    from bria_tailored_ext.cli.telling import telling
    from bria_tailored_ext.workflows.download import download_dataset

    if captions is not None:
        resources.check_target(captions, replace=replace)

    async def fetch(bria: TailoredClient) -> DatasetFiles:
        url = (await bria.datasets.download_dataset(number)).download_url
        path = resources.target(out, f"dataset-{number}", url, replace=replace)
        with telling(quiet=as_json, in_bytes=True) as tell:
            count = partial(tell.now, f"Downloading {path.name}")
            return await download_dataset(bria, number, path, captions=captions, on_progress=count)

    files = resources.ask(plan, fetch, interrupted=resources.GOES_ON)
    if as_json:
        there = None if files.captions is None else str(files.captions)
        print_json({"file": str(files.path), "captions": there})
        return
    click.echo(f"Saved {files.path}.")
    if files.captions is not None:
        click.echo(f"Saved {files.captions}.")
    elif captions is not None:
        click.echo("Bria has no file of its captions: not all were made automatically.", err=True)


@command.command("delete")
@resources.id_argument
@resources.yes_option
@plan_option
@json_option
def delete(number: int, yes: bool, plan: str, as_json: bool) -> None:
    """Delete a dataset with its pictures. It cannot be undone.

    \b
    Example:
      bria-tailored datasets delete 12
    """

    async def look(bria: TailoredClient) -> tuple[Dataset, list[Model]]:
        return await bria.datasets.get_dataset_by_id(number), await bria.models.get_models()

    dataset, models = resources.ask(plan, look)
    using = [each.id for each in models if each.dataset_id == number]
    trained = (
        f" {resources.counted(len(using), 'model')} of it remain: {', '.join(map(str, using))}."
        if using
        else ""
    )
    pictures = dataset.images_count
    many = f"its {pictures} pictures" if isinstance(pictures, int) else "all of its pictures"
    resources.delete(
        plan,
        resources.named("dataset", number, dataset.name),
        lambda bria: bria.datasets.delete_dataset(number),
        loses=f"With it go {many}.{trained}",
        yes=yes,
        as_json=as_json,
        in_training=resources.STOP_FIRST,
    )
