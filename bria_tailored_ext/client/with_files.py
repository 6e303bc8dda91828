"""The part of a client that fetches files."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING

from bria_tailored.models import LegacyResult
from bria_tailored_ext.client.placeholder import Placeholder
from bria_tailored_ext.edge.downloads import Downloads, Progress, Renew, WantedFile
from bria_tailored_ext.edge.first_bytes import FirstBytes, first_bytes
from bria_tailored_ext.values.clock import Clock
from bria_tailored_ext.values.media import Media

if TYPE_CHECKING:
    from bria_tailored.api.status import Status


class WithFiles(ABC):
    """What `TailoredClient` does with signed URLs."""

    clock: Clock

    @property
    @abstractmethod
    def status(self) -> Status:
        """The facade of the Status Service, which knows the URLs of today."""

    @abstractmethod
    def _downloads(self) -> Downloads:
        """The downloads over the connections that are open."""

    async def download(
        self,
        url: str,
        path: str | Path,
        *,
        media: Media | None = None,
        renew: Renew | None = None,
        keep: bool = False,
        on_progress: Progress | None = None,
        subject: str = "",
    ) -> None:
        """Fetch a signed URL into a file, whole or not at all. The token is not sent.

        It stands at `path` once it is whole and on the disk. After a break it goes on where it was,
        if the server can tell that the file is the same. A body that stalls, or comes more slowly
        than 1 kB a second, counts as broken off; how long a sound one may take has no bounds.

        Args:
            url: What to fetch.
            path: Where to.
            media: What it must be by its first bytes; `None` for anything.
            renew: Asked for another URL if this one has expired: once, or, with `keep`, once more
                whenever a megabyte has come since.
            keep: Whether what came is kept beside `path` after a failure, as `….bria-part`, for
                the next download to the same place to go on with.
            on_progress: Told how many bytes are there, and how many there will be, if known.
            subject: What it belongs to, for messages.

        Raises:
            DownloadError: It could not be fetched whole; nothing new stands at `path`.
        """
        wanted = WantedFile(
            path=Path(path),
            media=media,
            renew=renew,
            keep=keep,
            on_progress=on_progress,
            subject=subject,
        )
        await self._downloads().fetch(url, wanted)

    async def first_bytes(self, url: str, count: int) -> FirstBytes:
        """What an URL gives, as far as its first bytes tell. The token is not sent.

        Raises:
            BriaError: There was no answer.
        """
        return await first_bytes(self._downloads().fetcher, url, count)

    def placeholder(self, url: str) -> Placeholder:
        """A handle on a picture that a v1 endpoint has promised with an URL. Nothing is sent."""
        return Placeholder(self, url, self._peek)

    def placeholders(self, answer: LegacyResult) -> list[Placeholder]:
        """Handles on every picture that a v1 answer to `sync=False` promises. Nothing is sent."""
        return [
            Placeholder(self, url, self._peek, uuid=picture.uuid, seed=picture.seed)
            for picture in answer.result
            for url in picture.urls or ()
        ]

    async def _peek(self, url: str) -> tuple[int, int | None]:
        return await self._downloads().look(url)
