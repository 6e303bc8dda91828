# Generated, do not edit: make generate
from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.model_status import ModelStatus, check_model_status
from ..models.training_mode import TrainingMode, check_training_mode
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.training_parameters import TrainingParameters


T = TypeVar("T", bound="Model")


@_attrs_define
class Model:
    id: int
    """ Unique identifier for the model. """
    name: None | str | Unset = UNSET
    """ Name of the model. """
    description: None | str | Unset = UNSET
    """ Description of the model. """
    status: ModelStatus | None | str | Unset = UNSET
    """ Status of the model. """
    training_mode: None | str | TrainingMode | Unset = UNSET
    """ Training configuration strategy """
    active_model_version: int | None | str | Unset = UNSET
    """ The active version (checkpoint) of the model. Becomes relevant after training has completed. """
    training_parameters: None | TrainingParameters | Unset = UNSET
    """ The training parameters used for the model. Populated via the /start_training endpoint. """
    checkpoint_steps: list[int | str] | None | Unset = UNSET
    """ A list of checkpoint steps for the model. Only included when `include_training_parameters=true` """
    project_id: int | None | Unset = UNSET
    """ ID of the project this model belongs to. """
    dataset_id: int | None | Unset = UNSET
    """ ID of the dataset used for training. """
    created_at: datetime.datetime | None | Unset = UNSET
    """ Timestamp when the model was created. """
    updated_at: datetime.datetime | None | Unset = UNSET
    """ Timestamp when the model was last updated. """
    custom_metadata: None | str | Unset = UNSET
    """ Custom metadata associated with the model. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.training_parameters import TrainingParameters  # noqa: PLC0415

        id = self.id

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        description: None | str | Unset
        if isinstance(self.description, Unset):
            description = UNSET
        else:
            description = self.description

        status: None | str | Unset
        if isinstance(self.status, Unset):
            status = UNSET
        elif isinstance(self.status, str):
            status = self.status
        else:
            status = self.status

        training_mode: None | str | Unset
        if isinstance(self.training_mode, Unset):
            training_mode = UNSET
        elif isinstance(self.training_mode, str):
            training_mode = self.training_mode
        else:
            training_mode = self.training_mode

        active_model_version: int | None | str | Unset
        if isinstance(self.active_model_version, Unset):
            active_model_version = UNSET
        else:
            active_model_version = self.active_model_version

        training_parameters: dict[str, Any] | None | Unset
        if isinstance(self.training_parameters, Unset):
            training_parameters = UNSET
        elif isinstance(self.training_parameters, TrainingParameters):
            training_parameters = self.training_parameters.to_dict()
        else:
            training_parameters = self.training_parameters

        checkpoint_steps: list[int | str] | None | Unset
        if isinstance(self.checkpoint_steps, Unset):
            checkpoint_steps = UNSET
        elif isinstance(self.checkpoint_steps, list):
            checkpoint_steps = []
            for checkpoint_steps_type_0_item_data in self.checkpoint_steps:
                checkpoint_steps_type_0_item: int | str
                checkpoint_steps_type_0_item = checkpoint_steps_type_0_item_data
                checkpoint_steps.append(checkpoint_steps_type_0_item)

        else:
            checkpoint_steps = self.checkpoint_steps

        project_id: int | None | Unset
        if isinstance(self.project_id, Unset):
            project_id = UNSET
        else:
            project_id = self.project_id

        dataset_id: int | None | Unset
        if isinstance(self.dataset_id, Unset):
            dataset_id = UNSET
        else:
            dataset_id = self.dataset_id

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

        custom_metadata: None | str | Unset
        if isinstance(self.custom_metadata, Unset):
            custom_metadata = UNSET
        else:
            custom_metadata = self.custom_metadata

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
            }
        )
        if name is not UNSET:
            field_dict["name"] = name
        if description is not UNSET:
            field_dict["description"] = description
        if status is not UNSET:
            field_dict["status"] = status
        if training_mode is not UNSET:
            field_dict["training_mode"] = training_mode
        if active_model_version is not UNSET:
            field_dict["active_model_version"] = active_model_version
        if training_parameters is not UNSET:
            field_dict["training_parameters"] = training_parameters
        if checkpoint_steps is not UNSET:
            field_dict["checkpoint_steps"] = checkpoint_steps
        if project_id is not UNSET:
            field_dict["project_id"] = project_id
        if dataset_id is not UNSET:
            field_dict["dataset_id"] = dataset_id
        if created_at is not UNSET:
            field_dict["created_at"] = created_at
        if updated_at is not UNSET:
            field_dict["updated_at"] = updated_at
        if custom_metadata is not UNSET:
            field_dict["custom_metadata"] = custom_metadata

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.training_parameters import TrainingParameters  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        def _parse_description(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        description = _parse_description(d.pop("description", UNSET))

        def _parse_status(data: object) -> ModelStatus | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                status_type_0 = check_model_status(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ModelStatus | None | str | Unset, data)

        status = _parse_status(d.pop("status", UNSET))

        def _parse_training_mode(data: object) -> None | str | TrainingMode | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                training_mode_type_0 = check_training_mode(data)

                return training_mode_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | str | TrainingMode | Unset, data)

        training_mode = _parse_training_mode(d.pop("training_mode", UNSET))

        def _parse_active_model_version(data: object) -> int | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | str | Unset, data)

        active_model_version = _parse_active_model_version(d.pop("active_model_version", UNSET))

        def _parse_training_parameters(data: object) -> None | TrainingParameters | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                training_parameters_type_0 = TrainingParameters.from_dict(data)

                return training_parameters_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | TrainingParameters | Unset, data)

        training_parameters = _parse_training_parameters(d.pop("training_parameters", UNSET))

        def _parse_checkpoint_steps(data: object) -> list[int | str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                checkpoint_steps_type_0 = []
                _checkpoint_steps_type_0 = data
                for checkpoint_steps_type_0_item_data in _checkpoint_steps_type_0:

                    def _parse_checkpoint_steps_type_0_item(data: object) -> int | str:
                        return cast(int | str, data)

                    checkpoint_steps_type_0_item = _parse_checkpoint_steps_type_0_item(
                        checkpoint_steps_type_0_item_data
                    )

                    checkpoint_steps_type_0.append(checkpoint_steps_type_0_item)

                return checkpoint_steps_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[int | str] | None | Unset, data)

        checkpoint_steps = _parse_checkpoint_steps(d.pop("checkpoint_steps", UNSET))

        def _parse_project_id(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        project_id = _parse_project_id(d.pop("project_id", UNSET))

        def _parse_dataset_id(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        dataset_id = _parse_dataset_id(d.pop("dataset_id", UNSET))

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

        def _parse_custom_metadata(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        custom_metadata = _parse_custom_metadata(d.pop("custom_metadata", UNSET))

        model = cls(
            id=id,
            name=name,
            description=description,
            status=status,
            training_mode=training_mode,
            active_model_version=active_model_version,
            training_parameters=training_parameters,
            checkpoint_steps=checkpoint_steps,
            project_id=project_id,
            dataset_id=dataset_id,
            created_at=created_at,
            updated_at=updated_at,
            custom_metadata=custom_metadata,
        )

        model.additional_properties = d
        return model

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
