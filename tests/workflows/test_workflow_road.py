"""The whole road over real sockets, and what can be generated at its end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import anyio
import pytest

from bria_tailored_ext import (
    ImageRequest,
    InvalidInputError,
    StructuredPromptRequest,
    TailoredClient,
    VideoRequest,
    WaitTimeout,
)
from bria_tailored_ext.workflows import generate_and_wait

if TYPE_CHECKING:
    from pathlib import Path

    from tests.workflows.conftest import Studio

pytestmark = pytest.mark.anyio


async def test_the_whole_road_from_pictures_to_a_clip(studio: Studio, tmp_path: Path) -> None:
    """Project, dataset, identity, pictures, captions, model, training; then all three kinds."""
    model = await studio.trained()
    assert str(model.status) == "Completed"
    ask = str(model.id)

    told = await generate_and_wait(
        studio.bria, StructuredPromptRequest(tailored_model_id=ask, prompt="a cup at dawn")
    )
    picture = await generate_and_wait(
        studio.bria,
        ImageRequest(tailored_model_id=ask, structured_prompt=told.structured_prompt, seed=7),
    )
    clip = await generate_and_wait(
        studio.bria, VideoRequest(tailored_model_id=ask, image=picture.image_url)
    )
    await picture.save(tmp_path / "a.png")
    await clip.save(str(tmp_path / "a.mp4"))

    assert isinstance(told.parsed(), dict)
    assert picture.seed == 7
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "a.mp4").read_bytes()[4:8] == b"ftyp"
    left = [path.name async for path in anyio.Path(tmp_path).iterdir()]
    assert sorted(left) == ["a.mp4", "a.png"]
    assert studio.billed() == [
        "generate-visual-schema",
        "start-training",
        "generate-structured-prompt",
        "generate-image",
        "generate-video",
    ]


async def test_the_same_structured_prompt_and_seed_draw_the_same_picture(
    studio: Studio, tmp_path: Path
) -> None:
    """The exact recreation that the combination rules promise."""
    ask = str((await studio.trained()).id)
    first = await generate_and_wait(
        studio.bria, ImageRequest(tailored_model_id=ask, prompt="a cup", seed=3)
    )
    assert first.structured_prompt is not None

    again = await generate_and_wait(
        studio.bria,
        ImageRequest(tailored_model_id=ask, structured_prompt=first.structured_prompt, seed=3),
    )

    await first.save(tmp_path / "first.png")
    await again.save(tmp_path / "again.png")
    assert (tmp_path / "first.png").read_bytes() == (tmp_path / "again.png").read_bytes()


async def test_a_synchronous_request_goes_through_the_same_call(studio: Studio) -> None:
    """`sync` changes how the result comes, not what the caller writes."""
    ask = str((await studio.trained()).id)
    slept = len(studio.clock.slept)

    result = await generate_and_wait(
        studio.bria, ImageRequest(tailored_model_id=ask, prompt="a cup", sync=True)
    )

    assert result.image_url.startswith(studio.sandbox.base_url)
    assert studio.clock.slept[slept:] == []


async def test_a_timeout_buys_one_job_that_can_be_taken_up_again(studio: Studio) -> None:
    """The error carries what is needed to have what was paid for."""
    ask = str((await studio.trained()).id)

    with pytest.raises(WaitTimeout) as caught:
        await generate_and_wait(
            studio.bria, ImageRequest(tailored_model_id=ask, prompt="a cup"), timeout=0.5
        )
    result = await studio.bria.job(caught.value.request_id).result()

    assert result.request_id == caught.value.request_id
    assert studio.billed().count("generate-image") == 1


async def test_another_process_takes_a_job_up_by_its_id(studio: Studio) -> None:
    """Nothing but the id is needed, and the kind comes with the result."""
    ask = str((await studio.trained()).id)
    job = await studio.bria.submit(ImageRequest(tailored_model_id=ask, prompt="a cup"))

    async with TailoredClient(
        api_token=studio.sandbox.api_token,
        base_url=studio.sandbox.base_url,
        clock=studio.clock,
    ) as elsewhere:
        taken_up = elsewhere.job(job.request_id)
        result = await taken_up.result()

    assert result == await job.result()
    assert taken_up.kind is job.kind


async def test_many_jobs_at_once_share_one_client(studio: Studio) -> None:
    """Each gets the answer to its own question."""
    ask = str((await studio.trained()).id)
    seeds: dict[int, int | None] = {}

    async def one(seed: int) -> None:
        body = StructuredPromptRequest(tailored_model_id=ask, prompt=f"cup {seed}", seed=seed)
        result = await generate_and_wait(studio.bria, body)
        seeds[seed] = int(json.dumps(result.parsed()).count(f"cup {seed}") > 0)

    async with anyio.create_task_group() as tasks:
        for seed in range(8):
            tasks.start_soon(one, seed)

    assert seeds == dict.fromkeys(range(8), 1)
    assert studio.billed().count("generate-structured-prompt") == 8


async def test_what_breaks_a_rule_is_not_billed(studio: Studio) -> None:
    """The books stay as they were."""
    with pytest.raises(InvalidInputError):
        await generate_and_wait(studio.bria, ImageRequest(tailored_model_id="7"))

    assert studio.billed() == []
    assert studio.network.answers == {}
