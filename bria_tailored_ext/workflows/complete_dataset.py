"""Complete a dataset, after checking that nothing is missing: a completed one is frozen."""

from __future__ import annotations

from bria_tailored.models import Dataset, UpdateDataset
from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.rules.datasets import missing_for_completion
from bria_tailored_ext.values.errors import DatasetIncomplete
from bria_tailored_ext.workflows.captions import in_the_making


async def complete_dataset(bria: TailoredClient, dataset_id: int) -> Dataset:
    """Set a dataset to `completed`. It is frozen from then on; clone it to go on.

    A dataset that is completed already is returned as it is.

    Raises:
        DatasetIncomplete: Something is missing; lists everything. The dataset was not changed.
        ApiError: Bria refused.

    Source: "Completion Requirements" of update-dataset in Bria's document.
    """
    dataset = await bria.datasets.get_dataset_by_id(dataset_id)
    if str(dataset.status).lower() == "completed":
        return dataset
    images = dataset.images or []
    missing = missing_for_completion(
        images=dataset.images_count or len(images),
        visual_schema=dataset.visual_schema or None,
        captions=[image.caption or None for image in images],
        updating=in_the_making(dataset),
    )
    if missing:
        raise DatasetIncomplete(
            f"Dataset {dataset_id} cannot be completed yet. {' '.join(missing)}",
            dataset_id=dataset_id,
            missing=missing,
        )
    return await bria.datasets.update_dataset(dataset_id, body=UpdateDataset(status="completed"))
