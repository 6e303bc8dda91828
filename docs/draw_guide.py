"""Make the pictures of the tailoring guide, against the sandbox: `python docs/draw_guide.py`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import anyio
from PIL import Image, ImageDraw

from bria_tailored_ext import (
    CreateDataset,
    CreateModel,
    CreateProject,
    ImageRequest,
    TailoredClient,
    workflows,
)
from bria_tailored_ext.cli.demo.pictures import default_folder
from bria_tailored_ext.sandbox import Sandbox

PICTURES = Path(__file__).parent / "pictures"
PROMPTS = (
    "a bowl of fruit by the window",
    "a cat beside a tall vase of flowers",
    "a small house under the moon, mountains behind",
    "a boat on a calm lake with trees on the shore",
)
INFLUENCES = (0.0, 0.5, 1.0, 1.5)
_GAP = 8


async def main(target: Path) -> None:
    """Train on the demo's pictures, generate, and lay everything out."""
    training = sorted(default_folder().iterdir())
    row(training, target / "training.jpg", columns=4, side=240)
    async with (
        Sandbox(speed=1500) as sandbox,
        TailoredClient(base_url=sandbox.base_url, api_token=sandbox.api_token, plan=None) as bria,
    ):
        model_id, schema = await _trained(bria, training)
        palette(schema["palette"], target / "palette.png")
        with TemporaryDirectory() as scratch:
            drawn: list[Path] = []
            for seed, prompt in enumerate(PROMPTS):
                request = ImageRequest(tailored_model_id=model_id, prompt=prompt, seed=seed)
                drawn.append(await _draw(bria, request, Path(scratch, f"{seed}.png")))
            row(drawn, target / "generated.jpg", columns=4, side=240)
            drawn = []
            for influence in INFLUENCES:
                request = ImageRequest(
                    tailored_model_id=model_id,
                    prompt=PROMPTS[0],
                    seed=5,
                    tailored_model_influence=influence,
                )
                drawn.append(await _draw(bria, request, Path(scratch, f"at-{influence}.png")))
            row(drawn, target / "influence.jpg", columns=4, side=240)


async def _trained(bria: TailoredClient, training: Sequence[Path]) -> tuple[str, Any]:
    project = await bria.projects.create_project(
        body=CreateProject(
            project_name="Teahouse", ip_type="stylized_scene", ip_medium="illustration"
        )
    )
    body = CreateDataset(project_id=project.id, name="v1")
    dataset = await bria.datasets.create_dataset(body=body)
    identity = await workflows.define_visual_identity(
        bria, dataset.id, training, instructions=["Make the light a little warmer"]
    )
    await workflows.upload_images(bria, dataset.id, training)
    await workflows.wait_for_captions(bria, dataset.id)
    await workflows.complete_dataset(bria, dataset.id)
    model = await bria.models.create_model(body=CreateModel(name="v1", dataset_id=dataset.id))
    await workflows.train_and_wait(bria, model.id)
    return str(model.id), identity.parsed()


async def _draw(bria: TailoredClient, request: ImageRequest, path: Path) -> Path:
    return await (await workflows.generate_and_wait(bria, request)).save(path)


def row(paths: Sequence[Path], target: Path, *, columns: int, side: int) -> None:
    """Lay pictures out side by side, whole, so that the sandbox's mark stays on them."""
    lines = -(-len(paths) // columns)
    step = side + _GAP
    sheet = Image.new("RGB", (columns * step - _GAP, lines * step - _GAP), "white")
    for number, path in enumerate(paths):
        with Image.open(path) as image:
            small = image.convert("RGB").resize((side, side), Image.Resampling.LANCZOS)
        sheet.paste(small, (number % columns * step, number // columns * step))
    sheet.save(target, quality=82, optimize=True)


def palette(colours: Sequence[dict[str, Any]], target: Path) -> None:
    """A field for each colour of the schema, with its name and its number."""
    width = 984 // len(colours)
    sheet = Image.new("RGB", (width * len(colours), 130), "white")
    pen = ImageDraw.Draw(sheet)
    for number, colour in enumerate(colours):
        left = number * width
        pen.rectangle((left, 0, left + width - _GAP, 76), fill=colour["hex"])
        pen.text((left, 84), f"{colour['name']}\n{colour['hex']}", fill="#333333", font_size=16)
    sheet.save(target, optimize=True)


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    anyio.run(main, PICTURES)
