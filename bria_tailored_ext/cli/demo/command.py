"""`bria-tailored demo`."""

from __future__ import annotations

import click


@click.command()
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
    type=click.FloatRange(min=1, max=10_000),
    default=1500.0,
    show_default=True,
    help="Simulated seconds per second: a training takes hours, and results expire after days.",
)
def command(images: str | None, out: str, speed: float) -> None:
    """From a folder of pictures to a trained model and on-brand pictures, against the sandbox.

    Nothing is sent to Bria, and nothing is billed.

    \b
    Examples:
      bria-tailored demo
      bria-tailored demo --images brand/ --out out/brand
    """
    from bria_tailored_ext.cli.demo.run import run_demo

    run_demo(images, out, speed)
