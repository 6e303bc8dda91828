"""The part of a client that fetches files."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bria_tailored.models import LegacyResult
from bria_tailored_ext.client.placeholder import Placeholder
from bria_tailored_ext.edge.downloads import Downloads, Progress, Renew, WantedFile
from bria_tailored_ext.edge.first_bytes import FirstBytes, first_bytes
from bria_tailored_ext.rules import jobs
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
    def _downloads(self, *, patient: bool = True) -> Downloads:
        """The downloads over the connections that are open.

        Args:
            patient: Whether a request is retried by the client's policy.
        """

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

    def placeholder(
        self,
        url: str,
        *,
        submitted_at: datetime | None = None,
        uuid: str | None = None,
        seed: int | None = None,
    ) -> Placeholder:
        """A handle on a picture that a v1 endpoint has promised with an URL. Nothing is sent.

        Args:
            url: Where it will be.
            submitted_at: When it was asked for, aware, if that is known.
            uuid: Bria's id of it, if the answer named one.
            seed: Its seed, if the answer named one.

        Raises:
            InvalidInputError: The time is naive.
        """
        jobs.check_time(submitted_at)
        return Placeholder(self, url, self._peek, submitted_at=submitted_at, uuid=uuid, seed=seed)

    def placeholders(
        self, answer: LegacyResult, *, submitted_at: datetime | None = None
    ) -> list[Placeholder]:
        """Handles on every picture that a v1 answer to `sync=False` promises. Nothing is sent.

        Args:
            answer: What came.
            submitted_at: When it came, aware; else it counts as come just now.

        Raises:
            InvalidInputError: The time is naive.
        """
        jobs.check_time(submitted_at)
        at = submitted_at or self.clock.now()
        return [
            Placeholder(
                self, url, self._peek, submitted_at=at, uuid=picture.uuid, seed=picture.seed
            )
            for picture in answer.result
            for url in picture.urls or ()
        ]

    async def _peek(self, url: str, *, patient: bool) -> tuple[int, int | None]:
        return await self._downloads(patient=patient).look(url)
