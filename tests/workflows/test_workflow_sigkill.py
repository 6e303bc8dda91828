"""The drill of `tailor`: the process is killed at every change of Bria's state, in turn."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import pytest

from bria_tailored_ext import TailoredClient
from bria_tailored_ext.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Sequence

PROGRAM = Path(__file__).with_name("killed_tailor.py")
CHANGES = 13
"""Project, dataset, schema, refinement, its writing, five pictures, completion, model, training."""


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_process_killed_at_any_step_ends_in_one_of_everything(
    tmp_path: Path, pictures: list[bytes], when: str
) -> None:
    """SIGKILL, then the same command again: one project, dataset and model, each picture once."""
    folder = tmp_path / "brand"
    folder.mkdir()
    for number, picture in enumerate(pictures[:5]):
        (folder / f"{number}.png").write_bytes(picture)

    async def drill() -> None:
        async with Sandbox(speed=40_000, seed=1) as sandbox:
            for change in range(1, CHANGES + 1):
                state = tmp_path / f"{when}-{change}"
                command = [sandbox.base_url, sandbox.api_token, str(folder), str(state)]
                assert await run([*command, str(change), when]) == -signal.SIGKILL
                assert await run([*command, "0", when]) == 0
                await check(sandbox, state.name)
            trainings = [call for call in sandbox.books if call.operation == "start-training"]
            assert len(trainings) == CHANGES

    anyio.run(drill)


async def run(arguments: Sequence[str]) -> int:
    command = [sys.executable, str(PROGRAM), *arguments]
    # Bounded: a drill that hangs must end too.
    with anyio.fail_after(60):
        done = await anyio.run_process(command, check=False, stderr=subprocess.STDOUT)
    if done.returncode not in (0, -signal.SIGKILL):
        raise AssertionError(done.stdout.decode())
    return done.returncode


async def check(sandbox: Sandbox, name: str) -> None:
    async with TailoredClient(
        base_url=sandbox.base_url, api_token=sandbox.api_token, plan=None
    ) as bria:
        projects = [
            each.id for each in await bria.projects.get_projects() if each.project_name == name
        ]
        assert len(projects) == 1
        datasets = await bria.datasets.get_datasets_by_project(projects[0])
        models = await bria.models.get_models_by_project(projects[0])
        assert (len(datasets), len(models)) == (1, 1)
        images = await bria.datasets.get_images(datasets[0].id)
        assert len(images) == len({image.image_name for image in images}) == 5
        assert str(models[0].status) == "Completed"
