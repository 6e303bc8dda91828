"""`bria-tailored sandbox`: its options reach the sandbox, and wrong ones are one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
import httpx
import pytest

if TYPE_CHECKING:
    from bria_tailored_ext.sandbox import Sandbox
    from tests.cli.conftest import Run


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[httpx.Response]:
    """Eleven answers to the same question, asked in the place of waiting for Ctrl-C."""
    asked: list[httpx.Response] = []

    async def ask(sandbox: Sandbox, _speed: float) -> None:
        async with sandbox, httpx.AsyncClient(headers={"api_token": sandbox.api_token}) as http:
            url = f"{sandbox.base_url}/v1/tailored-gen/models"
            asked.extend([await http.get(url) for _ in range(11)])
            await anyio.lowlevel.checkpoint()

    monkeypatch.setattr("bria_tailored_ext.cli.sandbox._serve", ask)
    return asked


def test_a_plan_limits(run: Run, answers: list[httpx.Response]) -> None:
    """Free is 10 a minute, and the minute is a real one although an hour passes each second."""
    done = run("sandbox", "--port", 0, "--plan", "free", "--speed", 3600)
    assert done.exit_code == 0, done.stderr
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert 50 < int(answers[-1].headers["retry-after"]) <= 60


def test_without_a_plan_there_is_no_limit(run: Run, answers: list[httpx.Response]) -> None:
    """Nor does anything go wrong."""
    assert run("sandbox", "--port", 0).exit_code == 0
    assert {answer.status_code for answer in answers} == {200}


@pytest.mark.parametrize(
    ("faults", "statuses"),
    [
        (["status"], {503}),
        (["status=429:get-models"], {429}),
        (["status:get_projects", "html=521"], {521}),
        (["status::0.5"], {200, 503}),
        (["slow=0:get-models:1"], {200}),
        (["status:get-models::3"], {200, 503}),
    ],
)
def test_faults_happen(
    run: Run, answers: list[httpx.Response], faults: list[str], statuses: set[int]
) -> None:
    """What goes wrong, where, and how often; the option can be given again."""
    done = run("sandbox", "--port", 0, *(word for fault in faults for word in ("--fault", fault)))
    assert done.exit_code == 0, done.stderr
    assert {answer.status_code for answer in answers} == statuses


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("explosion", "kind must be one of"),
        ("status:paint", "no operation 'paint'"),
        ("status:get-models:often", "could not convert"),
        ("status:get-models:2", "rate must be from 0 to 1"),
        ("status:get-models:1:0", "count must be 1 or more"),
        ("status=teapot", "invalid literal"),
        ("slow", "slow needs seconds"),
        ("stuck=5", "status is from 200 to 599"),
    ],
)
def test_an_impossible_fault_is_wrong_use(run: Run, fault: str, says: str) -> None:
    """Exit code 2, and the option and what is wrong with it are named."""
    done = run("sandbox", "--port", 0, "--fault", fault)
    assert done.exit_code == 2
    assert "--fault" in done.stderr
    assert says in done.stderr


def test_time_that_stands_still_can_be_moved(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The help and the greeting say how."""
    assert "/sandbox/advance" in run("sandbox", "--help").stdout
    monkeypatch.setattr(anyio, "sleep_forever", anyio.lowlevel.checkpoint)
    assert "/sandbox/advance" in run("sandbox", "--port", 0, "--speed", 0).stdout
    assert "/sandbox/advance" not in run("sandbox", "--port", 0).stdout
