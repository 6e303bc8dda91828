# Generated, do not edit: make generate
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="JobResult")


@_attrs_define
class JobResult:
    """What a job made: an image, a video or a structured prompt, and what it was made from. Result URLs expire (images
    after about three days): download what should be kept.

    """

    image_url: None | str | Unset = UNSET
    """ Where the image can be downloaded, for a while. """
    video_url: None | str | Unset = UNSET
    """ Where the video can be downloaded, for a while. """
    structured_prompt: None | str | Unset = UNSET
    """ The structured prompt, JSON in a string. Some jobs make nothing else. """
    seed: int | None | str | Unset = UNSET
    """ The seed that was used. Typed as an integer in the documentation, a string in its examples: both are
    accepted. """
    prompt: None | str | Unset = UNSET
    """ The prompt as it was sent. """
    refined_prompt: None | str | Unset = UNSET
    """ The prompt as Bria improved it. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        image_url: None | str | Unset
        if isinstance(self.image_url, Unset):
            image_url = UNSET
        else:
            image_url = self.image_url

        video_url: None | str | Unset
        if isinstance(self.video_url, Unset):
            video_url = UNSET
        else:
            video_url = self.video_url

        structured_prompt: None | str | Unset
        if isinstance(self.structured_prompt, Unset):
            structured_prompt = UNSET
        else:
            structured_prompt = self.structured_prompt

        seed: int | None | str | Unset
        if isinstance(self.seed, Unset):
            seed = UNSET
        else:
            seed = self.seed

        prompt: None | str | Unset
        if isinstance(self.prompt, Unset):
            prompt = UNSET
        else:
            prompt = self.prompt

        refined_prompt: None | str | Unset
        if isinstance(self.refined_prompt, Unset):
            refined_prompt = UNSET
        else:
            refined_prompt = self.refined_prompt

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if image_url is not UNSET:
            field_dict["image_url"] = image_url
        if video_url is not UNSET:
            field_dict["video_url"] = video_url
        if structured_prompt is not UNSET:
            field_dict["structured_prompt"] = structured_prompt
        if seed is not UNSET:
            field_dict["seed"] = seed
        if prompt is not UNSET:
            field_dict["prompt"] = prompt
        if refined_prompt is not UNSET:
            field_dict["refined_prompt"] = refined_prompt

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_image_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        image_url = _parse_image_url(d.pop("image_url", UNSET))

        def _parse_video_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        video_url = _parse_video_url(d.pop("video_url", UNSET))

        def _parse_structured_prompt(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        structured_prompt = _parse_structured_prompt(d.pop("structured_prompt", UNSET))

        def _parse_seed(data: object) -> int | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | str | Unset, data)

        seed = _parse_seed(d.pop("seed", UNSET))

        def _parse_prompt(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        prompt = _parse_prompt(d.pop("prompt", UNSET))

        def _parse_refined_prompt(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        refined_prompt = _parse_refined_prompt(d.pop("refined_prompt", UNSET))

        job_result = cls(
            image_url=image_url,
            video_url=video_url,
            structured_prompt=structured_prompt,
            seed=seed,
            prompt=prompt,
            refined_prompt=refined_prompt,
        )

        job_result.additional_properties = d
        return job_result

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
