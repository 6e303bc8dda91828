"""The rules for the generation endpoints of v1, beyond what the document's schemas say."""

from collections.abc import Mapping
from typing import Any, Final, Literal

import attrs

from bria_tailored_ext.sandbox.fields import Fields
from bria_tailored_ext.sandbox.refusal import field_errors, message

LegacyKind = Literal["legacy_image", "legacy_vector", "legacy_restyled"]

MOST_GUIDES: Final = 4
# Source: the legacy v1 reference, `fast`, `num_results` and `steps_num`.
_STEPS: Final = {True: (4, 20), False: (20, 50)}
_MOST_RESULTS: Final = {True: 4, False: 2}


@attrs.frozen(kw_only=True)
class LegacyAsk:
    """A checked request for pictures."""

    kind: LegacyKind
    prompt: str
    count: int
    aspect_ratio: str
    sync: bool
    seed: int | None
    influence: float
    images: tuple[str, ...]
    """What is sent along: URLs and raw base64. The first decides the shapes of a reimagined one."""
    keep: float = 1.0
    """How much of the first image to keep."""


@attrs.frozen(kw_only=True)
class PrefixAsk:
    """A checked request for a caption prefix."""

    images: tuple[str, ...]
    ip_name: str
    ip_medium: str


def text_ask(body: Mapping[str, Any], *, kind: LegacyKind, sync: bool) -> LegacyAsk:
    """Check the body of text-to-image or text-to-vector.

    Args:
        body: As the document allows it.
        kind: What is made.
        sync: Whether the endpoint waits unless it is told.

    Raises:
        Refusal: 400 `{"errors": [...]}`.
            Source: the legacy v1 reference, "Guidance Methods" and the parameters.
    """
    fields = Fields(body)
    guides = _guides(fields)
    _one_way(fields, "image_prompt_file", "image_prompt_urls")
    prompted = (*_given(fields, "image_prompt_file"), *fields.texts("image_prompt_urls"))
    asked = LegacyAsk(
        kind=kind,
        prompt=fields.filled("prompt"),
        count=_count(fields, guided=bool(guides)),
        aspect_ratio=fields.text("aspect_ratio") or "1:1",
        sync=fields.flag("sync", default=sync),
        seed=fields.whole("seed"),
        influence=_number(fields, "model_influence", 1.0),
        images=(*guides, *prompted),
    )
    _check_steps(fields)
    return _passed(fields, asked)


def reimagine_ask(body: Mapping[str, Any]) -> LegacyAsk:
    """Check the body of reimagine.

    Raises:
        Refusal: 400 `{"errors": [...]}`; `{"message": ...}` without a structure image.
    """
    fields = Fields(body)
    structure = (*_given(fields, "structure_image_url"), *_given(fields, "structure_image_file"))
    asked = LegacyAsk(
        kind="legacy_restyled",
        prompt=fields.filled("prompt"),
        count=_count(fields, guided=False),
        aspect_ratio="1:1",
        sync=fields.flag("sync", default=False),
        seed=fields.whole("seed"),
        influence=_number(fields, "model_influence", 1.0),
        images=structure[:1],
        keep=_number(fields, "structure_ref_influence", 0.75),
    )
    _check_steps(fields)
    if not structure:
        raise message(400, "Provide either structure_image_url or structure_image_file")
    return _passed(fields, asked)


def portrait_ask(body: Mapping[str, Any]) -> LegacyAsk:
    """Check the body of restyle_portrait, which always waits for its one picture.

    Raises:
        Refusal: 400 `{"message": ...}` without a portrait.
    """
    fields = Fields(body)
    portrait = (*_given(fields, "id_image_url"), *_given(fields, "id_image_file"))
    if not portrait:
        raise message(400, "Provide either id_image_url or id_image_file")
    return LegacyAsk(
        kind="legacy_restyled",
        prompt="",
        count=1,
        aspect_ratio="1:1",
        sync=True,
        seed=fields.whole("seed"),
        influence=_number(fields, "tailored_model_influence", 0.9),
        images=portrait[:1],
        keep=_number(fields, "id_strength", 0.7),
    )


def prefix_ask(body: Mapping[str, Any]) -> PrefixAsk:
    """Check the body of generate_prefix.

    Raises:
        Refusal: 400 `{"message": ...}` unless exactly one of `images` and `image_urls` is there.
    """
    fields = Fields(body)
    if fields.has("images") == fields.has("image_urls"):
        raise message(400, "Provide either images or image_urls")
    return PrefixAsk(
        images=(*fields.texts("images"), *fields.texts("image_urls")),
        ip_name=fields.text("ip_name") or "",
        ip_medium=fields.text("ip_medium") or "illustration",
    )


def _guides(fields: Fields) -> tuple[str, ...]:
    """The guidance images in order; method N needs method N-1, and an image."""
    images: list[str] = []
    for number in range(1, MOST_GUIDES + 1):
        method = f"guidance_method_{number}"
        if not fields.has(method):
            continue
        if len(images) != number - 1:
            fields.refuse(method, f"Only allowed together with guidance_method_{number - 1}")
        images.append(fields.filled(f"{method}_image_file"))
    return tuple(images)


def _count(fields: Fields, *, guided: bool) -> int:
    most = 1 if guided else _MOST_RESULTS[fields.flag("fast", default=True)]
    count = fields.whole("num_results") or most
    if count > most:
        fields.refuse("num_results", f"Input should be less than or equal to {most}")
    return count


def _check_steps(fields: Fields) -> None:
    low, high = _STEPS[fields.flag("fast", default=True)]
    steps = fields.whole("steps_num")
    if steps is not None and not low <= steps <= high:
        fields.refuse("steps_num", f"Input should be from {low} to {high} in this mode")


def _one_way(fields: Fields, one: str, other: str) -> None:
    if fields.has(one) and fields.has(other):
        fields.refuse(other, f"Provide either {one} or {other}")


def _given(fields: Fields, name: str) -> tuple[str, ...]:
    return (fields.filled(name),) if fields.has(name) else ()


def _number(fields: Fields, name: str, default: float) -> float:
    value = fields.number(name)
    return default if value is None else value


def _passed(fields: Fields, asked: LegacyAsk) -> LegacyAsk:
    if fields.problems:
        raise field_errors(fields.problems)
    return asked
