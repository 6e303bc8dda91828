"""Refining by an instruction, and turning a sentence into a structured prompt."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from bria_tailored_ext.sandbox.pictures import refine, structured_prompt
from bria_tailored_ext.sandbox.pictures.colour import parse_hex, to_oklab
from bria_tailored_ext.sandbox.pictures.vocabulary import subjects_in

SCHEMA: dict[str, Any] = {
    "style": "warm illustration, clean edges",
    "palette": [
        {"name": "teal", "hex": "#1f7f82", "share": 0.5},
        {"name": "cream", "hex": "#f6ecd2", "share": 0.3},
        {"name": "terracotta", "hex": "#c4623f", "share": 0.2},
    ],
    "lighting": "bright, soft light from the left",
    "mood": "calm",
    "consistency": ["Lightness stays the same."],
}


def _means(document: dict[str, Any]) -> tuple[float, float]:
    """Mean lightness and mean yellow (against blue) of a palette."""
    colours = [parse_hex(swatch["hex"]) for swatch in document["palette"]]
    labs = [to_oklab(rgb) for rgb in colours if rgb]
    return sum(float(lab[0]) for lab in labs) / 3, sum(float(lab[2]) for lab in labs) / 3


INSTRUCTIONS = [
    "The name is Miru",
    "remove terracotta",
    "without edges",
    "add navy and a hint of steam",
    "make it warmer",
    "cooler, darker",
    "brighter please",
    "make it sing",
    "",
]


@pytest.mark.parametrize("instruction", INSTRUCTIONS)
def test_refining_never_loses_a_key_and_leaves_the_original_alone(instruction: str) -> None:
    """A refined document has every key of the one before; that one is not touched."""
    before = copy.deepcopy(SCHEMA)
    refined = refine(SCHEMA, instruction)
    assert set(SCHEMA) <= set(refined)
    refined["consistency"].append("The caller's own.")
    assert before == SCHEMA


def test_an_empty_instruction_changes_nothing() -> None:
    """Blank words are no wish."""
    assert refine(SCHEMA, "  ") == SCHEMA


@pytest.mark.parametrize(
    "instruction",
    ["The name is Miru.", "name: Miru", "It is named: Miru", "The name should be 'Miru'"],
)
def test_a_name_is_understood(instruction: str) -> None:
    """Several ways to say what the thing is called set `name`."""
    assert refine(SCHEMA, instruction)["name"] == "Miru"


@pytest.mark.parametrize("instruction", ["remove terracotta", "no more terracotta"])
def test_a_removed_colour_leaves_the_palette(instruction: str) -> None:
    """The colour is gone, and the wish is recorded under `avoid`."""
    refined = refine(SCHEMA, instruction)
    assert [swatch["name"] for swatch in refined["palette"]] == ["teal", "cream"]
    assert refined["avoid"] == ["terracotta"]


def test_a_removed_word_leaves_the_texts() -> None:
    """What should not be there is no longer described."""
    assert refine(SCHEMA, "remove clean edges")["style"] == "warm illustration"


def test_an_added_colour_joins_the_palette() -> None:
    """By everyday name, as one more swatch."""
    assert refine(SCHEMA, "add navy")["palette"][-1] == {
        "name": "navy",
        "hex": "#1e2c4d",
        "share": 0.1,
    }


def test_an_added_thing_goes_under_details() -> None:
    """Several things are kept one by one, in the user's words."""
    assert refine(SCHEMA, "add steam and a red ribbon")["details"] == ["steam", "a red ribbon"]


def test_warmer_and_cooler_move_the_palette_and_the_mood() -> None:
    """Warmer goes towards yellow, cooler towards blue, and the mood says so."""
    (_, plain), warmer, cooler = _means(SCHEMA), refine(SCHEMA, "warmer"), refine(SCHEMA, "cooler")
    assert _means(cooler)[1] < plain - 0.01
    assert plain + 0.01 < _means(warmer)[1]
    assert warmer["mood"] == "calm, warmer"
    assert cooler["mood"] == "calm, cooler"


def test_darker_and_brighter_move_the_palette_and_the_lighting() -> None:
    """Darker lowers the lightness, brighter raises it, and the lighting says so."""
    (plain, _), darker, brighter = (
        _means(SCHEMA),
        refine(SCHEMA, "darker"),
        refine(SCHEMA, "brighter"),
    )
    assert _means(darker)[0] < plain - 0.03
    assert plain + 0.01 < _means(brighter)[0]
    assert darker["lighting"].endswith("darker")
    assert brighter["lighting"].endswith("brighter")


def test_what_is_not_understood_is_kept_as_a_note() -> None:
    """No wish is lost: one note after the other."""
    once = refine(SCHEMA, "Make it sing!")
    assert once["notes"] == ["Make it sing!"]
    assert refine(once, "Louder")["notes"] == ["Make it sing!", "Louder"]


def test_a_sentence_becomes_subjects_with_counts_and_colours() -> None:
    """Numbers and colours are read beside the thing they belong to."""
    made = structured_prompt("two teal cups and a cat", base=None, schema=SCHEMA, seed=1)
    cups, cat = made["subjects"]
    assert (cups["name"], cups["count"], cups["colour"]) == ("cups", 2, "teal")
    assert cups["hex"] == "#1f7f82"
    assert (cat["name"], cat["count"]) == ("cat", 1)
    assert made["short_description"] == "two teal cups and a cat"


def test_a_structured_prompt_takes_over_the_schema() -> None:
    """Palette, light and manner are the brand's."""
    made = structured_prompt("a cup", base=None, schema=SCHEMA, seed=1)
    assert made["palette"] == SCHEMA["palette"]
    assert made["lighting"] == SCHEMA["lighting"]
    assert made["style"] == SCHEMA["style"]


@pytest.mark.parametrize(
    ("sentence", "setting"),
    [
        ("a teapot", "table"),
        ("a boat", "water"),
        ("a house by the sea", "water"),
        ("a tree", "land"),
        ("a cat at midnight", "night"),
        ("pure colour", "abstract"),
    ],
)
def test_the_setting_follows_from_words_and_subjects(sentence: str, setting: str) -> None:
    """What is named decides; else the place where such things usually are."""
    made = structured_prompt(sentence, base=None, schema=SCHEMA, seed=1)
    assert made["setting"] == setting


def test_the_same_sentence_and_seed_give_the_same_prompt() -> None:
    """The seed decides only what the sentence leaves open."""
    one, other = (structured_prompt("a cup", base=None, schema=SCHEMA, seed=3) for _ in range(2))
    assert one == other
    views = {
        structured_prompt("a cup", base=None, schema=SCHEMA, seed=seed)["point_of_view"]
        for seed in range(20)
    }
    assert len(views) > 1


@pytest.mark.parametrize("prompt", [None, "", "  "])
def test_a_base_without_a_prompt_comes_back_as_it_is(prompt: str | None) -> None:
    """Nothing to change: the same content, in a document of its own."""
    base = {"subjects": [{"name": "cup"}], "custom": {"deep": [1, 2]}}
    made = structured_prompt(prompt, base=base, schema=SCHEMA, seed=1)
    assert made == base
    made["custom"]["deep"].append(3)
    assert base["custom"] == {"deep": [1, 2]}


def test_a_base_with_a_prompt_is_refined() -> None:
    """New things come in, unwanted ones go, and all other keys stay."""
    base = structured_prompt("a cup and a cat", base=None, schema=SCHEMA, seed=1)
    made = structured_prompt("add a teapot, no cat, warmer", base=base, schema=SCHEMA, seed=1)
    assert {subject["name"] for subject in made["subjects"]} == {"cup", "teapot"}
    assert _means(made)[1] > _means(base)[1]
    assert set(base) <= set(made)


def test_an_orange_cat_is_one_thing() -> None:
    """Words that are a colour and a thing count as a colour before another thing."""
    assert [s.kind for s in subjects_in("an orange cat beside an orange")] == ["cat", "fruit"]
    assert subjects_in("an orange cat")[0].colour == "orange"


@pytest.mark.parametrize("share", [7, -1, 0, float("nan"), float("inf"), "much", True, None])
def test_a_senseless_share_counts_as_a_tenth(share: object) -> None:
    """A share is part of a whole; anything else falls back to a small one."""
    schema = {"palette": [{"hex": "#1f7f82", "share": share}]}
    made = structured_prompt("a cup", base=None, schema=schema, seed=1)
    assert [swatch["share"] for swatch in made["palette"]] == [0.1]
