"""`bria-tailored sandbox`: the sandbox in a terminal, until interrupted."""

from __future__ import annotations

import anyio
import click

from bria_tailored_ext.sandbox import Sandbox


def serve(*, host: str, port: int, speed: float, seed: int) -> None:
    """Serve the sandbox until interrupted.

    Raises:
        SandboxError: The port is in use.
    """
    try:
        anyio.run(_serve, host, port, speed, seed)
    except KeyboardInterrupt:
        click.echo("Stopped. What the sandbox kept is gone.")


async def _serve(host: str, port: int, speed: float, seed: int) -> None:
    async with Sandbox(host=host, port=port, speed=speed, seed=seed) as sandbox:
        click.echo(f"The sandbox listens at {sandbox.base_url}; one second there is {speed:g} s.")
        click.echo("To use it from another terminal:")
        click.echo(f"  export BRIA_BASE_URL={sandbox.base_url}")
        click.echo(f"  export BRIA_API_TOKEN={sandbox.api_token}")
        click.echo("Ctrl-C stops it.")
        await anyio.sleep_forever()
