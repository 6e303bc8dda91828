"""Results into files: named in the journal first, then fetched, checked and recorded."""

from __future__ import annotations

import hashlib
import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

import anyio.to_thread

from bria_tailored_ext.batch import entries, names
from bria_tailored_ext.batch.progress import Under
from bria_tailored_ext.batch.settings import Settings
from bria_tailored_ext.batch.writer import JournalWriter
from bria_tailored_ext.edge.on_disk import replacing
from bria_tailored_ext.values.clock import Clock
from bria_tailored_ext.values.errors import DownloadError
from bria_tailored_ext.values.jobs import ImageResult, Result, StructuredPromptResult, VideoResult

_TRIES = 3
_PAUSE = 2.0
_SMALL = 4 * 1024 * 1024
"""Bytes that the journal's thread reads along with the entry: a thread of its own costs more."""


class Saver:
    """Saves the results of a batch.

    Args:
        journal: Where the name is fixed before, and the checksum written after.
        run: This run's number.
        settings: Where the files go, and how they are named.
        clock: Tells and passes the time.
    """

    def __init__(self, journal: JournalWriter, run: int, settings: Settings, clock: Clock) -> None:
        self._journal = journal
        self._run = run
        self._settings = settings
        self._clock = clock

    async def finish(self, under: Under, result: Result) -> None:
        """Write down what came out; the name of its file is its own from now on."""
        under.seed, under.finished_at = result.seed, under.finished_at or self._now()
        kind, ext = _kind_and_ending(result)
        facts = names.Facts(
            id=under.row.id, seed=result.seed, model=_model(under), kind=kind, ext=ext
        )
        under.file = await self._journal.write(
            partial(
                entries.finished,
                name=under.row.id,
                run=self._run,
                seed=result.seed,
                result=_lineage(result),
                wanted=names.candidates(self._settings.name, facts),
                folder=self._settings.output_dir,
                now=under.finished_at,
            )
        )

    async def save(self, under: Under, result: Result) -> None:
        """Fetch the file, and write down its checksum.

        Raises:
            DownloadError: It could not be fetched, at several tries.
        """
        assert under.file is not None  # noqa: S101 - it was finished first
        path = self._settings.output_dir / under.file
        await self._fetch(result, path)
        now = self._now()
        try:
            small = path.stat().st_size <= _SMALL
            sum_of = None if small else await anyio.to_thread.run_sync(_checksum, path)
        except OSError as error:
            raise _unreadable(path, error) from error
        entry = partial(_saved, name=under.row.id, path=path, sum_of=sum_of, now=now)
        found = await self._journal.write(entry)
        if isinstance(found, OSError):
            raise _unreadable(path, found) from found
        under.sha256, under.saved_at = found, now

    async def _fetch(self, result: Result, path: Path) -> None:
        for number in range(1, _TRIES + 1):
            try:
                match result:
                    case ImageResult() | VideoResult():
                        await result.save(path)
                    case StructuredPromptResult():
                        text = result.structured_prompt
                        await anyio.to_thread.run_sync(_write, path, text)
                    case _:
                        raise DownloadError(f"{type(result).__name__} has no file.")
                return
            except DownloadError:
                if number == _TRIES:
                    raise
                await self._clock.sleep(_PAUSE * number)

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _kind_and_ending(result: Result) -> tuple[str, str]:
    match result:
        case ImageResult():
            return "image", names.ending(result.image_url, "png")
        case VideoResult():
            return "video", names.ending(result.video_url, "mp4")
        case _:
            return "structured_prompt", "json"


def _lineage(result: Result) -> dict[str, Any]:
    """What a result tells beside its file; not its URL, which is signed."""
    found = {
        "structured_prompt": getattr(result, "structured_prompt", None),
        "prompt": result.prompt,
        "refined_prompt": result.refined_prompt,
        "warning": result.warning,
    }
    return {name: value for name, value in found.items() if value is not None}


def _model(under: Under) -> str:
    return str(under.request.tailored_model_id)


def _saved(
    connection: sqlite3.Connection,
    name: str,
    path: Path,
    sum_of: tuple[str, int] | None,
    now: float,
) -> str | OSError:
    """Write down the checksum; the error, if the file cannot be read: the journal is well."""
    try:
        sha256, size = sum_of or _checksum(path)
    except OSError as error:
        return error
    entries.saved(connection, name=name, sha256=sha256, size=size, now=now)
    return sha256


def _unreadable(path: Path, error: OSError) -> DownloadError:
    return DownloadError(
        f"{path} was saved, and cannot be read: {error.strerror}. The next run fetches it again.",
        path=str(path),
    )


def _checksum(path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return digest, file.tell()


def _write(path: Path, text: str) -> None:
    try:
        with replacing(path, durable=True) as file:
            file.write(text)
    except OSError as error:
        raise DownloadError(f"{path} cannot be written: {error}.") from error
