"""From a palette to parts: which colour is wall, ground, subject, accent, shadow, light."""

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from bria_tailored_ext.sandbox.pictures.colour import Rgb, distance, from_oklab, lab_of, mix
from bria_tailored_ext.sandbox.pictures.json_values import palette, words
from bria_tailored_ext.sandbox.pictures.shading import Shading, blend

_PLAIN: tuple[Rgb, ...] = ((236, 232, 224), (190, 183, 172), (128, 124, 120), (62, 61, 64))


@attrs.frozen
class Light:
    """The light of a scene, read from words such as "dim, soft light from the left"."""

    level: float
    """0 is night, 1 is full day."""
    side: float
    """-1 left, 0 in front, 1 right."""
    depth: float
    """How strong shadows are, 0 to 1."""


@attrs.frozen
class Inks:
    """The colours of one drawing by what they are for."""

    back: Rgb
    ground: Rgb
    subjects: tuple[Rgb, ...]
    accent: Rgb
    dark: Rgb
    bright: Rgb
    all: tuple[Rgb, ...]
    light: Light

    def shading(self, depth: float = 1.0) -> Shading:
        """How rounded things are shaded in this light."""
        return Shading(self.light.side, self.dark, self.bright, self.light.depth * depth)

    def darker(self, colour: Rgb, amount: float = 0.25) -> Rgb:
        """A colour moved towards the palette's darkest."""
        return blend(colour, self.dark, amount)

    def brighter(self, colour: Rgb, amount: float = 0.25) -> Rgb:
        """A colour moved towards the palette's brightest."""
        return blend(colour, self.bright, amount)

    def near(self, wanted: Rgb | None, default: Rgb) -> Rgb:
        """The colour of the palette nearest to the one asked for."""
        return default if wanted is None else min(self.all, key=lambda c: distance(c, wanted))


def read_light(*sources: object, influence: float) -> Light:
    """Read the light from the words of the sources, the first that speaks of it winning."""
    level, side, depth = _first(sources, _LEVELS), _first(sources, _SIDES), _first(sources, _DEPTHS)
    flattened = 1.0 - 1.4 * max(0.0, influence - 1.0)
    return Light(
        level=0.75 if level is None else level,
        side=-0.7 if side is None else side,
        depth=(0.6 if depth is None else depth) * max(0.25, flattened),
    )


_LEVELS = {
    "night": 0.1, "midnight": 0.1, "dark": 0.25, "darker": 0.25, "evening": 0.4, "dusk": 0.4,
    "sunset": 0.5, "dim": 0.4, "moody": 0.35, "balanced": 0.65, "overcast": 0.65, "bright": 0.9,
    "brighter": 0.9, "sunny": 0.95, "morning": 0.85, "noon": 1.0, "daylight": 0.9,
}  # fmt: skip
_SIDES = {"left": -0.8, "right": 0.8, "above": -0.35, "overhead": -0.35, "around": -0.3}
_DEPTHS = {
    "flat": 0.15, "even": 0.4, "soft": 0.6, "diffuse": 0.5, "clear": 0.75, "hard": 0.95,
    "dramatic": 0.95, "harsh": 0.95, "strong": 0.85,
}  # fmt: skip


def _first(sources: tuple[object, ...], table: Mapping[str, float]) -> float | None:
    for source in sources:
        for text in words(source):
            for word in text.lower().replace(",", " ").replace(".", " ").split():
                if word in table:
                    return table[word]
    return None


def inks(
    structured: Mapping[str, Any],
    schema: Mapping[str, Any],
    light: Light,
    influence: float,
    random: np.random.Generator,
) -> Inks:
    """Hand out the palette's colours: the schema's, then the prompt's, then a plain one."""
    found = palette(structured) or palette(schema)
    shares = dict(reversed(found)) if found else dict.fromkeys(_PLAIN, 0.25)
    amount = min(max(influence, 0.0), 1.0)
    toned = {mix(_grey(rgb), rgb, amount): share for rgb, share in shares.items()}
    colours = sorted(_filled_up(list(toned)), key=_lightness)
    # Beyond 1, what is large in the picture has what is common in the training pictures.
    pull = 1.0 + 16.0 * max(0.0, influence - 1.0)
    common = {colour: share * pull for colour, share in toned.items()}
    back = _backdrop(colours, common, light, random)
    rest = [colour for colour in colours if colour != back]
    ground = _ground(rest, common, back, random)
    left = [c for c in rest if c != ground] or rest
    left.sort(key=lambda c: -(distance(c, back) + 0.6 * distance(c, ground) + 0.8 * _chroma(c)))
    subjects = _shuffled_front(left, random)
    accent = max(left, key=lambda c: _chroma(c) + 0.3 * distance(c, subjects[0]))
    return Inks(
        back=back,
        ground=ground,
        subjects=tuple(subjects),
        accent=accent if accent != subjects[0] or len(subjects) < 2 else subjects[1],
        dark=colours[0],
        bright=colours[-1],
        all=tuple(colours),
        light=light,
    )


def _lightness(rgb: Rgb) -> float:
    return float(lab_of(rgb)[0])


def _chroma(rgb: Rgb) -> float:
    return float(np.hypot(*lab_of(rgb)[1:]))


def _grey(rgb: Rgb) -> Rgb:
    return from_oklab(np.array([_lightness(rgb), 0.001, 0.006]))


def _filled_up(colours: list[Rgb]) -> list[Rgb]:
    """Five colours at least, and something dark and something light among them."""
    levels = [_lightness(c) for c in colours]
    filled = list(colours)
    darkest, brightest = colours[int(np.argmin(levels))], colours[int(np.argmax(levels))]
    if min(levels) > 0.42:
        filled.append(_at(darkest, 0.34))
    if max(levels) < 0.8:
        filled.append(_at(brightest, 0.9))
    for level in (0.62, 0.75, 0.5):
        if len(filled) < 5:
            filled.append(_at(colours[len(filled) % len(colours)], level))
    return list(dict.fromkeys(filled))


def _at(rgb: Rgb, level: float) -> Rgb:
    lab = lab_of(rgb)
    return from_oklab(np.array([level, lab[1] * 0.8, lab[2] * 0.8]))


def _backdrop(
    colours: list[Rgb], shares: Mapping[Rgb, float], light: Light, random: np.random.Generator
) -> Rgb:
    """A colour as light as the scene, common in the training pictures if possible."""
    target = 0.3 + 0.6 * light.level
    liked = sorted(
        colours,
        key=lambda c: abs(_lightness(c) - target) + 0.4 * _chroma(c) - 0.25 * shares.get(c, 0.0),
    )
    return liked[int(random.choice([0, 0, 0, 1]))] if len(liked) > 3 else liked[0]


def _ground(
    rest: list[Rgb], shares: Mapping[Rgb, float], back: Rgb, random: np.random.Generator
) -> Rgb:
    """Apart from the backdrop, but not its opposite."""
    liked = sorted(rest, key=lambda c: abs(distance(c, back) - 0.2) - 0.2 * shares.get(c, 0.0))
    return liked[int(random.choice([0, 0, 1]))] if len(liked) > 2 else liked[0]


def _shuffled_front(left: list[Rgb], random: np.random.Generator) -> list[Rgb]:
    front = left[: min(3, len(left))]
    order = random.permutation(len(front)).tolist()
    return [*(front[i] for i in order), *left[len(front) :]]
