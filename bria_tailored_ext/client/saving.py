"""How a result gets its file: with a fresh URL from the status if the old one has expired."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bria_tailored_ext.rules import jobs
from bria_tailored_ext.values.errors import DownloadError
from bria_tailored_ext.values.jobs import (
    Download,
    ImageResult,
    JobKind,
    JobState,
    Result,
    VideoResult,
)
from bria_tailored_ext.values.media import Media

if TYPE_CHECKING:
    from bria_tailored.api.status import Status


class Source(Protocol):
    """What saving needs of the client that a result came from."""

    @property
    def status(self) -> Status:
        """The facade of the Status Service."""
        ...

    async def download(
        self,
        url: str,
        path: str | Path,
        *,
        media: Media | None = ...,
        renew: Callable[[], Awaitable[str]] | None = ...,
        subject: str = ...,
    ) -> None:
        """Fetch a signed URL into a file."""
        ...


def saver(client: Source, result: ImageResult | VideoResult) -> Download:
    """What `result.save` calls.

    Args:
        client: Fetches, and asks for the status.
        result: Its own id and kind.
    """
    request_id = result.request_id
    kind, media = JobKind.IMAGE, Media.PICTURE
    if isinstance(result, VideoResult):
        kind, media = JobKind.VIDEO, Media.VIDEO

    async def save(url: str, path: Path) -> None:
        renew = partial(_another_url, client, kind, request_id) if request_id else None
        subject = f"job {request_id}" if request_id else ""
        await client.download(url, path, media=media, renew=renew, subject=subject)

    return save


async def _another_url(client: Source, kind: JobKind, request_id: str) -> str:
    """The URL that the status names now.

    Raises:
        DownloadError: The job is not completed any more.
        ApiError: The Status Service does not know it any more.
        NoAnswerError: It did not answer.
    """
    answer = await client.status.get_status(request_id=request_id)
    look = jobs.read_status(answer.to_dict())
    if look.state is not JobState.COMPLETED:
        raise DownloadError(f"its status is {look.status or 'not told'} now")
    return _url_of(jobs.read_result(kind, request_id, look))


def _url_of(result: Result) -> str:
    if isinstance(result, VideoResult):
        return result.video_url
    return result.image_url if isinstance(result, ImageResult) else ""
