"""A variant's dataset, model and training, each made once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

import attrs

from bria_tailored.models import CloneDataset, CreateModel, Dataset, Model
from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.rules.datasets import is_frozen
from bria_tailored_ext.rules.training import look_in_words
from bria_tailored_ext.sweep.variants import Sweep, Variant
from bria_tailored_ext.values.errors import InvalidInputError
from bria_tailored_ext.workflows.captions import regenerate_captions
from bria_tailored_ext.workflows.clone_dataset import wait_for_clone
from bria_tailored_ext.workflows.complete_dataset import complete_dataset
from bria_tailored_ext.workflows.dataset_contents import Contents, read_contents
from bria_tailored_ext.workflows.kept_identity import keep_identity
from bria_tailored_ext.workflows.state_file import StateFile, the_oldest
from bria_tailored_ext.workflows.train_and_wait import TrainingProgress, train_and_wait

Tell: TypeAlias = Callable[[str], None]
Making: TypeAlias = Callable[[], Awaitable[int]]
Finding: TypeAlias = Callable[[], Awaitable[int | None]]

_CLONING = 600.0
"""Seconds that a clone may take until all its images and captions are there."""


@attrs.frozen(kw_only=True)
class TrainedVariant:
    """A variant and the model that it became.

    Attributes:
        variant: What was asked for.
        dataset_id: What it was trained on.
        model: The trained model.
    """

    variant: Variant
    dataset_id: int
    model: Model


async def check_original(bria: TailoredClient, sweep: Sweep) -> Contents:
    """Check that a sweep's dataset can be trained on, and has the images that are named.

    Raises:
        InvalidInputError: It cannot, or has not. Nothing was created.
    """
    original = await read_contents(bria, sweep.dataset_id)
    if not is_frozen(original.dataset.status):
        raise InvalidInputError(
            f"Dataset {sweep.dataset_id} is not completed, and only such a one can be trained on. "
            "Complete it with complete_dataset first."
        )
    names = {str(image.image_name) for image in original.images}
    if original.unseen and any(variant.images for variant in sweep.variants):
        raise InvalidInputError(
            f"Bria shows {len(original.images)} of the {original.count} images of dataset "
            f"{sweep.dataset_id}, so that no variant can be made of some of them. Leave out "
            "`images`."
        )
    for variant in sweep.variants:
        if lacking := sorted(set(variant.images) - names):
            raise InvalidInputError(
                f"Variant {variant.name} names {lacking[0]!r}, which dataset {sweep.dataset_id} "
                f"does not have. It has {', '.join(sorted(names)[:10])}."
            )
    return original


class VariantRoad:
    """The way of one variant, each step of which may have been taken before.

    Args:
        bria: The client.
        sweep: What it is part of.
        variant: What is asked for.
        original: The sweep's dataset.
        state: What was done so far.
        tell: Called with a sentence as things happen.
    """

    def __init__(
        self,
        bria: TailoredClient,
        sweep: Sweep,
        variant: Variant,
        original: Contents,
        state: StateFile,
        tell: Tell,
    ) -> None:
        self._bria = bria
        self._sweep = sweep
        self._variant = variant
        self._original = original.dataset
        self._images = original.count
        self._state = state
        self._tell = tell
        # By the mark a thing is known again, should its id be lost with the process.
        self._mark = f"[bria-tailored {state.mark} {variant.name}]"

    async def go(self, timeout: float | None) -> TrainedVariant:
        """Make, or find, everything up to the trained model."""
        dataset = self._original.id
        if self._variant.needs_clone:
            dataset = await self._clone()
        model = await self._model(dataset)

        def tell(seen: TrainingProgress) -> None:
            self._tell(look_in_words(seen.status, seen.elapsed, seen.remaining))

        trained = await train_and_wait(
            self._bria, model, self._variant.parameters, on_progress=tell, timeout=timeout
        )
        return TrainedVariant(variant=self._variant, dataset_id=dataset, model=trained)

    async def _clone(self) -> int:
        name = f"{self._sweep.name} {self._mark}"

        async def make() -> int:
            body = CloneDataset(name=name)
            return (await self._bria.datasets.clone_dataset(self._original.id, body=body)).id

        async def find() -> int | None:
            datasets = await self._bria.datasets.get_datasets()
            return the_oldest(each.id for each in datasets if self._mark in (each.name or ""))

        clone: int = await self._once("clone", make, find)
        if not self._state.get(f"{self._variant.name}/completed"):
            await self._whole(clone)
            await self._change(clone)
            await complete_dataset(self._bria, clone)
            self._state.put(f"{self._variant.name}/completed", clone)
            self._tell(f"dataset {clone} is complete.")
        return clone

    async def _once(self, what: str, make: Making, find: Finding) -> int:
        made: int = await self._state.once(
            f"{self._variant.name}/{what}", make, find=find, clock=self._bria.clock
        )
        return made

    async def _whole(self, clone: int) -> None:
        """Wait for what is still being copied: it would be trained on although it is not meant."""
        step = f"{self._variant.name}/whole"
        if not self._state.get(step):
            await wait_for_clone(self._bria, clone, self._images, _CLONING)
            self._state.put(step, True)

    async def _change(self, clone: int) -> None:
        contents = await read_contents(self._bria, clone)
        if is_frozen(contents.dataset.status):
            return
        wanted = set(self._variant.images)
        for image in contents.images:
            if wanted and image.image_name not in wanted:
                await self._bria.datasets.delete_image(clone, image.id)
        if self._variant.instructions:
            await self._refine(contents.dataset)
            await regenerate_captions(self._bria, clone)

    async def _refine(self, clone: Dataset) -> None:
        await keep_identity(
            self._bria,
            clone.id,
            state=self._state,
            step=f"{self._variant.name}/schema",
            instructions=self._variant.instructions,
            schema=str(clone.visual_schema),
        )
        self._tell("its visual schema is refined.")

    async def _model(self, dataset: int) -> int:
        async def make() -> int:
            body = CreateModel(
                name=f"{self._sweep.name} {self._variant.name}",
                dataset_id=dataset,
                training_mode=self._variant.training_mode,
                description=self._mark,
            )
            return (await self._bria.models.create_model(body=body)).id

        async def find() -> int | None:
            models = await self._bria.models.get_models()
            return the_oldest(each.id for each in models if self._mark in (each.description or ""))

        made: int = await self._once("model", make, find)
        self._tell(f"its model is {made}.")
        return made
