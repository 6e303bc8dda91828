"""Rows of files and dicts: what makes them requests, and what is said of those that are none."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import attrs
import pytest

from bria_tailored.models import ImageRequest, StructuredPromptRequest, VideoRequest
from bria_tailored_ext.batch.columns import NOT_FOR_BATCHES, WORDS, columns
from bria_tailored_ext.batch.rows import Row, read_row, row_of
from bria_tailored_ext.batch.sources import check_file, pieces
from bria_tailored_ext.values.errors import BatchInputError, ConfigurationError, InvalidInputError
from bria_tailored_ext.values.jobs import JobKind

pytestmark = pytest.mark.anyio

# Without types of their own.
pa: Any = import_module("pyarrow")
pq: Any = import_module("pyarrow.parquet")

GOOD: dict[str, Any] = {"id": "a", "tailored_model_id": "7", "prompt": "a teapot"}


@pytest.fixture
def anyio_backend() -> str:
    # Reading uses a thread and nothing else of the event loop.
    return "asyncio"


async def rows_of(path: Path) -> list[Row]:
    return [row async for piece in pieces(path) for row in piece]


def test_every_field_of_the_generated_models_is_a_column() -> None:
    """A new field of Bria's is a new column, with its type."""
    for kind, model in (
        (JobKind.IMAGE, ImageRequest),
        (JobKind.STRUCTURED_PROMPT, StructuredPromptRequest),
        (JobKind.VIDEO, VideoRequest),
    ):
        fields = {field.name for field in attrs.fields(model) if field.init}
        found = columns(kind)
        assert set(found) - {"image_file"} == fields - set(NOT_FOR_BATCHES)
        assert all(column.types in WORDS for column in found.values())
        assert found["tailored_model_id"].required


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"promt": "x"}, "no column 'promt'"),
        ({"prompt": 7}, "prompt must be a string"),
        ({"seed": "7"}, "seed must be a whole number"),
        ({"seed": True}, "seed must be a whole number"),
        ({"seed": 1.5}, "seed must be a whole number"),
        ({"tailored_model_influence": 9}, "tailored_model_influence must be a number between"),
        ({"tailored_model_id": None}, "tailored_model_id must be"),
        ({"aspect_ratio": "8:1"}, "aspect_ratio must be one of"),
        ({"prompt": None}, "An image needs a prompt"),
        ({"sync": True}, "sync has no place in a batch"),
        ({"kind": "sculpture"}, "kind must be one of"),
        ({"kind": "video"}, "no column 'prompt'"),
        ({"kind": "video", "prompt": None}, "A video needs the picture"),
        ({"id": ""}, "id must be"),
        ({"id": "a\nb"}, "id must be"),
        ({"id": 1.5}, "id must be"),
        ({"prompt": "\ud800"}, "half a character"),
        ({"structured_prompt": "{"}, "structured_prompt must be a string of valid JSON"),
    ],
)
def test_a_row_that_breaks_a_rule_says_which(change: dict[str, Any], words: str) -> None:
    """Before anything is sent or spent."""
    with pytest.raises(InvalidInputError, match=words):
        read_row(1, {**GOOD, **change})


def test_a_row_is_known_by_its_id_or_its_place_and_by_what_it_asks_for() -> None:
    """The digest does not depend on the order of columns, on empty ones, or on the id."""
    row = read_row(3, {**GOOD, "id": None, "seed": None})
    other = read_row(4, {"prompt": "a teapot", "id": "b", "tailored_model_id": 7})
    assert (row.id, other.id) == ("3", "b")
    assert row.digest == other.digest == row_of(1, row.request()).digest
    assert row.digest != read_row(3, {**GOOD, "seed": 1}).digest


def test_kinds_with_the_same_fields_are_different_requests() -> None:
    """A structured prompt is no image, whatever its body."""
    image = read_row(1, GOOD)
    text = read_row(1, {**GOOD, "kind": "structured_prompt"})
    assert image.body == text.body
    assert image.digest != text.digest


def test_what_is_no_request_is_named() -> None:
    """A model of something else is no row."""
    with pytest.raises(InvalidInputError, match="this is a int"):
        row_of(1, 7)  # type: ignore[arg-type]


SAME = [
    {"id": "a", "tailored_model_id": "7", "prompt": "tea, “hot”", "seed": 3},
    {"id": "b", "tailored_model_id": "7", "prompt": "two\nlines", "guidance_scale": 4},
    {
        "id": "c",
        "kind": "structured_prompt",
        "tailored_model_id": "8",
        "prompt": "cup",
        "prompt_content_moderation": False,
    },
]


def written(tmp_path: Path, kind: str) -> Path:
    path = tmp_path / f"rows.{kind}"
    match kind:
        case "jsonl":
            text = "\n\n".join(json.dumps(row) for row in SAME)
            path.write_text("\ufeff" + text, encoding="utf-8")
        case "csv":
            path.write_text(
                "id,kind,tailored_model_id,prompt,seed,guidance_scale,prompt_content_moderation\r\n"
                'a,,7,"tea, “hot”",3,,\r\nb,,7,"two\nlines",,4,\r\n'
                "\r\nc,structured_prompt,8,cup,,,False\r\n",
                encoding="utf-8-sig",
                newline="",
            )
        case _:
            pq.write_table(pa.Table.from_pylist(SAME, schema=PARQUET), path)
    return path


PARQUET = pa.schema(
    [
        ("id", pa.string()),
        ("kind", pa.string()),
        ("tailored_model_id", pa.string()),
        ("prompt", pa.string()),
        ("seed", pa.int64()),
        ("guidance_scale", pa.int32()),
        ("prompt_content_moderation", pa.bool_()),
    ]
)


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
async def test_the_same_rows_come_out_of_every_kind_of_file(tmp_path: Path, kind: str) -> None:
    """Empty cells and nulls are columns that are not there."""
    path = written(tmp_path, kind)

    checked = await check_file(path)

    assert checked.count == {JobKind.IMAGE: 2, JobKind.STRUCTURED_PROMPT: 1}
    assert await rows_of(path) == [read_row(place, raw) for place, raw in enumerate(SAME, start=1)]


async def problems(tmp_path: Path, name: str, text: str) -> tuple[str, ...]:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(BatchInputError) as caught:
        await check_file(path)
    assert str(path) in str(caught.value)
    return caught.value.problems


async def test_every_wrong_line_is_named(tmp_path: Path) -> None:
    """Not the first one alone: a file is mended in one go."""
    good = json.dumps(GOOD)
    found = await problems(tmp_path, "r.jsonl", f'{good}\n[]\n\nnot json\n{{"id": "b"}}\n{good}\n')
    assert [each.split(":")[0] for each in found] == ["line 2", "line 4", "line 5", "line 6"]
    assert found[3] == "line 6: id 'a' is on line 1 already."


async def test_lines_of_csv_are_counted_as_an_editor_does(tmp_path: Path) -> None:
    """A cell with a line break is two lines; too many cells are no row."""
    text = 'id,tailored_model_id,prompt\na,7,"two\nlines"\nb,7,x,y\nc,,x\n'
    found = await problems(tmp_path, "r.csv", text)
    assert [each.split(":")[0] for each in found] == ["line 4", "line 5"]


async def test_an_id_that_looks_like_a_place_is_the_same_id(tmp_path: Path) -> None:
    """The row at place 2 without an id is called 2."""
    row = {"tailored_model_id": "7", "prompt": "x"}
    text = "\n".join(json.dumps(each) for each in ({**row, "id": "2"}, row))
    assert await problems(tmp_path, "r.jsonl", text) == ("line 2: id '2' is on line 1 already.",)


async def test_a_hundred_problems_are_listed_and_all_are_counted(tmp_path: Path) -> None:
    """A file of another kind does not print a million sentences."""
    path = tmp_path / "r.jsonl"
    path.write_text("x\n" * 1500)
    with pytest.raises(BatchInputError, match="and 1400 more") as caught:
        await check_file(path)
    assert caught.value.count == 1500
    assert len(caught.value.problems) == 100


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("r.csv", "", "is empty"),
        ("r.csv", "id,id\n1,2\n", "names a column twice: id"),
        ("r.parquet", "no", "is not Parquet"),
        ("r.yaml", "a: [", "cannot be read as YAML"),
    ],
)
async def test_a_file_that_cannot_be_read_at_all_is_one_sentence(
    tmp_path: Path, name: str, text: str, words: str
) -> None:
    """Wrong as a whole."""
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(BatchInputError, match=words):
        await check_file(path)


async def test_an_unknown_ending_lists_the_known_ones(tmp_path: Path) -> None:
    """Nothing is guessed from the content."""
    path = tmp_path / "r.txt"
    path.write_text("x")
    with pytest.raises(ConfigurationError, match=r"\.jsonl, \.ndjson, \.csv, \.parquet"):
        await check_file(path)


async def test_a_picture_for_a_video_is_looked_for_beside_the_file(tmp_path: Path) -> None:
    """Found before the first submit, not hours later."""
    row = {"kind": "video", "tailored_model_id": "7", "image_file": "start.png"}
    path = tmp_path / "r.jsonl"
    path.write_text(json.dumps(row))
    with pytest.raises(BatchInputError, match=r"image_file 'start\.png' cannot be read"):
        await check_file(path)
    (tmp_path / "start.png").write_bytes(b"x")
    assert (await check_file(path)).count == {JobKind.VIDEO: 1}


@pytest.mark.parametrize(
    ("size", "words"), [(12_000_001, r"has 12\.0 MB; Bria takes 12 MB at most"), (0, "is empty")]
)
async def test_a_local_picture_that_bria_refuses_stops_the_batch_first(
    tmp_path: Path, size: int, words: str
) -> None:
    """By the same limit as every other picture: 12 MB are 12,000,000 bytes."""
    row = {"kind": "video", "tailored_model_id": "7", "image_file": "start.png"}
    (tmp_path / "rows.jsonl").write_text(json.dumps(row))
    with (tmp_path / "start.png").open("wb") as file:
        file.truncate(size)

    with pytest.raises(BatchInputError, match=words):
        await check_file(tmp_path / "rows.jsonl")


async def test_a_large_file_is_checked_in_little_memory(tmp_path: Path) -> None:
    """No list of all rows is ever made, nor of all ids."""
    import tracemalloc

    path = tmp_path / "r.jsonl"
    with path.open("w") as file:
        for number in range(6_000):
            file.write(json.dumps({**GOOD, "id": f"request-{number}"}) + "\n")
    tracemalloc.start()
    try:
        checked = await check_file(path)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert checked.count == {JobKind.IMAGE: 6_000}
    assert most < 2_000_000
