"""The demo's steps: Bria's documented training process, then generation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

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
from bria_tailored_ext.cli.demo.telling import Narrator
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
from bria_tailored_ext.workflows.together import for_each

STEPS = 12

INSTRUCTION = "Make the light a little warmer"

FIRST_PROMPT = "a teapot and two cups on a wooden table, morning light"
PROMPTS = (
    "a bowl of fruit by the window",
    "a cat beside a tall vase of flowers",
    "a small house under the moon, mountains behind",
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


@attrs.frozen
class _Wish:
    """What is asked for, in words and as a request."""

    prompt: str
    request: ImageRequest


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
    bria: TailoredClient, pictures: Sequence[DemoPicture], folder: Path, tell: Narrator
) -> Demonstration:
    """Go the whole road, telling each step; files are saved into `folder`."""
    dataset_id = await _project_and_dataset(bria, tell)
    identity, images = await _prepare(bria, dataset_id, pictures, tell)
    model = await _train(bria, dataset_id, tell)
    structured, wishes, results = await _generate(bria, str(model.id), tell)

    tell.step("Animate the first picture")
    first = results[0]
    video = await generate_and_wait(
        bria, VideoRequest(tailored_model_id=str(model.id), image=first.image_url)
    )
    tell.detail(f"job {video.request_id}: a five-second clip")

    tell.step("Download everything")
    drawn = await _save(wishes, results, folder)
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


async def _project_and_dataset(bria: TailoredClient, tell: Narrator) -> int:
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
    bria: TailoredClient, dataset_id: int, pictures: Sequence[DemoPicture], tell: Narrator
) -> tuple[VisualIdentity, Sequence[DatasetImage]]:
    paths = [picture.path for picture in pictures]
    tell.step("Define the visual identity: generate, refine, apply")
    identity = await define_visual_identity(bria, dataset_id, paths, instructions=[INSTRUCTION])
    tell.detail(f"from {len(identity.chosen)} pictures; refined by “{INSTRUCTION}”; applied")

    tell.step("Upload the pictures")
    uploaded = tell.counter("pictures uploaded")
    report = await upload_images(
        bria, dataset_id, paths, on_progress=lambda seen: uploaded(seen.done, seen.total)
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


async def _train(bria: TailoredClient, dataset_id: int, tell: Narrator) -> Model:
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
    bria: TailoredClient, model_id: str, tell: Narrator
) -> tuple[StructuredPromptResult, list[_Wish], list[ImageResult]]:
    tell.step("Generate a structured prompt")
    structured = await generate_and_wait(
        bria, StructuredPromptRequest(tailored_model_id=model_id, prompt=FIRST_PROMPT)
    )
    tell.detail(f"“{FIRST_PROMPT}” as {len(structured.structured_prompt)} characters of JSON")

    wishes = _wishes(structured.structured_prompt, model_id)
    tell.step("Generate eight pictures")
    results: dict[int, ImageResult] = {}
    done = tell.counter("pictures generated")

    async def generate(index: int, wish: _Wish) -> None:
        results[index] = await generate_and_wait(bria, wish.request)
        done(len(results), len(wishes))

    await for_each(wishes, generate, at_once=len(wishes))
    return structured, wishes, [results[index] for index in range(len(wishes))]


def _wishes(structured_prompt: str, model_id: str) -> list[_Wish]:
    again = [
        ImageRequest(tailored_model_id=model_id, structured_prompt=structured_prompt, seed=seed)
        for seed in SEEDS
    ]
    anew = [
        ImageRequest(tailored_model_id=model_id, prompt=prompt, seed=seed)
        for seed, prompt in enumerate(PROMPTS, start=len(SEEDS) + 1)
    ]
    return [_Wish(FIRST_PROMPT, request) for request in again] + [
        _Wish(prompt, request) for prompt, request in zip(PROMPTS, anew, strict=True)
    ]


async def _save(
    wishes: Sequence[_Wish], results: Sequence[ImageResult], folder: Path
) -> list[Drawn]:
    drawn: list[Drawn] = []
    for number, (wish, result) in enumerate(zip(wishes, results, strict=True), start=1):
        file = await result.save(folder / f"picture-{number}.png")
        again = not wish.request.prompt
        drawn.append(
            Drawn(prompt=wish.prompt, from_structured_prompt=again, result=result, file=file)
        )
    return drawn
