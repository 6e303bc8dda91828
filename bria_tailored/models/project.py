# Generated, do not edit: make generate
from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.ip_medium import IpMedium, check_ip_medium
from ..models.ip_type import IpType, check_ip_type
from ..models.project_status import ProjectStatus, check_project_status
from ..types import UNSET, Unset

T = TypeVar("T", bound="Project")


@_attrs_define
class Project:
    id: int
    """ Unique identifier for the project """
    project_name: None | str | Unset = UNSET
    """ Name of the project """
    project_description: None | str | Unset = UNSET
    """ Description of the project """
    ip_name: None | str | Unset = UNSET
    """ Name of the IP """
    ip_description: None | str | Unset = UNSET
    """ Description of the IP """
    ip_medium: IpMedium | None | str | Unset = UNSET
    """ Medium of the IP """
    ip_type: IpType | None | str | Unset = UNSET
    """ Type of the IP """
    status: None | ProjectStatus | str | Unset = UNSET
    """ Status of the project """
    created_at: datetime.datetime | None | Unset = UNSET
    """ Timestamp when the project was created """
    updated_at: datetime.datetime | None | Unset = UNSET
    training_version: None | str | Unset = UNSET
    """ The training version family this project is locked to (e.g., 'fibo', 'max', or null if unlocked). """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        project_name: None | str | Unset
        if isinstance(self.project_name, Unset):
            project_name = UNSET
        else:
            project_name = self.project_name

        project_description: None | str | Unset
        if isinstance(self.project_description, Unset):
            project_description = UNSET
        else:
            project_description = self.project_description

        ip_name: None | str | Unset
        if isinstance(self.ip_name, Unset):
            ip_name = UNSET
        else:
            ip_name = self.ip_name

        ip_description: None | str | Unset
        if isinstance(self.ip_description, Unset):
            ip_description = UNSET
        else:
            ip_description = self.ip_description

        ip_medium: None | str | Unset
        if isinstance(self.ip_medium, Unset):
            ip_medium = UNSET
        elif isinstance(self.ip_medium, str):
            ip_medium = self.ip_medium
        else:
            ip_medium = self.ip_medium

        ip_type: None | str | Unset
        if isinstance(self.ip_type, Unset):
            ip_type = UNSET
        elif isinstance(self.ip_type, str):
            ip_type = self.ip_type
        else:
            ip_type = self.ip_type

        status: None | str | Unset
        if isinstance(self.status, Unset):
            status = UNSET
        elif isinstance(self.status, str):
            status = self.status
        else:
            status = self.status

        created_at: None | str | Unset
        if isinstance(self.created_at, Unset):
            created_at = UNSET
        elif isinstance(self.created_at, datetime.datetime):
            created_at = self.created_at.isoformat()
        else:
            created_at = self.created_at

        updated_at: None | str | Unset
        if isinstance(self.updated_at, Unset):
            updated_at = UNSET
        elif isinstance(self.updated_at, datetime.datetime):
            updated_at = self.updated_at.isoformat()
        else:
            updated_at = self.updated_at

        training_version: None | str | Unset
        if isinstance(self.training_version, Unset):
            training_version = UNSET
        else:
            training_version = self.training_version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
            }
        )
        if project_name is not UNSET:
            field_dict["project_name"] = project_name
        if project_description is not UNSET:
            field_dict["project_description"] = project_description
        if ip_name is not UNSET:
            field_dict["ip_name"] = ip_name
        if ip_description is not UNSET:
            field_dict["ip_description"] = ip_description
        if ip_medium is not UNSET:
            field_dict["ip_medium"] = ip_medium
        if ip_type is not UNSET:
            field_dict["ip_type"] = ip_type
        if status is not UNSET:
            field_dict["status"] = status
        if created_at is not UNSET:
            field_dict["created_at"] = created_at
        if updated_at is not UNSET:
            field_dict["updated_at"] = updated_at
        if training_version is not UNSET:
            field_dict["training_version"] = training_version

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        def _parse_project_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        project_name = _parse_project_name(d.pop("project_name", UNSET))

        def _parse_project_description(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        project_description = _parse_project_description(d.pop("project_description", UNSET))

        def _parse_ip_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        ip_name = _parse_ip_name(d.pop("ip_name", UNSET))

        def _parse_ip_description(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        ip_description = _parse_ip_description(d.pop("ip_description", UNSET))

        def _parse_ip_medium(data: object) -> IpMedium | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ip_medium_type_0 = check_ip_medium(data)

                return ip_medium_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(IpMedium | None | str | Unset, data)

        ip_medium = _parse_ip_medium(d.pop("ip_medium", UNSET))

        def _parse_ip_type(data: object) -> IpType | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ip_type_type_0 = check_ip_type(data)

                return ip_type_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(IpType | None | str | Unset, data)

        ip_type = _parse_ip_type(d.pop("ip_type", UNSET))

        def _parse_status(data: object) -> None | ProjectStatus | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                status_type_0 = check_project_status(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ProjectStatus | str | Unset, data)

        status = _parse_status(d.pop("status", UNSET))

        def _parse_created_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                from bria_tailored.types import parse_timestamp

                created_at_type_0 = parse_timestamp(data)

                return created_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        created_at = _parse_created_at(d.pop("created_at", UNSET))

        def _parse_updated_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                from bria_tailored.types import parse_timestamp

                updated_at_type_0 = parse_timestamp(data)

                return updated_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        updated_at = _parse_updated_at(d.pop("updated_at", UNSET))

        def _parse_training_version(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        training_version = _parse_training_version(d.pop("training_version", UNSET))

        project = cls(
            id=id,
            project_name=project_name,
            project_description=project_description,
            ip_name=ip_name,
            ip_description=ip_description,
            ip_medium=ip_medium,
            ip_type=ip_type,
            status=status,
            created_at=created_at,
            updated_at=updated_at,
            training_version=training_version,
        )

        project.additional_properties = d
        return project

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
