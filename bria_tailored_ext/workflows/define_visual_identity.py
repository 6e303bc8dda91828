"""Define visual identity: generate a schema from pictures, refine it, apply it to a dataset."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

import attrs

from bria_tailored.models import (
    Dataset,
    GenerateVisualSchema,
    RefineStructuredPrompt,
    UpdateDataset,
)
from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.rules.datasets import SCHEMA_IMAGES, check_draft, check_schema_images
from bria_tailored_ext.rules.json_changes import Change, changes_between
from bria_tailored_ext.rules.requests import check_json_object
from bria_tailored_ext.rules.texts import checked_instructions
from bria_tailored_ext.values.errors import BriaError, InvalidInputError, VisualIdentityError
from bria_tailored_ext.workflows.choice import Choice, choose
from bria_tailored_ext.workflows.pictures import ImageSource, Picture, as_list, prepare
from bria_tailored_ext.workflows.together import READ_AT_ONCE, for_each

_GIVEN = Choice(pictures=(), of=0, by="all", reason="The schema was given.")


@attrs.frozen(kw_only=True)
class Refinement:
    """What one instruction made of the schema.

    Attributes:
        instruction: What was asked for.
        changes: What it changed; empty where it changed nothing.
    """

    instruction: str
    changes: tuple[Change, ...]

    def __str__(self) -> str:
        """The instruction, and a line for each change."""
        lines = [f"  {change}" for change in self.changes] or ["  nothing changed"]
        return "\n".join([f"“{self.instruction}”", *lines])


@attrs.frozen(kw_only=True)
class VisualIdentity:
    """A visual schema and how it came about.

    Attributes:
        dataset_id: The dataset that it was made for.
        schema: The schema, as the string that Bria sent; send it back as it is.
        history: The schema before each refinement, oldest first.
        instructions: What each refinement followed, oldest first.
        choice: The pictures that it was generated from, and why these.
        applied: Whether the dataset has it now.
        replaced: The schema that the dataset had before; `None` for none.
    """

    dataset_id: int
    schema: str
    history: tuple[str, ...] = ()
    instructions: tuple[str, ...] = ()
    choice: Choice = _GIVEN
    applied: bool = False
    replaced: str | None = None

    @property
    def chosen(self) -> tuple[str, ...]:
        """The names of the pictures that it was generated from."""
        return tuple(picture.name for picture in self.choice.pictures)

    @property
    def changes(self) -> tuple[Refinement, ...]:
        """What each refinement changed, oldest first; `print` shows it."""
        versions = [json.loads(text) for text in (*self.history, self.schema)]
        return tuple(
            Refinement(instruction=instruction, changes=changes_between(before, after))
            for instruction, (before, after) in zip(
                self.instructions, pairwise(versions), strict=True
            )
        )

    def parsed(self) -> Any:
        """The schema as Python values."""
        return json.loads(self.schema)


async def define_visual_identity(
    bria: TailoredClient,
    dataset_id: int,
    images: Iterable[ImageSource] = (),
    *,
    instructions: Iterable[str] = (),
    apply: bool = True,
    schema: str | None = None,
    on_progress: Callable[[VisualIdentity], None] | None = None,
    content_moderation: bool | None = None,
) -> VisualIdentity:
    """Generate a visual schema, refine it with each instruction in order, and apply it.

    Every call to generate or refine is billed; the dataset and the pictures are checked first.
    Of more than 10 pictures, the 10 that show best how they differ are chosen, the same ones
    whatever their order. Captions made before become stale: see `regenerate_captions`.

    Args:
        bria: The client.
        dataset_id: A dataset in draft.
        images: 5 different pictures at least.
        instructions: In natural language, such as "Character's name is Lucy".
        apply: Whether to write the schema into the dataset; what it had is in `replaced`.
        schema: Go on from this one: none is generated, and the pictures are not looked at.
        on_progress: Called with what there is by now, after each step that was paid for.
        content_moderation: Bria's option, for the pictures.

    Raises:
        InvalidInputError: Too few pictures, some that Bria would refuse, an empty instruction, a
            schema that is no JSON object, or a dataset that is not a draft. Nothing was spent.
        VisualIdentityError: A refinement or the writing failed. It carries what was made before,
            and says how to go on without paying for it again.
        ApiError: Bria refused to generate.
        SubmitOutcomeUnknown: The generation broke off, and may have been billed.

    Source: "Define Visual Identity" in the training process of Bria's document.
    """
    sources = as_list(images)
    wishes = checked_instructions(instructions)
    if schema is not None:
        check_json_object("schema", schema)
        dataset = await _draft(bria, dataset_id)
        identity = VisualIdentity(dataset_id=dataset_id, schema=schema)
    else:
        check_schema_images(len(sources))
        pictures = await _prepared(sources)
        choice = await choose(sources, pictures, SCHEMA_IMAGES[1])
        check_schema_images(len(choice.pictures), given=len(sources))
        dataset = await _draft(bria, dataset_id)
        body = GenerateVisualSchema(images=[pictures[each.index].wire for each in choice.pictures])
        if content_moderation is not None:
            body.content_moderation = content_moderation
        identity = VisualIdentity(
            dataset_id=dataset_id, schema=await _generated(bria, body, wishes), choice=choice
        )
        _tell(on_progress, identity)
    identity = attrs.evolve(identity, replaced=dataset.visual_schema or None)
    for number, instruction in enumerate(wishes):
        identity = await _refined(bria, identity, instruction, wishes[number:])
        _tell(on_progress, identity)
    return await _applied(bria, identity) if apply else identity


async def _prepared(sources: Sequence[ImageSource]) -> list[Picture]:
    """Check every picture, and name all that will not do in one error."""
    pictures: dict[int, Picture] = {}
    refused: dict[int, InvalidInputError] = {}

    async def check(index: int, source: ImageSource) -> None:
        try:
            pictures[index] = await prepare(source, index)
        except InvalidInputError as error:
            refused[index] = error

    await for_each(sources, check, at_once=READ_AT_ONCE)
    if len(refused) == 1:
        raise next(iter(refused.values()))
    if refused:
        raise InvalidInputError(" ".join(str(refused[index]) for index in sorted(refused)))
    return [pictures[index] for index in range(len(sources))]


async def _generated(
    bria: TailoredClient, body: GenerateVisualSchema, wishes: Sequence[str]
) -> str:
    answer = await bria.datasets.generate_visual_schema(body=body)
    try:
        # Checked before the next step is paid for.
        check_json_object("visual_schema", answer.visual_schema)
    except InvalidInputError as error:
        raise VisualIdentityError(
            "Bria generated a visual schema that is no JSON object; `answer` has it. Mend it and "
            "pass it as schema=..., or generate another.",
            remaining=tuple(wishes),
            answer=answer.visual_schema,
        ) from error
    return answer.visual_schema


async def _refined(
    bria: TailoredClient, identity: VisualIdentity, instruction: str, remaining: Sequence[str]
) -> VisualIdentity:
    body = RefineStructuredPrompt(
        dataset_id=identity.dataset_id, structured_prompt=identity.schema, instruction=instruction
    )
    answer: str | None = None
    try:
        answer = (await bria.datasets.refine_structured_prompt(body=body)).structured_prompt
        check_json_object("visual_schema", answer)
    except BriaError as error:
        raise VisualIdentityError(
            f"The refinement “{instruction}” failed: {error} The schema before it is kept in "
            "`identity`. To go on from there without paying for it again: define_visual_identity("
            f"bria, {identity.dataset_id}, schema=error.identity.schema, "
            "instructions=error.remaining).",
            identity=identity,
            remaining=tuple(remaining),
            answer=answer,
        ) from error
    return attrs.evolve(
        identity,
        schema=answer,
        history=(*identity.history, identity.schema),
        instructions=(*identity.instructions, instruction),
    )


async def _applied(bria: TailoredClient, identity: VisualIdentity) -> VisualIdentity:
    try:
        await bria.datasets.update_dataset(
            identity.dataset_id, body=UpdateDataset(visual_schema=identity.schema)
        )
    except BriaError as error:
        raise VisualIdentityError(
            f"The schema was made but not written into the dataset: {error} It is kept in "
            "`identity`. To write it without paying for it again: define_visual_identity("
            f"bria, {identity.dataset_id}, schema=error.identity.schema).",
            identity=identity,
        ) from error
    return attrs.evolve(identity, applied=True)


def _tell(on_progress: Callable[[VisualIdentity], None] | None, identity: VisualIdentity) -> None:
    if on_progress:
        on_progress(identity)


async def _draft(bria: TailoredClient, dataset_id: int) -> Dataset:
    dataset = await bria.datasets.get_dataset_by_id(dataset_id, max_images=1)
    check_draft(dataset_id, dataset.status, "its visual schema is")
    return dataset
