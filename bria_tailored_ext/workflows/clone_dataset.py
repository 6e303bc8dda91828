"""Clone a dataset: the way to go on from one that is completed, and so frozen."""

from __future__ import annotations

from bria_tailored.models import CloneDataset, Dataset
from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.client.waiting import Expired, wait_until
from bria_tailored_ext.rules.datasets import is_frozen
from bria_tailored_ext.rules.pace import CAPTIONS
from bria_tailored_ext.values.errors import DatasetIncomplete, SubmitOutcomeUnknown
from bria_tailored_ext.workflows.broken_off import look_for
from bria_tailored_ext.workflows.captions import in_the_making
from bria_tailored_ext.workflows.dataset_contents import Contents, read_contents


async def clone_dataset(
    bria: TailoredClient,
    dataset_id: int,
    *,
    name: str | None = None,
    description: str | None = None,
    timeout: float | None = 600.0,
) -> Dataset:
    """Make a draft with the same visual schema and images, and wait until they are all there.

    A clone whose outcome is unknown is looked for in the project, and never made twice.

    Args:
        bria: The client.
        dataset_id: The dataset to clone, completed or not.
        name: Of the clone; else "Copy of" and the name of the original.
        description: Of the clone.
        timeout: Seconds to wait; `None` waits for ever.

    Returns:
        The clone, a draft.

    Raises:
        DatasetIncomplete: The clone, whose id it carries, does not have all yet: wait for it.
        SubmitOutcomeUnknown: It broke off, and the project shows no clone.
        ApiError: Bria refused, or the dataset cannot be read.

    Source: clone-dataset in Bria's document.
    """
    source = await read_contents(bria, dataset_id)
    named = name or f"Copy of {source.dataset.name}"
    before = await _ids_of(bria, source.dataset, named)
    body = CloneDataset()
    if name is not None:
        body.name = name
    if description is not None:
        body.description = description

    async def find() -> int | None:
        new = await _ids_of(bria, source.dataset, named) - before
        return new.pop() if len(new) == 1 else None

    try:
        clone_id = (await bria.datasets.clone_dataset(dataset_id, body=body)).id
    except SubmitOutcomeUnknown as error:
        found = await look_for(find, bria.clock, error)
        if found is None:
            raise
        clone_id = found
    return (await wait_for_clone(bria, clone_id, source.count, timeout)).dataset


async def _ids_of(bria: TailoredClient, source: Dataset, name: str) -> set[int]:
    """The datasets of that name in the project of another."""
    if source.project_id:
        listed = await bria.datasets.get_datasets_by_project(source.project_id)
    else:
        listed = await bria.datasets.get_datasets()
    return {dataset.id for dataset in listed if dataset.name == name}


async def wait_for_clone(
    bria: TailoredClient, clone_id: int, images: int, timeout: float | None
) -> Contents:
    """Wait until a clone has so many images and their captions.

    Raises:
        DatasetIncomplete: It does not have all after that many seconds.
        ApiError: It cannot be read.
    """

    def is_usable(seen: Contents) -> bool:
        return not (is_frozen(seen.dataset.status) or seen.count < images or in_the_making(seen))

    try:
        return await wait_until(
            is_usable,
            lambda: read_contents(bria, clone_id),
            pace=CAPTIONS,
            clock=bria.clock,
            timeout=timeout,
        )
    except Expired as expired:
        raise DatasetIncomplete(
            f"Dataset {clone_id}, the clone, does not have all {images} images and their captions "
            f"after {expired.seconds:.0f} s. It may go on at Bria: look at it again, and do not "
            "clone again.",
            dataset_id=clone_id,
            missing=(f"Its {images} images and their captions are not all there: wait for them.",),
        ) from expired.last_failure
