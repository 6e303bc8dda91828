# Generated, do not edit: make generate
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="TrainingParameters")


@_attrs_define
class TrainingParameters:
    """The training parameters used for the model."""

    learning_rate: float | None | Unset = UNSET
    lr_scheduler: None | str | Unset = UNSET
    rank: int | None | Unset = UNSET
    total_training_steps: int | None | Unset = UNSET
    checkpoint_interval: int | None | Unset = UNSET
    lr_warmup_steps: int | None | Unset = UNSET
    """ Number of warmup steps used. Value is an integer if `lr_scheduler` is `constant_with_warmup`, otherwise
    `null`.
     """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        learning_rate: float | None | Unset
        if isinstance(self.learning_rate, Unset):
            learning_rate = UNSET
        else:
            learning_rate = self.learning_rate

        lr_scheduler: None | str | Unset
        if isinstance(self.lr_scheduler, Unset):
            lr_scheduler = UNSET
        else:
            lr_scheduler = self.lr_scheduler

        rank: int | None | Unset
        if isinstance(self.rank, Unset):
            rank = UNSET
        else:
            rank = self.rank

        total_training_steps: int | None | Unset
        if isinstance(self.total_training_steps, Unset):
            total_training_steps = UNSET
        else:
            total_training_steps = self.total_training_steps

        checkpoint_interval: int | None | Unset
        if isinstance(self.checkpoint_interval, Unset):
            checkpoint_interval = UNSET
        else:
            checkpoint_interval = self.checkpoint_interval

        lr_warmup_steps: int | None | Unset
        if isinstance(self.lr_warmup_steps, Unset):
            lr_warmup_steps = UNSET
        else:
            lr_warmup_steps = self.lr_warmup_steps

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if learning_rate is not UNSET:
            field_dict["learning_rate"] = learning_rate
        if lr_scheduler is not UNSET:
            field_dict["lr_scheduler"] = lr_scheduler
        if rank is not UNSET:
            field_dict["rank"] = rank
        if total_training_steps is not UNSET:
            field_dict["total_training_steps"] = total_training_steps
        if checkpoint_interval is not UNSET:
            field_dict["checkpoint_interval"] = checkpoint_interval
        if lr_warmup_steps is not UNSET:
            field_dict["lr_warmup_steps"] = lr_warmup_steps

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_learning_rate(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        learning_rate = _parse_learning_rate(d.pop("learning_rate", UNSET))

        def _parse_lr_scheduler(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        lr_scheduler = _parse_lr_scheduler(d.pop("lr_scheduler", UNSET))

        def _parse_rank(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        rank = _parse_rank(d.pop("rank", UNSET))

        def _parse_total_training_steps(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        total_training_steps = _parse_total_training_steps(d.pop("total_training_steps", UNSET))

        def _parse_checkpoint_interval(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        checkpoint_interval = _parse_checkpoint_interval(d.pop("checkpoint_interval", UNSET))

        def _parse_lr_warmup_steps(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        lr_warmup_steps = _parse_lr_warmup_steps(d.pop("lr_warmup_steps", UNSET))

        training_parameters = cls(
            learning_rate=learning_rate,
            lr_scheduler=lr_scheduler,
            rank=rank,
            total_training_steps=total_training_steps,
            checkpoint_interval=checkpoint_interval,
            lr_warmup_steps=lr_warmup_steps,
        )

        training_parameters.additional_properties = d
        return training_parameters

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
