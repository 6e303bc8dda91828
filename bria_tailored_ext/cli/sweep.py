"""`bria-tailored sweep`: train variants side by side and lay their pictures out."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bria_tailored_ext.cli.account import (
    confirm,
    json_option,
    open_client,
    plan_option,
    print_json,
    when_interrupted,
)
from bria_tailored_ext.cli.resources import counted
from bria_tailored_ext.cli.saying import say

if TYPE_CHECKING:
    from bria_tailored_ext.cli.telling import Telling
    from bria_tailored_ext.client.tailored_client import TailoredClient
    from bria_tailored_ext.sweep import Sweep, SweepPlan, SweepProgress, SweepResult


_FIGURES = ("trainings", "clones", "refinements", "pictures", "billed")

_GOES_ON = "The same command goes on where this one stopped; trainings that run go on at Bria."


@click.command("sweep", short_help="Train variants side by side and compare their pictures.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the state, the pictures and the page go. Default: FILE without its ending.",
)
@click.option("--yes", is_flag=True, help="Do not ask before money is spent.")
@click.option("--dry-run", is_flag=True, help="Show the plan and stop.")
@plan_option
@json_option
def command(
    file: Path, out: Path | None, yes: bool, dry_run: bool, plan: str, as_json: bool
) -> None:
    """Train the variants in FILE side by side, and draw the same prompts with each.

    The same command goes on after a crash: nothing is created, trained or drawn twice.

    \b
    FILE is YAML:
      name: light
      dataset_id: 12            # completed
      variants:
        - name: plain
        - name: strong
          parameters: {rank: 64}
        - name: warm
          instructions: ["Make the light warmer"]
      prompts: ["a teapot at dawn"]
      seeds: [1, 2]

    \b
    Examples:
      bria-tailored sweep light.yaml --dry-run
      bria-tailored sweep light.yaml --out out/light
    """
    import anyio

    from bria_tailored_ext.cli.application import FAILED
    from bria_tailored_ext.sweep import plan_sweep, read_sweep

    sweep = read_sweep(file)
    planned = plan_sweep(sweep)
    if as_json and dry_run:
        print_json({name: getattr(planned, name) for name in _FIGURES})
        return
    _show(sweep, planned, err=as_json)
    if dry_run:
        return
    folder = out or file.with_suffix("")
    client = open_client(plan)
    if not yes:
        confirm(f"Go on, and pay for {counted(planned.billed, 'call')}?")
    with when_interrupted(_GOES_ON):
        result = anyio.run(_run, client, sweep, folder, as_json)
    if as_json:
        print_json(_as_data(result))
    else:
        _tell_result(result)
    if result.failed or result.missing:
        raise SystemExit(FAILED)


def _show(sweep: Sweep, plan: SweepPlan, *, err: bool) -> None:
    say(
        f"{sweep.name}: {counted(plan.trainings, 'training')}, "
        f"{counted(plan.refinements, 'refinement')} and {counted(plan.pictures, 'picture')} are "
        "billed, less what a former run has done.\n",
        err=err,
    )


async def _run(client: TailoredClient, sweep: Sweep, folder: Path, as_json: bool) -> SweepResult:
    from bria_tailored_ext.cli.telling import telling
    from bria_tailored_ext.sweep import run_sweep

    with telling(quiet=as_json) as tell:
        async with client as bria:
            return await run_sweep(bria, sweep, output_dir=folder, on_progress=partial(_tell, tell))


def _as_data(result: SweepResult) -> dict[str, Any]:
    return {
        "models": {each.variant.name: each.model.id for each in result.trained},
        "failed": {name: str(error) for name, error in result.failed},
        "pictures": result.pictures,
        "missing": result.missing,
        "page": str(result.page),
    }


def _tell_result(result: SweepResult) -> None:
    for name, error in result.failed:
        say(f"{name} failed: {error}", err=True)
    if result.missing:
        click.echo(f"{counted(result.missing, 'picture')} missing.", err=True)
    click.echo(f"{counted(result.pictures, 'picture')}. Open {result.page} in a browser.")


def _tell(tell: Telling, seen: SweepProgress) -> None:
    tell.say(f"{seen.variant}: {seen.told}")
    tell.busy()
