"""The demo's steps: Bria's documented training process, then generation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import anyio
import attrs

from bria_tailored.models import (
    CreateDataset,
    CreateModel,
    CreateProject,
    DatasetImage,
    ImageRequest,
    Model,
    StructuredPromptRequest,
    VideoRequest,
)
from bria_tailored_ext.cli.demo.pictures import DemoPicture
from bria_tailored_ext.cli.demo.telling import Telling
from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.values.errors import BriaError
from bria_tailored_ext.values.jobs import ImageResult, StructuredPromptResult, VideoResult
from bria_tailored_ext.workflows import (
    TrainingProgress,
    VisualIdentity,
    complete_dataset,
    define_visual_identity,
    generate_and_wait,
    train_and_wait,
    upload_images,
    wait_for_captions,
)

STEPS = 12

INSTRUCTION = "Make the light a little warmer"

FIRST_PROMPT = "a teapot and two cups on a wooden table, morning light"
PROMPTS = (
    "a bowl of fruit by the window",
    "a cat asleep beside a tall vase of flowers",
    "a small house under a full moon, mountains behind",
    "a boat on a calm lake with trees on the shore",
)
SEEDS = (1, 2, 3, 4)
"""The structured prompt is drawn once with each; the four prompts take the next ones."""


@attrs.frozen(kw_only=True)
class Drawn:
    """A generated picture and where it was saved.

    Attributes:
        prompt: What was asked for.
        from_structured_prompt: Whether it was drawn from the structured prompt and a seed alone.
        result: What Bria said.
        file: The saved picture.
    """

    prompt: str
    from_structured_prompt: bool
    result: ImageResult
    file: Path


@attrs.frozen(kw_only=True)
class Demonstration:
    """Everything that the demo made, for the page."""

    identity: VisualIdentity
    images: Sequence[DatasetImage]
    model: Model
    structured_prompt: StructuredPromptResult
    drawn: Sequence[Drawn]
    video: VideoResult
    video_file: Path


async def demonstrate(
    bria: TailoredClient, pictures: Sequence[DemoPicture], folder: Path, tell: Telling
) -> Demonstration:
    """Go the whole road, telling each step; files are saved into `folder`."""
    dataset_id = await _project_and_dataset(bria, tell)
    identity, images = await _prepare(bria, dataset_id, pictures, tell)
    model = await _train(bria, dataset_id, tell)
    structured, results = await _generate(bria, str(model.id), tell)

    tell.step("Animate the first picture")
    first = results[0][2]
    video = await generate_and_wait(
        bria, VideoRequest(tailored_model_id=str(model.id), image=first.image_url)
    )
    tell.detail(f"job {video.request_id}: a five-second clip")

    tell.step("Download everything")
    drawn = await _save(results, folder)
    video_file = await video.save(folder / "video.mp4")
    tell.detail(f"{len(drawn)} pictures and a clip")
    return Demonstration(
        identity=identity,
        images=images,
        model=model,
        structured_prompt=structured,
        drawn=drawn,
        video=video,
        video_file=video_file,
    )


async def _project_and_dataset(bria: TailoredClient, tell: Telling) -> int:
    tell.step("Create a project")
    project = await bria.projects.create_project(
        body=CreateProject(
            project_name="bria-tailored demo", ip_medium="illustration", ip_type="stylized_scene"
        )
    )
    tell.detail(f"project {project.id}, a stylized scene, illustrated")
    tell.step("Create a dataset")
    dataset = await bria.datasets.create_dataset(
        body=CreateDataset(project_id=project.id, name="demo")
    )
    tell.detail(f"dataset {dataset.id}, a draft")
    return dataset.id


async def _prepare(
    bria: TailoredClient, dataset_id: int, pictures: Sequence[DemoPicture], tell: Telling
) -> tuple[VisualIdentity, Sequence[DatasetImage]]:
    paths = [picture.path for picture in pictures]
    tell.step("Define the visual identity: generate, refine, apply")
    identity = await define_visual_identity(bria, dataset_id, paths, instructions=[INSTRUCTION])
    tell.detail(f"from {len(identity.chosen)} pictures; refined by “{INSTRUCTION}”; applied")

    tell.step("Upload the pictures")
    report = await upload_images(
        bria, dataset_id, paths, on_progress=tell.counter("pictures uploaded")
    )
    if report.failed:
        raise report.failed[0].error

    tell.step("Check the captions")
    captions = await wait_for_captions(bria, dataset_id)
    if captions.faulty:
        names = ", ".join(str(image.image_name) for image in captions.faulty)
        raise BriaError(f"These pictures have no valid caption: {names}. Regenerate them.")
    tell.detail(f"{len(captions.captioned)} captions, each valid JSON")

    tell.step("Complete the dataset")
    await complete_dataset(bria, dataset_id)
    tell.detail("completed, and frozen from now on")
    return identity, captions.captioned


async def _train(bria: TailoredClient, dataset_id: int, tell: Telling) -> Model:
    tell.step("Create a model")
    model = await bria.models.create_model(
        body=CreateModel(name="demo", dataset_id=dataset_id, training_mode="fully_automated")
    )
    tell.detail(f"model {model.id}")
    tell.step("Train it, and wait")
    with tell.training() as looked:
        return await train_and_wait(bria, model.id, on_progress=_progress(looked))


def _progress(looked: Callable[[str, float], None]) -> Callable[[TrainingProgress], None]:
    return lambda progress: looked(progress.status, progress.elapsed)


async def _generate(
    bria: TailoredClient, model_id: str, tell: Telling
) -> tuple[StructuredPromptResult, list[tuple[str, bool, ImageResult]]]:
    tell.step("Generate a structured prompt")
    structured = await generate_and_wait(
        bria, StructuredPromptRequest(tailored_model_id=model_id, prompt=FIRST_PROMPT)
    )
    tell.detail(f"“{FIRST_PROMPT}” as {len(structured.structured_prompt)} characters of JSON")

    requests = [
        (
            FIRST_PROMPT,
            True,
            ImageRequest(
                tailored_model_id=model_id,
                structured_prompt=structured.structured_prompt,
                seed=seed,
            ),
        )
        for seed in SEEDS
    ]
    requests += [
        (
            prompt,
            False,
            ImageRequest(tailored_model_id=model_id, prompt=prompt, seed=len(SEEDS) + 1 + index),
        )
        for index, prompt in enumerate(PROMPTS)
    ]
    tell.step("Generate eight pictures")
    results: dict[int, ImageResult] = {}
    done = tell.counter("pictures generated")

    async def generate(index: int, request: ImageRequest) -> None:
        results[index] = await generate_and_wait(bria, request)
        done(len(results), len(requests))

    async with anyio.create_task_group() as tasks:
        for index, (_, _, request) in enumerate(requests):
            tasks.start_soon(generate, index, request)
    return structured, [
        (prompt, from_structured, results[index])
        for index, (prompt, from_structured, _) in enumerate(requests)
    ]


async def _save(results: Sequence[tuple[str, bool, ImageResult]], folder: Path) -> list[Drawn]:
    drawn: list[Drawn] = []
    for number, (prompt, from_structured, result) in enumerate(results, start=1):
        file = await result.save(folder / f"picture-{number}.png")
        drawn.append(
            Drawn(prompt=prompt, from_structured_prompt=from_structured, result=result, file=file)
        )
    return drawn
