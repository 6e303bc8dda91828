"""Which pictures stand for all, by what they look like."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from bria_tailored_ext.workflows import Choice, define_visual_identity
from bria_tailored_ext.workflows.choice import choose, looks_of
from bria_tailored_ext.workflows.pictures import prepare

if TYPE_CHECKING:
    from tests.workflows.conftest import Studio

pytestmark = pytest.mark.anyio


def plain(colour: tuple[int, int, int], kind: str = "PNG") -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (32, 32), colour).save(written, kind)
    return written.getvalue()


async def chosen_of(sources: Sequence[Any], most: int = 10) -> Choice:
    pictures = [await prepare(source, index) for index, source in enumerate(sources)]
    return await choose(sources, pictures, most)


def contents(sources: Sequence[Any], choice: Choice) -> list[Any]:
    return [sources[each.index] for each in choice.pictures]


async def test_the_choice_is_reported_with_its_reasons(studio: Studio, tmp_path: Path) -> None:
    """How many there were, how they were chosen, and why each one."""
    dataset = await studio.draft()
    paths = [tmp_path / f"{number:02}.png" for number in range(12)]
    for path, picture in zip(paths, studio.pictures, strict=True):
        path.write_bytes(picture)

    identity = await define_visual_identity(studio.bria, dataset, paths, apply=False)

    choice = identity.choice
    assert (choice.by, choice.of, len(choice.pictures)) == ("looks", 12, 10)
    assert choice.reason.startswith("10 of 12 by their looks")
    assert identity.chosen == tuple(paths[each.index].name for each in choice.pictures)
    assert choice.pictures[0].reason == "It is the most typical of all."
    assert all("differs most" in each.reason for each in choice.pictures[1:])


async def test_ten_are_all_sent_in_their_order(pictures: list[bytes]) -> None:
    """There is nothing to choose."""
    choice = await chosen_of(pictures[:10])

    assert (choice.by, choice.reason) == ("all", "All were sent.")
    assert [each.index for each in choice.pictures] == list(range(10))


@given(seed=st.integers(0, 2**32))
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_the_order_given_does_not_matter(pictures: list[bytes], seed: int) -> None:
    """The same pictures go out, in the same order."""
    shuffled = list(pictures)
    Random(seed).shuffle(shuffled)  # noqa: S311

    one, other = await chosen_of(pictures, 5), await chosen_of(shuffled, 5)

    assert contents(pictures, one) == contents(shuffled, other)


async def test_the_few_that_differ_are_among_the_chosen() -> None:
    """A hundred greens do not crowd out the one red and the one blue."""
    greens = [plain((10, 200 + number % 20, number)) for number in range(40)]
    odd = [plain((250, 0, 0)), plain((0, 0, 250), "JPEG")]

    choice = await chosen_of([*greens[:20], *odd, *greens[20:]], 5)

    assert {20, 21} <= {each.index for each in choice.pictures}


async def test_copies_are_chosen_once(pictures: list[bytes]) -> None:
    """The same bytes under two names show nothing more."""
    choice = await chosen_of([*pictures, *pictures])

    assert choice.of == 12
    assert len({each.index % 12 for each in choice.pictures}) == 10


URLS = [f"https://cdn.test/{number:02}.png?Signature=S" for number in range(11)]


async def test_urls_are_spread_over_their_names_and_the_report_says_so() -> None:
    """They are not fetched here, so that nobody knows what they look like."""
    choice = await chosen_of(URLS, 5)
    backwards = await chosen_of(URLS[::-1], 5)

    assert choice.by == "order"
    assert choice.reason == (
        "5 of 11 evenly over their names, not by their looks: 11 of them are URLs, which only "
        "Bria fetches."
    )
    assert [each.name for each in choice.pictures] == [
        "00.png",
        "02.png",
        "05.png",
        "08.png",
        "10.png",
    ]
    assert contents(URLS, choice) == contents(URLS[::-1], backwards)


async def test_without_pillow_names_decide(
    pictures: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is no dependency of the base package."""
    monkeypatch.setattr("bria_tailored_ext.workflows.choice.find_spec", lambda _name: None)

    choice = await chosen_of(pictures, 5)
    backwards = await chosen_of(pictures[::-1], 5)

    assert (choice.by, choice.reason[-25:]) == ("order", " Pillow is not installed.")
    assert contents(pictures, choice) == contents(pictures[::-1], backwards)


async def test_a_picture_that_pillow_cannot_read_does_not_stop_the_choice(
    pictures: list[bytes],
) -> None:
    """Whether Bria can is Bria's to say; the report names it."""
    choice = await chosen_of([*pictures, pictures[0][:200]], 5)

    assert choice.by == "order"
    assert "1 cannot be read here (picture-13)" in choice.reason


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGB", "RGBA", "I;16", "1"])
def test_pictures_of_every_mode_can_be_measured(mode: str) -> None:
    """As many numbers for each, so that any two can be compared."""
    written = io.BytesIO()
    Image.new(mode, (40, 30)).save(written, "PNG")

    looks = looks_of(written.getvalue(), "a.png")

    assert looks is not None
    assert len(looks) == 128
    assert all(0 <= each <= 1 for each in looks)
