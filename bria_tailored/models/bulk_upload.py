# Generated, do not edit: make generate
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.bulk_upload_status import BulkUploadStatus, check_bulk_upload_status
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.bulk_upload_failure import BulkUploadFailure


T = TypeVar("T", bound="BulkUpload")


@_attrs_define
class BulkUpload:
    status: BulkUploadStatus | None | str | Unset = UNSET
    progress_percentage: int | None | Unset = UNSET
    total_processed: int | None | Unset = UNSET
    done: int | None | Unset = UNSET
    failed: int | None | Unset = UNSET
    failed_images: list[BulkUploadFailure] | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        status: None | str | Unset
        if isinstance(self.status, Unset):
            status = UNSET
        elif isinstance(self.status, str):
            status = self.status
        else:
            status = self.status

        progress_percentage: int | None | Unset
        if isinstance(self.progress_percentage, Unset):
            progress_percentage = UNSET
        else:
            progress_percentage = self.progress_percentage

        total_processed: int | None | Unset
        if isinstance(self.total_processed, Unset):
            total_processed = UNSET
        else:
            total_processed = self.total_processed

        done: int | None | Unset
        if isinstance(self.done, Unset):
            done = UNSET
        else:
            done = self.done

        failed: int | None | Unset
        if isinstance(self.failed, Unset):
            failed = UNSET
        else:
            failed = self.failed

        failed_images: list[dict[str, Any]] | None | Unset
        if isinstance(self.failed_images, Unset):
            failed_images = UNSET
        elif isinstance(self.failed_images, list):
            failed_images = []
            for failed_images_type_0_item_data in self.failed_images:
                failed_images_type_0_item = failed_images_type_0_item_data.to_dict()
                failed_images.append(failed_images_type_0_item)

        else:
            failed_images = self.failed_images

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if status is not UNSET:
            field_dict["status"] = status
        if progress_percentage is not UNSET:
            field_dict["progress_percentage"] = progress_percentage
        if total_processed is not UNSET:
            field_dict["total_processed"] = total_processed
        if done is not UNSET:
            field_dict["done"] = done
        if failed is not UNSET:
            field_dict["failed"] = failed
        if failed_images is not UNSET:
            field_dict["failed_images"] = failed_images

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.bulk_upload_failure import BulkUploadFailure  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_status(data: object) -> BulkUploadStatus | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                status_type_0 = check_bulk_upload_status(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(BulkUploadStatus | None | str | Unset, data)

        status = _parse_status(d.pop("status", UNSET))

        def _parse_progress_percentage(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        progress_percentage = _parse_progress_percentage(d.pop("progress_percentage", UNSET))

        def _parse_total_processed(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        total_processed = _parse_total_processed(d.pop("total_processed", UNSET))

        def _parse_done(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        done = _parse_done(d.pop("done", UNSET))

        def _parse_failed(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        failed = _parse_failed(d.pop("failed", UNSET))

        def _parse_failed_images(data: object) -> list[BulkUploadFailure] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                failed_images_type_0 = []
                _failed_images_type_0 = data
                for failed_images_type_0_item_data in _failed_images_type_0:
                    failed_images_type_0_item = BulkUploadFailure.from_dict(
                        failed_images_type_0_item_data
                    )

                    failed_images_type_0.append(failed_images_type_0_item)

                return failed_images_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[BulkUploadFailure] | None | Unset, data)

        failed_images = _parse_failed_images(d.pop("failed_images", UNSET))

        bulk_upload = cls(
            status=status,
            progress_percentage=progress_percentage,
            total_processed=total_processed,
            done=done,
            failed=failed,
            failed_images=failed_images,
        )

        bulk_upload.additional_properties = d
        return bulk_upload

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
