"""What is said of pictures before they are sent: each rule at its edge, with value and remedy."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from bria_tailored_ext.rules.pictures import kind_of_name, picture_kind
from bria_tailored_ext.rules.preflight import (
    count_findings,
    duplicate,
    findings_of,
    near_duplicate,
)
from bria_tailored_ext.values.preflight import PictureFacts, Severity

GOOD = PictureFacts(kind="png", size=1_000_000, width=1024, height=1024, mode="RGB")


def found(**changes: Any) -> list[tuple[str, str]]:
    """The severity and the code of everything that is said of a good picture so changed."""
    facts = attrs.evolve(GOOD, **changes)
    return [(each.severity.value, each.code) for each in findings_of(facts, name="a.png")]


def test_of_a_good_picture_nothing_is_said() -> None:
    """Nobody reads a list in which everything has a line."""
    assert found() == []
    assert found(kind="png", width=2048, height=1024) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"unreadable": "Permission denied"}, ("refuse", "unreadable")),
        ({"size": 0}, ("refuse", "empty")),
        ({"kind": None}, ("refuse", "no_picture")),
        ({"damage": "it is truncated"}, ("refuse", "damaged")),
        ({"kind": "gif"}, ("refuse", "format")),
        ({"kind": "heic", "mode": ""}, ("refuse", "format")),
        ({"size": 12_000_001}, ("refuse", "too_heavy")),
        ({"height": 255, "width": 255}, ("refuse", "too_small")),
        ({"height": 255, "width": 300}, ("refuse", "too_small")),
        ({"height": 256, "width": 300}, ("warn", "small")),
        ({"height": 1023}, ("warn", "small")),
        ({"too_large": True}, ("warn", "too_large")),
        ({"transparent": 0.0001}, ("warn", "transparent")),
        ({"mode": "CMYK"}, ("warn", "cmyk")),
        ({"mode": "LAB"}, ("warn", "colour_mode")),
        ({"mode": "I;16", "bits": 16}, ("note", "deep")),
        ({"mode": "P"}, ("note", "palette")),
        ({"mode": "L"}, ("note", "grey")),
        ({"profile": "Adobe RGB (1998)"}, ("note", "profile")),
        ({"orientation": 6}, ("warn", "rotated")),
        ({"width": 2049}, ("warn", "aspect")),
        ({"frames": 2}, ("warn", "animated")),
        ({"kind": "jpeg"}, ("note", "misnamed")),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else "",
)
def test_each_fault_is_found_alone(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    """At the edge of its rule."""
    assert found(**changes) == [expected]


@pytest.mark.parametrize(
    "changes",
    [{"size": 12_000_000}, {"width": 1024}, {"width": 2048}, {"frames": 1}, {"orientation": 1}],
)
def test_on_the_edge_nothing_is_said(changes: dict[str, Any]) -> None:
    """12 MB, 1024 pixels and twice as wide as high are allowed."""
    assert found(**changes) == []


def test_several_faults_are_told_together_the_gravest_first() -> None:
    """One look tells all there is to do."""
    assert found(
        kind="jpeg", mode="CMYK", size=13_000_000, orientation=8, width=700, height=1500
    ) == [
        ("refuse", "too_heavy"),
        ("warn", "cmyk"),
        ("warn", "rotated"),
        ("warn", "aspect"),
        ("warn", "small"),
        ("note", "misnamed"),
    ]


def test_of_what_cannot_be_decoded_only_that_is_said() -> None:
    """What follows from it would be noise."""
    assert found(damage="it is truncated", size=13_000_000, width=10) == [("refuse", "damaged")]


def test_without_enlarging_1024_pixels_are_the_least() -> None:
    """Source: 412 with `increase_resolution=false`, upload-image."""
    small = attrs.evolve(GOOD, width=1023)
    (finding,) = findings_of(small, increase_resolution=False)

    assert (finding.code, finding.severity) == ("too_small", Severity.REFUSE)
    assert "1023×1024" in finding.message
    assert "or leave increase_resolution on" in finding.message


def test_a_picture_on_its_side_is_measured_as_it_is_shown() -> None:
    """The sentence has the width and height that a viewer shows."""
    (rotated, small) = findings_of(attrs.evolve(GOOD, width=1024, height=600, orientation=6))

    assert rotated.code == "rotated"
    assert "600×1024 pixels" in small.message


def test_only_what_can_be_corrected_is_said_to_be() -> None:
    """A format that could not be decoded cannot be converted either."""
    facts = attrs.evolve(
        GOOD, size=13_000_000, transparent=0.5, orientation=3, frames=4, bits=16, profile="x"
    )
    assert {each.code: each.mendable for each in findings_of(facts)} == {
        "too_heavy": True,
        "transparent": True,
        "rotated": True,
        "animated": True,
        "deep": True,
        "profile": True,
    }
    for facts in (
        attrs.evolve(GOOD, kind="heic", mode=""),
        attrs.evolve(GOOD, width=100),
        attrs.evolve(GOOD, width=9999),
        attrs.evolve(GOOD, too_large=True, size=13_000_000),
        attrs.evolve(GOOD, damage="x"),
    ):
        assert not any(each.mendable for each in findings_of(facts)), facts


def test_every_sentence_has_its_value_and_ends() -> None:
    """No placeholder, no double stop; it begins with a capital letter."""
    facts = attrs.evolve(
        GOOD, size=12_345_678, transparent=0.37, orientation=3, frames=4, width=3000, kind="tiff"
    )
    said = {each.code: each.message for each in findings_of(facts)}

    assert "12.3 MB" in said["too_heavy"]
    assert "37%" in said["transparent"]
    assert "upside down" in said["rotated"]
    assert "4 frames" in said["animated"]
    assert "2.9 times as wide as it is high" in said["aspect"]
    assert "TIFF" in said["format"]
    for message in [*said.values(), duplicate("b.png").message, near_duplicate("b.png").message]:
        assert message[0].isupper() or message[0].isdigit(), message
        assert message.endswith("."), message
        assert ".." not in message


@pytest.mark.parametrize(
    ("taken", "refused", "expected"),
    [
        (0, 0, ["refuse", "too_few", "No pictures; a dataset needs 5", "Add 5."]),
        (1, 0, ["refuse", "too_few", "1 picture;", "Add 4."]),
        (4, 2, ["refuse", "too_few", "4 of 6 pictures can be sent;", "Add 1."]),
        (5, 0, []),
        (50, 0, []),
        (51, 0, ["warn", "many", "51 pictures; Bria recommends 5 to 50"]),
        (200, 0, ["warn", "many"]),
        (201, 0, ["refuse", "too_many", "takes 200. Leave 1 out", "advanced dataset"]),
        (199, 2, ["refuse", "too_many"]),
    ],
)
def test_the_set_is_counted_against_5_50_and_200(
    taken: int, refused: int, expected: list[str]
) -> None:
    """What Bria would refuse does not help to reach 5."""
    findings = count_findings(taken, refused)

    assert len(findings) == bool(expected)
    if expected:
        severity, code, *parts = expected
        assert (findings[0].severity.value, findings[0].code) == (severity, code)
        assert all(part in findings[0].message for part in parts)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "webp"),
        (b"GIF89a", "gif"),
        (b"BM\x36\0\x0c\0\0\0", "bmp"),
        (b"II*\0\x08\0\0\0", "tiff"),
        (b"8BPS\0\x01", "psd"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "heic"),
        (b"\0\0\0\x1cftypavif\0\0\0\0", "avif"),
        (b'<?xml version="1.0"?><svg xmlns="x">', "svg"),
        (b"BM is how this letter begins", None),
        (b"hello", None),
        (b"%PDF-1.7", None),
        (b"\0\0\0\x18ftypmp42", None),
        (b"", None),
    ],
)
def test_a_picture_of_any_format_is_known_by_its_first_bytes(head: bytes, kind: str | None) -> None:
    """So that a GIF is told of as one, and a letter is not taken for a bitmap."""
    assert picture_kind(head) == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.JPG", "jpeg"), ("a.b.jpeg", "jpeg"), (".webp", "webp"), ("png", None), ("a.gif", None)],
)
def test_a_name_claims_a_format(name: str, kind: str | None) -> None:
    """Upper or lower case."""
    assert kind_of_name(name) == kind
