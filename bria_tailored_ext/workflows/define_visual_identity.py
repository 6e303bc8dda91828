"""Define visual identity: generate a schema from pictures, refine it, apply it to a dataset."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import attrs

from bria_tailored.models import GenerateVisualSchema, RefineStructuredPrompt, UpdateDataset
from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.rules.datasets import SCHEMA_IMAGES, check_schema_images, spread
from bria_tailored_ext.rules.requests import check_json
from bria_tailored_ext.values.errors import InvalidInputError
from bria_tailored_ext.workflows.pictures import ImageSource, as_list, encode


@attrs.frozen(kw_only=True)
class VisualIdentity:
    """A visual schema and how it came about.

    Attributes:
        dataset_id: The dataset that it was made for.
        schema: The schema, as the string that Bria sent; send it back as it is.
        history: The schema before each refinement, oldest first.
        chosen: The names of the pictures that it was generated from.
        applied: Whether the dataset has it now.
    """

    dataset_id: int
    schema: str
    history: tuple[str, ...]
    chosen: tuple[str, ...]
    applied: bool

    def parsed(self) -> Any:
        """The schema as Python values."""
        return json.loads(self.schema)


async def define_visual_identity(
    bria: TailoredClient,
    dataset_id: int,
    images: Iterable[ImageSource],
    *,
    instructions: Iterable[str] = (),
    apply: bool = True,
) -> VisualIdentity:
    """Generate a visual schema, refine it with each instruction in order, and apply it.

    Every call to generate or refine is billed; the dataset and the pictures are checked first.
    Of more than 10 pictures, 10 are chosen, evenly spread over their order.

    Args:
        bria: The client.
        dataset_id: A dataset in draft.
        images: 5 pictures at least.
        instructions: In natural language, such as "Character's name is Lucy".
        apply: Whether to write the schema into the dataset; captions made before become stale.

    Raises:
        InvalidInputError: Too few pictures, one that Bria would refuse, an empty instruction, or
            a dataset that is not a draft. Nothing was spent.
        ApiError: Bria refused a step.

    Source: "Define Visual Identity" in the training process of Bria's document.
    """
    sources = as_list(images)
    wishes = _checked(instructions)
    check_schema_images(len(sources))
    chosen = spread(range(len(sources)), SCHEMA_IMAGES[1])
    encoded = [await encode(sources[index], index) for index in chosen]
    await _check_draft(bria, dataset_id)

    answer = await bria.datasets.generate_visual_schema(
        body=GenerateVisualSchema(images=[each.text for each in encoded])
    )
    # Checked before the next step is paid for.
    check_json("visual_schema", answer.visual_schema)
    schemas = [answer.visual_schema]
    for instruction in wishes:
        refined = await bria.datasets.refine_structured_prompt(
            body=RefineStructuredPrompt(
                dataset_id=dataset_id, structured_prompt=schemas[-1], instruction=instruction
            )
        )
        check_json("visual_schema", refined.structured_prompt)
        schemas.append(refined.structured_prompt)
    if apply:
        await bria.datasets.update_dataset(
            dataset_id, body=UpdateDataset(visual_schema=schemas[-1])
        )
    return VisualIdentity(
        dataset_id=dataset_id,
        schema=schemas[-1],
        history=tuple(schemas[:-1]),
        chosen=tuple(picture.name for picture in encoded),
        applied=apply,
    )


def _checked(instructions: Iterable[str]) -> list[str]:
    if isinstance(instructions, str):
        # It would be sent, and billed, a character at a time.
        raise InvalidInputError("instructions takes several: put a single one into a list.")
    wishes = list(instructions)
    if not all(wish.strip() for wish in wishes):
        raise InvalidInputError("One of the instructions is empty. Leave it out.")
    return wishes


async def _check_draft(bria: TailoredClient, dataset_id: int) -> None:
    dataset = await bria.datasets.get_dataset_by_id(dataset_id, max_images=1)
    if str(dataset.status).lower() == "completed":
        raise InvalidInputError(
            f"Dataset {dataset_id} is completed, and so is its visual schema. Clone it with "
            "clone_dataset and define the identity of the clone."
        )
