"""Captions: what one picture shows, under the keys of its dataset's visual schema."""

import re
from collections.abc import Mapping
from typing import Any

from bria_tailored_ext.sandbox.pictures import wording
from bria_tailored_ext.sandbox.pictures.json_values import text
from bria_tailored_ext.sandbox.pictures.reading import Picture
from bria_tailored_ext.sandbox.pictures.schema import merged_palette

_NOT_A_SUBJECT = re.compile(
    r"\d+|(?:img|dsc[nf]?|pxl|image|picture|photo|scan|v)\d*|copy|final|untitled"
)


def caption(picture: Picture, schema: Mapping[str, Any], image_name: str) -> dict[str, Any]:
    """Describe one picture in the terms of a schema.

    Measured keys come from the picture itself; other keys of the schema, such as a name
    that was added by hand, are carried over.

    Args:
        picture: What `read_picture` gave.
        schema: The dataset's visual schema, as the user left it.
        image_name: The file's name; its words name the subject.
    """
    subject = subject_of(image_name)
    measured = _measured(picture, subject)
    described = {
        key: measured.get(key, value)
        for key, value in schema.items()
        if key not in ("derived_from", "consistency", "notes")
    }
    own = {
        "short_description": _sentence(picture, subject, text(schema, "medium", "picture")),
        "subject": subject,
    }
    return {**own, **described, **own, "palette": measured["palette"]}


def subject_of(image_name: str) -> str:
    """The words of a file name, without folders, ending, numbers and camera words."""
    stem = re.split(r"[/\\]", image_name)[-1].rsplit(".", 1)[0]
    spaced = re.sub(r"([a-z])([A-Z])", r"\1 \2", stem)
    words = [word for word in re.split(r"[\W_]+", spaced.lower()) if word]
    kept = [word for word in words if not _NOT_A_SUBJECT.fullmatch(word)]
    return " ".join(kept)[:200] or "subject"


def _measured(picture: Picture, subject: str) -> dict[str, Any]:
    features = picture.features
    return {
        "subject": subject,
        "palette": merged_palette([features]),
        "lighting": wording.lighting(features),
        "composition": wording.composition(features),
        "texture": wording.texture(features),
        "mood": wording.mood(features),
        "style": (
            f"{wording.temperature(features)}, {wording.colourfulness(features)} colours,"
            f" {wording.texture(features)}"
        ),
    }


def _sentence(picture: Picture, subject: str, medium: str) -> str:
    names = list(dict.fromkeys(swatch.name for swatch in picture.features.colours))[:3]
    shape = "square" if picture.width == picture.height else "upright"
    if picture.width > picture.height:
        shape = "wide"
    return (
        f"A {shape} {medium} of {subject} in {wording.listed(names)},"
        f" {wording.lighting(picture.features)}."
    )
