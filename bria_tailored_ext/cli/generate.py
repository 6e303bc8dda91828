"""`bria-tailored generate`: one picture, clip or structured prompt, or a few."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bria_tailored_ext.cli.account import json_option, plan_option

if TYPE_CHECKING:
    from bria_tailored_ext.batch.outcomes import Request

_MOST = 25
"""More than these are a batch, which has a journal."""


@click.command("generate", short_help="Generate a picture, wait for it, and save it.")
@click.argument("model", required=False)
@click.argument("prompt", required=False)
@click.option(
    "--structured-prompt",
    "structured_prompt",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of JSON: refined by PROMPT, or drawn again with --seed.",
)
@click.option("--structured", is_flag=True, help="Make the structured prompt only, no picture.")
@click.option("--video-of", metavar="PICTURE", help="Make a clip that begins with this.")
@click.option("--seed", type=int, help="The same seed gives the same; with --count, the first.")
@click.option("--aspect-ratio", metavar="RATIO", help="Such as 1:1, 4:5 or 16:9.")
@click.option("--influence", type=float, help="Of the model, 0 to 1.5.")
@click.option("--negative-prompt", help="What is not to be in it.")
@click.option(
    "--count",
    type=click.IntRange(1, _MOST),
    default=1,
    show_default=True,
    help="How many. For more there is `batch`.",
)
@click.option(
    "--resume",
    "resumed",
    metavar="REQUEST_ID",
    multiple=True,
    help="Wait for this job and save it; nothing is submitted. May be repeated.",
)
@click.option("--out", type=click.Path(path_type=Path), help="The file, or a folder for it.")
@click.option("--replace", is_flag=True, help="Replace a file that is there.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=600.0,
    show_default=True,
    help="Seconds to wait for each job.",
)
@plan_option
@json_option
def command(
    model: str | None,
    prompt: str | None,
    resumed: tuple[str, ...],
    count: int,
    out: Path | None,
    replace: bool,
    timeout: float,
    plan: str,
    as_json: bool,
    **asked: Any,
) -> None:
    """Generate a picture with MODEL from PROMPT, wait for it, and save it.

    It is billed as soon as it is submitted. Its request id is printed at once: after Ctrl-C or a
    timeout, --resume takes it up again, and nothing is paid twice.

    \b
    Examples:
      bria-tailored generate 7 "a teapot at dawn" --out teapot.png
      bria-tailored generate 7 "at night now" --structured-prompt teapot.json
      bria-tailored generate 7 "a teapot" --structured --out teapot.json
      bria-tailored generate 7 --video-of teapot.png --out teapot.mp4
      bria-tailored generate --resume REQUEST_ID --out teapot.png
    """
    from bria_tailored_ext.cli.generating import Choices, run

    if resumed:
        given = [name for name, value in asked.items() if value] + ["MODEL"] * bool(model)
        if given or count > 1:
            raise click.UsageError("--resume takes up what was submitted: leave out all but --out.")
        requests: tuple[Request, ...] = ()
    else:
        requests = tuple(_requests(model, prompt, count, **asked))
    choices = Choices(
        requests=requests,
        resumed=resumed,
        out=out,
        replace=replace,
        timeout=timeout,
        plan=plan,
        as_json=as_json,
    )
    if code := run(choices):
        sys.exit(code)


def _requests(
    model: str | None,
    prompt: str | None,
    count: int,
    *,
    structured: bool,
    video_of: str | None,
    seed: int | None,
    **more: Any,
) -> list[Request]:
    """What is submitted, checked: one for each of `count`, with a seed of its own if one is given.

    Raises:
        UsageError: Something is missing, or does not go together.
    """
    if model is None or not model.isdecimal():
        raise click.UsageError(
            "Name the MODEL first, by its id, such as 7: `bria-tailored models list` has them."
        )
    fields = _fields(prompt, structured=structured, video_of=video_of, **more)
    fields["tailored_model_id"] = model
    repeats = range(count) if video_of is None or seed is not None else range(1)
    if len(repeats) < count:
        raise click.UsageError("--count of a clip needs a --seed: else all could be the same.")
    kind = _kind(structured, video_of)
    return [
        _checked(kind, fields | ({} if seed is None else {"seed": seed + place}))
        for place in repeats
    ]


def _fields(
    prompt: str | None,
    *,
    structured: bool,
    video_of: str | None,
    structured_prompt: Path | None,
    aspect_ratio: str | None,
    influence: float | None,
    negative_prompt: str | None,
) -> dict[str, Any]:
    picture = {
        "--aspect-ratio": ("aspect_ratio", aspect_ratio),
        "--influence": ("tailored_model_influence", influence),
        "--negative-prompt": ("negative_prompt", negative_prompt),
    }
    words = {
        "PROMPT": ("prompt", prompt),
        "--structured-prompt": ("structured_prompt", _read(structured_prompt)),
    }
    if structured and video_of is not None:
        raise click.UsageError("--structured and --video-of do not go together.")
    refused = picture if structured else picture | words if video_of is not None else {}
    for option, (_, value) in refused.items():
        if value is not None:
            what = "a structured prompt" if structured else "a clip"
            raise click.UsageError(f"{option} has no place with {what}. Leave it out.")
    if video_of is not None:
        return {"image": video_of}
    return {name: value for name, value in (words | picture).values() if value is not None}


def _read(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        return path.read_text(encoding="utf-8")
    except ValueError:
        raise click.UsageError(f"{path} is no text: a structured prompt is JSON.") from None


def _kind(structured: bool, video_of: str | None) -> str:
    return "structured_prompt" if structured else "image" if video_of is None else "video"


def _checked(kind: str, fields: dict[str, Any]) -> Request:
    """The request, by Bria's rules.

    Raises:
        InvalidInputError: It breaks one.
    """
    from typing import get_args

    from bria_tailored.models import (
        AspectRatio,
        ImageRequest,
        StructuredPromptRequest,
        VideoRequest,
    )
    from bria_tailored_ext.rules.requests import check_request
    from bria_tailored_ext.values.jobs import JobKind

    check_request(JobKind(kind), fields, get_args(AspectRatio))
    match JobKind(kind):
        case JobKind.IMAGE:
            return ImageRequest.from_dict(fields)
        case JobKind.STRUCTURED_PROMPT:
            return StructuredPromptRequest.from_dict(fields)
        case JobKind.VIDEO:
            return VideoRequest.from_dict(fields)
