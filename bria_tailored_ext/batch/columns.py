"""The columns of a batch's rows, read from the generated request models."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import attrs

from bria_tailored.models import ImageRequest, StructuredPromptRequest, VideoRequest
from bria_tailored_ext.batch.outcomes import Request
from bria_tailored_ext.values.jobs import JobKind

MODELS: Mapping[JobKind, type[Request]] = {
    JobKind.IMAGE: ImageRequest,
    JobKind.STRUCTURED_PROMPT: StructuredPromptRequest,
    JobKind.VIDEO: VideoRequest,
}
IMAGE_FILE = "image_file"
"""Not Bria's: a local picture, in place of `image`, for a video."""

NOT_FOR_BATCHES = {
    "sync": "a batch polls by itself",
    "webhook_url": "a batch polls by itself; pass requests of your own to run_batch for webhooks",
}
_TYPES: Mapping[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
}
WORDS: Mapping[tuple[type, ...], str] = {
    (str,): "a string",
    (int,): "a whole number",
    (int, float): "a number",
    (bool,): "true or false",
}


@attrs.frozen
class Column:
    """One column.

    Attributes:
        name: As on the wire.
        types: The JSON types that it takes; empty where any will do.
        required: Whether a row must have it.
    """

    name: str
    types: tuple[type, ...]
    required: bool


@cache
def columns(kind: JobKind) -> Mapping[str, Column]:
    """The columns of one kind of request, by name. A new field of Bria's is a new column."""
    found = {
        field.name: _column(field)
        for field in attrs.fields(MODELS[kind])
        if field.init and field.name not in NOT_FOR_BATCHES
    }
    if kind is JobKind.VIDEO:
        found["image"] = attrs.evolve(found["image"], required=False)
        found[IMAGE_FILE] = Column(IMAGE_FILE, (str,), required=False)
    return found


def _column(field: attrs.Attribute[Any]) -> Column:
    words = [word for word in str(field.type).split(" | ") if word != "Unset"]
    # The word of an enum is a string; which words there are is checked with the request.
    types = _TYPES.get(words[0], (str,) if _is_word(words[0]) else ()) if len(words) == 1 else ()
    return Column(field.name, types, required=field.default is attrs.NOTHING)


def _is_word(annotation: str) -> bool:
    return annotation == "AspectRatio"
