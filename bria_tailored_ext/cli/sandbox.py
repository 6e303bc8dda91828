"""`bria-tailored sandbox`: the sandbox in a terminal, until interrupted."""

from __future__ import annotations

import click


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
    help="Simulated seconds per second.",
)
@click.option("--seed", type=int, default=0, show_default=True)
def command(port: int, host: str, speed: float, seed: int) -> None:
    """Serve a local stand-in for Bria until interrupted.

    \b
    Example:
      bria-tailored sandbox --port 8700 --speed 600
    """
    import anyio

    try:
        anyio.run(_serve, host, port, speed, seed)
    except KeyboardInterrupt:
        click.echo("Stopped. What the sandbox kept is gone.")


async def _serve(host: str, port: int, speed: float, seed: int) -> None:
    import anyio

    from bria_tailored_ext.sandbox import Sandbox

    async with Sandbox(host=host, port=port, speed=speed, seed=seed) as sandbox:
        click.echo(f"The sandbox listens at {sandbox.base_url}; one second there is {speed:g} s.")
        click.echo("To use it from another terminal:")
        click.echo(f"  export BRIA_BASE_URL={sandbox.base_url}")
        click.echo(f"  export BRIA_API_TOKEN={sandbox.api_token}")
        click.echo("Ctrl-C stops it.")
        await anyio.sleep_forever()
