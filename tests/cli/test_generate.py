"""`bria-tailored generate`: checked before it is paid for, and never paid for twice."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from bria_tailored_ext.sandbox import Fault

if TYPE_CHECKING:
    from bria_tailored_ext.sandbox import Sandbox
    from tests.cli.conftest import Interrupted, Run


def test_a_picture_is_paid_for_once_and_saved(account: Sandbox, run: Run, tmp_path: Path) -> None:
    """The price and the id are told on standard error, the file on standard output."""
    model, before = account.add_trained_model(), len(account.books)
    out = tmp_path / "new" / "teapot.png"

    result = run("generate", model, "a teapot", "--out", out, "--seed", 7)

    assert result.exit_code == 0, result.output
    assert result.stdout == f"Saved {out} (seed 7).\n"
    assert "about $0.03, by its documentation" in result.stderr
    assert re.search(r"Submitted as job \w+\.", result.stderr)
    with Image.open(out) as picture:
        assert picture.size[0] > 100
    assert len(account.books) == before + 1


def test_several_get_seeds_and_names_of_their_own(
    account: Sandbox, run: Run, tmp_path: Path
) -> None:
    """One JSON document tells of all; nothing that is there is written over."""
    model = account.add_trained_model()
    (tmp_path / "t-1.png").write_text("mine")

    result = run(
        "generate", model, "x", "--count", 2, "--seed", 5, "--out", tmp_path / "t.png", "--json"
    )

    jobs = json.loads(result.stdout)["jobs"]
    assert sorted(each["seed"] for each in jobs) == [5, 6]
    assert {each["file"] for each in jobs} == {str(tmp_path / f"t-{n}.png") for n in (2, 3)}
    assert {each["state"] for each in jobs} == {"completed"}
    assert (tmp_path / "t-1.png").read_text() == "mine"


def test_a_structured_prompt_is_what_the_next_picture_is_drawn_from(
    account: Sandbox, run: Run, tmp_path: Path
) -> None:
    """Standard output is the JSON alone, the same as in the file; and a picture takes it."""
    model, path = account.add_trained_model(), tmp_path / "s.json"

    printed = run("generate", model, "a teapot", "--structured", "--seed", 1)
    saved = run("generate", model, "a teapot", "--structured", "--seed", 1, "--out", path)
    drawn = run(
        "generate", model, "--structured-prompt", path, "--seed", 1, "--out", tmp_path / "p.png"
    )

    assert saved.exit_code == drawn.exit_code == 0, drawn.output
    assert json.loads(printed.stdout) == json.loads(path.read_text())
    assert "about $0.02" in printed.stderr
    assert (tmp_path / "p.png").exists()


def test_a_clip_begins_with_a_picture(still: Sandbox, run: Run, tmp_path: Path) -> None:
    """The file is sent whole; that the price is not known is said."""
    model, picture = still.add_trained_model(), tmp_path / "p.png"
    Image.new("RGB", (512, 512), "teal").save(picture)

    result = run(
        "generate", model, "--video-of", picture, "--out", tmp_path / "c.mp4", "--timeout", "0.1"
    )

    assert "publishes no price" in result.stderr
    assert "--resume" in result.stderr
    assert (still.books[-1].operation, still.books[-1].model_id) == ("generate-video", model)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["a teapot"], "Name the MODEL first"),
        (["7"], "needs a prompt"),
        (["7", "x", "--influence", "2"], "between 0.0 and 1.5"),
        (["7", "x", "--aspect-ratio", "7:1"], "aspect_ratio must be one of"),
        (["7", "--structured-prompt", "s.json"], "needs its seed"),
        (["7", "x", "--structured-prompt", "no.json"], "valid JSON"),
        (["7", "x", "--out", "there.png"], "--replace"),
        (["7", "x", "--out", "there.png/x.png"], "cannot be made"),
        (["7", "--video-of", "s.json"], "s.json"),
        (["7", "x", "--video-of", "p.png"], "PROMPT has no place with a clip"),
        (["7", "x", "--structured", "--influence", "1"], "no place with a structured prompt"),
        (["7", "x", "--resume", "abc"], "--resume"),
        (["--resume", "abc", "--count", "2"], "--resume"),
    ],
)
def test_what_cannot_be_right_is_refused_before_it_is_paid_for(
    account: Sandbox,
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    words: str,
) -> None:
    """Exit code 2, and the sandbox has seen no submit."""
    monkeypatch.chdir(tmp_path)
    Path("s.json").write_text("{}")
    Path("no.json").write_text("{")
    Path("there.png").write_text("mine")
    before = len(account.books)

    result = run("generate", *arguments)

    assert result.exit_code == 2, result.output
    assert words in result.stderr
    assert len(account.books) == before
    assert Path("there.png").read_text() == "mine"


def test_without_a_token_nothing_starts(run: Run) -> None:
    """Exit code 2 and the variable's name."""
    result = run("generate", 7, "x")

    assert result.exit_code == 2
    assert "BRIA_API_TOKEN" in result.stderr


@pytest.mark.usefixtures("account")
def test_a_refusal_of_the_account_is_exit_code_3(run: Run) -> None:
    """Another organisation's model, and nothing to go on with."""
    result = run("generate", 1, "x")

    assert result.exit_code == 3
    assert "To go on" not in result.stderr


def test_after_a_timeout_the_job_is_taken_up_again(
    still: Sandbox, run: Run, tmp_path: Path
) -> None:
    """The line that is printed fetches the picture; only one was paid for."""
    model, out = still.add_trained_model(), tmp_path / "a teapot.png"
    before = len(still.books)

    first = run("generate", model, "x", "--out", out, "--timeout", "0.2")
    again = next(line for line in first.stderr.splitlines() if "--resume" in line)
    still.advance(hours=1)
    second = run(*shlex.split(again)[1:])

    assert first.exit_code == 1
    assert "is paid for" in first.stderr
    assert not list(tmp_path.glob("*")) or second.exit_code == 0
    assert second.exit_code == 0, second.output
    assert out.exists()
    assert len(still.books) == before + 1


def test_an_interrupt_while_waiting_says_how_to_go_on(
    still: Sandbox, run: Run, interrupted: Interrupted, tmp_path: Path
) -> None:
    """Exit code 130; both jobs are named, and the line fetches both."""
    model, before = still.add_trained_model(), len(still.books)

    ended = interrupted(
        "generate", model, "x", "--count", 2, "--out", tmp_path / "p.png", "--json", at="0 of 2"
    )
    again = next(line for line in ended.stderr.splitlines() if "--resume" in line)
    still.advance(hours=1)
    second = run(*shlex.split(again)[1:])

    assert ended.code == 130
    assert [each["state"] for each in json.loads(ended.stdout)["jobs"]] == ["in_progress"] * 2
    assert "Traceback" not in ended.stderr
    assert second.exit_code == 0, second.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p-1.png", "p-2.png"]
    assert len(still.books) == before + 2


def test_a_job_that_failed_is_exit_code_1_and_not_taken_up(
    account: Sandbox, run: Run, tmp_path: Path
) -> None:
    """There is nothing to go on with: Bria's words, and no file."""
    model = account.add_trained_model()
    fault = Fault(kind="job_failed", operation="generate_image")
    account.faults.add(fault)
    try:
        result = run("generate", model, "x", "--out", tmp_path / "p.png", "--json")
    finally:
        account.faults.clear()

    assert result.exit_code == 1
    (job,) = json.loads(result.stdout)["jobs"]
    assert (job["state"], job["file"]) == ("failed", None)
    assert job["error"]
    assert "To go on" not in result.stderr


def test_an_interrupt_waits_for_the_answer_to_a_submit(
    account: Sandbox, interrupted: Interrupted, tmp_path: Path
) -> None:
    """What is being paid for gets its id; the next one is not submitted."""
    model, before = account.add_trained_model(), len(account.books)
    account.faults.add(Fault(kind="slow", operation="generate_image", seconds=3.0))
    try:
        ended = interrupted(
            "generate", model, "x", "--count", 3, "--out", tmp_path / "p.png", at="Bria bills"
        )
    finally:
        account.faults.clear()

    assert ended.code == 130
    assert "Waiting for the answer to the submit" in ended.stderr
    assert ended.stderr.count("Submitted as job") == 1
    assert "2 requests of 3 never left." in ended.stderr
    assert ended.stderr.count("--resume") == 1
    assert len(account.books) == before + 1


def test_who_reads_the_progress_may_go_away(account: Sandbox, tmp_path: Path) -> None:
    """What is paid for is fetched all the same, and not a word of a broken pipe is said."""
    model, out = account.add_trained_model(), tmp_path / "p.png"
    command = [sys.executable, "-m", "bria_tailored_ext.cli", "generate", str(model), "x"]
    with subprocess.Popen(
        [*command, "--out", str(out)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stderr.close()
        told = process.stdout.read()

    assert out.exists()
    assert told.startswith(f"Saved {out}")
    assert process.returncode == 0
