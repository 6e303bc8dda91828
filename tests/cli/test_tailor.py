"""`bria-tailored tailor`: nothing is sent unasked, and nothing is paid for twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from bria_tailored_ext.sandbox import Sandbox
    from tests.cli.conftest import Interrupted, Run

WISH = ("--name", "Teapots", "--ip-type", "stylized_scene", "--medium", "photography")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five small pictures."""
    made = tmp_path / "brand"
    made.mkdir()
    for number in range(5):
        picture = Image.new("RGB", (256, 256), (40 * number, 90, 120))
        ImageDraw.Draw(picture).ellipse((20 * number, 40, 180, 180), fill=(250, 200, number))
        picture.save(made / f"{number}.png")
    return made


def models(run: Run) -> int:
    return len(json.loads(run("models", "list", "--json").stdout))


def test_a_dry_run_needs_no_account(run: Run, folder: Path) -> None:
    """Every step and what is billed; nothing is written."""
    told = run("tailor", folder, *WISH, "--instruction", "Make it warmer", "--dry-run")
    data = json.loads(run("tailor", folder, *WISH, "--dry-run", "--json").stdout)

    assert told.exit_code == 0, told.output
    assert "5 pictures" in told.stdout
    assert "Bria bills 3 calls of these." in told.stdout
    assert (data["pictures"], data["billed_calls"], len(data["steps"])) == (5, 2, 8)
    assert [path.name for path in folder.parent.iterdir()] == ["brand"]


@pytest.mark.parametrize(("answer", "code"), [("n\n", 1), ("", 2)])
def test_nothing_is_sent_unless_somebody_says_yes(
    account: Sandbox, run: Run, folder: Path, answer: str, code: int
) -> None:
    """The plan is shown first."""
    before = (len(account.books), models(run))

    result = run("tailor", folder, *WISH, input=answer)

    assert result.exit_code == code
    assert "Train it" in result.stdout
    assert "nothing was sent" in result.stderr
    assert (len(account.books), models(run)) == before


def test_without_a_token_nobody_is_asked_to_pay(run: Run, folder: Path) -> None:
    """What is missing is said before the question."""
    result = run("tailor", folder, *WISH, input="y\n")

    assert result.exit_code == 2
    assert "BRIA_API_TOKEN" in result.stderr
    assert "Go on" not in result.stderr


def test_a_model_is_made_once(account: Sandbox, run: Run, folder: Path) -> None:
    """Its id is what `generate` is told to use; the same command again makes nothing."""
    first = run("tailor", folder, *WISH, input="y\n")
    paid = len(account.books)
    second = run("tailor", folder, *WISH, "--json")

    assert first.exit_code == 0, first.output
    model = json.loads(second.stdout)["model"]
    assert f"Model {model} is trained." in first.stdout
    assert "upload" in first.stderr
    assert len(account.books) == paid
    assert "Nothing of these is billed any more." in second.stderr


@pytest.mark.usefixtures("account")
def test_with_yes_and_json_the_ids_are_one_document(run: Run, folder: Path, tmp_path: Path) -> None:
    """Nobody is asked; the state is where it was wanted."""
    state = tmp_path / "state.json"

    result = run("tailor", folder, *WISH, "--state", state, "--yes", "--json")

    assert result.exit_code == 0, result.output
    assert set(json.loads(result.stdout)) == {"project", "dataset", "model"}
    assert state.exists()


def test_an_interrupted_one_goes_on_with_the_same_command(
    still: Sandbox, run: Run, interrupted: Interrupted, folder: Path
) -> None:
    """Exit code 130, a sentence; what is done is not paid for again."""
    before = len(still.books)
    ended = interrupted("tailor", folder, *WISH, "--yes", at="Every picture is there")

    assert ended.code == 130
    assert "Interrupted. The same command goes on" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert len(still.books) == before + 1
    plan = json.loads(run("tailor", folder, *WISH, "--dry-run", "--json").stdout)
    assert [each["step"] for each in plan["steps"] if each["done"]] == [
        "project",
        "dataset",
        "identity",
        "upload",
    ]
    assert plan["billed_calls"] == 1


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--parameters", "{rank"], "--parameters"),
        (["--parameters", '{"rank": "x"}'], "rank"),
        (["--parameters", '{"ranks": 64}'], "no training parameter ranks"),
        (["--medium", "opera"], "opera"),
    ],
)
def test_wrong_use_is_said_before_anything_is_read(
    run: Run, folder: Path, more: list[str], words: str
) -> None:
    """Exit code 2, and what it is about."""
    result = run("tailor", folder, *WISH, *more)

    assert result.exit_code == 2
    assert words in result.stderr
