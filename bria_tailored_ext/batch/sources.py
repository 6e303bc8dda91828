"""Where requests come from, in pieces that fit into memory; and a file checked as a whole."""

from __future__ import annotations

import sqlite3
import tempfile
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Self, TypeAlias, cast

import anyio.to_thread
import attrs

from bria_tailored_ext.batch import entries
from bria_tailored_ext.batch.columns import IMAGE_FILE
from bria_tailored_ext.batch.outcomes import Request
from bria_tailored_ext.batch.reading import read_file
from bria_tailored_ext.batch.rows import Row, read_row, row_of
from bria_tailored_ext.batch.schema import PLANNED
from bria_tailored_ext.rules.pictures import MAX_IMAGE_BYTES
from bria_tailored_ext.values.errors import BatchInputError, InvalidInputError
from bria_tailored_ext.values.jobs import JobKind

Item: TypeAlias = Request | Mapping[str, Any]
Requests: TypeAlias = Iterable[Item] | AsyncIterable[Item] | Path | str

_PIECE = 500
_SMALL_PIECE = 50
_SHOWN = 100


@attrs.frozen(kw_only=True)
class Checked:
    """What a check of a whole file found.

    Attributes:
        count: Its requests, by kind.
        known: How many of them the journal has an outcome or a job of.
        remaining: Those that it has not, by kind.
    """

    count: Mapping[JobKind, int]
    known: int
    remaining: Mapping[JobKind, int]


def file_of(requests: Requests) -> Path | None:
    """The file that requests are to be read from, if it is one."""
    return Path(requests) if isinstance(requests, str | Path) else None


async def pieces(requests: Requests) -> AsyncGenerator[list[Row], None]:
    """The requests, some at a time; from an async iterable one at a time.

    Raises:
        InvalidInputError: One cannot be a request.
    """
    path = file_of(requests)
    if path is not None:
        rows = _rows_of_file(path)
        while piece := await anyio.to_thread.run_sync(_take, rows):
            yield piece
    elif isinstance(requests, AsyncIterable):
        place = 0
        async for item in requests:
            place += 1
            yield [_row(place, item)]
    else:
        for piece in _pieces(cast("Iterable[Item]", requests)):
            yield piece


def _pieces(items: Iterable[Item]) -> Iterator[list[Row]]:
    """Some items at a time; what came before an error is given first."""
    piece: list[Row] = []
    failure: Exception | None = None
    try:
        for place, item in enumerate(items, start=1):
            piece.append(_row(place, item))
            if len(piece) == _SMALL_PIECE:
                yield piece
                piece = []
    except Exception as error:
        failure = error
    if piece:
        yield piece
    if failure is not None:
        raise failure


class FileCheck:
    """Reads every row of a file and finds everything that is wrong with it.

    Whatever the file's size, it needs little memory: the ids that were seen are kept on disk.

    Args:
        path: The file.
        journal: What has been done of it.
    """

    def __init__(self, path: Path, journal: sqlite3.Connection | None = None) -> None:
        self._path = path
        self._journal = journal
        self._problems: list[str] = []
        self._wrong = 0
        self._count: Counter[JobKind] = Counter()
        self._remaining: Counter[JobKind] = Counter()
        self._rows = self._read()

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="bria-batch-")
        path = Path(self._folder.name) / "ids"
        self._seen = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._seen.execute("PRAGMA journal_mode = OFF")
        self._seen.execute("PRAGMA synchronous = OFF")
        self._seen.execute("PRAGMA cache_size = -32000")
        self._seen.execute(
            "CREATE TABLE ids (id TEXT PRIMARY KEY, line INTEGER NOT NULL) WITHOUT ROWID"
        )
        self._seen.execute("BEGIN")
        return self

    def __exit__(self, *_error: object) -> None:
        self._seen.close()
        self._folder.cleanup()

    def step(self) -> bool:
        """Check some more rows; whether there may be more.

        Raises:
            BatchInputError: The file cannot be read at all.
        """
        piece = list(islice(self._rows, _PIECE))
        if piece:
            self._note_ids(piece)
            self._compare(piece)
        return bool(piece)

    def checked(self) -> Checked:
        """What was found, after the last step.

        Raises:
            BatchInputError: Lists what is wrong, with line numbers.
        """
        if self._wrong:
            raise _wrong_input(self._path, self._problems, self._wrong)
        known = sum(self._count.values()) - sum(self._remaining.values())
        return Checked(count=self._count, known=known, remaining=self._remaining)

    def _read(self) -> Iterator[tuple[int, Row]]:
        for place, (line, raw) in enumerate(read_file(self._path), start=1):
            try:
                if isinstance(raw, str):
                    raise InvalidInputError(raw)
                row = read_row(place, raw)
                if row.kind is JobKind.VIDEO:
                    check_picture(self._path.parent, raw.get(IMAGE_FILE))
            except InvalidInputError as error:
                self._problem(line, str(error))
                continue
            self._count[row.kind] += 1
            yield line, row

    def _note_ids(self, piece: list[tuple[int, Row]]) -> None:
        before = self._seen.total_changes
        insert = "INSERT INTO ids VALUES (?, ?) ON CONFLICT DO NOTHING"
        self._seen.executemany(insert, [(row.id, line) for line, row in piece])
        if self._seen.total_changes - before == len(piece):
            return
        for line, row in piece:
            found = self._seen.execute("SELECT line FROM ids WHERE id = ?", (row.id,))
            if (first := found.fetchone()[0]) != line:
                self._problem(line, f"id {row.id!r} is on line {first} already.")

    def _compare(self, piece: list[tuple[int, Row]]) -> None:
        if self._journal is None:
            self._remaining.update(row.kind for _, row in piece)
            return
        known = entries.lookup(self._journal, [row.id for _, row in piece])
        for line, row in piece:
            found = known.get(row.id)
            if found is not None and found.digest != row.digest:
                self._problem(line, changed(row))
            elif found is None or found.state == PLANNED:
                self._remaining[row.kind] += 1

    def _problem(self, line: int, sentence: str) -> None:
        self._wrong += 1
        if len(self._problems) < _SHOWN:
            self._problems.append(f"line {line}: {sentence}")


async def check_file(path: Path, journal: sqlite3.Connection | None = None) -> Checked:
    """Check a file as a whole, in a thread, some rows at a time.

    Raises:
        BatchInputError: Lists what is wrong, with line numbers.
        ConfigurationError: What reads such a file is not installed.
    """
    with FileCheck(path, journal) as check:
        while await anyio.to_thread.run_sync(check.step):
            pass
        return check.checked()


def changed(row: Row) -> str:
    """The sentence for a request that is another than the journal's of the same id."""
    return (
        f"The journal knows {row.id!r} as another request. Give a changed request an id of its "
        "own, or start a new journal; rows without ids are known by their place in the input."
    )


def check_picture(folder: Path, name: object) -> None:
    """Check that a local picture can be sent.

    Raises:
        InvalidInputError: There is none, or it is too large.
    """
    if not isinstance(name, str):
        return
    try:
        size = (folder / name).stat().st_size
    except (OSError, ValueError) as error:
        raise InvalidInputError(f"image_file {name!r} cannot be read: {error}.") from error
    if not size:
        raise InvalidInputError(f"image_file {name!r} is empty. Replace it.")
    if size > MAX_IMAGE_BYTES:
        raise InvalidInputError(
            f"image_file {name!r} has {size / 1e6:.1f} MB; Bria takes {MAX_IMAGE_BYTES / 1e6:.0f} "
            "MB at most. Save it smaller."
        )


def _wrong_input(path: Path, problems: list[str], wrong: int) -> BatchInputError:
    more = f"\nand {wrong - len(problems)} more" if wrong > len(problems) else ""
    rows = "1 row is" if wrong == 1 else f"{wrong} rows are"
    return BatchInputError(
        f"{path}: {rows} wrong; nothing was sent.\n" + "\n".join(problems) + more,
        problems=tuple(problems),
        count=wrong,
    )


def _rows_of_file(path: Path) -> Iterator[Row]:
    for place, (line, raw) in enumerate(read_file(path), start=1):
        try:
            if isinstance(raw, str):
                raise InvalidInputError(raw)
            yield read_row(place, raw)
        except InvalidInputError as error:
            # It was right when the whole file was checked.
            sentence = f"{path} was changed while the batch ran; line {line}: {error}"
            raise BatchInputError(sentence, problems=(f"line {line}: {error}",)) from error


def _take(rows: Iterator[Row]) -> list[Row]:
    return list(islice(rows, _PIECE))


def _row(place: int, item: Item) -> Row:
    try:
        return read_row(place, item) if isinstance(item, Mapping) else row_of(place, item)
    except InvalidInputError as error:
        raise BatchInputError(
            f"Request {place} of the batch: {error}", problems=(str(error),)
        ) from error
