"""The command line's frame: errors, exit codes, missing extras."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import click
import httpx
import pytest
from click.testing import CliRunner, Result

from bria_tailored_ext.cli.account import confirm
from bria_tailored_ext.cli.application import SECTIONS, Application, application, exit_code
from bria_tailored_ext.values import errors

_ANSWER: dict[str, Any] = {"method": "GET", "path": "/", "status": 0}


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.MissingTokenError("x"), 2),
        (errors.InvalidInputError("x"), 2),
        (errors.AuthenticationError("x", **_ANSWER), 3),
        (errors.QuotaExceededError("x", **_ANSWER), 3),
        (errors.ServerError("x", **_ANSWER), 1),
        (errors.DownloadError("x"), 1),
    ],
)
def test_exit_codes_tell_wrong_use_from_the_accounts_refusals(
    error: errors.BriaError, code: int
) -> None:
    """2 for wrong use, 3 for what the account is refused, 1 for any other failure."""
    assert exit_code(error) == code


def test_a_port_in_use_is_one_sentence() -> None:
    """No traceback, exit code not 0, and the port and the remedy are named."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = CliRunner().invoke(application, ["sandbox", "--port", str(port)])
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert str(port) in result.stderr
    assert "port" in result.stderr


def test_debug_shows_where_an_error_came_from() -> None:
    """With `--debug` the error itself comes out instead of its sentence."""
    result = CliRunner().invoke(application, ["--debug", "demo", "--images", "no/such/folder"])
    assert isinstance(result.exception, errors.InvalidInputError)


def test_the_sandbox_command_serves_until_interrupted() -> None:
    """It prints where it listens and with which token, answers there, and ends on SIGINT with 0."""
    command = [sys.executable, "-m", "bria_tailored_ext.cli", "sandbox", "--port", "0"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        printed = ""
        while "Ctrl-C" not in printed:
            line = process.stdout.readline()
            assert line, printed
            printed += line
        variables = dict(re.findall(r"export (\w+)=(\S+)", printed))
        answer = httpx.get(
            f"{variables['BRIA_BASE_URL']}/v1/tailored-gen/projects",
            headers={"api_token": variables["BRIA_API_TOKEN"]},
        )
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=20)
    assert answer.json() == []
    assert process.returncode == 0
    assert "Traceback" not in rest


def test_without_its_extra_the_command_says_what_to_install() -> None:
    """A base install has no click: the command names the extra instead of a traceback."""
    code = "import sys; sys.modules['click'] = None\nfrom bria_tailored_ext.cli import main\nmain()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "pip install 'bria-tailored[cli]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_help_names_every_command_in_its_section() -> None:
    """A command that is in the table is on the page, with what it does."""
    printed = CliRunner().invoke(application, ["--help"]).stdout

    for section, commands in SECTIONS.items():
        _, _, below = printed.partition(f"{section}:\n")
        for name in commands:
            assert re.search(rf"^  {name} +[A-Z]\w+[ ,]", below, re.MULTILINE), name


def _every_command(group: click.Group, *path: str) -> Iterator[tuple[tuple[str, ...], str]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        if isinstance(found, click.Group):
            yield from _every_command(found, *path, name)
        else:
            yield (*path, name), found.help or ""


@pytest.mark.parametrize(("path", "text"), list(_every_command(application)))
def test_every_command_has_help_with_an_example(path: tuple[str, ...], text: str) -> None:
    """The example begins with the command itself, and no line is wider than 80 columns."""
    result = CliRunner().invoke(application, [*path, "--help"])

    assert result.exit_code == 0
    assert f"bria-tailored {' '.join(path)}" in text
    assert max(map(len, result.stdout.splitlines())) <= 80


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_that_asks_the_command(shell: str) -> None:
    """Whatever started it, the script calls `bria-tailored`."""
    result = CliRunner().invoke(application, ["completion", shell])

    assert result.exit_code == 0
    assert f"_BRIA_TAILORED_COMPLETE={shell}_complete" in result.stdout
    assert "_bria_tailored_completion" in result.stdout


def test_completion_knows_the_commands_of_the_table() -> None:
    """Their names come from the table, and those of a group from its module."""
    environment = {
        **os.environ,
        "_BRIA_TAILORED_COMPLETE": "bash_complete",
        "COMP_WORDS": "bria-tailored models s",
        "COMP_CWORD": "2",
    }
    command = [sys.executable, "-m", "bria_tailored_ext.cli"]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True, timeout=30
    )
    assert done.stdout.split() == ["plain,show", "plain,stop"]


def raising(error: BaseException) -> Result:
    """What the application makes of an error of a command."""

    @click.command("broken")
    def broken() -> None:
        raise error

    class Broken(Application):
        def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
            return broken

    return CliRunner().invoke(Broken(params=application.params), ["broken"])


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (errors.DownloadError("It broke off."), 1, "Error: It broke off."),
        (ExceptionGroup("", [errors.DownloadError("It broke off.")]), 1, "Error: It broke off."),
        (PermissionError(13, "Permission denied", "out"), 1, "Error: out: Permission denied."),
        (ModuleNotFoundError("No module named 'rich'", name="rich"), 1, "'bria-tailored[cli]'"),
        (ModuleNotFoundError("", name="uvicorn"), 1, "'bria-tailored[cli,sandbox]'"),
        (ValueError("odd"), 1, "ValueError: odd. This is a defect of bria-tailored"),
        (KeyboardInterrupt(), 130, "Interrupted. Run the same command again."),
        (KeyboardInterrupt("The same goes on."), 130, "Interrupted. The same goes on."),
    ],
)
def test_any_error_is_a_sentence(error: BaseException, code: int, words: str) -> None:
    """Never a traceback; SIGINT is 130 with how to go on."""
    result = raising(error)

    assert result.exit_code == code
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_a_reader_that_goes_away_is_no_error() -> None:
    """As with `| head`: no traceback and no complaint."""
    command = [sys.executable, "-m", "bria_tailored_ext.cli", "completion", "fish"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        complaint = process.stderr.read()
    assert complaint == b""


def test_ctrl_c_at_a_question_is_an_interrupt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 130, and that nothing was sent; a no is exit code 1."""

    def interrupting(*_arguments: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("click.termui.visible_prompt_func", interrupting)

    @click.command("asking")
    def asking() -> None:
        confirm("Go on?")

    class Asking(Application):
        def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
            return asking

    with pytest.raises(SystemExit) as ended:
        Asking(params=application.params).main(["asking"], prog_name="x")
    assert ended.value.code == 130


def test_help_costs_little() -> None:
    """Of all that the commands need, `--help` imports click alone."""
    code = (
        "import sys\nfrom bria_tailored_ext.cli import main\nsys.argv = ['x', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(sorted({'anyio', 'httpx', 'attrs', 'rich', 'PIL', 'jinja2', 'starlette',"
        " 'bria_tailored.models'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"
