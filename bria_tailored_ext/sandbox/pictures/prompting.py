"""Structured prompts: a sentence turned into subjects, palette, light and layout."""

import copy
from collections.abc import Mapping
from typing import Any, cast

import numpy as np

from bria_tailored_ext.sandbox.pictures.colour import distance, name_of, named, to_hex
from bria_tailored_ext.sandbox.pictures.json_values import items, palette, text
from bria_tailored_ext.sandbox.pictures.reading_prompts import setting, subjects_of
from bria_tailored_ext.sandbox.pictures.refining import refine
from bria_tailored_ext.sandbox.pictures.vocabulary import Subject, scene_in, subjects_in

_ANGLES = ("at eye level", "a little from above", "from close by", "from across the room")
_CARRIED = ("style", "medium", "lighting", "composition", "texture", "mood", "name")


def structured_prompt(
    prompt: str | None, *, base: Mapping[str, Any] | None, schema: Mapping[str, Any], seed: int
) -> dict[str, Any]:
    """Turn a sentence into a structured prompt, or refine one.

    Args:
        prompt: The sentence; with `base`, what to change about it.
        base: A structured prompt to start from. Without a prompt it is given back as it is.
        schema: The visual schema; its palette, light and layout are taken over.
        seed: Decides what the sentence leaves open.
    """
    sentence = (prompt or "").strip()
    if base is not None:
        return _refined(base, sentence) if sentence else copy.deepcopy(dict(base))
    return _fresh(sentence, schema, seed)


def _fresh(sentence: str, schema: Mapping[str, Any], seed: int) -> dict[str, Any]:
    subjects = subjects_in(sentence)
    random = np.random.default_rng([abs(seed), int(seed < 0), len(sentence)])
    made: dict[str, Any] = {
        "short_description": sentence or "an abstract composition",
        "subjects": [_described(subject, schema) for subject in subjects],
    }
    made["setting"] = setting(made, subjects) if subjects else "abstract"
    made["point_of_view"] = _ANGLES[int(random.integers(len(_ANGLES)))]
    made["palette"] = [
        {"name": name_of(rgb), "hex": to_hex(rgb), "share": share} for rgb, share in palette(schema)
    ]
    for key in _CARRIED:
        if text(schema, key):
            made[key] = text(schema, key)
    return made


def _described(subject: Subject, schema: Mapping[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": subject.word, "count": subject.count}
    wanted = named(subject.colour) if subject.colour else None
    colours = [rgb for rgb, _ in palette(schema)]
    if wanted and colours:
        nearest = min(colours, key=lambda rgb: distance(rgb, wanted))
        entry |= {"colour": subject.colour, "hex": to_hex(nearest)}
    return entry


def _refined(base: Mapping[str, Any], sentence: str) -> dict[str, Any]:
    """Apply the rules of `refine`, then take in or leave out the things it names."""
    made = refine(base, sentence)
    before = text(base, "short_description")
    made["short_description"] = f"{before}; {sentence}" if before else sentence
    dropped = {s.kind for word in items(made.get("avoid")) for s in subjects_in(str(word))}
    present = {s.kind: s for s in subjects_of(base)}
    wanted = {s.kind: s for s in subjects_in(sentence)}
    kept = [s for kind, s in {**present, **wanted}.items() if kind not in dropped]
    made["subjects"] = [_entry(s, base) for s in kept]
    made["setting"] = scene_in(sentence) or text(base, "setting") or setting(made, tuple(kept))
    return made


def _entry(subject: Subject, base: Mapping[str, Any]) -> dict[str, Any]:
    """The base's own entry for this subject where there is one, else a new one."""
    for entry in items(base.get("subjects")):
        if isinstance(entry, Mapping):
            fields = dict(cast("Mapping[str, Any]", entry))
            if any(s.kind == subject.kind for s in subjects_of({"subjects": [fields]})):
                same = fields.get("count") == subject.count
                return fields if same else {**fields, "count": subject.count}
    colour = {"colour": subject.colour} if subject.colour else {}
    return {"name": subject.word, "count": subject.count, **colour}
