"""Define visual identity: nothing is billed for what can be known to fail."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bria_tailored_ext import InvalidInputError, UnsupportedMediaError
from bria_tailored_ext.workflows import complete_dataset, define_visual_identity

if TYPE_CHECKING:
    from tests.workflows.conftest import Studio

pytestmark = pytest.mark.anyio


@pytest.fixture
def files(tmp_path: Path, pictures: list[bytes]) -> list[Path]:
    """The pictures as files, numbered."""
    paths = [tmp_path / f"picture {number:02}.png" for number in range(len(pictures))]
    for path, picture in zip(paths, pictures, strict=True):
        path.write_bytes(picture)
    return paths


async def schema_of(studio: Studio, dataset: int) -> Any:
    text = (await studio.bria.datasets.get_dataset_by_id(dataset)).visual_schema
    return json.loads(text) if text else None


async def test_a_schema_is_generated_and_applied(studio: Studio, files: list[Path]) -> None:
    """One billed call, and the dataset has what came."""
    dataset = await studio.draft()

    identity = await define_visual_identity(studio.bria, dataset, files[:5])

    assert identity.applied
    assert identity.history == ()
    assert identity.chosen == tuple(path.name for path in files[:5])
    assert identity.parsed() == await schema_of(studio, dataset)
    assert studio.billed() == ["generate-visual-schema"]


async def test_each_instruction_refines_the_schema_before(studio: Studio) -> None:
    """In order; every earlier version is kept, since each was paid for."""
    dataset = await studio.draft()

    identity = await define_visual_identity(
        studio.bria,
        dataset,
        studio.pictures[:5],
        instructions=["Character's name is Lucy", "always at night"],
    )

    assert len({*identity.history, identity.schema}) == 3
    assert "Lucy" not in identity.history[0]
    assert "Lucy" in identity.history[1]
    assert "Lucy" in identity.schema
    assert await schema_of(studio, dataset) == identity.parsed()
    assert studio.billed() == [
        "generate-visual-schema",
        "refine-structured-prompt",
        "refine-structured-prompt",
    ]


async def test_not_applying_leaves_the_dataset_alone(studio: Studio) -> None:
    """A person looks at the schema first."""
    dataset = await studio.draft()

    identity = await define_visual_identity(studio.bria, dataset, studio.pictures[:5], apply=False)

    assert not identity.applied
    assert identity.parsed()
    assert await schema_of(studio, dataset) is None
    assert studio.network.count("PUT") == 0


async def test_a_bad_picture_is_named_by_its_place(studio: Studio) -> None:
    """The place in the list that the caller gave, not in the choice; and all of them at once."""
    dataset = await studio.draft()
    broken = [*studio.pictures[:11], b"broken"]

    with pytest.raises(InvalidInputError, match=r"^picture-12 is not"):
        await define_visual_identity(studio.bria, dataset, broken, apply=False)
    with pytest.raises(InvalidInputError, match=r"^picture-1 is not .* picture-13 is empty"):
        await define_visual_identity(studio.bria, dataset, [b"broken", *broken[:11], b""])

    assert studio.billed() == []


async def refused(
    studio: Studio, dataset: int, images: Iterable[Any], sentence: str, **more: Any
) -> None:
    billed = studio.billed()
    with pytest.raises(InvalidInputError, match=sentence):
        await define_visual_identity(studio.bria, dataset, images, **more)
    assert studio.billed() == billed
    assert await schema_of(studio, dataset) is None


@pytest.mark.parametrize("count", [0, 1, 4])
async def test_too_few_pictures_cost_nothing(studio: Studio, count: int) -> None:
    """The rule is known here."""
    dataset = await studio.draft()

    await refused(studio, dataset, studio.pictures[:count], "at least 5 pictures")


async def test_copies_of_one_picture_cost_nothing(studio: Studio) -> None:
    """Five of which three differ show no more than three."""
    dataset = await studio.draft()

    await refused(studio, dataset, studio.pictures[:3] * 2, "6 were given, but only 3 of them")


async def test_a_file_that_is_no_picture_costs_nothing(studio: Studio, files: list[Path]) -> None:
    """Named, with what to do."""
    dataset = await studio.draft()
    files[3].write_text("not a picture")

    await refused(studio, dataset, files[:5], r"picture 03\.png is not a JPEG, PNG or WEBP")


async def test_a_file_that_is_not_there_costs_nothing(studio: Studio, files: list[Path]) -> None:
    """A file, a folder, a name that no disk takes."""
    dataset = await studio.draft()
    missing = files[0].parent / "gone.png"

    await refused(studio, dataset, [*files[:4], missing], r"gone\.png cannot be read: No such file")
    await refused(studio, dataset, [*files[:4], files[0].parent], "is a folder")
    await refused(studio, dataset, [*files[:4], "nul\0.png"], "cannot be read: ")


async def test_a_damaged_picture_costs_nothing(studio: Studio) -> None:
    """Its first bytes are right, so that only Bria sees it; it refuses before it bills."""
    dataset = await studio.draft()
    damaged = [*studio.pictures[:4], studio.pictures[4][:200]]

    with pytest.raises(UnsupportedMediaError):
        await define_visual_identity(studio.bria, dataset, damaged)

    assert studio.billed() == []
    assert await schema_of(studio, dataset) is None


async def test_a_completed_dataset_costs_nothing(studio: Studio) -> None:
    """Its schema is frozen, so that a new one could not be applied."""
    dataset = await studio.filled()
    await complete_dataset(studio.bria, dataset)
    before = studio.billed()

    with pytest.raises(InvalidInputError, match=r"is completed.*[Cc]lone"):
        await define_visual_identity(studio.bria, dataset, studio.pictures[:5])

    assert studio.billed() == before


@pytest.mark.parametrize("instructions", ["Character's name is Lucy", ["make it warm", " "], [""]])
async def test_instructions_that_would_be_billed_for_nothing_cost_nothing(
    studio: Studio, instructions: Any
) -> None:
    """A single text would be sent, and billed, a character at a time."""
    dataset = await studio.draft()

    await refused(
        studio,
        dataset,
        studio.pictures[:5],
        r"^(instructions takes several|One of the instructions is empty)",
        instructions=instructions,
    )


@pytest.mark.parametrize("images", ["folder/of/pictures", Path("folder"), b"picture"])
async def test_one_picture_is_not_taken_apart(studio: Studio, images: Any) -> None:
    """A text is a list of characters to Python."""
    dataset = await studio.draft()

    await refused(studio, dataset, images, "put a single one into a list")
