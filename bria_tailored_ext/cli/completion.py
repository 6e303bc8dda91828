"""`bria-tailored completion`: the script that completes its commands and options in a shell."""

from __future__ import annotations

import click


@click.command("completion", short_help="Complete commands and options in a shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the script that makes a shell complete commands and options.

    \b
    To install it:
      bash   bria-tailored completion bash > ~/.bria-tailored.bash
             echo '. ~/.bria-tailored.bash' >> ~/.bashrc
      zsh    bria-tailored completion zsh > ~/.bria-tailored.zsh
             echo '. ~/.bria-tailored.zsh' >> ~/.zshrc    # after compinit
      fish   bria-tailored completion fish \\
               > ~/.config/fish/completions/bria-tailored.fish
    """
    from click.shell_completion import get_completion_class

    from bria_tailored_ext.cli.application import NAME

    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 - click knows the three that may be chosen
    variable = f"_{NAME}_COMPLETE".replace("-", "_").upper()
    click.echo(kind(ctx.find_root().command, {}, NAME, variable).source())
