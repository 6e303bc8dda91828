"""Result URLs into files: whole or not at all, and without the token."""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from typing import BinaryIO

import anyio.to_thread
import httpx

from bria_tailored_ext.values.errors import BriaError, DownloadError


async def download(http: httpx.AsyncClient, url: str, path: Path) -> None:
    """Stream an URL to a temporary name beside `path`, flush it to disk, then rename it.

    Raises:
        DownloadError: It could not be fetched whole; nothing stands at `path`.
    """
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        with part.open("xb") as file:
            await _stream(http, url, file)
            await anyio.to_thread.run_sync(_to_disk, file)
        part.replace(path)
    except (BriaError, httpx.HTTPError) as error:
        raise DownloadError(
            f"{path.name} could not be downloaded: {error} Save it again."
        ) from error
    except OSError as error:
        raise DownloadError(f"{path} cannot be written: {error}. Choose another folder.") from error
    finally:
        part.unlink(missing_ok=True)


async def _stream(http: httpx.AsyncClient, url: str, file: BinaryIO) -> None:
    async with http.stream("GET", url, extensions={"stream": True}) as response:
        if response.status_code != 200:
            raise DownloadError(f"its URL answered {response.status_code}; such URLs expire.")
        received = 0
        async for chunk in response.aiter_raw():
            await anyio.to_thread.run_sync(file.write, chunk)
            received += len(chunk)
        expected = response.headers.get("content-length")
        if expected is not None and received != int(expected):
            raise DownloadError(f"{received} of {expected} bytes came.")


def _to_disk(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
