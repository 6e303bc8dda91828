# Generated, do not edit: make generate
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="ReimagineRequest")


@_attrs_define
class ReimagineRequest:
    """A picture to make from a prompt and a structure reference.

    Known from prose only, hence open. The aspect ratio is that of the structure image, and the
    overview names this endpoint among none that take guidance methods, so neither is listed.
    The other options, their limits and their defaults are those of text-to-image.

    """

    prompt: str
    """ What to generate, in English, without special characters. Required here: every documented example has one.
    """
    structure_image_url: str | Unset = UNSET
    """ The public URL of the structure image, in place of `structure_image_file`. """
    structure_image_file: str | Unset = UNSET
    """ Raw base64, without a `data:` prefix: the structure image, in place of `structure_image_url`. """
    structure_ref_influence: float | Unset = UNSET
    """ How closely to follow the structure, from 0 to 1. Bria's default: 0.75. """
    negative_prompt: str | Unset = UNSET
    """ What should not be in the image. """
    num_results: int | Unset = UNSET
    """ How many images to generate. With `fast: false` at most 2. Bria's default: 4. """
    sync: bool | Unset = UNSET
    """ Whether to wait for the images. If false, the answer comes at once with placeholder URLs that have to be
    polled. The prose gives no default. """
    fast: bool | Unset = UNSET
    """ Whether to use the fast mode. Models trained as `max` do not have it. Bria's default: true. """
    seed: int | Unset = UNSET
    """ Repeats an earlier result, given the same prompt and model. Without it, the result is random. """
    steps_num: int | Unset = UNSET
    """ How many refinement steps. In fast mode 4 to 20, Bria's default: 8. With `fast: false` 20 to 50, Bria's
    default: 30. The limits here span both modes. """
    model_influence: float | Unset = UNSET
    """ How much weight the tailored model has. Bria's default: 1. """
    include_generation_prefix: bool | Unset = UNSET
    """ Whether the model's generation prefix is put in front of the prompt. If false, the prompt is used as it is.
    Bria's default: true. """
    prompt_enhancement: bool | Unset = UNSET
    """ Whether Bria may enrich the prompt. The references give no default. """
    enhance_image: bool | Unset = UNSET
    """ Whether to add detail and sharpness, at some cost in time. The references give no default. """
    content_moderation: bool | Unset = UNSET
    """ Whether to check the images that are sent and those that are made. The first input image that fails ends the
    whole request with 422. Bria's default: false. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        prompt = self.prompt

        structure_image_url = self.structure_image_url

        structure_image_file = self.structure_image_file

        structure_ref_influence = self.structure_ref_influence

        negative_prompt = self.negative_prompt

        num_results = self.num_results

        sync = self.sync

        fast = self.fast

        seed = self.seed

        steps_num = self.steps_num

        model_influence = self.model_influence

        include_generation_prefix = self.include_generation_prefix

        prompt_enhancement = self.prompt_enhancement

        enhance_image = self.enhance_image

        content_moderation = self.content_moderation

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "prompt": prompt,
            }
        )
        if structure_image_url is not UNSET:
            field_dict["structure_image_url"] = structure_image_url
        if structure_image_file is not UNSET:
            field_dict["structure_image_file"] = structure_image_file
        if structure_ref_influence is not UNSET:
            field_dict["structure_ref_influence"] = structure_ref_influence
        if negative_prompt is not UNSET:
            field_dict["negative_prompt"] = negative_prompt
        if num_results is not UNSET:
            field_dict["num_results"] = num_results
        if sync is not UNSET:
            field_dict["sync"] = sync
        if fast is not UNSET:
            field_dict["fast"] = fast
        if seed is not UNSET:
            field_dict["seed"] = seed
        if steps_num is not UNSET:
            field_dict["steps_num"] = steps_num
        if model_influence is not UNSET:
            field_dict["model_influence"] = model_influence
        if include_generation_prefix is not UNSET:
            field_dict["include_generation_prefix"] = include_generation_prefix
        if prompt_enhancement is not UNSET:
            field_dict["prompt_enhancement"] = prompt_enhancement
        if enhance_image is not UNSET:
            field_dict["enhance_image"] = enhance_image
        if content_moderation is not UNSET:
            field_dict["content_moderation"] = content_moderation

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        prompt = d.pop("prompt")

        structure_image_url = d.pop("structure_image_url", UNSET)

        structure_image_file = d.pop("structure_image_file", UNSET)

        structure_ref_influence = d.pop("structure_ref_influence", UNSET)

        negative_prompt = d.pop("negative_prompt", UNSET)

        num_results = d.pop("num_results", UNSET)

        sync = d.pop("sync", UNSET)

        fast = d.pop("fast", UNSET)

        seed = d.pop("seed", UNSET)

        steps_num = d.pop("steps_num", UNSET)

        model_influence = d.pop("model_influence", UNSET)

        include_generation_prefix = d.pop("include_generation_prefix", UNSET)

        prompt_enhancement = d.pop("prompt_enhancement", UNSET)

        enhance_image = d.pop("enhance_image", UNSET)

        content_moderation = d.pop("content_moderation", UNSET)

        reimagine_request = cls(
            prompt=prompt,
            structure_image_url=structure_image_url,
            structure_image_file=structure_image_file,
            structure_ref_influence=structure_ref_influence,
            negative_prompt=negative_prompt,
            num_results=num_results,
            sync=sync,
            fast=fast,
            seed=seed,
            steps_num=steps_num,
            model_influence=model_influence,
            include_generation_prefix=include_generation_prefix,
            prompt_enhancement=prompt_enhancement,
            enhance_image=enhance_image,
            content_moderation=content_moderation,
        )

        reimagine_request.additional_properties = d
        return reimagine_request

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
