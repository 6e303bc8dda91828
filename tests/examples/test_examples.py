"""Every example runs, whole and as it stands, against the sandbox."""

from __future__ import annotations

import importlib
import json
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import httpx
import pytest

from bria_tailored_ext import CreateDataset, CreateProject, TailoredClient
from bria_tailored_ext.cli.demo.pictures import default_folder
from bria_tailored_ext.sandbox import Fault, Sandbox
from bria_tailored_ext.workflows import (
    define_visual_identity,
    upload_images,
    wait_for_captions,
)

if TYPE_CHECKING:
    from tests.conftest import Serving

EXAMPLES = Path(__file__).parents[2] / "examples"
MOST_LINES = 60


def run(monkeypatch: pytest.MonkeyPatch, name: str, *arguments: object) -> None:
    """Run one as `python examples/name arguments` does, in the folder of the test."""
    path = EXAMPLES / name
    monkeypatch.setattr(sys, "argv", [str(path), *map(str, arguments)])
    runpy.run_path(str(path), run_name="__main__")


def pictures_in(folder: Path) -> int:
    return len(list(folder.glob("*.png")))


def test_every_example_fits_on_a_page() -> None:
    """Under 60 lines, and every one of them is run by some test here."""
    programs = sorted(EXAMPLES.glob("*.py"))
    tested = Path(__file__).read_text(encoding="utf-8")

    assert len(programs) >= 7
    assert all(len(path.read_text().splitlines()) < MOST_LINES for path in programs)
    assert [path.name for path in programs if path.stem not in tested] == []


def test_the_first_picture(
    monkeypatch: pytest.MonkeyPatch, quick_sandbox: Sandbox, tmp_path: Path
) -> None:
    """Submitted once, and saved."""
    run(monkeypatch, "first_picture.py", quick_sandbox.add_trained_model(), "a teapot at dawn")

    assert (tmp_path / "first_picture.png").read_bytes().startswith(b"\x89PNG")
    assert len(quick_sandbox.books) == 1


def test_a_first_picture_that_may_have_been_billed_is_not_bought_again(
    monkeypatch: pytest.MonkeyPatch, quick_sandbox: Sandbox
) -> None:
    """The connection breaks after the work was done."""
    quick_sandbox.faults.add(Fault("reset_after", operation="generate_image"))

    with pytest.raises(SystemExit, match="may have been billed"):
        run(monkeypatch, "first_picture.py", quick_sandbox.add_trained_model(), "a teapot")
    assert len(quick_sandbox.books) == 1


def test_from_a_folder_to_a_model_and_again(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    quick_sandbox: Sandbox,
    tmp_path: Path,
) -> None:
    """The second time everything is there, and nothing more is billed."""
    shutil.copytree(default_folder(), tmp_path / "brand")
    run(monkeypatch, "folder_to_model.py", "brand")
    assert "is trained" in capsys.readouterr().out
    billed = len(quick_sandbox.books)

    run(monkeypatch, "folder_to_model.py", "brand")
    assert "0 calls will be billed" in capsys.readouterr().out
    assert len(quick_sandbox.books) == billed == 3


def test_captions_are_refined(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], quick_sandbox: Sandbox
) -> None:
    """Those that hold the word, and no others."""
    dataset = anyio.run(_draft)
    before = len(quick_sandbox.books)
    run(monkeypatch, "refine_captions.py", dataset, "Make the light warmer", "teapot")

    told = capsys.readouterr().out
    refined = told.count(" changes\n")
    assert 0 < refined < len(list(default_folder().iterdir()))
    assert len(quick_sandbox.books) == before + refined
    assert "are sound" in told


async def _draft() -> int:
    pictures = sorted(default_folder().iterdir())
    async with TailoredClient(plan=None) as bria:
        body = CreateProject(
            project_name="Teahouse", ip_type="stylized_scene", ip_medium="illustration"
        )
        project = await bria.projects.create_project(body=body)
        dataset = await bria.datasets.create_dataset(
            body=CreateDataset(project_id=project.id, name="v1")
        )
        await define_visual_identity(bria, dataset.id, pictures)
        await upload_images(bria, dataset.id, pictures)
        await wait_for_captions(bria, dataset.id)
        return dataset.id


def test_a_batch_goes_on_where_it_stopped(
    monkeypatch: pytest.MonkeyPatch, quick_sandbox: Sandbox, tmp_path: Path
) -> None:
    """Nothing is paid twice, and in the end every picture is there."""
    model_id = quick_sandbox.add_trained_model()
    [fault] = [Fault("status", status=401, operation="generate_image")]
    quick_sandbox.faults.add(fault)
    with pytest.raises(SystemExit, match="Run it again"):
        run(monkeypatch, "batch_with_resume.py", model_id)
    quick_sandbox.faults.remove(fault)

    run(monkeypatch, "batch_with_resume.py", model_id)
    assert pictures_in(tmp_path / "teahouse") == 12
    assert quick_sandbox.paid_twice == ()


def test_a_queue_passes_jobs_from_one_process_to_another(
    monkeypatch: pytest.MonkeyPatch, quick_sandbox: Sandbox, tmp_path: Path
) -> None:
    """What the second one needs of the first is in the queue."""
    run(monkeypatch, "queue_worker.py", "submit", quick_sandbox.add_trained_model(), "a cup", "jug")
    assert len(list((tmp_path / "queue").iterdir())) == 2

    run(monkeypatch, "queue_worker.py", "collect")
    assert pictures_in(tmp_path) == 2
    assert list((tmp_path / "queue").iterdir()) == []
    assert len(quick_sandbox.books) == 2


def test_three_pictures_on_trio(
    monkeypatch: pytest.MonkeyPatch, quick_sandbox: Sandbox, tmp_path: Path
) -> None:
    """A nursery draws them at once."""
    run(monkeypatch, "on_trio.py", quick_sandbox.add_trained_model())

    assert pictures_in(tmp_path) == 3


def test_the_drawn_training_pictures_are_eight(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As many as are committed."""
    run(monkeypatch, "draw_pictures.py", tmp_path / "drawn")

    names = {path.name for path in default_folder().iterdir()}
    assert {path.name for path in (tmp_path / "drawn").iterdir()} == names


def test_a_service_is_told_by_webhook(
    monkeypatch: pytest.MonkeyPatch, ready_sandbox: Sandbox, serving: Serving, free_port: int
) -> None:
    """The picture is there without a single look at its status."""
    monkeypatch.setenv("MODEL_ID", str(ready_sandbox.add_trained_model()))
    monkeypatch.syspath_prepend(str(EXAMPLES))
    module = importlib.import_module("webhooks_with_fastapi")
    base = serving(module.app, free_port)
    answer = httpx.post(f"{base}/pictures", params={"prompt": "a teapot"}).json()
    picture = httpx.get(f"{base}/pictures/{answer['request_id']}", timeout=30).json()

    assert picture["image_url"].endswith(".png")
    assert [each.outcome for each in ready_sandbox.webhooks] == ["delivered"]


def test_a_teams_suite_passes_on_the_plugin() -> None:
    """In a pytest of its own, with nothing of ours but what is installed."""
    options = ["-q", "-W", "error", "-p", "no:cacheprovider", "-p", "no:asyncio", "--rootdir=."]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "-c", os.devnull, "."],
        cwd=EXAMPLES / "team_tests",
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "3 passed" in ran.stdout


def test_the_notebook_is_kept_without_outputs() -> None:
    """What a kernel wrote is nothing to keep: pictures are large, and URLs expire."""
    for path in EXAMPLES.glob("*.ipynb"):
        cells = [
            each for each in json.loads(path.read_text())["cells"] if each["cell_type"] == "code"
        ]
        assert cells
        assert all(each["outputs"] == [] and each["execution_count"] is None for each in cells)
