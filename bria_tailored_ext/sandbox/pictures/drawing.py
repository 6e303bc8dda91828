"""Drawing a generated picture: what to show, where it stands, and in which colours."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import attrs
import numpy as np

from bria_tailored_ext.sandbox.pictures import abstract
from bria_tailored_ext.sandbox.pictures.backdrops import BACKDROPS
from bria_tailored_ext.sandbox.pictures.brush import Canvas
from bria_tailored_ext.sandbox.pictures.catalogue import SHAPES
from bria_tailored_ext.sandbox.pictures.colour import named
from bria_tailored_ext.sandbox.pictures.mark import layers, signed
from bria_tailored_ext.sandbox.pictures.pen import Pen
from bria_tailored_ext.sandbox.pictures.png import to_png
from bria_tailored_ext.sandbox.pictures.reading_prompts import described, setting, subjects_of
from bria_tailored_ext.sandbox.pictures.roles import Inks, inks, read_light
from bria_tailored_ext.sandbox.pictures.vocabulary import Subject

ASPECT_RATIOS: Final = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9")
_MOST_THINGS: Final = 9
_SMALLEST, _LARGEST = 16, 4096


def draw(
    structured: Mapping[str, Any],
    *,
    schema: Mapping[str, Any],
    seed: int,
    aspect_ratio: str = "1:1",
    influence: float = 1.0,
    size: int = 1024,
) -> bytes:
    """Draw a picture of a structured prompt in the colours of a schema, as PNG.

    The same arguments give the same pixels. JSON that a user has edited may lack keys or
    hold odd types: what cannot be read falls back to plain defaults.

    Args:
        structured: What `structured_prompt` gave, or a user's own.
        schema: The visual schema whose palette and light are used.
        seed: Any integer; another one gives another picture.
        aspect_ratio: One of `ASPECT_RATIOS`; anything else is drawn square.
        influence: 0 is grey, 1 the training palette; up to 1.5 that palette ever flatter, with
            what is common in it where the picture has its large parts.
        size: The longer side in pixels.
    """
    canvas = Canvas(picture_size(aspect_ratio, size))
    text = composed(canvas, structured, schema=schema, seed=seed, influence=influence)
    for layer in layers(canvas.width, canvas.height):
        canvas.sheet.tint(layer.colour, layer.corner, layer.mask)
    facts = signed({"Title": text[:200], "Seed": str(seed)})
    return to_png((canvas.width, canvas.height), canvas.sheet.rows(), facts)


def composed(
    canvas: Canvas,
    structured: Mapping[str, Any],
    *,
    schema: Mapping[str, Any],
    seed: int,
    influence: float,
) -> str:
    """Put the picture onto a canvas, and give what it shows in words; see `draw`."""
    # In this order, what is not a number counts as 0.
    influence = min(max(0.0, influence), 1.5)
    text = described(structured)
    random = np.random.default_rng(_root(text, seed))
    light = read_light(
        text, structured.get("lighting"), schema.get("lighting"), influence=influence
    )
    colours = inks(structured, schema, light, influence, random)
    subjects = subjects_of(structured)
    if subjects:
        _scene(canvas, colours, random, subjects, setting(structured, subjects))
    else:
        abstract.compose(canvas, colours, random)
    return text


def picture_size(aspect_ratio: str, size: int) -> tuple[int, int]:
    """Width and height in pixels, the longer side being `size`."""
    size = min(max(size, _SMALLEST), _LARGEST)
    known = aspect_ratio if aspect_ratio in ASPECT_RATIOS else "1:1"
    across, down = (int(part) for part in known.split(":"))
    longer = max(across, down)
    return max(1, round(size * across / longer)), max(1, round(size * down / longer))


def _root(text: str, seed: int) -> list[int]:
    digest = hashlib.sha256(text.lower().encode("utf-8", "replace")).digest()
    return [int.from_bytes(digest[:8], "big"), abs(seed), int(seed < 0)]


@attrs.frozen
class _Thing:
    subject: Subject
    aspect: float
    height: float
    order: int


def _scene(
    canvas: Canvas,
    colours: Inks,
    random: np.random.Generator,
    subjects: tuple[Subject, ...],
    scene: str,
) -> None:
    line = BACKDROPS[scene](canvas, colours, random)
    above = [s for s in subjects if SHAPES[s.kind].home == "sky"]
    below = [s for s in subjects if SHAPES[s.kind].home != "sky"]
    for subject in above:
        _hang(canvas, colours, random, subject)
    things = _things(below, random)
    if things:
        _stand(canvas, colours, random, things, line, scene)


def _hang(canvas: Canvas, colours: Inks, random: np.random.Generator, subject: Subject) -> None:
    """Put something into the sky, well away from the rim."""
    short = min(canvas.width, canvas.height)
    for index in range(subject.count):
        unit = short * random.uniform(0.2, 0.28) * (0.75 if subject.kind == "cloud" else 1.0)
        x = canvas.width * (0.24 + 0.52 * (index + random.random()) / subject.count)
        y = canvas.height * random.uniform(0.3, 0.42)
        _show(canvas, colours, random, subject, (x, y, unit), index)


def _things(subjects: list[Subject], random: np.random.Generator) -> list[_Thing]:
    things: list[_Thing] = []
    for subject in subjects:
        shape = SHAPES[subject.kind]
        for _ in range(subject.count):
            height = shape.height * float(random.uniform(0.9, 1.1))
            things.append(_Thing(subject, shape.width, height, len(things)))
    things = things[:_MOST_THINGS]
    order: list[int] = random.permutation(len(things)).tolist()
    return [things[index] for index in order]


def _stand(
    canvas: Canvas,
    colours: Inks,
    random: np.random.Generator,
    things: list[_Thing],
    line: float,
    scene: str,
) -> None:
    """Stand things in a row that fits, the far ones first."""
    widths = np.array([thing.aspect * thing.height for thing in things])
    gap = 0.16
    room = widths.sum() + gap * (len(things) - 1)
    unit = min(
        canvas.width * random.uniform(0.68, 0.8) / room,
        line * random.uniform(0.6, 0.7) / max(thing.height for thing in things),
    )
    start = canvas.width * random.uniform(0.47, 0.53) - room * unit / 2
    lefts = start + unit * np.concatenate([[0], np.cumsum(widths + gap)[:-1]])
    depths = random.uniform(-0.5, 0.7, len(things))
    far_first: list[int] = np.argsort(depths, kind="stable").tolist()
    for index in far_first:
        thing = things[index]
        x = float(lefts[index] + unit * widths[index] / 2)
        y = line + float(depths[index]) * canvas.height * 0.05
        if thing.subject.kind == "fish":
            y = line + canvas.height * random.uniform(0.1, 0.28)
        size = unit * thing.height
        _ground_shadow(canvas, colours, (x, y, size), thing.aspect, scene)
        _show(canvas, colours, random, thing.subject, (x, y, size), thing.order)


def _ground_shadow(
    canvas: Canvas, colours: Inks, place: tuple[float, float, float], aspect: float, scene: str
) -> None:
    x, y, size = place
    half = size * aspect * 0.42
    tone = colours.darker(colours.ground, 0.75)
    if scene == "water":
        canvas.shadow(x, y + size * 0.02, half, size * 0.05, tone, 0.5)
        return
    away = -colours.light.side * half * 0.45
    canvas.shadow(x + away, y, half * 1.15, size * 0.055, tone, 0.6 * colours.light.depth)
    canvas.shadow(x, y, half * 0.8, size * 0.022, tone, 0.55)


def _show(
    canvas: Canvas,
    colours: Inks,
    random: np.random.Generator,
    subject: Subject,
    place: tuple[float, float, float],
    order: int,
) -> None:
    """Draw one subject with its foot at a place: x, y and height in pixels."""
    x, y, unit = place
    wanted = named(subject.colour) if subject.colour else None
    main = colours.near(wanted, colours.subjects[order % len(colours.subjects)])
    others = [c for c in colours.subjects if c != main] or [colours.accent]
    pen = Pen(
        canvas=canvas,
        inks=colours,
        main=main,
        second=others[order % len(others)],
        x=x,
        y=y,
        unit=unit,
        random=random,
        mirrored=bool(random.random() < 0.5),
    )
    SHAPES[subject.kind].draw(pen)
