# Generated, do not edit: make generate
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="VideoRequest")


@_attrs_define
class VideoRequest:
    tailored_model_id: str
    """ The ID of the tailored model that generated the input image. """
    image: str
    """ Publicly accessible URL or base64 string of the source image. """
    seed: int | Unset = UNSET
    """ Optional seed for reproducible results. """
    webhook_url: str | Unset = UNSET
    """ Where Bria sends the outcome, so that nobody has to poll for it. Asynchronous requests only.

    One POST once the job is final, with the same body as the status answer. Answer 2xx within
    10 seconds; otherwise Bria tries again, up to 5 attempts over about 45 minutes. Delivery is at
    least once and in no order: expect repeats, and tell them apart by `Bria-Webhook-Id`.

    Three headers sign the delivery: `Bria-Webhook-Id` (the request id), `Bria-Webhook-Timestamp`
    (unix seconds) and `Bria-Webhook-Signature` (comma-separated `v1=<base64>`; one match is
    enough). Check them before believing the body.

    Source: https://docs.bria.ai/webhooks
     """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        tailored_model_id = self.tailored_model_id

        image = self.image

        seed = self.seed

        webhook_url = self.webhook_url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "tailored_model_id": tailored_model_id,
                "image": image,
            }
        )
        if seed is not UNSET:
            field_dict["seed"] = seed
        if webhook_url is not UNSET:
            field_dict["webhook_url"] = webhook_url

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        tailored_model_id = d.pop("tailored_model_id")

        image = d.pop("image")

        seed = d.pop("seed", UNSET)

        webhook_url = d.pop("webhook_url", UNSET)

        video_request = cls(
            tailored_model_id=tailored_model_id,
            image=image,
            seed=seed,
            webhook_url=webhook_url,
        )

        video_request.additional_properties = d
        return video_request

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
