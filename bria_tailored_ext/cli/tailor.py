"""`bria-tailored tailor`: from a folder of pictures to a trained model, resumable."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

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
    from bria_tailored.models import StartTraining
    from bria_tailored_ext.cli.telling import Telling
    from bria_tailored_ext.client.tailored_client import TailoredClient
    from bria_tailored_ext.workflows import Tailored, Tailoring, TailoringPlan, TailoringProgress

_GOES_ON = (
    "The same command goes on where this one stopped, and pays for nothing twice; a training that "
    "runs goes on at Bria."
)


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--name", required=True, help="Of the project, the dataset and the model.")
@click.option("--ip-type", required=True, help="Such as stylized_scene or defined_character.")
@click.option("--medium", required=True, help="illustration or photography.")
@click.option("--ip-name", help="The name of a defined_character, 1 to 3 words.")
@click.option("--ip-description", help="What sets the IP apart, up to 6 words.")
@click.option("--instruction", "instructions", multiple=True, help="Refines the visual schema.")
@click.option(
    "--parameters",
    metavar="JSON",
    help="An expert's training parameters: an object, or a file with one.",
)
@click.option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the steps are remembered. Default: FOLDER.tailor.json, beside the folder.",
)
@click.option("--retrain", is_flag=True, help="Train another model where the former one failed.")
@click.option("--yes", is_flag=True, help="Do not ask before money is spent.")
@click.option("--dry-run", is_flag=True, help="Show the plan and stop.")
@plan_option
@json_option
def command(
    folder: Path,
    state: Path | None,
    parameters: str | None,
    retrain: bool,
    yes: bool,
    dry_run: bool,
    plan: str,
    as_json: bool,
    **asked: Any,
) -> None:
    """From a FOLDER of pictures to a trained model.

    The plan is shown before any money is spent. After a crash or an interrupt the same command
    goes on where it stopped: nothing is created, uploaded or trained twice.

    \b
    Examples:
      bria-tailored tailor brand/ --name Teapots --ip-type stylized_scene \\
        --medium photography
      bria-tailored tailor lora/ --name Lora --ip-type defined_character \\
        --medium illustration --ip-name Lora --ip-description "purple hair" \\
        --instruction "Her coat is red"
    """
    import anyio

    tailoring = _tailoring(parameters, **asked)
    remembered = state or _beside(folder)
    planned = anyio.run(_planned, folder, tailoring, remembered, retrain)
    if as_json and dry_run:
        print_json(_plan_as_data(planned))
        return
    _show(planned, remembered, err=as_json)
    if dry_run:
        return
    client = open_client(plan)
    if not yes and planned.billed:
        confirm(f"Go on, and pay for {counted(planned.billed, 'call')}?")
    go = partial(_tailor, client, folder, tailoring, remembered, retrain, as_json)
    with when_interrupted(_GOES_ON):
        made = anyio.run(go)
    if as_json:
        print_json({"project": made.project_id, "dataset": made.dataset_id, "model": made.model_id})
    else:
        click.echo(f"\nModel {made.model_id} is trained. Generate with it:")
        click.echo(f'  bria-tailored generate {made.model_id} "a teapot at dawn" --out teapot.png')


def _beside(folder: Path) -> Path:
    if folder.name in ("", ".."):
        folder = folder.resolve()
    return folder.parent / f"{folder.name}.tailor.json"


def _tailoring(
    parameters: str | None, *, medium: str, instructions: tuple[str, ...], **more: Any
) -> Tailoring:
    from bria_tailored_ext.workflows import Tailoring

    return Tailoring(
        ip_medium=medium,  # type: ignore[arg-type]  # it checks the words itself
        instructions=instructions,
        parameters=_parameters(parameters),
        **more,
    )


def _parameters(given: str | None) -> StartTraining:
    from bria_tailored.models import StartTraining

    if given is None:
        return StartTraining()
    try:
        text = given if given.lstrip().startswith("{") else Path(given).read_text(encoding="utf-8")
        values = json.loads(text)
        if not isinstance(values, dict):
            raise TypeError(f"it is the JSON of a {type(values).__name__}")
        found = StartTraining.from_dict(cast("dict[str, Any]", values))
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise click.BadParameter(
            f"an object such as '{{\"rank\": 64}}', or a file with one: {error}",
            param_hint="--parameters",
        ) from error
    if unknown := ", ".join(sorted(found.additional_properties)):
        # Bria might take no notice of it, and bill a training without it.
        known = sorted({*StartTraining.__annotations__} - {"additional_properties"})
        raise click.BadParameter(
            f"there is no training parameter {unknown}. There are {', '.join(known)}.",
            param_hint="--parameters",
        )
    return found


async def _planned(folder: Path, tailoring: Tailoring, state: Path, retrain: bool) -> TailoringPlan:
    from bria_tailored_ext.workflows import plan_tailoring

    return await plan_tailoring(folder, tailoring, state=state, retrain=retrain)


async def _tailor(
    client: TailoredClient,
    folder: Path,
    tailoring: Tailoring,
    state: Path,
    retrain: bool,
    as_json: bool,
) -> Tailored:
    from bria_tailored_ext.cli.telling import telling
    from bria_tailored_ext.workflows import tailor

    with telling(quiet=as_json) as tell:
        async with client as bria:
            return await tailor(
                bria,
                folder,
                tailoring,
                state=state,
                retrain=retrain,
                on_progress=partial(_tell, tell),
            )


def _show(plan: TailoringPlan, state: Path, *, err: bool) -> None:
    echo = partial(say, err=err)
    echo(f"{plan.pictures} pictures; the steps are remembered in {state}\n")
    for number, each in enumerate(plan.steps, start=1):
        if each.is_done:
            note = "  (done)"
        elif each.billed:
            note = f"  (billed: {counted(each.billed, 'call')})"
        else:
            note = ""
        echo(f"  {number}. {each.told}{note}")
    if plan.billed:
        echo(
            f"\nBria bills {counted(plan.billed, 'call')} of these.\n"
            "It publishes no price for a training: see your contract.\n"
        )
    else:
        echo("\nNothing of these is billed any more.\n")


def _tell(tell: Telling, seen: TailoringProgress) -> None:
    if seen.is_done:
        tell.say(f"{seen.step}: {seen.told}")
        tell.busy()
    else:
        tell.now(f"{seen.step}: {seen.told}", seen.done, seen.total)


def _plan_as_data(plan: TailoringPlan) -> dict[str, Any]:
    return {
        "pictures": plan.pictures,
        "billed_calls": plan.billed,
        "steps": [
            {"step": each.step, "told": each.told, "billed": each.billed, "done": each.is_done}
            for each in plan.steps
        ],
    }
