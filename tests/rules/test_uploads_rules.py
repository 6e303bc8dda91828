"""Which pictures a dataset lacks, as a table."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bria_tailored_ext.rules.uploads import (
    Listed,
    Trace,
    WantedPicture,
    check_room,
    name_for,
    sort_out,
    trace_of,
)
from bria_tailored_ext.values.errors import InvalidInputError


def digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def wanted(*pairs: tuple[str, str]) -> list[WantedPicture]:
    """Pictures by name and content."""
    return [
        WantedPicture(index=index, name=name, digest=digest(content))
        for index, (name, content) in enumerate(pairs)
    ]


def test_an_empty_dataset_lacks_everything_once() -> None:
    """Exact copies are sent once, whatever they are called."""
    asked = wanted(("a.png", "A"), ("b.png", "B"), ("copy of a.png", "A"))

    found = sort_out(asked, [], {})

    assert [each.name for each in found.missing] == ["a.png", "b.png"]
    assert [(skip.wanted.name, skip.image_id) for skip in found.skipped] == [
        ("copy of a.png", None)
    ]
    assert found.skipped[0].reason == "It is the same as a.png, given before it."


def test_two_pictures_of_one_name_are_two() -> None:
    """Folders have files of the same name, and an empty dataset has neither."""
    found = sort_out(wanted(("1.png", "A"), ("1.png", "B")), [], {})

    assert [each.index for each in found.missing] == [0, 1]


def test_what_the_record_knows_is_known_by_content() -> None:
    """Under another name too; and what was deleted at Bria is missing again."""
    asked = wanted(("renamed.png", "A"), ("b.png", "B"))
    listed = [Listed(id=1, name="a.png")]

    found = sort_out(asked, listed, {digest("A"): 1, digest("B"): 2})

    assert [each.name for each in found.missing] == ["b.png"]
    assert [skip.image_id for skip in found.skipped] == [1]


def test_a_file_that_changed_is_another_picture() -> None:
    """The record accounts for the image of that name: it shows the older content."""
    listed = [Listed(id=1, name="a.png")]

    found = sort_out(wanted(("a.png", "new")), listed, {digest("old"): 1})

    assert [each.name for each in found.missing] == ["a.png"]


def test_without_a_record_a_name_counts_and_the_reason_says_so() -> None:
    """Nothing better is known, and nothing is claimed beyond it."""
    found = sort_out(wanted(("a.png", "A"), ("b.png", "B")), [Listed(id=1, name="a.png")], {})

    assert [each.name for each in found.missing] == ["b.png"]
    (skip,) = found.skipped
    assert skip.image_id == 1
    assert "cannot be known: no record was kept" in skip.reason


def test_a_name_that_its_content_gave_is_no_guess() -> None:
    """Bytes are called after their content, and so known by it."""
    name = name_for("picture-3", 2, digest("A"))

    found = sort_out(wanted((name, "A")), [Listed(id=1, name=name)], {})

    assert found.skipped[0].reason == "Image 1 is named after this very content."


def test_what_was_begun_is_the_image_of_its_name() -> None:
    """Its answer was lost; the other of that name is missing still."""
    asked = wanted(("1.png", "A"), ("1.png", "B"))

    found = sort_out(asked, [Listed(id=1, name="1.png")], {}, {digest("B")})

    assert [each.index for each in found.missing] == [0]
    assert [(skip.wanted.index, skip.image_id) for skip in found.skipped] == [(1, 1)]
    assert found.unclear == ()


def test_of_two_of_a_name_one_there_is_unclear() -> None:
    """Which one it is nobody knows: sending both, or none, would be a guess."""
    asked = wanted(("1.png", "A"), ("1.png", "B"), ("2.png", "C"))

    found = sort_out(asked, [Listed(id=1, name="1.png")], {})

    assert [each.name for each in found.missing] == ["2.png"]
    assert [skip.wanted.index for skip in found.unclear] == [0, 1]
    assert "Give them different names" in found.unclear[0].reason


def test_an_url_is_known_by_what_the_dataset_lists() -> None:
    """Its name is then of no account."""
    asked = [
        WantedPicture(index=0, name="x.png", digest=digest("u"), url="https://cdn.test/x.png?v=1"),
        WantedPicture(index=1, name="y.png", digest=digest("v"), url="https://cdn.test/y.png"),
    ]
    listed = [Listed(id=4, name="other.png", url="https://cdn.test/x.png?v=1")]

    found = sort_out(asked, listed, {})

    assert [each.index for each in found.missing] == [1]
    assert [skip.image_id for skip in found.skipped] == [4]


CONTENTS = st.lists(
    st.tuples(st.sampled_from(["a.png", "b.png", "c.png"]), st.text("ABC", min_size=1, max_size=2)),
    max_size=8,
)


@given(pairs=CONTENTS, there=CONTENTS, known=st.integers(0, 8))
def test_every_picture_has_one_fate_and_none_is_sent_that_the_record_knows(
    pairs: list[tuple[str, str]], there: list[tuple[str, str]], known: int
) -> None:
    """Nothing is lost between the piles, and nothing is in two."""
    listed = [Listed(id=number, name=name) for number, (name, _) in enumerate(there)]
    remembered = {digest(content): number for number, (_, content) in enumerate(there[:known])}

    found = sort_out(wanted(*pairs), listed, remembered)

    piles = [each.index for each in found.missing]
    piles += [skip.wanted.index for skip in (*found.skipped, *found.unclear)]
    assert sorted(piles) == list(range(len(pairs)))
    assert not {each.digest for each in found.missing} & set(remembered)
    assert len({each.digest for each in found.missing}) == len(found.missing)


@pytest.mark.parametrize(("present", "new"), [(0, 201), (200, 1), (150, 51)])
def test_more_than_two_hundred_are_refused(present: int, new: int) -> None:
    """The sentence says how many there are and how many would come."""
    with pytest.raises(InvalidInputError, match=rf"{present} are there and {new} would come"):
        check_room(present, new)


@pytest.mark.parametrize(("present", "new"), [(0, 200), (199, 1), (200, 0)])
def test_two_hundred_pass(present: int, new: int) -> None:
    """And nothing more is always possible."""
    check_room(present, new)


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ([], Trace(None, certain=True)),
        ([Listed(id=1, name="a.png")], Trace(None, certain=True)),
        ([Listed(id=9, name="a.png")], Trace(9, certain=True)),
        ([Listed(id=9, name="b.png")], Trace(None, certain=True)),
        ([Listed(id=9, name="A (1).png")], Trace(None, certain=False)),
        ([Listed(id=9, name=None)], Trace(None, certain=False)),
        ([Listed(id=9, name="?"), Listed(id=8, name="a.png")], Trace(8, certain=True)),
    ],
)
def test_an_upload_that_broke_off_is_looked_for(listed: list[Listed], expected: Trace) -> None:
    """By its name among what is new; an image that nobody here named leaves it open."""
    assert trace_of("a.png", listed, known={1}, under_way={"a.png", "b.png"}) == expected
