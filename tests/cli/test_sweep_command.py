"""`bria-tailored sweep`: asked before it is paid for, and gone on with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from bria_tailored_ext.sandbox import Sandbox
    from tests.cli.conftest import Interrupted, Run


def written(run: Run, sandbox: Sandbox, folder: Path) -> Path:
    """A sweep of two variants over a completed dataset, as a file."""
    model = sandbox.add_trained_model("Light")
    dataset = json.loads(run("models", "show", model, "--json").stdout)["dataset_id"]
    path = folder / "light.yaml"
    path.write_text(
        f"name: light\ndataset_id: {dataset}\nprompts: [a teapot]\nseeds: [1, 2]\n"
        "variants:\n  - name: plain\n  - name: strong\n    parameters: {rank: 64}\n"
    )
    return path


def test_a_dry_run_tells_what_is_billed(account: Sandbox, run: Run, tmp_path: Path) -> None:
    """In words and as JSON; nothing is written or paid for."""
    file, before = written(run, account, tmp_path), len(account.books)

    told = run("sweep", file, "--dry-run")
    data = json.loads(run("sweep", file, "--dry-run", "--json").stdout)

    assert "2 trainings, 0 refinements and 4 pictures are billed" in told.stdout
    assert (data["trainings"], data["pictures"], data["billed"]) == (2, 4, 6)
    assert len(account.books) == before
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(("answer", "code"), [("n\n", 1), ("", 2)])
def test_nothing_is_sent_unless_somebody_says_yes(
    account: Sandbox, run: Run, tmp_path: Path, answer: str, code: int
) -> None:
    """A no is exit code 1; nobody to ask is wrong use."""
    file, before = written(run, account, tmp_path), len(account.books)

    result = run("sweep", file, input=answer)

    assert result.exit_code == code
    assert "Go on, and pay for 6 calls?" in result.stderr
    assert len(account.books) == before
    assert list(tmp_path.iterdir()) == [file]


def test_variants_are_trained_and_drawn_once(account: Sandbox, run: Run, tmp_path: Path) -> None:
    """The same command again pays for nothing, and tells the same."""
    file, out = written(run, account, tmp_path), tmp_path / "out"
    before = len(account.books)

    first = run("sweep", file, "--out", out, input="y\n")
    paid = len(account.books)
    second = run("sweep", file, "--out", out, "--yes", "--json")

    assert first.exit_code == 0, first.output
    assert f"4 pictures. Open {out / 'index.html'} in a browser." in first.stdout
    assert paid == before + 6
    data = json.loads(second.stdout)
    assert (set(data["models"]), data["pictures"], data["missing"]) == ({"plain", "strong"}, 4, 0)
    assert len(account.books) == paid


def test_an_interrupted_one_says_that_trainings_go_on(
    still: Sandbox, run: Run, interrupted: Interrupted, tmp_path: Path
) -> None:
    """Exit code 130 and one sentence."""
    file = written(run, still, tmp_path)

    ended = interrupted("sweep", file, "--yes", at="strong:")

    assert ended.code == 130
    assert "Interrupted. The same command goes on" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_file_that_is_no_sweep_is_one_sentence(run: Run, tmp_path: Path) -> None:
    """Exit code 2."""
    (tmp_path / "x.yaml").write_text("name: light\n")

    result = run("sweep", tmp_path / "x.yaml")

    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
