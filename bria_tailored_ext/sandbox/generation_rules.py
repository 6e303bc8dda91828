"""The rules for the three generation endpoints of v2."""

from collections.abc import Mapping
from typing import Any, Final

import attrs

from bria_tailored_ext.sandbox.fields import Fields, parsed_object
from bria_tailored_ext.sandbox.refusal import Problem, envelope, invalid_parameters

ASPECT_RATIOS: Final = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9")


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
    """Check the body of image-generate-tailored.

    Raises:
        Refusal: 400 in the v2 envelope.
            Source: "Input Combination Rules" of `POST /image/generate/tailored`.
    """
    fields = Fields(body)
    fields.text("negative_prompt")
    fields.whole("guidance_scale", minimum=3, maximum=5)
    fields.whole("steps_num", minimum=20, maximum=50)
    fields.flag("visual_output_content_moderation", default=True)
    influence = fields.number("tailored_model_influence", minimum=0, maximum=1.5)
    asked = _ask(
        fields,
        aspect_ratio=fields.text("aspect_ratio", choices=ASPECT_RATIOS) or "1:1",
        influence=1.0 if influence is None else influence,
    )
    if asked.prompt is None and asked.base is None:
        raise _combination("Provide prompt, structured_prompt with seed, or both prompts.")
    if asked.prompt is None and asked.seed is None:
        raise _combination("structured_prompt without prompt recreates an image: seed is needed.")
    return asked


def structured_prompt_ask(body: Mapping[str, object]) -> Ask:
    """Check the body of structured-prompt-generate-tailored.

    Raises:
        Refusal: 400 in the v2 envelope.
            Source: "Input Combination Rules" of `POST /structured_prompt/generate/tailored`.
    """
    asked = _ask(Fields(body), aspect_ratio="1:1", influence=1.0)
    if asked.prompt is None:
        raise _combination("Provide prompt, alone or with the structured_prompt to refine.")
    return asked


def video_ask(body: Mapping[str, object]) -> VideoAsk:
    """Check the body of generate-video-from-tailored-image.

    Raises:
        Refusal: 400 in the v2 envelope.
    """
    fields = Fields(body)
    asked = VideoAsk(
        tailored_model_id=fields.required_text("tailored_model_id"),
        image=fields.required_text("image"),
        seed=fields.whole("seed"),
    )
    _refuse(fields.problems)
    return asked


def _ask(fields: Fields, *, aspect_ratio: str, influence: float) -> Ask:
    text = fields.document("structured_prompt")
    fields.flag("prompt_content_moderation", default=True)
    prompt = fields.text("prompt")
    if prompt is not None and not prompt.strip():
        fields.refuse("prompt", "String should have at least 1 character")
    asked = Ask(
        tailored_model_id=fields.required_text("tailored_model_id"),
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
