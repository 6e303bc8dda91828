"""The command line's frame: errors, exit codes, missing extras."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from bria_tailored_ext.cli.application import application, exit_code
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
