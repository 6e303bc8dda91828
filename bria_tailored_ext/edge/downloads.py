"""Result URLs into files: whole or not at all, and without the token."""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from typing import BinaryIO

import anyio.to_thread
import httpx

from bria_tailored_ext.edge.gate import STREAM
from bria_tailored_ext.edge.origin import ANONYMOUS
from bria_tailored_ext.values.errors import BriaError, DownloadError


async def download(http: httpx.AsyncClient, url: str, path: Path) -> None:
    """Stream an URL to a temporary name beside `path`, flush it to disk, then rename it.

    Raises:
        DownloadError: It could not be fetched whole; nothing stands at `path`.
    """
    if not _is_absolute(url):
        # httpx would take it for a path at the API.
        raise DownloadError(f"{path.name} could not be downloaded: {url[:80]!r} is no URL.")
    # Not named after `path`: a long name with something added may be too long for the disk.
    part = path.parent / f".{uuid.uuid4().hex}.part"
    try:
        with part.open("xb") as file:
            try:
                await _stream(http, url, file)
                await anyio.to_thread.run_sync(_to_disk, file)
                part.replace(path)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
    except (BriaError, httpx.HTTPError, httpx.InvalidURL) as error:
        raise DownloadError(
            f"{path.name} could not be downloaded: {error} Save it again."
        ) from error
    except (OSError, ValueError) as error:
        raise DownloadError(f"{path} cannot be written: {error}. Choose another place.") from error


def _is_absolute(url: str) -> bool:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        return False
    return parsed.scheme in ("http", "https") and bool(parsed.host)


async def _stream(http: httpx.AsyncClient, url: str, file: BinaryIO) -> None:
    extensions = {STREAM: True, ANONYMOUS: True}
    # A file that came compressed would be saved compressed, or its length could not be checked.
    headers = {"Accept-Encoding": "identity"}
    async with http.stream("GET", url, headers=headers, extensions=extensions) as response:
        if response.status_code != 200:
            raise DownloadError(f"its URL answered {response.status_code}; such URLs expire.")
        written = 0
        async for chunk in response.aiter_bytes():
            written += await anyio.to_thread.run_sync(file.write, chunk)
        # What came over the wire; an answer that a test made up has not.
        received = response.num_bytes_downloaded or written
        expected = response.headers.get("content-length", "")
        if received == 0 or (expected.isdecimal() and received != int(expected)):
            raise DownloadError(f"{received} of {expected or 'an unknown number of'} bytes came.")


def _to_disk(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
