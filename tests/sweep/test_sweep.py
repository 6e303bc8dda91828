"""Sweeps: variants trained side by side, the same prompts drawn with each, one page."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bria_tailored_ext import InvalidInputError, StartTraining
from bria_tailored_ext.sandbox import Fault
from bria_tailored_ext.sweep import Sweep, SweepProgress, Variant, plan_sweep, read_sweep, run_sweep
from bria_tailored_ext.sweep.variants import sweep_of

if TYPE_CHECKING:
    from tests.workflows.conftest import Studio

PLAIN = Variant(name="plain")
STRONG = Variant(name="strong", parameters=StartTraining(rank=64))


def a_sweep(dataset_id: int, *variants: Variant, **more: Any) -> Sweep:
    given: dict[str, Any] = {"prompts": ["a cup <b>"], "seeds": [1, 2], **more}
    return Sweep(name="light", dataset_id=dataset_id, variants=variants, **given)


@pytest.mark.anyio
async def test_variants_are_trained_and_drawn_side_by_side(studio: Studio, tmp_path: Path) -> None:
    """Parameters, instructions and images: a model each, and every picture in one page."""
    dataset = await studio.bria.datasets.get_dataset_by_id((await studio.completed()).id)
    names = [str(image.image_name) for image in dataset.images or []]
    warm = Variant(name="warm", instructions=["Make the light warmer"])
    few = Variant(name="few", images=names[:5])
    sweep = a_sweep(dataset.id, PLAIN, STRONG, warm, few)
    told: list[SweepProgress] = []

    made = await run_sweep(studio.bria, sweep, output_dir=tmp_path, on_progress=told.append)

    assert [each.variant.name for each in made.trained] == ["plain", "strong", "warm", "few"]
    assert (made.pictures, made.missing, made.failed) == (8, 0, ())
    datasets = [each.dataset_id for each in made.trained]
    assert datasets[:2] == [dataset.id] * 2
    assert len(set(datasets)) == 3
    assert {each.variant for each in told} == {"plain", "strong", "warm", "few"}
    page = made.page.read_text(encoding="utf-8")
    sources = re.findall(r'src="([^"]+)"', page)
    assert len(sources) == 8
    assert all((tmp_path / source).is_file() for source in sources)
    assert "a cup &lt;b&gt;" in page
    assert "<b>, plain" not in page


@pytest.mark.anyio
async def test_a_sweep_that_is_called_again_creates_nothing_twice(
    studio: Studio, tmp_path: Path
) -> None:
    """Prompts may be added: only what is new is drawn."""
    dataset = (await studio.completed()).id
    await run_sweep(studio.bria, a_sweep(dataset, PLAIN, STRONG), output_dir=tmp_path)
    before = studio.billed()

    more = a_sweep(dataset, PLAIN, STRONG, prompts=["a cup <b>", "a jug"])
    made = await run_sweep(studio.bria, more, output_dir=tmp_path)

    new = studio.billed()[len(before) :]
    assert (made.pictures, made.missing) == (8, 0)
    assert new == ["generate-image"] * 4


@pytest.mark.anyio
async def test_another_sweep_needs_another_folder(studio: Studio, tmp_path: Path) -> None:
    """Its models would be shown under the wrong names."""
    dataset = (await studio.completed()).id
    await run_sweep(studio.bria, a_sweep(dataset, PLAIN, STRONG), output_dir=tmp_path)

    other = Variant(name="strong", parameters=StartTraining(rank=8))
    with pytest.raises(InvalidInputError, match="begun with another variant strong"):
        await run_sweep(studio.bria, a_sweep(dataset, PLAIN, other), output_dir=tmp_path)
    assert len(await studio.bria.models.get_models()) == 2


@pytest.mark.anyio
async def test_a_training_that_fails_does_not_stop_the_others(
    studio: Studio, tmp_path: Path
) -> None:
    """Its column says why."""
    dataset = (await studio.completed()).id
    studio.sandbox.faults.add(Fault("training_failed", count=1))

    made = await run_sweep(studio.bria, a_sweep(dataset, PLAIN, STRONG), output_dir=tmp_path)

    assert len(made.trained) == len(made.failed) == 1
    assert (made.pictures, made.missing) == (2, 2)
    assert "failed at Bria" in made.page.read_text(encoding="utf-8")


@pytest.mark.anyio
async def test_a_draft_is_refused_before_anything_is_created(
    studio: Studio, tmp_path: Path
) -> None:
    """And so is an image that the dataset does not have."""
    draft = await studio.draft()
    with pytest.raises(InvalidInputError, match="is not completed"):
        await run_sweep(studio.bria, a_sweep(draft, PLAIN, STRONG), output_dir=tmp_path)
    dataset = (await studio.completed()).id
    lacking = Variant(name="few", images=["a", "b", "c", "d", "e"])
    with pytest.raises(InvalidInputError, match="names 'a', which dataset"):
        await run_sweep(studio.bria, a_sweep(dataset, PLAIN, lacking), output_dir=tmp_path)

    assert await studio.bria.models.get_models() == []


def test_the_plan_counts_what_is_billed() -> None:
    """Trainings, refinements and pictures."""
    warm = Variant(name="warm", instructions=["a", "b"])
    plan = plan_sweep(a_sweep(7, PLAIN, warm, prompts=["a", "b", "c"]))

    assert (plan.trainings, plan.clones, plan.refinements, plan.pictures) == (2, 1, 2, 12)
    assert plan.billed == 16


GOOD = """
name: light
dataset_id: 12
variants:
  - name: plain
  - name: strong
    parameters: {rank: 64, learning_rate: 0.0002}
  - name: warm
    instructions: ["Make the light warmer"]
    images: [a.png, b.png, c.png, d.png, e.png]
prompts: ["a teapot at dawn"]
seeds: [1, 2]
aspect_ratio: "16:9"
"""


def test_a_sweep_is_read_from_yaml(tmp_path: Path) -> None:
    """The fields are those of the values."""
    path = tmp_path / "sweep.yaml"
    path.write_text(GOOD)

    sweep = read_sweep(path)

    assert [each.name for each in sweep.variants] == ["plain", "strong", "warm"]
    assert sweep.variants[1].parameters == StartTraining(rank=64, learning_rate=0.0002)
    assert sweep.variants[1].training_mode == "expert"
    assert sweep.variants[2].images == ("a.png", "b.png", "c.png", "d.png", "e.png")
    assert (sweep.seeds, sweep.aspect_ratio, sweep.dataset_id) == ((1, 2), "16:9", 12)


BASE: dict[str, Any] = {
    "name": "x",
    "dataset_id": 1,
    "variants": [{"name": "a"}, {"name": "b"}],
    "prompts": ["p"],
}
PAIR = [Variant(name="a"), Variant(name="b")]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ([], "must be a mapping"),
        ({"promts": ["x"]}, "has promts in it. It may have name, dataset_id"),
        ({"variants": "a"}, "variants must be a list"),
        ({"variants": [{"name": "a"}]}, "compares two variants or more"),
        ({"variants": [{"name": "a"}, {"name": "a"}]}, "each with a name of its own"),
        ({"variants": [{"name": "a"}, {"name": "../b"}]}, "made of letters"),
        ({"variants": [{"name": "a"}, {}]}, "variant 2 lacks a field"),
        ({"variants": [{"name": "a"}, "b"]}, "variant 2 must be a mapping"),
        (
            {"variants": [{"name": "a"}, {"name": "b", "parameters": {"ranks": 1}}]},
            "no training parameter ranks. There are checkpoint_interval",
        ),
        (
            {"variants": [{"name": "a"}, {"name": "b", "parameters": {"rank": 0}}]},
            "rank must be a whole number",
        ),
        (
            {"variants": [{"name": "a"}, {"name": "b", "instructions": "warm"}]},
            "instructions must be a list",
        ),
        (
            {"variants": [{"name": "a"}, {"name": "b", "images": ["1", "2"]}]},
            "names 2 images; a training needs 5",
        ),
        ({"prompts": []}, "needs prompts"),
        ({"prompts": "p"}, "prompts must be a list"),
        ({"seeds": ["1"]}, "whole numbers"),
        ({"aspect_ratio": "2:1"}, "aspect_ratio must be one of"),
    ],
)
def test_what_is_wrong_with_a_sweep_is_one_sentence(change: Any, words: str) -> None:
    """Before anything is sent."""
    read = {**BASE, **change} if isinstance(change, dict) else change

    with pytest.raises(InvalidInputError, match=words):
        sweep_of(read, "sweep.yaml")


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: Variant(name="warm", instructions="warmer"), "instructions"),
        (lambda: Variant(name="some", images="teapot"), "images"),
        (lambda: Sweep(**{**BASE, "variants": PAIR, "prompts": "cup"}), "prompts"),
    ],
)
def test_a_single_text_is_not_taken_for_its_characters(
    make: Callable[[], object], name: str
) -> None:
    """Each of them would be sent, and billed."""
    with pytest.raises(InvalidInputError, match=f"{name} takes several: put a single one into"):
        make()


@pytest.mark.parametrize("content", [b"a: [", b"\xff\xfe\x00", None])
def test_a_file_that_is_no_yaml_is_one_sentence(tmp_path: Path, content: bytes | None) -> None:
    """It is named."""
    path = tmp_path / "sweep.yaml"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(InvalidInputError, match=r"sweep\.yaml cannot be read"):
        read_sweep(path)
