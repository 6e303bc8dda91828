# Generated, do not edit: make generate
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="UploadImage")


@_attrs_define
class UploadImage:
    file: str | Unset = UNSET
    """ Image file to upload (required if image_url not provided). Raw base64, without a `data:` prefix. """
    image_url: str | Unset = UNSET
    """ URL of image to upload (required if file not provided) """
    image_name: str | Unset = UNSET
    """ Custom name for the image (optional) """
    increase_resolution: bool | Unset = UNSET
    """ When enabled (default), input images smaller than 1024x1024 but larger than 256x256 will be automatically
    upscaled.
    If false, images must be at least 1024x1024 pixels.
    Bria's default: true. """
    content_moderation: bool | Unset = UNSET
    """ Bria's default: false. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        file = self.file

        image_url = self.image_url

        image_name = self.image_name

        increase_resolution = self.increase_resolution

        content_moderation = self.content_moderation

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if file is not UNSET:
            field_dict["file"] = file
        if image_url is not UNSET:
            field_dict["image_url"] = image_url
        if image_name is not UNSET:
            field_dict["image_name"] = image_name
        if increase_resolution is not UNSET:
            field_dict["increase_resolution"] = increase_resolution
        if content_moderation is not UNSET:
            field_dict["content_moderation"] = content_moderation

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        file = d.pop("file", UNSET)

        image_url = d.pop("image_url", UNSET)

        image_name = d.pop("image_name", UNSET)

        increase_resolution = d.pop("increase_resolution", UNSET)

        content_moderation = d.pop("content_moderation", UNSET)

        upload_image = cls(
            file=file,
            image_url=image_url,
            image_name=image_name,
            increase_resolution=increase_resolution,
            content_moderation=content_moderation,
        )

        upload_image.additional_properties = d
        return upload_image

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
