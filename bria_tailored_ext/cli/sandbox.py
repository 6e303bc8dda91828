"""`bria-tailored sandbox`: the sandbox in a terminal, until interrupted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import click

if TYPE_CHECKING:
    from bria_tailored_ext.sandbox import Fault, Sandbox

_PLANS = ("none", "free", "pay_as_you_go", "enterprise")
_WITH_SECONDS = ("slow", "stall")


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8700, show_default=True)
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Loopback, unless you mean it."
)
@click.option(
    "--speed",
    type=click.FloatRange(min=0, max=1_000_000),
    default=60.0,
    show_default=True,
    help="Simulated seconds per second. At 0 time stands still until it is moved, by"
    ' POST /sandbox/advance with {"hours": 4}, minutes or seconds, and the token.',
)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option(
    "--plan",
    type=click.Choice(_PLANS),
    default="none",
    show_default=True,
    help="The limits of an account, each minute being a real one; 429 beyond them.",
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="KIND[=N][:OPERATION[:RATE[:COUNT]]]",
    help="What goes wrong, where, how often (0 to 1), and how many times at most. N is the"
    " status, or the seconds of slow and stall. Can be given again. While it runs, by POST and"
    " DELETE of /sandbox/faults.",
)
def command(
    port: int,
    host: str,
    speed: float,
    seed: int,
    plan: Literal["none", "free", "pay_as_you_go", "enterprise"],
    faults: tuple[str, ...],
) -> None:
    """Serve a local stand-in for Bria until interrupted.

    \b
    Examples:
      bria-tailored sandbox --port 8700 --speed 600
      bria-tailored sandbox --plan free --fault status=503:get-status:0.1
      bria-tailored sandbox --fault reset_after:generate-image:0.05
      bria-tailored sandbox --fault status=503:::3
    """
    import anyio

    from bria_tailored_ext.sandbox import Sandbox

    sandbox = Sandbox(
        host=host,
        port=port,
        speed=speed,
        seed=seed,
        plan=None if plan == "none" else plan,
        limits_clock="real",
        faults=[_fault(text) for text in faults],
    )
    try:
        anyio.run(_serve, sandbox, speed)
    except KeyboardInterrupt:
        click.echo("Stopped. What the sandbox kept is gone.")


def _fault(text: str) -> Fault:
    """Read a fault.

    Raises:
        BadParameter: There is no such kind or operation, or a number is out of its range.
    """
    from bria_tailored_ext.sandbox import Fault

    told, *place = text.split(":", 3)
    kind, _, number = told.partition("=")
    more: dict[str, Any] = {"operation": place[0] or None} if place else {}
    try:
        if number:
            more |= {"seconds": float(number)} if kind in _WITH_SECONDS else {"status": int(number)}
        if len(place) > 1 and place[1]:
            more["rate"] = float(place[1])
        if len(place) > 2:
            more["count"] = int(place[2])
        # Any other word is refused there, in a sentence that names those that are known.
        return Fault(kind, **more)  # type: ignore[arg-type]
    except ValueError as error:
        raise click.BadParameter(f"{text!r}: {error}", param_hint="--fault") from error


async def _serve(sandbox: Sandbox, speed: float) -> None:
    import anyio

    async with sandbox:
        click.echo(f"The sandbox listens at {sandbox.base_url}; one second there is {speed:g} s.")
        click.echo("Open it in a browser to watch. To use it from another terminal:")
        click.echo(f"  export BRIA_BASE_URL={sandbox.base_url}")
        click.echo(f"  export BRIA_API_TOKEN={sandbox.api_token}")
        if speed == 0:
            click.echo("Time stands still. To move it:")
            header = f"-H 'api_token: {sandbox.api_token}'"
            url = f"{sandbox.base_url}/sandbox/advance"
            click.echo(f"""  curl {header} -d '{{"hours": 4}}' {url}""")
        click.echo("Ctrl-C stops it.")
        await anyio.sleep_forever()
