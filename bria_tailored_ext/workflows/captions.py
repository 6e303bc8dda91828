"""Captions: wait until they are made, and see which are missing or broken."""

from __future__ import annotations

import attrs

from bria_tailored.models import Dataset, DatasetImage
from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.client.waiting import Expired, wait_until
from bria_tailored_ext.rules.datasets import is_caption
from bria_tailored_ext.rules.pace import CAPTIONS
from bria_tailored_ext.values.errors import DatasetIncomplete


@attrs.frozen(kw_only=True)
class CaptionReport:
    """The captions of a dataset.

    Attributes:
        captioned: The images whose caption is a JSON object, as it should be.
        faulty: The images whose caption is missing or is not.
        unseen: How many images there are beyond the 200 that Bria shows at most.
    """

    captioned: tuple[DatasetImage, ...]
    faulty: tuple[DatasetImage, ...]
    unseen: int = 0


async def wait_for_captions(
    bria: TailoredClient, dataset_id: int, *, timeout: float | None = 600.0
) -> CaptionReport:
    """Wait until no caption is in the making, then check those that Bria shows.

    Args:
        bria: The client.
        dataset_id: A dataset with a visual schema; without one, no captions are made.
        timeout: Seconds from this call; `None` waits for ever.

    Raises:
        DatasetIncomplete: Captions are still in the making after that time; wait again.
        ApiError: The dataset cannot be read.
    """
    try:
        dataset = await wait_until(
            lambda seen: not in_the_making(seen),
            lambda: bria.datasets.get_dataset_by_id(dataset_id),
            pace=CAPTIONS,
            clock=bria.clock,
            timeout=timeout,
        )
    except Expired as expired:
        raise DatasetIncomplete(
            f"Dataset {dataset_id} is still making captions after {expired.seconds:.0f} s. "
            "They go on at Bria: wait again.",
            dataset_id=dataset_id,
            missing=("Its captions are still being made: wait for them.",),
        ) from expired.last_failure
    images = dataset.images or []
    return CaptionReport(
        captioned=tuple(image for image in images if is_caption(image.caption or None)),
        faulty=tuple(image for image in images if not is_caption(image.caption or None)),
        unseen=max(0, (dataset.images_count or 0) - len(images)),
    )


def in_the_making(dataset: Dataset) -> bool:
    """Whether Bria is at work on captions, of one image or of all."""
    if str(dataset.captions_update_status).lower() == "in_progress":
        return True
    return any(image.caption_source == "pending" for image in dataset.images or ())
