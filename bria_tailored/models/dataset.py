# Generated, do not edit: make generate
from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.captions_update_status import CaptionsUpdateStatus, check_captions_update_status
from ..models.dataset_status import DatasetStatus, check_dataset_status
from ..models.upload_type import UploadType, check_upload_type
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.dataset_image import DatasetImage
    from ..models.model import Model


T = TypeVar("T", bound="Dataset")


@_attrs_define
class Dataset:
    id: int
    project_id: int | None | Unset = UNSET
    name: None | str | Unset = UNSET
    visual_schema: None | str | Unset = UNSET
    """ A string containing the JSON structure representing the visual backbone. Must be generated via
    `/generate_visual_schema`. """
    status: DatasetStatus | None | str | Unset = UNSET
    captions_update_status: CaptionsUpdateStatus | None | str | Unset = UNSET
    upload_type: None | str | Unset | UploadType = UNSET
    images_count: int | None | Unset = UNSET
    created_at: datetime.datetime | None | Unset = UNSET
    updated_at: datetime.datetime | None | Unset = UNSET
    models: list[Model] | None | Unset = UNSET
    """ Only included when include_models=true """
    model_ids: list[int | str] | None | Unset = UNSET
    """ Only included when include_models_ids=true """
    images: list[DatasetImage] | None | Unset = UNSET
    """ Array of images in the dataset (up to 200, controlled by max_images) """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        project_id: int | None | Unset
        if isinstance(self.project_id, Unset):
            project_id = UNSET
        else:
            project_id = self.project_id

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        visual_schema: None | str | Unset
        if isinstance(self.visual_schema, Unset):
            visual_schema = UNSET
        else:
            visual_schema = self.visual_schema

        status: None | str | Unset
        if isinstance(self.status, Unset):
            status = UNSET
        elif isinstance(self.status, str):
            status = self.status
        else:
            status = self.status

        captions_update_status: None | str | Unset
        if isinstance(self.captions_update_status, Unset):
            captions_update_status = UNSET
        elif isinstance(self.captions_update_status, str):
            captions_update_status = self.captions_update_status
        else:
            captions_update_status = self.captions_update_status

        upload_type: None | str | Unset
        if isinstance(self.upload_type, Unset):
            upload_type = UNSET
        elif isinstance(self.upload_type, str):
            upload_type = self.upload_type
        else:
            upload_type = self.upload_type

        images_count: int | None | Unset
        if isinstance(self.images_count, Unset):
            images_count = UNSET
        else:
            images_count = self.images_count

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

        models: list[dict[str, Any]] | None | Unset
        if isinstance(self.models, Unset):
            models = UNSET
        elif isinstance(self.models, list):
            models = []
            for models_type_0_item_data in self.models:
                models_type_0_item = models_type_0_item_data.to_dict()
                models.append(models_type_0_item)

        else:
            models = self.models

        model_ids: list[int | str] | None | Unset
        if isinstance(self.model_ids, Unset):
            model_ids = UNSET
        elif isinstance(self.model_ids, list):
            model_ids = []
            for model_ids_type_0_item_data in self.model_ids:
                model_ids_type_0_item: int | str
                model_ids_type_0_item = model_ids_type_0_item_data
                model_ids.append(model_ids_type_0_item)

        else:
            model_ids = self.model_ids

        images: list[dict[str, Any]] | None | Unset
        if isinstance(self.images, Unset):
            images = UNSET
        elif isinstance(self.images, list):
            images = []
            for images_type_0_item_data in self.images:
                images_type_0_item = images_type_0_item_data.to_dict()
                images.append(images_type_0_item)

        else:
            images = self.images

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
            }
        )
        if project_id is not UNSET:
            field_dict["project_id"] = project_id
        if name is not UNSET:
            field_dict["name"] = name
        if visual_schema is not UNSET:
            field_dict["visual_schema"] = visual_schema
        if status is not UNSET:
            field_dict["status"] = status
        if captions_update_status is not UNSET:
            field_dict["captions_update_status"] = captions_update_status
        if upload_type is not UNSET:
            field_dict["upload_type"] = upload_type
        if images_count is not UNSET:
            field_dict["images_count"] = images_count
        if created_at is not UNSET:
            field_dict["created_at"] = created_at
        if updated_at is not UNSET:
            field_dict["updated_at"] = updated_at
        if models is not UNSET:
            field_dict["models"] = models
        if model_ids is not UNSET:
            field_dict["model_ids"] = model_ids
        if images is not UNSET:
            field_dict["images"] = images

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.dataset_image import DatasetImage  # noqa: PLC0415
        from ..models.model import Model  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        def _parse_project_id(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        project_id = _parse_project_id(d.pop("project_id", UNSET))

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        def _parse_visual_schema(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        visual_schema = _parse_visual_schema(d.pop("visual_schema", UNSET))

        def _parse_status(data: object) -> DatasetStatus | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                status_type_0 = check_dataset_status(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DatasetStatus | None | str | Unset, data)

        status = _parse_status(d.pop("status", UNSET))

        def _parse_captions_update_status(
            data: object,
        ) -> CaptionsUpdateStatus | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                captions_update_status_type_0 = check_captions_update_status(data)

                return captions_update_status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CaptionsUpdateStatus | None | str | Unset, data)

        captions_update_status = _parse_captions_update_status(
            d.pop("captions_update_status", UNSET)
        )

        def _parse_upload_type(data: object) -> None | str | Unset | UploadType:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                upload_type_type_0 = check_upload_type(data)

                return upload_type_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | str | Unset | UploadType, data)

        upload_type = _parse_upload_type(d.pop("upload_type", UNSET))

        def _parse_images_count(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        images_count = _parse_images_count(d.pop("images_count", UNSET))

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

        def _parse_models(data: object) -> list[Model] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                models_type_0 = []
                _models_type_0 = data
                for models_type_0_item_data in _models_type_0:
                    models_type_0_item = Model.from_dict(models_type_0_item_data)

                    models_type_0.append(models_type_0_item)

                return models_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[Model] | None | Unset, data)

        models = _parse_models(d.pop("models", UNSET))

        def _parse_model_ids(data: object) -> list[int | str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                model_ids_type_0 = []
                _model_ids_type_0 = data
                for model_ids_type_0_item_data in _model_ids_type_0:

                    def _parse_model_ids_type_0_item(data: object) -> int | str:
                        return cast(int | str, data)

                    model_ids_type_0_item = _parse_model_ids_type_0_item(model_ids_type_0_item_data)

                    model_ids_type_0.append(model_ids_type_0_item)

                return model_ids_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[int | str] | None | Unset, data)

        model_ids = _parse_model_ids(d.pop("model_ids", UNSET))

        def _parse_images(data: object) -> list[DatasetImage] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                images_type_0 = []
                _images_type_0 = data
                for images_type_0_item_data in _images_type_0:
                    images_type_0_item = DatasetImage.from_dict(images_type_0_item_data)

                    images_type_0.append(images_type_0_item)

                return images_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[DatasetImage] | None | Unset, data)

        images = _parse_images(d.pop("images", UNSET))

        dataset = cls(
            id=id,
            project_id=project_id,
            name=name,
            visual_schema=visual_schema,
            status=status,
            captions_update_status=captions_update_status,
            upload_type=upload_type,
            images_count=images_count,
            created_at=created_at,
            updated_at=updated_at,
            models=models,
            model_ids=model_ids,
            images=images,
        )

        dataset.additional_properties = d
        return dataset

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
