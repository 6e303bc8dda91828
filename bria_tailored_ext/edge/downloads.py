"""URLs into files: whole or not at all, gone on with after a break, and without the token."""

from __future__ import annotations

import logging
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from pathlib import Path
from typing import TypeAlias, TypeVar, TypeVarTuple, cast

import anyio
import anyio.to_thread
import attrs
import httpx

from bria_tailored_ext.edge.causes import chain_of
from bria_tailored_ext.edge.fetching import Fetcher, has_query, without_queries
from bria_tailored_ext.edge.parts import KeptPart, Part
from bria_tailored_ext.rules import files
from bria_tailored_ext.rules.retries import backoff
from bria_tailored_ext.values.clock import Clock
from bria_tailored_ext.values.errors import BriaError, DownloadError
from bria_tailored_ext.values.media import HEAD, Media, described
from bria_tailored_ext.values.retry_policy import RetryPolicy

log: logging.Logger = logging.getLogger("bria_tailored_ext")

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

Renew: TypeAlias = Callable[[], Awaitable[str]]
"""Gives another URL of the same file, after the first has expired."""

Progress: TypeAlias = Callable[[int, int | None], None]
"""Told how many bytes are there, and how many there will be, if that is known."""

AT_ONCE = 2**20
"""Bytes that are gathered before they are written: each write is a journey to a thread."""

PROGRESS = 2**20
"""Bytes that must have come, beyond any before, for the breaks to be counted anew."""

PATIENCE = 60.0
"""Seconds in which at least `LEAST` must come."""

LEAST = 60 * 2**10
"""Bytes in `PATIENCE`: what comes more slowly than 1 kB a second counts as broken off."""

_SMALL = 2**16
"""Bytes of an answer that are read to its end, so that its connection can be used again."""


@attrs.frozen(kw_only=True)
class WantedFile:
    """A file that is to be fetched.

    Attributes:
        path: Where it is to stand.
        media: What it must be; `None` for anything.
        renew: Asked once for another URL, if the first has expired.
        keep: Whether what came is kept beside `path` after a failure, to be gone on with.
        on_progress: Told of the progress.
        subject: What it belongs to, for messages.
    """

    path: Path
    media: Media | None = None
    renew: Renew | None = None
    keep: bool = False
    on_progress: Progress | None = None
    subject: str = ""


@attrs.frozen(kw_only=True)
class Downloads:
    """The downloads of one client.

    Attributes:
        fetcher: Sends the requests.
        retry: How many breaks in a row are borne, and the pauses after them.
        clock: Tells and passes the time.
    """

    fetcher: Fetcher
    retry: RetryPolicy
    clock: Clock

    async def fetch(self, url: str, wanted: WantedFile) -> None:
        """Fetch an URL into a file, which stands at its path only when it is whole and on the disk.

        A stalled body ends with the read timeout, one that trickles with `PATIENCE`; how long a
        sound one may take has no bounds.

        Raises:
            DownloadError: It could not be fetched whole; nothing new stands at the path.
        """
        part = KeptPart(wanted.path) if wanted.keep else Part(wanted.path)
        try:
            await _Download(self, url, wanted, part).run()
        except (BriaError, httpx.HTTPError, httpx.InvalidURL) as error:
            if isinstance(error, DownloadError) and error.path:
                raise
            raise _explained(wanted, error) from (None if _shows_query(error) else error)
        finally:
            if part.is_open:
                with anyio.CancelScope(shield=True):
                    await anyio.to_thread.run_sync(part.close)

    async def look(self, url: str) -> tuple[int, int | None]:
        """Ask for the first byte: the status, and the length; `None` if it broke off untold.

        Raises:
            DownloadError: The URL is none.
            NoAnswerError: No answer came.
        """
        try:
            return await self._look(url)
        except DownloadError as error:
            raise DownloadError(f"The file cannot be looked at: {error}. Check its URL.") from error

    async def _look(self, url: str) -> tuple[int, int | None]:
        headers = {"Accept-Encoding": "identity", "Range": "bytes=0-0"}
        async with self.fetcher.get(url, headers) as response:
            length = files.length_of(response.headers)
            if length is not None and length > _SMALL:
                return response.status_code, length
            came = 0
            try:
                async with aclosing(_body(response)) as body:
                    async for piece in body:
                        came += len(piece)
                        if came > _SMALL:
                            break
            except httpx.RequestError:
                # What came has answered the question. Nothing has not, unless a length was told.
                if not came:
                    return response.status_code, length
            return response.status_code, came


class _Broke(Exception):
    """A request did not bring the rest; another may."""


class _Download:
    """One file on its way."""

    def __init__(self, downloads: Downloads, url: str, wanted: WantedFile, part: Part) -> None:
        self._with = downloads
        self._url = url
        self._wanted = wanted
        self._part = part
        self._renew = wanted.renew
        self._pieces: list[bytes] = []
        self._is_checked = False
        self._breaks = 0
        self._farthest = 0

    async def run(self) -> None:
        """Ask until it is whole, then let it stand at its path."""
        if self._wanted.keep:
            await self._on_disk(self._part.open)
        while True:
            try:
                while expired := await self._request():
                    await self._get_another_url(expired)
                break
            except _Broke as broke:
                await self._pause(broke)
        await self._on_disk(self._part.finish, self._pieces, self._check)
        self._tell()

    async def _request(self) -> int | None:
        """One request for what is missing; the status, if the URL has expired.

        Raises:
            _Broke: It did not bring it all.
        """
        source = self._url.partition("?")[0]
        asked = await self._first_missing(source)
        headers = files.headers_for(asked, self._part.version)
        async with self._with.fetcher.get(self._url, headers) as response:
            status = response.status_code
            if status in files.EXPIRED:
                return status
            if status not in (200, 206, 416):
                raise DownloadError(f"its URL answered {status}", status=status)
            span = files.span_of(
                status, response.headers, asked=asked, version=self._part.version, source=source
            )
            if span is None or span.start != self._part.end:
                await self._on_disk(self._part.restart)
            if span is None:
                raise _Broke(f"its URL answered {status} with a part that was not asked for")
            self._part.version = span.version
            await self._take(response, span)
        return None

    async def _first_missing(self, source: str) -> int:
        version = self._part.version
        is_same = version and version.validator and version.source == source
        if self._part.end and not is_same:
            await self._on_disk(self._part.restart)
        return self._part.end

    async def _take(self, response: httpx.Response, span: files.Span) -> None:
        try:
            end = await self._read(response)
        except (httpx.RequestError, _Broke) as error:
            await self._write()
            what = str(error) if isinstance(error, _Broke) else type(error).__name__
            raise _Broke(f"it broke off after {self._part.end} bytes ({what})") from error
        whole = span.whole
        if end and (whole is None or end == whole):
            return
        await self._write()
        if whole is not None and end > whole:
            await self._on_disk(self._part.restart)
        raise _Broke(f"{end} of {whole} bytes came" if end else "it came empty")

    async def _read(self, response: httpx.Response) -> int:
        """Take the body in; how many bytes of the file there are then."""
        clock = self._with.clock
        pending = window = pieces = 0
        until = clock.monotonic() + PATIENCE
        async with aclosing(_body(response)) as body:
            async for piece in body:
                self._pieces.append(piece)
                pending += len(piece)
                window += len(piece)
                pieces += 1
                if pending >= AT_ONCE:
                    pending = 0
                    await self._write()
                if (now := clock.monotonic()) >= until:
                    # One piece alone tells nothing of the pace: the read timeout watches over it.
                    if window < LEAST and pieces > 1:
                        raise _Broke("it comes too slowly")
                    window, pieces, until = 0, 0, now + PATIENCE
        if response.num_bytes_downloaded:
            _check_packed(response)
        return self._part.end + pending

    async def _write(self) -> None:
        pieces, self._pieces = self._pieces, []
        if pieces:
            await self._on_disk(self._write_now, pieces)
            self._tell()

    def _write_now(self, pieces: list[bytes]) -> None:
        self._part.write(pieces)
        if not self._is_checked and len(self._part.head) >= HEAD:
            # Nobody waits for a gigabyte to learn that it is a page.
            self._check(self._part.head)

    def _check(self, head: bytes) -> None:
        self._is_checked = True
        media = self._wanted.media
        if media is not None and not media.accepts(head):
            self._part.restart()
            raise DownloadError(
                f"{_name(self._wanted)} was not saved: its URL gave {described(head)}, and not "
                f"{media.value}. To look at it all the same: "
                "`await bria.download(url, another_path)`.",
                path=str(self._wanted.path),
            )

    async def _get_another_url(self, status: int) -> None:
        if self._renew is None:
            such = "so did a new one" if self._wanted.renew else "such URLs expire: get another"
            raise DownloadError(f"its URL answered {status}; {such}", status=status)
        renew, self._renew = self._renew, None
        try:
            self._url = await renew()
        except BriaError as error:
            raise DownloadError(
                f"its URL answered {status}, and no other could be had: {error}", status=status
            ) from error

    async def _pause(self, broke: _Broke) -> None:
        policy = self._with.retry
        end = self._part.end
        if end >= self._farthest + PROGRESS:
            self._breaks = 0
            # What takes hours may see more than one URL expire.
            self._renew = self._wanted.renew if self._wanted.keep else self._renew
        self._breaks += 1
        self._farthest = max(self._farthest, end)
        if self._breaks >= policy.attempts:
            times = f", the last of {self._breaks} attempts" if self._breaks > 1 else ""
            raise DownloadError(f"{broke}{times}") from broke.__cause__
        pause = backoff(policy, self._breaks, random.random())  # noqa: S311 - jitter
        log.info("%s: %s; on from %d in %.1f s", _name(self._wanted), broke, end, pause)
        await self._with.clock.sleep(pause)

    def _tell(self) -> None:
        if self._wanted.on_progress and self._part.version:
            self._wanted.on_progress(self._part.end, self._part.version.length)

    async def _on_disk(self, work: Callable[[*Ts], T], *arguments: *Ts) -> T:
        try:
            return await anyio.to_thread.run_sync(work, *arguments)
        except (OSError, ValueError) as error:
            path = self._wanted.path
            raise DownloadError(
                f"{path} cannot be written: {error}. Choose another place.", path=str(path)
            ) from error


def _body(response: httpx.Response) -> AsyncGenerator[bytes]:
    if "content-encoding" in response.headers or response.is_stream_consumed:
        # A transport of the caller's may have read it.
        return cast("AsyncGenerator[bytes]", response.aiter_bytes())
    # Straight from the gate: `aiter_raw` only adds a count and a copy.
    return cast("AsyncGenerator[bytes]", aiter(cast("httpx.AsyncByteStream", response.stream)))


def _check_packed(response: httpx.Response) -> None:
    """The length of what came compressed, which is not that of the file."""
    promised = response.headers.get("content-length", "")
    if promised.isdecimal() and int(promised) != response.num_bytes_downloaded:
        raise _Broke(f"{response.num_bytes_downloaded} of {promised} packed bytes came")


def _name(wanted: WantedFile) -> str:
    return f"{wanted.path.name} ({wanted.subject})" if wanted.subject else wanted.path.name


def _explained(wanted: WantedFile, error: Exception) -> DownloadError:
    reason = without_queries(str(error)).rstrip(".")
    return DownloadError(
        f"{_name(wanted)} could not be downloaded: {reason}. Try again.",
        path=str(wanted.path),
        status=getattr(error, "status", None),
    )


def _shows_query(error: Exception) -> bool:
    return any(has_query(str(each)) for each in chain_of(error))
