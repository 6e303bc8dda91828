# Generated, do not edit: make generate
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="RestylePortraitRequest")


@_attrs_define
class RestylePortraitRequest:
    """A portrait to restyle. Give `id_image_url` or `id_image_file`. No ranges are documented."""

    tailored_model_id: int | str
    """ The tailored model whose style to take. Documented as a string; Bria's own ComfyUI nodes send an integer:
    both are accepted. """
    id_image_url: str | Unset = UNSET
    """ The public URL of the portrait, a jpeg, jpg, png or webp. If both are given, this one is used. """
    id_image_file: str | Unset = UNSET
    """ Raw base64, without a `data:` prefix: the portrait, a jpeg, jpg, png or webp. Used if `id_image_url` is not
    given. """
    tailored_checkpoint_step: int | Unset = UNSET
    """ The checkpoint of the model to use, for a model trained in expert mode. """
    tailored_model_influence: float | Unset = UNSET
    """ How much weight the tailored model has. Lower it if the model was trained on few or similar images. Bria's
    default: 0.9. """
    id_strength: float | Unset = UNSET
    """ How strongly to keep the person's identity. Bria's default: 0.7. """
    steps_num: int | Unset = UNSET
    """ How many refinement steps. The references give no default. """
    enhance_image: bool | Unset = UNSET
    """ Whether to add detail and sharpness, at some cost in time. The references give no default. """
    content_moderation: bool | Unset = UNSET
    """ Whether to check the images that are sent and those that are made. The first input image that fails ends the
    whole request with 422. Bria's default: false. """
    seed: int | Unset = UNSET
    """ Repeats an earlier result. Without it, the result is random. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        tailored_model_id: int | str
        tailored_model_id = self.tailored_model_id

        id_image_url = self.id_image_url

        id_image_file = self.id_image_file

        tailored_checkpoint_step = self.tailored_checkpoint_step

        tailored_model_influence = self.tailored_model_influence

        id_strength = self.id_strength

        steps_num = self.steps_num

        enhance_image = self.enhance_image

        content_moderation = self.content_moderation

        seed = self.seed

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "tailored_model_id": tailored_model_id,
            }
        )
        if id_image_url is not UNSET:
            field_dict["id_image_url"] = id_image_url
        if id_image_file is not UNSET:
            field_dict["id_image_file"] = id_image_file
        if tailored_checkpoint_step is not UNSET:
            field_dict["tailored_checkpoint_step"] = tailored_checkpoint_step
        if tailored_model_influence is not UNSET:
            field_dict["tailored_model_influence"] = tailored_model_influence
        if id_strength is not UNSET:
            field_dict["id_strength"] = id_strength
        if steps_num is not UNSET:
            field_dict["steps_num"] = steps_num
        if enhance_image is not UNSET:
            field_dict["enhance_image"] = enhance_image
        if content_moderation is not UNSET:
            field_dict["content_moderation"] = content_moderation
        if seed is not UNSET:
            field_dict["seed"] = seed

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_tailored_model_id(data: object) -> int | str:
            return cast(int | str, data)

        tailored_model_id = _parse_tailored_model_id(d.pop("tailored_model_id"))

        id_image_url = d.pop("id_image_url", UNSET)

        id_image_file = d.pop("id_image_file", UNSET)

        tailored_checkpoint_step = d.pop("tailored_checkpoint_step", UNSET)

        tailored_model_influence = d.pop("tailored_model_influence", UNSET)

        id_strength = d.pop("id_strength", UNSET)

        steps_num = d.pop("steps_num", UNSET)

        enhance_image = d.pop("enhance_image", UNSET)

        content_moderation = d.pop("content_moderation", UNSET)

        seed = d.pop("seed", UNSET)

        restyle_portrait_request = cls(
            tailored_model_id=tailored_model_id,
            id_image_url=id_image_url,
            id_image_file=id_image_file,
            tailored_checkpoint_step=tailored_checkpoint_step,
            tailored_model_influence=tailored_model_influence,
            id_strength=id_strength,
            steps_num=steps_num,
            enhance_image=enhance_image,
            content_moderation=content_moderation,
            seed=seed,
        )

        restyle_portrait_request.additional_properties = d
        return restyle_portrait_request

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
