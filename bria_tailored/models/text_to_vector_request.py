# Generated, do not edit: make generate
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.guidance_method import GuidanceMethod, check_guidance_method
from ..models.image_prompt_mode import ImagePromptMode, check_image_prompt_mode
from ..models.legacy_aspect_ratio import LegacyAspectRatio, check_legacy_aspect_ratio
from ..types import UNSET, Unset

T = TypeVar("T", bound="TextToVectorRequest")


@_attrs_define
class TextToVectorRequest:
    """A vector graphic to make from a prompt with a tailored model of an older kind."""

    prompt: str
    """ What to generate, in English, without special characters. Required here: the reference neither calls it
    optional nor gives a default. """
    negative_prompt: str | Unset = UNSET
    """ What should not be in the image. """
    num_results: int | Unset = UNSET
    """ How many images to generate. With `fast: false` at most 2, and 1 with any guidance method. Bria's default:
    4. """
    aspect_ratio: LegacyAspectRatio | Unset = UNSET
    """ Width to height. Guidance images bring their own aspect ratio, and this one is then ignored. Bria's default:
    1:1. """
    sync: bool | Unset = UNSET
    """ Whether to wait for the images. If false, the answer comes at once with placeholder URLs that have to be
    polled. False is recommended with `fast: false`. Bria's default: true. """
    fast: bool | Unset = UNSET
    """ Whether to use the fast mode. Models trained as `max` do not have it. Bria's default: true. """
    seed: int | Unset = UNSET
    """ Repeats an earlier result, given the same prompt and model. Without it, the result is random. """
    steps_num: int | Unset = UNSET
    """ How many refinement steps. In fast mode 4 to 20, Bria's default: 8. With `fast: false` 20 to 50, Bria's
    default: 30. The limits here span both modes. """
    model_influence: float | Unset = UNSET
    """ How much weight the tailored model has. The text-to-image page speaks of a structure reference here, which
    neither endpoint takes; the text-to-vector page is followed. Bria's default: 1. """
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
    guidance_method_1: GuidanceMethod | Unset = UNSET
    """ What to take from a guidance image. Up to four methods, numbered without a gap, each with an
    image of its own. The references disagree: one allows four, the newer one two. All four are
    accepted here, and Bria may refuse the third and the fourth.

    - `controlnet_canny`: its outlines.
    - `controlnet_depth`: its depth.
    - `controlnet_recoloring`: its geometry; the colours are made anew.
    - `controlnet_color_grid`: its colours, as a grid of 16 by 16.
     """
    guidance_method_1_scale: float | Unset = UNSET
    """ The impact of `guidance_method_1`, from 0 (none) to 1. Bria's default: 1. """
    guidance_method_1_image_file: str | Unset = UNSET
    """ Raw base64, without a `data:` prefix: the image for `guidance_method_1`, required with it. A jpeg, jpg, png
    or webp of at most 12 MB. """
    guidance_method_2: GuidanceMethod | Unset = UNSET
    """ What to take from a guidance image. Up to four methods, numbered without a gap, each with an
    image of its own. The references disagree: one allows four, the newer one two. All four are
    accepted here, and Bria may refuse the third and the fourth.

    - `controlnet_canny`: its outlines.
    - `controlnet_depth`: its depth.
    - `controlnet_recoloring`: its geometry; the colours are made anew.
    - `controlnet_color_grid`: its colours, as a grid of 16 by 16.
     """
    guidance_method_2_scale: float | Unset = UNSET
    """ The impact of `guidance_method_2`, from 0 (none) to 1. Bria's default: 1. """
    guidance_method_2_image_file: str | Unset = UNSET
    """ Raw base64, without a `data:` prefix: the image for `guidance_method_2`, required with it. A jpeg, jpg, png
    or webp of at most 12 MB. All guidance images need the same aspect ratio, which becomes that of the result. """
    guidance_method_3: GuidanceMethod | Unset = UNSET
    """ What to take from a guidance image. Up to four methods, numbered without a gap, each with an
    image of its own. The references disagree: one allows four, the newer one two. All four are
    accepted here, and Bria may refuse the third and the fourth.

    - `controlnet_canny`: its outlines.
    - `controlnet_depth`: its depth.
    - `controlnet_recoloring`: its geometry; the colours are made anew.
    - `controlnet_color_grid`: its colours, as a grid of 16 by 16.
     """
    guidance_method_3_scale: float | Unset = UNSET
    """ The impact of `guidance_method_3`, from 0 (none) to 1. Bria's default: 1. """
    guidance_method_3_image_file: str | Unset = UNSET
    """ Raw base64, without a `data:` prefix: the image for `guidance_method_3`, required with it. A jpeg, jpg, png
    or webp of at most 12 MB. All guidance images need the same aspect ratio, which becomes that of the result. """
    guidance_method_4: GuidanceMethod | Unset = UNSET
    """ What to take from a guidance image. Up to four methods, numbered without a gap, each with an
    image of its own. The references disagree: one allows four, the newer one two. All four are
    accepted here, and Bria may refuse the third and the fourth.

    - `controlnet_canny`: its outlines.
    - `controlnet_depth`: its depth.
    - `controlnet_recoloring`: its geometry; the colours are made anew.
    - `controlnet_color_grid`: its colours, as a grid of 16 by 16.
     """
    guidance_method_4_scale: float | Unset = UNSET
    """ The impact of `guidance_method_4`, from 0 (none) to 1. Bria's default: 1. """
    guidance_method_4_image_file: str | Unset = UNSET
    """ Raw base64, without a `data:` prefix: the image for `guidance_method_4`, required with it. A jpeg, jpg, png
    or webp of at most 12 MB. All guidance images need the same aspect ratio, which becomes that of the result. """
    image_prompt_mode: ImagePromptMode | Unset = UNSET
    """ What to take from a prompt image. Bria's default: regular. Its example tables call the other
    one `style`; the parameter's own list is followed.

    - `regular`: its content, its style and its colours.
    - `style_only`: its style and its colours.
     """
    image_prompt_file: str | Unset = UNSET
    """ Raw base64, without a `data:` prefix: the prompt image, in place of `image_prompt_urls`. A jpeg, jpg, png or
    webp of at most 12 MB. """
    image_prompt_urls: list[str] | Unset = UNSET
    """ Public URLs of prompt images, in place of `image_prompt_file`. Each a jpeg, jpg, png or webp. """
    image_prompt_scale: float | Unset = UNSET
    """ The impact of the prompt image, from 0 (none) to 1. Bria's default: 1. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        prompt = self.prompt

        negative_prompt = self.negative_prompt

        num_results = self.num_results

        aspect_ratio: str | Unset = UNSET
        if not isinstance(self.aspect_ratio, Unset):
            aspect_ratio = self.aspect_ratio

        sync = self.sync

        fast = self.fast

        seed = self.seed

        steps_num = self.steps_num

        model_influence = self.model_influence

        include_generation_prefix = self.include_generation_prefix

        prompt_enhancement = self.prompt_enhancement

        enhance_image = self.enhance_image

        content_moderation = self.content_moderation

        guidance_method_1: str | Unset = UNSET
        if not isinstance(self.guidance_method_1, Unset):
            guidance_method_1 = self.guidance_method_1

        guidance_method_1_scale = self.guidance_method_1_scale

        guidance_method_1_image_file = self.guidance_method_1_image_file

        guidance_method_2: str | Unset = UNSET
        if not isinstance(self.guidance_method_2, Unset):
            guidance_method_2 = self.guidance_method_2

        guidance_method_2_scale = self.guidance_method_2_scale

        guidance_method_2_image_file = self.guidance_method_2_image_file

        guidance_method_3: str | Unset = UNSET
        if not isinstance(self.guidance_method_3, Unset):
            guidance_method_3 = self.guidance_method_3

        guidance_method_3_scale = self.guidance_method_3_scale

        guidance_method_3_image_file = self.guidance_method_3_image_file

        guidance_method_4: str | Unset = UNSET
        if not isinstance(self.guidance_method_4, Unset):
            guidance_method_4 = self.guidance_method_4

        guidance_method_4_scale = self.guidance_method_4_scale

        guidance_method_4_image_file = self.guidance_method_4_image_file

        image_prompt_mode: str | Unset = UNSET
        if not isinstance(self.image_prompt_mode, Unset):
            image_prompt_mode = self.image_prompt_mode

        image_prompt_file = self.image_prompt_file

        image_prompt_urls: list[str] | Unset = UNSET
        if not isinstance(self.image_prompt_urls, Unset):
            image_prompt_urls = self.image_prompt_urls

        image_prompt_scale = self.image_prompt_scale

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "prompt": prompt,
            }
        )
        if negative_prompt is not UNSET:
            field_dict["negative_prompt"] = negative_prompt
        if num_results is not UNSET:
            field_dict["num_results"] = num_results
        if aspect_ratio is not UNSET:
            field_dict["aspect_ratio"] = aspect_ratio
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
        if guidance_method_1 is not UNSET:
            field_dict["guidance_method_1"] = guidance_method_1
        if guidance_method_1_scale is not UNSET:
            field_dict["guidance_method_1_scale"] = guidance_method_1_scale
        if guidance_method_1_image_file is not UNSET:
            field_dict["guidance_method_1_image_file"] = guidance_method_1_image_file
        if guidance_method_2 is not UNSET:
            field_dict["guidance_method_2"] = guidance_method_2
        if guidance_method_2_scale is not UNSET:
            field_dict["guidance_method_2_scale"] = guidance_method_2_scale
        if guidance_method_2_image_file is not UNSET:
            field_dict["guidance_method_2_image_file"] = guidance_method_2_image_file
        if guidance_method_3 is not UNSET:
            field_dict["guidance_method_3"] = guidance_method_3
        if guidance_method_3_scale is not UNSET:
            field_dict["guidance_method_3_scale"] = guidance_method_3_scale
        if guidance_method_3_image_file is not UNSET:
            field_dict["guidance_method_3_image_file"] = guidance_method_3_image_file
        if guidance_method_4 is not UNSET:
            field_dict["guidance_method_4"] = guidance_method_4
        if guidance_method_4_scale is not UNSET:
            field_dict["guidance_method_4_scale"] = guidance_method_4_scale
        if guidance_method_4_image_file is not UNSET:
            field_dict["guidance_method_4_image_file"] = guidance_method_4_image_file
        if image_prompt_mode is not UNSET:
            field_dict["image_prompt_mode"] = image_prompt_mode
        if image_prompt_file is not UNSET:
            field_dict["image_prompt_file"] = image_prompt_file
        if image_prompt_urls is not UNSET:
            field_dict["image_prompt_urls"] = image_prompt_urls
        if image_prompt_scale is not UNSET:
            field_dict["image_prompt_scale"] = image_prompt_scale

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        prompt = d.pop("prompt")

        negative_prompt = d.pop("negative_prompt", UNSET)

        num_results = d.pop("num_results", UNSET)

        _aspect_ratio = d.pop("aspect_ratio", UNSET)
        aspect_ratio: LegacyAspectRatio | Unset
        if isinstance(_aspect_ratio, Unset):
            aspect_ratio = UNSET
        else:
            aspect_ratio = check_legacy_aspect_ratio(_aspect_ratio)

        sync = d.pop("sync", UNSET)

        fast = d.pop("fast", UNSET)

        seed = d.pop("seed", UNSET)

        steps_num = d.pop("steps_num", UNSET)

        model_influence = d.pop("model_influence", UNSET)

        include_generation_prefix = d.pop("include_generation_prefix", UNSET)

        prompt_enhancement = d.pop("prompt_enhancement", UNSET)

        enhance_image = d.pop("enhance_image", UNSET)

        content_moderation = d.pop("content_moderation", UNSET)

        _guidance_method_1 = d.pop("guidance_method_1", UNSET)
        guidance_method_1: GuidanceMethod | Unset
        if isinstance(_guidance_method_1, Unset):
            guidance_method_1 = UNSET
        else:
            guidance_method_1 = check_guidance_method(_guidance_method_1)

        guidance_method_1_scale = d.pop("guidance_method_1_scale", UNSET)

        guidance_method_1_image_file = d.pop("guidance_method_1_image_file", UNSET)

        _guidance_method_2 = d.pop("guidance_method_2", UNSET)
        guidance_method_2: GuidanceMethod | Unset
        if isinstance(_guidance_method_2, Unset):
            guidance_method_2 = UNSET
        else:
            guidance_method_2 = check_guidance_method(_guidance_method_2)

        guidance_method_2_scale = d.pop("guidance_method_2_scale", UNSET)

        guidance_method_2_image_file = d.pop("guidance_method_2_image_file", UNSET)

        _guidance_method_3 = d.pop("guidance_method_3", UNSET)
        guidance_method_3: GuidanceMethod | Unset
        if isinstance(_guidance_method_3, Unset):
            guidance_method_3 = UNSET
        else:
            guidance_method_3 = check_guidance_method(_guidance_method_3)

        guidance_method_3_scale = d.pop("guidance_method_3_scale", UNSET)

        guidance_method_3_image_file = d.pop("guidance_method_3_image_file", UNSET)

        _guidance_method_4 = d.pop("guidance_method_4", UNSET)
        guidance_method_4: GuidanceMethod | Unset
        if isinstance(_guidance_method_4, Unset):
            guidance_method_4 = UNSET
        else:
            guidance_method_4 = check_guidance_method(_guidance_method_4)

        guidance_method_4_scale = d.pop("guidance_method_4_scale", UNSET)

        guidance_method_4_image_file = d.pop("guidance_method_4_image_file", UNSET)

        _image_prompt_mode = d.pop("image_prompt_mode", UNSET)
        image_prompt_mode: ImagePromptMode | Unset
        if isinstance(_image_prompt_mode, Unset):
            image_prompt_mode = UNSET
        else:
            image_prompt_mode = check_image_prompt_mode(_image_prompt_mode)

        image_prompt_file = d.pop("image_prompt_file", UNSET)

        image_prompt_urls = cast(list[str], d.pop("image_prompt_urls", UNSET))

        image_prompt_scale = d.pop("image_prompt_scale", UNSET)

        text_to_vector_request = cls(
            prompt=prompt,
            negative_prompt=negative_prompt,
            num_results=num_results,
            aspect_ratio=aspect_ratio,
            sync=sync,
            fast=fast,
            seed=seed,
            steps_num=steps_num,
            model_influence=model_influence,
            include_generation_prefix=include_generation_prefix,
            prompt_enhancement=prompt_enhancement,
            enhance_image=enhance_image,
            content_moderation=content_moderation,
            guidance_method_1=guidance_method_1,
            guidance_method_1_scale=guidance_method_1_scale,
            guidance_method_1_image_file=guidance_method_1_image_file,
            guidance_method_2=guidance_method_2,
            guidance_method_2_scale=guidance_method_2_scale,
            guidance_method_2_image_file=guidance_method_2_image_file,
            guidance_method_3=guidance_method_3,
            guidance_method_3_scale=guidance_method_3_scale,
            guidance_method_3_image_file=guidance_method_3_image_file,
            guidance_method_4=guidance_method_4,
            guidance_method_4_scale=guidance_method_4_scale,
            guidance_method_4_image_file=guidance_method_4_image_file,
            image_prompt_mode=image_prompt_mode,
            image_prompt_file=image_prompt_file,
            image_prompt_urls=image_prompt_urls,
            image_prompt_scale=image_prompt_scale,
        )

        text_to_vector_request.additional_properties = d
        return text_to_vector_request

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
