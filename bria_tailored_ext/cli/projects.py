"""`bria-tailored projects`: what the account has, and deleting it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bria_tailored_ext.cli import resources
from bria_tailored_ext.cli.account import json_option, plan_option

if TYPE_CHECKING:
    from bria_tailored.models import Project
    from bria_tailored_ext.client.tailored_client import TailoredClient


@click.group("projects")
def command() -> None:
    """List, show and delete projects."""


@command.command("list")
@resources.status_option
@plan_option
@json_option
def list_all(status: str | None, plan: str, as_json: bool) -> None:
    """List the account's projects.

    \b
    Examples:
      bria-tailored projects list
      bria-tailored projects list --json | jq '.[].id'
    """
    from bria_tailored_ext.cli.tables import Column

    found = resources.ask(plan, lambda bria: bria.projects.get_projects())
    columns: list[Column[Project]] = [
        Column("id", lambda each: each.id),
        Column("name", lambda each: each.project_name, is_free=True),
        Column("status", lambda each: each.status),
        Column("ip type", lambda each: each.ip_type),
        Column("medium", lambda each: each.ip_medium, is_wide=True),
        Column("changed", lambda each: each.updated_at, is_wide=True),
    ]
    resources.print_list(found, columns, noun="project", status=status, as_json=as_json)


@command.command("show")
@resources.id_argument
@plan_option
@json_option
def show(number: int, plan: str, as_json: bool) -> None:
    """Show a project, and the ids of what is in it.

    \b
    Example:
      bria-tailored projects show 3
    """

    async def look(bria: TailoredClient) -> tuple[Project, list[int], list[int]]:
        project = await bria.projects.get_project_by_id(number)
        return (project, [], []) if as_json else (project, *await _within(bria, number))

    project, datasets, models = resources.ask(plan, look)
    facts = [
        ("id", project.id),
        ("name", project.project_name),
        ("description", project.project_description),
        ("status", project.status),
        ("ip type", project.ip_type),
        ("ip medium", project.ip_medium),
        ("ip name", project.ip_name),
        ("ip description", project.ip_description),
        ("created", project.created_at),
        ("changed", project.updated_at),
        ("datasets", datasets),
        ("models", models),
    ]
    resources.print_one(project, facts, as_json=as_json)


@command.command("delete")
@resources.id_argument
@resources.yes_option
@plan_option
@json_option
def delete(number: int, yes: bool, plan: str, as_json: bool) -> None:
    """Delete a project with its datasets, pictures and models. It cannot be undone.

    \b
    Examples:
      bria-tailored projects delete 3
      bria-tailored projects delete 3 --yes
    """

    async def look(bria: TailoredClient) -> tuple[Project, list[int], list[int]]:
        return await bria.projects.get_project_by_id(number), *await _within(bria, number)

    project, datasets, models = resources.ask(plan, look)
    within = (
        f"{resources.counted(len(datasets), 'dataset')} with their pictures, and "
        f"{resources.counted(len(models), 'model')}"
    )
    resources.delete(
        plan,
        resources.named("project", number, project.project_name),
        lambda bria: bria.projects.delete_project(number),
        loses=f"With it go {within}. What their training has cost is spent.",
        yes=yes,
        as_json=as_json,
        in_training=resources.STOP_FIRST,
    )


async def _within(bria: TailoredClient, project: int) -> tuple[list[int], list[int]]:
    datasets = await bria.datasets.get_datasets_by_project(project)
    models = await bria.models.get_models_by_project(project)
    return [each.id for each in datasets], [each.id for each in models]
