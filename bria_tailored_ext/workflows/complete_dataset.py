"""Complete a dataset, after checking that nothing is missing: a completed one is frozen."""

from __future__ import annotations

from bria_tailored.models import Dataset, UpdateDataset
from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.rules.bulk import is_final
from bria_tailored_ext.rules.datasets import is_frozen, missing_for_completion
from bria_tailored_ext.values.errors import DatasetIncomplete
from bria_tailored_ext.workflows.bulk_upload import bulk_status_of
from bria_tailored_ext.workflows.captions import in_the_making
from bria_tailored_ext.workflows.dataset_contents import Contents, read_contents


async def complete_dataset(bria: TailoredClient, dataset_id: int) -> Dataset:
    """Set a dataset to `completed`. It is frozen from then on; clone it to go on.

    A dataset that is completed already is returned as it is.

    Raises:
        DatasetIncomplete: Something is missing; lists everything. The dataset was not changed.
        ApiError: Bria refused.

    Source: "Completion Requirements" of update-dataset in Bria's document.
    """
    seen = await read_contents(bria, dataset_id)
    if is_frozen(seen.dataset.status):
        return seen.dataset
    missing = missing_for_completion(
        images=seen.count,
        visual_schema=seen.dataset.visual_schema or None,
        captions=[image.caption or None for image in seen.images],
        updating=in_the_making(seen),
        uploading=await _is_uploading(bria, seen),
    )
    if missing:
        raise DatasetIncomplete(
            f"Dataset {dataset_id} cannot be completed yet. {' '.join(missing)}",
            dataset_id=dataset_id,
            missing=missing,
        )
    return await bria.datasets.update_dataset(dataset_id, body=UpdateDataset(status="completed"))


async def _is_uploading(bria: TailoredClient, seen: Contents) -> bool:
    """Whether a bulk upload would put more images into a dataset that is frozen by then."""
    if str(seen.dataset.upload_type).lower() != "advanced":
        return False
    status = await bulk_status_of(bria, seen.dataset.id)
    return status is not None and not is_final(status)
