"""Visual schemas and captions: derived from the pictures, and nothing else."""

from __future__ import annotations

import io
import itertools

import pytest
from PIL import Image, ImageDraw

from bria_tailored_ext.sandbox.pictures import (
    Picture,
    caption,
    read_picture,
    visual_schema,
)
from bria_tailored_ext.sandbox.pictures.captioning import subject_of
from bria_tailored_ext.sandbox.pictures.colour import distance, parse_hex


def _picture(ground: str, disc: str, size: tuple[int, int] = (96, 96), at: int = 30) -> Picture:
    image = Image.new("RGB", size, ground)
    ImageDraw.Draw(image).ellipse((at, 30, at + 36, 66), fill=disc)
    out = io.BytesIO()
    image.save(out, "PNG")
    return read_picture(out.getvalue())


CREAM_ON_TEAL = _picture("#1f7f82", "#f6ecd2")
RUST_ON_CREAM = _picture("#f6ecd2", "#9c4426")
INK_ON_CREAM = _picture("#f6ecd2", "#111214", at=58)
NIGHT = _picture("#111214", "#1e2c4d", (160, 80))
# No two of them are lit alike: a tie, in which order could decide.
SET = [CREAM_ON_TEAL, RUST_ON_CREAM, INK_ON_CREAM, NIGHT]


def test_the_schema_does_not_depend_on_the_order_of_the_pictures() -> None:
    """Uploads arrive in any order; the same set has one schema."""
    first = visual_schema(SET)
    assert all(visual_schema(order) == first for order in itertools.permutations(SET))


def test_the_palette_is_that_of_the_pictures_by_area() -> None:
    """Each colour of the set is in the palette, the largest first, with shares that add to 1."""
    palette = visual_schema([CREAM_ON_TEAL, RUST_ON_CREAM, INK_ON_CREAM])["palette"]
    assert [swatch["name"] for swatch in palette] == ["cream", "teal", "rust", "black"]
    assert sum(swatch["share"] for swatch in palette) == pytest.approx(1, abs=0.01)
    shares = [swatch["share"] for swatch in palette]
    assert shares == sorted(shares, reverse=True)
    for swatch, word in zip(palette, ("#f6ecd2", "#1f7f82", "#9c4426", "#111214"), strict=True):
        found, own = parse_hex(swatch["hex"]), parse_hex(word)
        assert found is not None
        assert own is not None
        assert distance(found, own) < 0.03


def test_another_set_has_another_schema() -> None:
    """Dark pictures are described as dark, bright ones as bright."""
    dark, bright = visual_schema([NIGHT]), visual_schema([RUST_ON_CREAM])
    assert dark["lighting"].startswith("dark")
    assert bright["lighting"].startswith("bright")
    assert dark["palette"] != bright["palette"]
    assert dark["style"] != bright["style"]


def test_what_most_pictures_share_is_what_the_schema_says() -> None:
    """One odd picture does not decide for the set, whether it is the dark or the bright one."""
    bright = visual_schema([NIGHT, RUST_ON_CREAM, INK_ON_CREAM])
    dark = visual_schema([NIGHT, _picture("#111214", "#1e2c4d"), RUST_ON_CREAM])
    assert bright["lighting"].startswith("bright")
    assert dark["lighting"].startswith("dark")


def test_the_projects_words_are_taken_up() -> None:
    """Type and medium are the user's to say, not to be measured."""
    schema = visual_schema(SET, ip_type="icons", ip_medium="illustration")
    assert schema["medium"] == "illustration"
    assert "illustration" in schema["style"]
    assert schema["subject"] != visual_schema(SET, ip_type="stylized_scene")["subject"]


def test_the_schema_says_how_alike_the_pictures_are() -> None:
    """Twins stay the same in lightness; day and night do not."""
    alike = visual_schema([RUST_ON_CREAM, INK_ON_CREAM])["consistency"]
    apart = visual_schema([RUST_ON_CREAM, NIGHT])["consistency"]
    assert next(note for note in alike if note.startswith("Lightness")) != next(
        note for note in apart if note.startswith("Lightness")
    )
    assert any("Every picture has" in note and "cream" in note for note in alike)
    assert not any("Every picture has" in note for note in apart)


@pytest.mark.parametrize("pictures", [[], [NIGHT]])
def test_too_few_pictures_still_have_a_schema(pictures: list[Picture]) -> None:
    """With none or one, every key is there, and no similarity is claimed."""
    schema = visual_schema(pictures)
    assert set(schema) == set(visual_schema(SET))
    assert schema["consistency"] == ["One picture is too few to tell what stays the same."]


def test_a_caption_carries_the_schemas_keys() -> None:
    """Every key of the schema is in the caption, but for the notes about the set as a whole."""
    schema = {**visual_schema(SET), "name": "Miru", "details": ["steam"]}
    made = caption(CREAM_ON_TEAL, schema, "teapot.jpg")
    assert set(schema) - set(made) == {"consistency", "derived_from"}
    assert made["name"] == "Miru"
    assert made["details"] == ["steam"]
    assert made["short_description"]


def test_captions_differ_between_pictures() -> None:
    """Each caption tells of its own picture, even under one name."""
    schema = visual_schema(SET)
    captions = [caption(picture, schema, "scene.png") for picture in SET]
    assert len({str(made) for made in captions}) == len(SET)
    assert len({made["short_description"] for made in captions}) == len(SET)


def test_a_caption_tells_of_its_own_picture_and_not_of_the_set() -> None:
    """Palette and light are measured on the picture."""
    made = caption(NIGHT, visual_schema([RUST_ON_CREAM, INK_ON_CREAM]), "harbour.png")
    assert made["lighting"].startswith("dark")
    assert {swatch["name"] for swatch in made["palette"]} == {"black", "navy"}
    assert "wide" in made["short_description"]


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("teapot-on-shelf.jpg", "teapot on shelf"),
        ("IMG_2043_twoCups.final.png", "two cups"),
        ("folder/sub\\red_vase (3).webp", "red vase"),
        ("DSC00017.JPG", "subject"),
        ("", "subject"),
        ("茶壶.png", "茶壶"),
    ],
)
def test_the_subject_is_read_from_the_files_name(name: str, subject: str) -> None:
    """Folders, endings, numbers and camera words say nothing about the picture."""
    assert subject_of(name) == subject
    assert caption(CREAM_ON_TEAL, {}, name)["subject"] == subject


def test_making_a_caption_leaves_the_schema_alone() -> None:
    """The schema that was passed in is the caller's."""
    schema = visual_schema(SET)
    before = str(schema)
    caption(NIGHT, schema, "a.png")["palette"].clear()
    assert str(schema) == before
