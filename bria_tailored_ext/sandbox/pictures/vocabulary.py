"""The words that the sandbox can draw, and how a sentence is read for them."""

import re
from typing import Final

import attrs

from bria_tailored_ext.sandbox.pictures.colour import words_in

_SUBJECTS: Final = {
    "teapot": "teapot teapots kettle samovar",
    "cup": "cup cups mug mugs teacup teacups coffee tea espresso latte tumbler",
    "bowl": "bowl bowls soup ramen dish",
    "plate": "plate plates saucer platter dinner",
    "vase": "vase vases amphora urn pot pots pottery ceramic ceramics",
    "jug": "jug jugs pitcher carafe milk",
    "bottle": "bottle bottles perfume shampoo wine oil flask product packaging serum lotion",
    "lamp": "lamp lamps lantern lampshade",
    "candle": "candle candles",
    "book": "book books notebook novel magazine library",
    "fruit": "fruit fruits apple apples pear pears lemon lemons orange oranges peach peaches",
    "cake": "cake cakes cupcake dessert pastry birthday bread",
    "chair": "chair chairs armchair stool seat sofa furniture",
    "flower": "flower flowers tulip rose roses daisy blossom bouquet sunflower bloom",
    "plant": "plant plants leaf leaves cactus fern monstera succulent foliage",
    "tree": "tree trees forest oak pine wood woods park garden",
    "house": "house houses home cottage cabin building village hut teahouse shop cafe castle",
    "mountain": "mountain mountains peak peaks hill hills alps volcano cliff",
    "sun": "sun sunrise sunset sunshine",
    "moon": "moon crescent moonlight",
    "star": "star stars starry",
    "cloud": "cloud clouds cloudy",
    "cat": "cat cats kitten kittens kitty",
    "dog": "dog dogs puppy puppies fox wolf bear",
    "bird": "bird birds robin sparrow owl parrot crane dove chicken duck",
    "fish": "fish fishes salmon koi goldfish whale shark dolphin",
    "boat": "boat boats ship ships sailboat yacht canoe",
    "person": (
        "person people woman man girl boy child hero character lady lucy figure dancer wizard"
        " knight robot astronaut king queen princess girl's"
    ),
    "car": "car cars automobile taxi van truck vehicle bus",
}
_SCENES: Final = {
    "water": "sea ocean lake river water beach harbour harbor coast waves wave underwater pond",
    "land": (
        "landscape field meadow outdoor outdoors outside nature hillside valley countryside"
        " desert road street city snow winter autumn spring summer"
    ),
    "night": "night midnight nocturnal galaxy space",
    "table": "table shelf desk kitchen studio indoors counter still-life tabletop windowsill wall",
}
_NUMBERS: Final = {
    "a": 1, "an": 1, "one": 1, "two": 2, "pair": 2, "couple": 2, "three": 3, "four": 4, "five": 5,
    "six": 6, "several": 3, "some": 3, "many": 5, "few": 3, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6,
}  # fmt: skip
MOST_OF_ONE_KIND: Final = 6


def _by_word(table: dict[str, str]) -> dict[str, str]:
    return {word: kind for kind, row in table.items() for word in row.split()}


_KIND_OF: Final = _by_word(_SUBJECTS)
_SCENE_OF: Final = _by_word(_SCENES)
KINDS: Final = tuple(_SUBJECTS)


@attrs.frozen(kw_only=True)
class Subject:
    """Something to draw: its kind, the word that was used, how many, and a colour's name."""

    kind: str
    word: str
    count: int = 1
    colour: str | None = None


def subjects_in(sentence: str) -> tuple[Subject, ...]:
    """The things a sentence names, each kind once, in order of appearance."""
    tokens = re.findall(r"[a-z']+|\d+", sentence.lower())
    found: dict[str, Subject] = {}
    since = 0
    for place, token in enumerate(tokens):
        kind = _KIND_OF.get(token)
        if kind is None or _is_a_colour_here(tokens, place):
            continue
        before = tokens[since:place]
        since = place + 1
        if kind not in found:
            found[kind] = Subject(
                kind=kind, word=token, count=_count(before, token), colour=_colour(before)
            )
    return tuple(found.values())


def scene_in(sentence: str) -> str | None:
    """The setting that a sentence names: "water", "land", "night", "table" or None."""
    tokens = re.findall(r"[a-z'-]+", sentence.lower())
    scenes = [_SCENE_OF[token] for token in tokens if token in _SCENE_OF]
    return "night" if "night" in scenes else next(iter(scenes), None)


def _is_a_colour_here(tokens: list[str], place: int) -> bool:
    """An "orange cat" or a "rose vase" is one thing, not two."""
    if tokens[place] not in ("orange", "rose", "peach", "wood", "ceramic", "tea", "coffee"):
        return False
    return any(token in _KIND_OF for token in tokens[place + 1 : place + 3])


def _count(before: list[str], token: str) -> int:
    said = [_NUMBERS[word] for word in before[-4:] if word in _NUMBERS]
    if said:
        return min(said[-1], MOST_OF_ONE_KIND)
    return 2 if token.endswith("s") and token.removesuffix("s") in _KIND_OF else 1


def _colour(before: list[str]) -> str | None:
    colours = words_in(" ".join(before[-4:]))
    return colours[-1] if colours else None
