# Generated, do not edit: make generate
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.legacy_picture import LegacyPicture


T = TypeVar("T", bound="LegacyResult")


@_attrs_define
class LegacyResult:
    """What the v1 generation endpoints made.

    With `sync: false` the URLs are placeholders. Ask for one with `Range: bytes=0-0` until it
    answers 200 or 206 with a length (ready), or 416 or zero bytes (failed).

    """

    result: list[LegacyPicture]
    """ One entry per picture. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        result = []
        for result_item_data in self.result:
            result_item = result_item_data.to_dict()
            result.append(result_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "result": result,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.legacy_picture import LegacyPicture  # noqa: PLC0415

        d = dict(src_dict)
        result = []
        _result = d.pop("result")
        for result_item_data in _result:
            result_item = LegacyPicture.from_dict(result_item_data)

            result.append(result_item)

        legacy_result = cls(
            result=result,
        )

        legacy_result.additional_properties = d
        return legacy_result

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
