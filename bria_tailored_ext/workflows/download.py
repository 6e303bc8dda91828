"""What was trained, and what it was trained on, as files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import attrs

from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.values import wire
from bria_tailored_ext.values.errors import DownloadError
from bria_tailored_ext.values.media import Media


@attrs.frozen(kw_only=True)
class DatasetFiles:
    """A dataset that was downloaded.

    Attributes:
        path: Its pictures, as Bria packs them.
        captions: Its captions, where they were wanted and Bria has a file of them.
    """

    path: Path
    captions: Path | None = None


async def download_model(
    bria: TailoredClient,
    model_id: int,
    path: str | Path,
    *,
    on_progress: Callable[[int, int | None], None] | None = None,
) -> Path:
    """Download a trained model, and return where it is.

    What came is kept beside `path` after a failure, as `….bria-part`, and the same call goes on
    with it, in another process too. The token goes to Bria alone, not to where the file lies.

    Args:
        bria: The client.
        model_id: A model whose training is completed.
        path: Where to. What stands there is replaced once the new file is whole.
        on_progress: Told how many bytes are there, and how many there will be, if known.

    Raises:
        ApiError: Bria does not give it out, such as before the training is completed.
        DownloadError: It could not be fetched whole; call again to go on.
    """

    async def url() -> str:
        return (await bria.models.download_tailored_model(model_id)).download_url

    await bria.download(
        await url(),
        path,
        media=Media.DATA,
        renew=url,
        keep=True,
        on_progress=on_progress,
        subject=f"model {model_id}",
    )
    return Path(path)


async def download_dataset(
    bria: TailoredClient,
    dataset_id: int,
    path: str | Path,
    *,
    captions: str | Path | None = None,
    on_progress: Callable[[int, int | None], None] | None = None,
) -> DatasetFiles:
    """Download an advanced dataset, and return where its files are.

    As with a model, the same call goes on after a failure.

    Args:
        bria: The client.
        dataset_id: A dataset of the advanced upload type.
        path: Where its pictures go to.
        captions: Where its captions go to. Bria has a file of them only for datasets where all
            captions were made automatically. Source: the document's `captions_url`.
        on_progress: Told how many bytes of the pictures are there, and how many there will be.

    Raises:
        ApiError: Bria does not give it out.
        DownloadError: It could not be fetched whole; call again to go on.
    """

    async def url() -> str:
        return (await bria.datasets.download_dataset(dataset_id)).download_url

    async def captions_url() -> str:
        found = wire.text((await bria.datasets.download_dataset(dataset_id)).captions_url)
        if found is None:
            raise DownloadError("Bria has no file of its captions any more")
        return found

    subject = f"dataset {dataset_id}"
    answer = await bria.datasets.download_dataset(dataset_id)
    await bria.download(
        answer.download_url,
        path,
        media=Media.DATA,
        renew=url,
        keep=True,
        on_progress=on_progress,
        subject=subject,
    )
    told = wire.text(answer.captions_url)
    if captions is None or told is None:
        return DatasetFiles(path=Path(path))
    await bria.download(told, captions, renew=captions_url, subject=f"captions of {subject}")
    return DatasetFiles(path=Path(path), captions=Path(captions))
