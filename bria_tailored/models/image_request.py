# Generated, do not edit: make generate
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.aspect_ratio import AspectRatio, check_aspect_ratio
from ..types import UNSET, Unset

T = TypeVar("T", bound="ImageRequest")


@_attrs_define
class ImageRequest:
    tailored_model_id: str
    """ The ID of the tailored model. """
    tailored_model_influence: float | Unset = UNSET
    """ Controls the strength of the tailored model's influence (0.0 - 1.5).
    Bria's default: 1. """
    prompt: str | Unset = UNSET
    """ Text-based instruction for generation or refinement. """
    structured_prompt: str | Unset = UNSET
    """ A string containing the structured prompt in JSON format for precise recreation/refinement. """
    negative_prompt: str | Unset = UNSET
    """ Concepts to exclude from the generated image. """
    guidance_scale: int | Unset = UNSET
    """ Adherence to the prompt (3-5).
    Bria's default: 5. """
    aspect_ratio: AspectRatio | Unset = UNSET
    steps_num: int | Unset = UNSET
    """ Bria's default: 50. """
    seed: int | Unset = UNSET
    """ Seed for deterministic generation. """
    sync: bool | Unset = UNSET
    """ If false, returns a 202 and status URL. If true, returns 200 with result.
    Bria's default: false. """
    prompt_content_moderation: bool | Unset = UNSET
    """ Bria's default: true. """
    visual_output_content_moderation: bool | Unset = UNSET
    """ Bria's default: true. """
    webhook_url: str | Unset = UNSET
    """ Where Bria sends the outcome, so that nobody has to poll for it. Asynchronous requests only.

    One POST once the job is final, with the same body as the status answer. Answer 2xx within
    10 seconds; otherwise Bria tries again, up to 5 attempts over about 45 minutes. Delivery is at
    least once and in no order: expect repeats, and tell them apart by `Bria-Webhook-Id`.

    Three headers sign the delivery: `Bria-Webhook-Id` (the request id), `Bria-Webhook-Timestamp`
    (unix seconds) and `Bria-Webhook-Signature` (comma-separated `v1=<base64>`; one match is
    enough). Check them before believing the body.

    Source: https://docs.bria.ai/webhooks
     """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        tailored_model_id = self.tailored_model_id

        tailored_model_influence = self.tailored_model_influence

        prompt = self.prompt

        structured_prompt = self.structured_prompt

        negative_prompt = self.negative_prompt

        guidance_scale = self.guidance_scale

        aspect_ratio: str | Unset = UNSET
        if not isinstance(self.aspect_ratio, Unset):
            aspect_ratio = self.aspect_ratio

        steps_num = self.steps_num

        seed = self.seed

        sync = self.sync

        prompt_content_moderation = self.prompt_content_moderation

        visual_output_content_moderation = self.visual_output_content_moderation

        webhook_url = self.webhook_url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "tailored_model_id": tailored_model_id,
            }
        )
        if tailored_model_influence is not UNSET:
            field_dict["tailored_model_influence"] = tailored_model_influence
        if prompt is not UNSET:
            field_dict["prompt"] = prompt
        if structured_prompt is not UNSET:
            field_dict["structured_prompt"] = structured_prompt
        if negative_prompt is not UNSET:
            field_dict["negative_prompt"] = negative_prompt
        if guidance_scale is not UNSET:
            field_dict["guidance_scale"] = guidance_scale
        if aspect_ratio is not UNSET:
            field_dict["aspect_ratio"] = aspect_ratio
        if steps_num is not UNSET:
            field_dict["steps_num"] = steps_num
        if seed is not UNSET:
            field_dict["seed"] = seed
        if sync is not UNSET:
            field_dict["sync"] = sync
        if prompt_content_moderation is not UNSET:
            field_dict["prompt_content_moderation"] = prompt_content_moderation
        if visual_output_content_moderation is not UNSET:
            field_dict["visual_output_content_moderation"] = visual_output_content_moderation
        if webhook_url is not UNSET:
            field_dict["webhook_url"] = webhook_url

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        tailored_model_id = d.pop("tailored_model_id")

        tailored_model_influence = d.pop("tailored_model_influence", UNSET)

        prompt = d.pop("prompt", UNSET)

        structured_prompt = d.pop("structured_prompt", UNSET)

        negative_prompt = d.pop("negative_prompt", UNSET)

        guidance_scale = d.pop("guidance_scale", UNSET)

        _aspect_ratio = d.pop("aspect_ratio", UNSET)
        aspect_ratio: AspectRatio | Unset
        if isinstance(_aspect_ratio, Unset):
            aspect_ratio = UNSET
        else:
            aspect_ratio = check_aspect_ratio(_aspect_ratio)

        steps_num = d.pop("steps_num", UNSET)

        seed = d.pop("seed", UNSET)

        sync = d.pop("sync", UNSET)

        prompt_content_moderation = d.pop("prompt_content_moderation", UNSET)

        visual_output_content_moderation = d.pop("visual_output_content_moderation", UNSET)

        webhook_url = d.pop("webhook_url", UNSET)

        image_request = cls(
            tailored_model_id=tailored_model_id,
            tailored_model_influence=tailored_model_influence,
            prompt=prompt,
            structured_prompt=structured_prompt,
            negative_prompt=negative_prompt,
            guidance_scale=guidance_scale,
            aspect_ratio=aspect_ratio,
            steps_num=steps_num,
            seed=seed,
            sync=sync,
            prompt_content_moderation=prompt_content_moderation,
            visual_output_content_moderation=visual_output_content_moderation,
            webhook_url=webhook_url,
        )

        image_request.additional_properties = d
        return image_request

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
