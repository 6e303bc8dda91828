# Generated, do not edit: make generate
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.upload_type import UploadType, check_upload_type
from ..types import UNSET, Unset

T = TypeVar("T", bound="CreateDataset")


@_attrs_define
class CreateDataset:
    project_id: int
    """ Associated project ID (required) """
    name: str
    """ Dataset name (required) """
    upload_type: UploadType | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        project_id = self.project_id

        name = self.name

        upload_type: str | Unset = UNSET
        if not isinstance(self.upload_type, Unset):
            upload_type = self.upload_type

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "project_id": project_id,
                "name": name,
            }
        )
        if upload_type is not UNSET:
            field_dict["upload_type"] = upload_type

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        project_id = d.pop("project_id")

        name = d.pop("name")

        _upload_type = d.pop("upload_type", UNSET)
        upload_type: UploadType | Unset
        if isinstance(_upload_type, Unset):
            upload_type = UNSET
        else:
            upload_type = check_upload_type(_upload_type)

        create_dataset = cls(
            project_id=project_id,
            name=name,
            upload_type=upload_type,
        )

        create_dataset.additional_properties = d
        return create_dataset

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
