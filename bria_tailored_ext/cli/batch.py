"""`bria-tailored batch`: a file of requests, its journal, and what it leaves behind."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bria_tailored_ext.cli.account import json_option, plan_option, print_json

if TYPE_CHECKING:
    from bria_tailored_ext.batch import Prices, Status

_PATH = click.Path(path_type=Path)
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group("batch")
def command() -> None:
    """Run thousands of requests; none is lost, and none paid for twice."""


@command.command("run")
@click.argument("file", type=_FILE)
@click.option("--out", type=_PATH, help="The folder for the files.  [default: out/NAME OF FILE]")
@click.option("--journal", type=_PATH, help="What knows how far it is.  [default: OUT/journal.db]")
@plan_option
@click.option("--dry-run", is_flag=True, help="Check, count and estimate; send nothing.")
@click.option("--max-cost", metavar="DOLLARS", help="Stop before more than this may be spent.")
@click.option(
    "--price",
    "price_list",
    metavar="KIND=DOLLARS",
    multiple=True,
    help="What one image, structured_prompt or video costs; may be repeated.",
)
@click.option(
    "--on-unknown",
    type=click.Choice(["report", "resubmit", "skip"]),
    default="report",
    show_default=True,
    help="What becomes of a request that may or may not have been billed.",
)
@click.option("--retry-failed", is_flag=True, help="Submit again what failed before.")
@click.option(
    "--max-failures",
    type=click.IntRange(min=0),
    default=25,
    show_default=True,
    help="Stop after so many failures in a row; 0 for never.",
)
@click.option("--in-flight", type=click.IntRange(min=1), default=200, show_default=True)
@click.option("--name", default="{id}-{seed}.{ext}", show_default=True, help="How files are named.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=3600.0,
    show_default=True,
    help="Seconds to wait for one job.",
)
@json_option
def run(file: Path, out: Path | None, journal: Path | None, plan: str, **options: Any) -> None:
    """Submit the requests of FILE, save what comes, and go on from where it was left.

    FILE is .jsonl, .csv, .parquet, or a grid in .yaml. The same command again goes on.
    Ctrl-C stops submitting and lets what is paid for finish; twice leaves at once, losing nothing.

    \b
    Exit codes: 0 all done, 1 some failed, 2 wrong use,
                3 refused by the account, 130 interrupted.

    \b
    Examples:
      bria-tailored batch run prompts.jsonl --dry-run
      bria-tailored batch run prompts.jsonl --out out/autumn --max-cost 50
      bria-tailored batch run grid.yaml --plan enterprise
    """
    from bria_tailored_ext.cli import batch_running

    folder = out or Path("out") / file.stem
    plain = batch_running.Choices(
        file=file,
        out=folder,
        journal=journal or folder / "journal.db",
        plan=plan,
        prices=prices_of(options.pop("price_list")),
        **options,
    )
    batch_running.run(plain)


@command.command("status")
@click.argument("journal", type=_FILE)
@json_option
def status(journal: Path, as_json: bool) -> None:
    """Tell where a batch stands, also while it runs; lists what may have been billed in vain.

    \b
    Examples:
      bria-tailored batch status out/autumn/journal.db
      bria-tailored batch status out/autumn/journal.db --json
    """
    from bria_tailored_ext.batch import read_status

    found = read_status(journal)
    if as_json:
        print_json(_as_data(found))
    else:
        _tell(found)


@command.command("gallery")
@click.argument("journal", type=_FILE)
@click.option("--out", type=_PATH, help="The folder of the files, if they were moved.")
def gallery(journal: Path, out: Path | None) -> None:
    """Write manifest.jsonl, thumbnails and index.html anew, also while a batch runs.

    \b
    Example:
      bria-tailored batch gallery out/autumn/journal.db
    """
    from bria_tailored_ext.cli.batch_telling import write_pages

    click.echo(f"Open {write_pages(journal, out)} in a browser.")


@command.command("recreate")
@click.argument("manifest", type=_FILE)
@click.argument("ids", nargs=-1, required=True)
def recreate_lines(manifest: Path, ids: tuple[str, ...]) -> None:
    """Print the rows of a batch that draws the pictures of these IDS again.

    \b
    Example:
      bria-tailored batch recreate out/manifest.jsonl teapot-3 > again.jsonl
    """
    import json

    from bria_tailored_ext.batch import recreate
    from bria_tailored_ext.values import wire
    from bria_tailored_ext.values.errors import InvalidInputError

    wanted = set(ids)
    for text in filter(bytes.strip, manifest.read_bytes().split(b"\n")):
        try:
            line = wire.mapping(json.loads(text))
        except ValueError:
            line = None
        if line is None:
            start = text[:60].decode(errors="replace")
            raise InvalidInputError(
                f"{manifest} is not a manifest: it has {start!r} in it. Name the manifest.jsonl "
                "that a batch left beside its files."
            )
        if line.get("id") in wanted:
            wanted.discard(line["id"])
            row = {"id": line["id"], **recreate(line).to_dict()}
            click.echo(json.dumps(row, ensure_ascii=False))
    if wanted:
        raise InvalidInputError(
            f"{manifest} has no line for {', '.join(sorted(wanted))}. Each of its lines begins "
            "with an id."
        )


def prices_of(given: tuple[str, ...]) -> Prices:
    """The price table that `--price` changes.

    Raises:
        ConfigurationError: There is no such kind, or it is no amount.
    """
    from bria_tailored_ext.batch import Prices
    from bria_tailored_ext.values.errors import ConfigurationError

    table: dict[str, Any] = {}
    for each in given:
        kind, _, price = each.partition("=")
        if kind not in ("image", "structured_prompt", "video") or not price:
            raise ConfigurationError(
                f"--price {each} must be image=, structured_prompt= or video= and an amount."
            )
        table[kind] = price
    return Prices(**table)


def _as_data(found: Status) -> dict[str, Any]:
    return {
        "pid": found.pid,
        "runs": found.runs,
        "ended": found.ended,
        "done": found.is_done,
        "requests": dict(found.requests),
        "cost": found.cost,
        "output_dir": None if found.output_dir is None else str(found.output_dir),
        "unknown": [
            {
                "id": each.id,
                "run": each.run,
                "at": each.at.isoformat(),
                "state": each.state,
                "reason": each.reason,
            }
            for each in found.unknown
        ],
    }


def _tell(found: Status) -> None:
    from bria_tailored_ext.cli.tables import shown

    if found.pid is not None:
        click.echo(f"Process {found.pid} works with it; run {found.runs}.")
    else:
        click.echo(f"{found.runs} runs; the last one: {found.ended or 'was killed'}.")
    for state, count in sorted(found.requests.items(), key=lambda each: -each[1]):
        click.echo(f"{count:>9,}  {state}")
    click.echo(f"${found.cost:,.2f} may be spent so far, by the price table.")
    for each in found.unknown:
        words = f"unknown submit: {each.id} (now {each.state}), run {each.run}: {each.reason}"
        click.echo(shown(words))
