"""The record of what was uploaded: a file of JSON lines that survives a crash at any moment."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any, cast

from bria_tailored_ext.edge.on_disk import keep_names, lock
from bria_tailored_ext.values.errors import BriaError, InvalidInputError

_BEGINNING = b'{"origin": "'
"""Of every line, torn or whole: whatever begins otherwise was not written here."""

_NONE = 0
"""In place of an image's id: the upload was refused."""


class UploadRecord:
    """What became of each picture, by its content, for one dataset at one origin.

    Other datasets may be in the same file. A last line that a crash has torn counts as not written.

    Attributes:
        images: The image that each content became, by its digest.
        begun: The digests of those whose upload was begun and has no outcome.
    """

    def __init__(self, file: int, path: Path, key: tuple[str, int]) -> None:
        self._file = file
        self._path = path
        self._key = key
        self._one_writes = Lock()
        self.images: dict[str, int] = {}
        self.begun: set[str] = set()

    @classmethod
    def open(cls, path: Path, origin: str, dataset_id: int) -> UploadRecord:
        """Open or make a record, and keep other processes out of it. This blocks.

        Raises:
            InvalidInputError: It cannot be written, is no record, or is in use.
        """
        try:
            file = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
        except (OSError, ValueError) as error:
            raise InvalidInputError(
                f"The record {path} cannot be opened: {error}. Name another file."
            ) from error
        record = cls(file, path, (origin, dataset_id))
        try:
            if not lock(file):
                raise InvalidInputError(
                    f"The record {path} is in use by another upload. Wait for that one, or use "
                    "another record."
                )
            record._read()
        except BaseException:
            record.close()
            raise
        return record

    def close(self) -> None:
        """Let others use it."""
        os.close(self._file)

    def begin(self, digest: str, name: str) -> None:
        """Remember that an upload is begun, on the disk when this returns. This blocks.

        Raises:
            BriaError: It cannot be written.
        """
        try:
            self._append(digest, None, name)
        except OSError as error:
            raise BriaError(
                f"{name} was not uploaded: the record {self._path} cannot be written: {error}. "
                "Make room for it and start again."
            ) from error

    def end(self, digest: str, name: str) -> None:
        """Remember that an upload that was begun came to nothing. This blocks."""
        # Whoever does not find it looks for an image that is not there, and no harm is done.
        with suppress(OSError):
            self._append(digest, _NONE, name)

    def add(self, digest: str, image_id: int, name: str) -> None:
        """Remember an image, on the disk when this returns. This blocks; any thread may call it.

        Raises:
            BriaError: It cannot be written; the image is at Bria all the same.
        """
        try:
            self._append(digest, image_id, name)
        except OSError as error:
            raise BriaError(
                f"{name} was uploaded as image {image_id}, but the record {self._path} cannot "
                f"be written: {error}. Make room for it and start again."
            ) from error

    def _append(self, digest: str, image_id: int | None, name: str) -> None:
        origin, dataset_id = self._key
        entry = {"origin": origin, "dataset": dataset_id}
        line = json.dumps({**entry, "image": image_id, "digest": digest, "name": name})
        with self._one_writes:
            self._take(digest, image_id)
            end = os.lseek(self._file, 0, os.SEEK_END)
            try:
                _write(self._file, f"{line}\n".encode())
                os.fsync(self._file)
            except OSError:
                # A line that stays torn is cut off when the record is opened next.
                with suppress(OSError):
                    os.ftruncate(self._file, end)
                raise

    def _take(self, digest: str, image_id: int | None) -> None:
        if image_id is None:
            self.begun.add(digest)
            return
        self.begun.discard(digest)
        if image_id != _NONE:
            self.images[digest] = image_id

    def _read(self) -> None:
        """Take in every whole line, and cut off one that is torn, lest the next be lost with it."""
        content = _contents(self._file)
        whole, _, torn = content.rpartition(b"\n")
        for number, line in enumerate(whole.splitlines(), start=1):
            entry = self._entry(number, line)
            if (entry["origin"], entry["dataset"]) == self._key:
                self._take(entry["digest"], entry["image"])
        if not content:
            keep_names(self._path.parent)
        elif torn.strip(b"\0") and not torn.startswith(_BEGINNING[: len(torn)]):
            raise self._foreign(len(whole.splitlines()) + 1)
        elif torn:
            os.ftruncate(self._file, len(content) - len(torn))

    def _entry(self, number: int, line: bytes) -> dict[str, Any]:
        try:
            entry = cast("dict[str, Any]", json.loads(line))
            if {"origin", "dataset", "image", "digest"} <= entry.keys():
                return entry
        except (ValueError, RecursionError, AttributeError):
            pass
        raise self._foreign(number)

    def _foreign(self, number: int) -> InvalidInputError:
        return InvalidInputError(
            f"Line {number} of {self._path} is no line of an upload record. Name another file, or "
            "one that does not exist yet."
        )


def _contents(file: int) -> bytes:
    pieces: list[bytes] = []
    while piece := os.read(file, 2**20):
        pieces.append(piece)
    return b"".join(pieces)


def _write(file: int, line: bytes) -> None:
    while line:
        line = line[os.write(file, line) :]
