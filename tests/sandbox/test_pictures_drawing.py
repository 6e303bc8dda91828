"""Generated pictures: what decides them, how close they keep to the palette, and their mark."""

from __future__ import annotations

import concurrent.futures
import io
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageFont

from bria_tailored_ext.sandbox.pictures import (
    ASPECT_RATIOS,
    Picture,
    draw,
    draw_vector,
    read_picture,
    structured_prompt,
    visual_schema,
    with_palette,
)
from bria_tailored_ext.sandbox.pictures.catalogue import SHAPES
from bria_tailored_ext.sandbox.pictures.colour import distance, parse_hex
from bria_tailored_ext.sandbox.pictures.mark import MARK, label, layers, words_for
from bria_tailored_ext.sandbox.pictures.vocabulary import KINDS

TEAHOUSE = {
    "palette": [
        {"name": "cream", "hex": "#f3e6cc", "share": 0.4},
        {"name": "teal", "hex": "#0f4c4f", "share": 0.3},
        {"name": "terracotta", "hex": "#c8643c", "share": 0.2},
        {"name": "charcoal", "hex": "#1c2226", "share": 0.1},
    ],
    "lighting": "bright, soft light from the left",
}
ORCHARD = {
    "palette": [
        {"name": "lavender", "hex": "#bdb0dd", "share": 0.4},
        {"name": "violet", "hex": "#5a3aa0", "share": 0.3},
        {"name": "lime", "hex": "#a6cf3d", "share": 0.2},
        {"name": "pink", "hex": "#efa9bd", "share": 0.1},
    ],
    "lighting": "bright, soft light from the left",
}
PROMPTS = ["a teapot and two cups", "a boat on the sea", "a house in a field", "something quiet"]


def _drawn(prompt: str, schema: Mapping[str, Any] = TEAHOUSE, seed: int = 1, **kw: Any) -> bytes:
    scene = structured_prompt(prompt, base=None, schema=schema, seed=seed)
    return draw(scene, schema=schema, seed=seed, **{"size": 256, **kw})


def _opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def _seen(data: bytes) -> tuple[bytes, Mapping[Any, Any]]:
    image = _opened(data)
    return image.tobytes(), image.info


def _gap(data: bytes, schema: Mapping[str, Any]) -> float:
    """Mean perceptual distance of a picture's colours from the nearest of a palette, by area."""
    palette = [rgb for entry in schema["palette"] if (rgb := parse_hex(entry["hex"]))]
    swatches = read_picture(data).features.colours
    gaps = [
        swatch.share * min(distance(rgb, own) for own in palette)
        for swatch in swatches
        if (rgb := parse_hex(swatch.hex))
    ]
    return sum(gaps) / sum(swatch.share for swatch in swatches)


@pytest.mark.parametrize("prompt", PROMPTS)
def test_the_same_arguments_give_the_same_pixels(prompt: str) -> None:
    """A picture is a pure function of prompt, schema and seed."""
    assert _seen(_drawn(prompt)) == _seen(_drawn(prompt))


def test_pictures_come_out_the_same_from_many_threads() -> None:
    """Drawing shares no state: threads do not disturb each other."""
    alone = [_seen(_drawn(prompt)) for prompt in PROMPTS]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert list(map(_seen, pool.map(_drawn, PROMPTS * 3))) == alone * 3


@pytest.mark.parametrize("prompt", PROMPTS)
def test_another_seed_gives_another_picture(prompt: str) -> None:
    """Seeds vary the picture itself, not only the text in its file."""
    pictures = {_opened(_drawn(prompt, seed=seed)).tobytes() for seed in range(-3, 4)}
    assert len(pictures) == 7


def test_another_prompt_gives_another_picture() -> None:
    """What is asked for is what changes, with seed and schema left alone."""
    assert len({_opened(_drawn(f"a {kind}")).tobytes() for kind in KINDS}) == len(KINDS)


def test_every_word_of_the_vocabulary_has_a_shape() -> None:
    """Whatever the reader of prompts understands can be drawn."""
    assert set(KINDS) == set(SHAPES)


@pytest.mark.parametrize("kind", KINDS)
def test_a_subject_is_really_drawn(kind: str) -> None:
    """With the subject taken out of the list, a good part of the picture changes."""
    scene = {"short_description": "scene", "setting": "table", "subjects": [{"name": kind}]}
    other = {**scene, "subjects": [{"name": "candle" if kind != "candle" else "boat"}]}
    with_it, without = (
        np.asarray(_opened(draw(each, schema=TEAHOUSE, seed=4, size=128)), dtype=np.int16)
        for each in (scene, other)
    )
    assert (np.abs(with_it - without).max(axis=2) > 24).mean() > 0.02


@pytest.mark.parametrize(("count", "counts_as"), [(0, 1), (-4, 1), (50, 6), (True, 1), (2.5, 1)])
def test_a_senseless_count_is_brought_within_bounds(count: object, counts_as: int) -> None:
    """One thing at least and six at most; what is no number counts as one."""
    odd, plain = (
        draw({"subjects": [{"name": "cup", "count": number}]}, schema=TEAHOUSE, seed=1, size=128)
        for number in (count, counts_as)
    )
    assert odd == plain


@pytest.mark.parametrize("prompt", PROMPTS)
def test_the_picture_keeps_to_the_schemas_palette(prompt: str) -> None:
    """A drawn picture is near its own schema's colours and far from another brand's."""
    drawn = _drawn(prompt)
    assert _gap(drawn, TEAHOUSE) < 0.1
    assert _gap(drawn, ORCHARD) > 1.5 * _gap(drawn, TEAHOUSE)


@pytest.mark.parametrize("prompt", PROMPTS)
def test_influence_takes_the_picture_from_grey_to_the_palette(prompt: str) -> None:
    """0 is grey, 1 is the palette, and half way lies between."""
    none, half, whole = (
        read_picture(_drawn(prompt, ORCHARD, influence=amount)).features.saturation
        for amount in (0.0, 0.5, 1.0)
    )
    assert none < 0.02 < half < whole
    assert whole > 0.05


def _picture_in(colour: tuple[int, int, int], seed: int) -> tuple[Picture, NDArray[np.float64]]:
    """Something to train with: grained, mostly of one colour; and its mean colour."""
    random = np.random.default_rng(seed)
    grain = np.array(colour) + random.normal(0, 25, (128, 128, 1))
    grain[: 30 * (seed % 2)] = 240
    pixels = np.clip(grain, 0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return read_picture(out.getvalue()), pixels.reshape(-1, 3).mean(axis=0)


@pytest.mark.parametrize("colour", [(200, 30, 40), (30, 60, 180)])
@pytest.mark.parametrize("named", [True, False])
def test_more_influence_is_closer_to_the_training_pictures(
    colour: tuple[int, int, int], named: bool
) -> None:
    """Also where their schema names no colours: these are then theirs all the same."""
    trained_with, means = zip(*(_picture_in(colour, seed) for seed in range(5)), strict=True)
    schema = visual_schema(trained_with) if named else with_palette({"style": "flat"}, trained_with)
    aim = np.mean(means, axis=0)
    gaps = []
    for influence in (0.0, 1.0, 1.5):
        drawn = [
            np.asarray(_opened(_drawn(prompt, schema, seed, size=128, influence=influence)))
            for prompt in PROMPTS
            for seed in range(4)
        ]
        gaps.append(np.linalg.norm([each.mean(axis=(0, 1)) - aim for each in drawn], axis=1).mean())
    none, whole, more = gaps
    assert more <= whole + 3
    assert whole < 0.9 * none
    assert more < 0.6 * none


def test_a_schema_that_names_colours_keeps_them() -> None:
    """They count more than what is measured."""
    red, _ = _picture_in((200, 30, 40), 0)
    for kept in (TEAHOUSE, {"colors": ["#0000ff"]}, {"palette": ["teal"]}):
        assert with_palette(kept, [red]) is kept
    assert with_palette({"colors": "a warm red"}, [red])["palette"]


def test_more_than_full_influence_flattens_the_shadows() -> None:
    """Beyond 1 the colours stay and the modelling goes."""
    plain, flat = (_opened(_drawn(PROMPTS[0], influence=amount)) for amount in (1.0, 1.5))
    assert plain.tobytes() != flat.tobytes()
    assert _gap(_drawn(PROMPTS[0], influence=1.5), TEAHOUSE) < 0.1


@pytest.mark.parametrize("influence", [-3.0, float("nan"), float("-inf")])
def test_a_senseless_influence_counts_as_none(influence: float) -> None:
    """What lies below 0, or is not a number, is 0."""
    assert _drawn("a cup", influence=influence) == _drawn("a cup", influence=0.0)


def test_the_light_of_the_schema_is_used() -> None:
    """A dark schema gives a darker picture than a bright one."""
    dark, bright = (
        read_picture(_drawn("a cup", {**TEAHOUSE, "lighting": light})).features.lightness
        for light in ("dark, soft light from the left", "bright, soft light from the left")
    )
    assert dark < bright - 0.05


SIZES = {
    "1:1": (1024, 1024),
    "2:3": (683, 1024),
    "3:2": (1024, 683),
    "3:4": (768, 1024),
    "4:3": (1024, 768),
    "4:5": (819, 1024),
    "5:4": (1024, 819),
    "9:16": (576, 1024),
    "16:9": (1024, 576),
}


def test_every_aspect_ratio_of_the_api_is_known() -> None:
    """The nine ratios of the document, no more and no fewer."""
    assert set(ASPECT_RATIOS) == set(SIZES)


@pytest.mark.parametrize(("ratio", "size"), SIZES.items())
def test_an_aspect_ratio_has_its_size(ratio: str, size: tuple[int, int]) -> None:
    """The longer side has the pixels asked for, 1024 unless told otherwise."""
    data = draw({"short_description": "a cup"}, schema=TEAHOUSE, seed=1, aspect_ratio=ratio)
    assert _opened(data).size == size


def test_an_unknown_aspect_ratio_is_drawn_square() -> None:
    """Words that are no ratio do not stop the drawing."""
    assert _opened(_drawn("a cup", aspect_ratio="wide")).size == (256, 256)


def test_the_mark_is_in_the_pixels() -> None:
    """A plate in the lower right corner bears light letters on dark, whatever is below."""
    scene = structured_prompt("a cup", base=None, schema=TEAHOUSE, seed=1)
    corner = _opened(draw(scene, schema=TEAHOUSE, seed=1)).crop((700, 970, 1024, 1024))
    light = np.asarray(corner.convert("L"), dtype=np.int16)
    assert (light > 220).mean() > 0.02
    assert (light < 120).mean() > 0.25


@pytest.mark.parametrize("width", [80, 100, 150, 170, 200, 1024])
def test_the_mark_is_never_cut_off_at_its_beginning(width: int) -> None:
    """A picture too narrow for the sentence must not end up saying "made by Bria"."""
    image = Image.new("RGB", (width, width), "white")
    label(image)
    touched = np.flatnonzero((np.asarray(image) != 255).any(axis=(0, 2)))
    assert 0 < touched[0] < touched[-1] < width - 1


def test_the_mark_is_in_the_files_text() -> None:
    """A program that reads PNG text learns that no model made the picture, and the seed."""
    image = _opened(_drawn("a teapot", seed=42))
    assert image.format == "PNG"
    assert str(image.info["Comment"]).startswith(MARK)
    assert image.info["Software"] == "bria-tailored sandbox"
    assert image.info["Seed"] == "42"
    assert "a teapot" in str(image.info["Title"])


def test_odd_letters_in_a_prompt_reach_the_files_text() -> None:
    """Zero bytes and half characters, which PNG cannot hold, are replaced."""
    scene = {"short_description": "thé \x00 \ud800 茶"}
    image = _opened(draw(scene, schema={}, seed=1, size=64))
    assert str(image.info["Title"]).split() == ["thé", "?", "茶"]


def test_the_writer_of_png_keeps_every_pixel() -> None:
    """What is written reads back as it was drawn, in a file that verifies."""
    data = _drawn("a boat on the sea", size=200)
    Image.open(io.BytesIO(data)).verify()
    again = io.BytesIO()
    _opened(data).save(again, "PNG")
    assert _opened(again.getvalue()).tobytes() == _opened(data).tobytes()


@pytest.mark.parametrize("width", [16, 30, 57, 84, 151, 172, 173, 400, 1024, 4096])
def test_the_mark_is_never_cut_off(width: int) -> None:
    """Without its beginning it would say the opposite; that goes for vectors, too."""
    for height in (width, 16, 700):
        text, size = words_for(width, height)
        assert text in (MARK, "sandbox")
        plate, words = layers(width, height)
        assert plate.corner[0] >= 0
        assert plate.corner[0] + words.mask.width <= width
        svg = draw_vector({}, schema=TEAHOUSE, seed=1, size=max(width, height)).decode()
        square = words_for(max(width, height), max(width, height))[0]
        assert f">{square}</text>" in svg
        assert ImageFont.load_default(size).getlength(text) < width - size
