"""The visual schema: what a set of pictures has in common, in words and colours."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from bria_tailored_ext.sandbox.pictures import wording
from bria_tailored_ext.sandbox.pictures.colour import (
    Rgb,
    distance,
    from_oklab,
    name_of,
    parse_hex,
    to_hex,
    to_oklab,
)
from bria_tailored_ext.sandbox.pictures.features import Features
from bria_tailored_ext.sandbox.pictures.json_values import palette
from bria_tailored_ext.sandbox.pictures.reading import Picture

_COLOURS = 8
_SAME_COLOUR = 0.07
_SUBJECTS = {
    "multi_object_set": "different objects that share one style",
    "object_variants": "variants of one object",
    "icons": "small, clearly separate symbols",
    "defined_character": "one character, always recognisable",
    "character_variants": "characters of one family",
    "stylized_scene": "whole scenes in one style",
}


def visual_schema(
    pictures: Sequence[Picture], *, ip_type: str | None = None, ip_medium: str | None = None
) -> dict[str, Any]:
    """Describe what pictures have in common; their order does not matter.

    Args:
        pictures: What `read_picture` gave; none at all gives a neutral schema.
        ip_type: The project's word, such as "stylized_scene".
        ip_medium: "illustration" or "photography".
    """
    features = [p.features for p in sorted(pictures, key=lambda p: p.sha256)]
    swatches = merged_palette(features)
    names = list(dict.fromkeys(str(swatch["name"]) for swatch in swatches))
    medium = ip_medium or "picture"
    return {
        "style": _style(features, medium, names),
        "medium": medium,
        "subject": _SUBJECTS.get(ip_type or "", "the brand's own motifs"),
        "palette": swatches,
        "lighting": _commonest(features, wording.lighting),
        "composition": _commonest(features, wording.composition),
        "texture": _commonest(features, wording.texture),
        "mood": _commonest(features, wording.mood),
        "consistency": _consistency(features),
        "derived_from": f"{len(features)} pictures, measured by the sandbox",
    }


def with_palette(schema: Mapping[str, Any], pictures: Sequence[Picture]) -> Mapping[str, Any]:
    """A schema with the colours of pictures, where it names none that can be read."""
    if not pictures or palette(schema):
        return schema
    return {**schema, "palette": merged_palette([picture.features for picture in pictures])}


def merged_palette(features: Sequence[Features]) -> list[dict[str, Any]]:
    """Join the colours of several pictures, the largest share first; shares add up to 1."""
    weighted = sorted(
        ((s.share / len(features), s.hex) for f in features for s in f.colours), reverse=True
    )
    groups: list[list[tuple[float, Rgb]]] = []
    for share, word in weighted:
        rgb = parse_hex(word) or (0, 0, 0)
        home = next((g for g in groups if distance(g[0][1], rgb) < _SAME_COLOUR), None)
        if home is None:
            groups.append([(share, rgb)])
        else:
            home.append((share, rgb))
    totals = sorted(((sum(s for s, _ in g), _centre(g)) for g in groups), reverse=True)[:_COLOURS]
    whole = sum(share for share, _ in totals) or 1.0
    return [
        {"name": name_of(rgb), "hex": to_hex(rgb), "share": round(share / whole, 3)}
        for share, rgb in totals
    ]


def _centre(group: list[tuple[float, Rgb]]) -> Rgb:
    points = to_oklab(np.array([rgb for _, rgb in group]))
    return from_oklab(np.average(points, axis=0, weights=[share for share, _ in group]))


def _commonest(features: Sequence[Features], say: Callable[[Features], str]) -> str:
    """What most pictures are said to be; of equals, the first in the alphabet."""
    said = sorted(say(feature) for feature in features)
    return max(said, key=said.count) if said else "not known: no pictures"


def _style(features: Sequence[Features], medium: str, names: list[str]) -> str:
    if not features:
        return f"a plain {medium}"
    strength = _commonest(features, wording.colourfulness)
    temperature = _commonest(features, wording.temperature)
    surface = _commonest(features, wording.texture)
    return (
        f"{temperature} {medium} in {strength} colours, {surface},"
        f" built on {wording.listed(names[:3])}"
    )


def _consistency(features: Sequence[Features]) -> list[str]:
    """Say what holds across the pictures and what varies."""
    if len(features) < 2:
        return ["One picture is too few to tell what stays the same."]
    notes: list[str] = []
    for label, values in (
        ("Lightness", [f.lightness for f in features]),
        ("Strength of colour", [f.saturation * 3 for f in features]),
        ("Amount of detail", [f.edge_density for f in features]),
        ("Horizontal placement", [f.weight_x for f in features]),
        ("Vertical placement", [f.weight_y for f in features]),
    ):
        spread = float(np.std(values))
        word = "varies a little" if spread < 0.1 else "varies"
        if spread < 0.04:
            word = "stays the same"
        notes.append(f"{label} {word} (±{spread:.2f}).")
    shared = _shared_colours(features)
    if shared:
        notes.append(f"Every picture has {wording.listed(shared)}.")
    return notes


def _shared_colours(features: Sequence[Features]) -> list[str]:
    first, *others = ({swatch.name for swatch in f.colours} for f in features)
    return sorted(first.intersection(*others))[:5]
