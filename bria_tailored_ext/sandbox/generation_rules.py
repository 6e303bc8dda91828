"""The rules for the three generation endpoints of v2."""

from collections.abc import Mapping
from typing import Any

import attrs

from bria_tailored_ext.sandbox.fields import Fields, parsed_object
from bria_tailored_ext.sandbox.refusal import Problem, envelope, invalid_parameters


@attrs.frozen(kw_only=True)
class Ask:
    """A checked request for an image or a structured prompt."""

    tailored_model_id: str
    prompt: str | None
    base: Mapping[str, Any] | None
    """The structured prompt that was sent along, parsed."""
    seed: int | None
    sync: bool
    aspect_ratio: str
    influence: float


@attrs.frozen(kw_only=True)
class VideoAsk:
    """A checked request for a video."""

    tailored_model_id: str
    image: str
    seed: int | None


def image_ask(body: Mapping[str, object]) -> Ask:
    """Check the body of generate-image.

    Raises:
        Refusal: 400 in the v2 envelope.
            Source: "Input Combination Rules" of `POST /image/generate/tailored`.
    """
    fields = Fields(body)
    influence = fields.number("tailored_model_influence")
    asked = _ask(
        fields,
        aspect_ratio=fields.text("aspect_ratio") or "1:1",
        influence=1.0 if influence is None else influence,
    )
    if asked.prompt is None and asked.base is None:
        raise _combination("Provide prompt, structured_prompt with seed, or both prompts.")
    if asked.prompt is None and asked.seed is None:
        raise _combination("structured_prompt without prompt recreates an image: seed is needed.")
    return asked


def structured_prompt_ask(body: Mapping[str, object]) -> Ask:
    """Check the body of generate-structured-prompt.

    Raises:
        Refusal: 400 in the v2 envelope.
            Source: "Input Combination Rules" of `POST /structured_prompt/generate/tailored`.
    """
    asked = _ask(Fields(body), aspect_ratio="1:1", influence=1.0)
    if asked.prompt is None:
        raise _combination("Provide prompt, alone or with the structured_prompt to refine.")
    return asked


def video_ask(body: Mapping[str, object]) -> VideoAsk:
    """Check the body of generate-video.

    Raises:
        Refusal: 400 in the v2 envelope.
    """
    fields = Fields(body)
    asked = VideoAsk(
        tailored_model_id=fields.filled("tailored_model_id"),
        image=fields.filled("image"),
        seed=fields.whole("seed"),
    )
    _refuse(fields.problems)
    return asked


def _ask(fields: Fields, *, aspect_ratio: str, influence: float) -> Ask:
    text = fields.document("structured_prompt")
    prompt = fields.filled("prompt") if fields.has("prompt") else None
    asked = Ask(
        tailored_model_id=fields.filled("tailored_model_id"),
        prompt=prompt,
        base=None if text is None else parsed_object(text),
        seed=fields.whole("seed"),
        sync=fields.flag("sync", default=False),
        aspect_ratio=aspect_ratio,
        influence=influence,
    )
    _refuse(fields.problems)
    return asked


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise invalid_parameters(problems)


def _combination(details: str) -> Exception:
    return envelope(400, "Invalid combination of inputs", details)
