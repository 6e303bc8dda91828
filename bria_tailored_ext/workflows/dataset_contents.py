"""A dataset and all its images, in as few requests as show them all."""

from __future__ import annotations

import attrs

from bria_tailored.models import Dataset, DatasetImage
from bria_tailored_ext.client.tailored_client import TailoredClient


@attrs.frozen(kw_only=True)
class Contents:
    """A dataset as it was at one look.

    Attributes:
        dataset: The dataset.
        images: Its images, as far as Bria shows them.
        unseen: How many more Bria counts.
    """

    dataset: Dataset
    images: tuple[DatasetImage, ...]
    unseen: int = 0

    @property
    def count(self) -> int:
        """How many images the dataset has."""
        return len(self.images) + self.unseen


async def read_contents(bria: TailoredClient, dataset_id: int) -> Contents:
    """Read a dataset and its images.

    Raises:
        ApiError: It cannot be read.

    Source: get-dataset-by-id shows 200 images at most and knows no pages; get-images is
    documented to give all, and is asked where the first leaves some out.
    """
    dataset = await bria.datasets.get_dataset_by_id(dataset_id)
    images = dataset.images or []
    if (dataset.images_count or 0) > len(images):
        images = max(images, await bria.datasets.get_images(dataset_id), key=len)
    unseen = max(0, (dataset.images_count or 0) - len(images))
    return Contents(dataset=dataset, images=tuple(images), unseen=unseen)
