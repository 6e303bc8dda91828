"""Reading a structured prompt, whoever wrote it: its words, its subjects, its setting."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bria_tailored_ext.sandbox.pictures.catalogue import SHAPES
from bria_tailored_ext.sandbox.pictures.json_values import items, mapping, text, words
from bria_tailored_ext.sandbox.pictures.vocabulary import (
    MOST_OF_ONE_KIND,
    Subject,
    scene_in,
    subjects_in,
)

# Words under these keys describe how a picture looks, not what is in it.
_MANNER: Final = frozenset(
    {
        "palette", "colors", "colours", "lighting", "composition", "style", "texture", "mood",
        "consistency", "medium", "avoid", "aesthetics", "photographic_characteristics",
        "derived_from", "style_medium", "color_scheme", "seed",
    }
)  # fmt: skip
_SETTINGS: Final = {"table": "table", "land": "land", "water": "water", "night": "night"}


def described(structured: Mapping[str, Any]) -> str:
    """All the words that say what is to be seen, in one line."""
    said = [
        word
        for key, value in structured.items()
        if str(key) not in _MANNER
        for word in words(value)
    ]
    return " ".join(" ".join(said).split())[:4_000]


def subjects_of(structured: Mapping[str, Any]) -> tuple[Subject, ...]:
    """The things to draw: those listed under `subjects`, else those that the words name."""
    listed: dict[str, Subject] = {}
    for entry in items(structured.get("subjects")):
        for subject in _listed(entry):
            listed.setdefault(subject.kind, subject)
    if listed or structured.get("subjects") == []:
        return tuple(listed.values())
    return subjects_in(described(structured))


def setting(structured: Mapping[str, Any], subjects: tuple[Subject, ...]) -> str:
    """Where the subjects stand: "table", "land", "water" or "night"."""
    asked = text(structured, "setting")
    if asked in _SETTINGS:
        return asked
    named = scene_in(described(structured))
    if named:
        return named
    homes = [SHAPES[subject.kind].home for subject in subjects]
    if {subject.kind for subject in subjects} & {"moon", "star"} and "table" not in homes:
        return "night"
    return next((home for home in homes if home in ("table", "land", "water")), _default(homes))


def _default(homes: Sequence[str]) -> str:
    return "land" if "sky" in homes else "table"


def _listed(entry: object) -> tuple[Subject, ...]:
    if isinstance(entry, str):
        return subjects_in(entry)
    fields = mapping(entry)
    name = text(fields, "name") or text(fields, "description")
    found = subjects_in(name)[:1]
    if not found:
        return ()
    count: object = fields.get("count")
    whole = count if isinstance(count, int) and not isinstance(count, bool) else found[0].count
    colour = text(fields, "colour") or text(fields, "color") or found[0].colour
    return (
        Subject(
            kind=found[0].kind,
            word=found[0].word,
            count=min(max(whole, 1), MOST_OF_ONE_KIND),
            colour=colour,
        ),
    )
