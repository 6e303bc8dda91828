# Generated, do not edit: make generate
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.generate_prefix_request_ip_type import (
    GeneratePrefixRequestIpType,
    check_generate_prefix_request_ip_type,
)
from ..models.ip_medium import IpMedium, check_ip_medium
from ..types import UNSET, Unset

T = TypeVar("T", bound="GeneratePrefixRequest")


@_attrs_define
class GeneratePrefixRequest:
    """Sample images to propose a caption prefix for. Give `images` or `image_urls`, not both."""

    images: list[str] | Unset = UNSET
    """ One to six images. Raw base64, without a `data:` prefix. """
    image_urls: list[str] | Unset = UNSET
    """ The public URLs of one to six images. """
    ip_type: GeneratePrefixRequestIpType | Unset = UNSET
    ip_medium: IpMedium | Unset = UNSET
    ip_name: str | Unset = UNSET
    """ The name of the IP, for `defined_character` only. """
    content_moderation: bool | Unset = UNSET
    """ Whether to check the images that are sent and those that are made. The first input image that fails ends the
    whole request with 422. Bria's default: false. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        images: list[str] | Unset = UNSET
        if not isinstance(self.images, Unset):
            images = self.images

        image_urls: list[str] | Unset = UNSET
        if not isinstance(self.image_urls, Unset):
            image_urls = self.image_urls

        ip_type: str | Unset = UNSET
        if not isinstance(self.ip_type, Unset):
            ip_type = self.ip_type

        ip_medium: str | Unset = UNSET
        if not isinstance(self.ip_medium, Unset):
            ip_medium = self.ip_medium

        ip_name = self.ip_name

        content_moderation = self.content_moderation

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if images is not UNSET:
            field_dict["images"] = images
        if image_urls is not UNSET:
            field_dict["image_urls"] = image_urls
        if ip_type is not UNSET:
            field_dict["ip_type"] = ip_type
        if ip_medium is not UNSET:
            field_dict["ip_medium"] = ip_medium
        if ip_name is not UNSET:
            field_dict["ip_name"] = ip_name
        if content_moderation is not UNSET:
            field_dict["content_moderation"] = content_moderation

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        images = cast(list[str], d.pop("images", UNSET))

        image_urls = cast(list[str], d.pop("image_urls", UNSET))

        _ip_type = d.pop("ip_type", UNSET)
        ip_type: GeneratePrefixRequestIpType | Unset
        if isinstance(_ip_type, Unset):
            ip_type = UNSET
        else:
            ip_type = check_generate_prefix_request_ip_type(_ip_type)

        _ip_medium = d.pop("ip_medium", UNSET)
        ip_medium: IpMedium | Unset
        if isinstance(_ip_medium, Unset):
            ip_medium = UNSET
        else:
            ip_medium = check_ip_medium(_ip_medium)

        ip_name = d.pop("ip_name", UNSET)

        content_moderation = d.pop("content_moderation", UNSET)

        generate_prefix_request = cls(
            images=images,
            image_urls=image_urls,
            ip_type=ip_type,
            ip_medium=ip_medium,
            ip_name=ip_name,
            content_moderation=content_moderation,
        )

        generate_prefix_request.additional_properties = d
        return generate_prefix_request

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
