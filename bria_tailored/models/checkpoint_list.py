# Generated, do not edit: make generate
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.checkpoint import Checkpoint


T = TypeVar("T", bound="CheckpointList")


@_attrs_define
class CheckpointList:
    checkpoints: list[Checkpoint] | None | Unset = UNSET
    """ A list of all available checkpoints for the model. """
    active_model_version: int | None | str | Unset = UNSET
    """ The training step number of the checkpoint currently selected for inference. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        checkpoints: list[dict[str, Any]] | None | Unset
        if isinstance(self.checkpoints, Unset):
            checkpoints = UNSET
        elif isinstance(self.checkpoints, list):
            checkpoints = []
            for checkpoints_type_0_item_data in self.checkpoints:
                checkpoints_type_0_item = checkpoints_type_0_item_data.to_dict()
                checkpoints.append(checkpoints_type_0_item)

        else:
            checkpoints = self.checkpoints

        active_model_version: int | None | str | Unset
        if isinstance(self.active_model_version, Unset):
            active_model_version = UNSET
        else:
            active_model_version = self.active_model_version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if checkpoints is not UNSET:
            field_dict["checkpoints"] = checkpoints
        if active_model_version is not UNSET:
            field_dict["active_model_version"] = active_model_version

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.checkpoint import Checkpoint  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_checkpoints(data: object) -> list[Checkpoint] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                checkpoints_type_0 = []
                _checkpoints_type_0 = data
                for checkpoints_type_0_item_data in _checkpoints_type_0:
                    checkpoints_type_0_item = Checkpoint.from_dict(checkpoints_type_0_item_data)

                    checkpoints_type_0.append(checkpoints_type_0_item)

                return checkpoints_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[Checkpoint] | None | Unset, data)

        checkpoints = _parse_checkpoints(d.pop("checkpoints", UNSET))

        def _parse_active_model_version(data: object) -> int | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | str | Unset, data)

        active_model_version = _parse_active_model_version(d.pop("active_model_version", UNSET))

        checkpoint_list = cls(
            checkpoints=checkpoints,
            active_model_version=active_model_version,
        )

        checkpoint_list.additional_properties = d
        return checkpoint_list

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
