# Generated, do not edit: make generate
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.learning_rate_scheduler import LearningRateScheduler, check_learning_rate_scheduler
from ..types import UNSET, Unset

T = TypeVar("T", bound="StartTraining")


@_attrs_define
class StartTraining:
    lr_scheduler: LearningRateScheduler | Unset = UNSET
    learning_rate: float | Unset = UNSET
    """ The initial learning rate. Default is 0.0001. """
    total_training_steps: int | Unset = UNSET
    """ The total number of training optimization steps. Default is 750. """
    rank: int | Unset = UNSET
    """ The rank (latent dimension). Default is 128. """
    checkpoint_interval: int | Unset = UNSET
    """ The interval (in steps) at which model checkpoints are saved. Default is 500. """
    lr_warmup_steps: int | Unset = UNSET
    """ Number of warmup steps for the learning rate scheduler.
    Relevant only when `lr_scheduler` is set to `constant_with_warmup`.
    Bria's default: 100. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        lr_scheduler: str | Unset = UNSET
        if not isinstance(self.lr_scheduler, Unset):
            lr_scheduler = self.lr_scheduler

        learning_rate = self.learning_rate

        total_training_steps = self.total_training_steps

        rank = self.rank

        checkpoint_interval = self.checkpoint_interval

        lr_warmup_steps = self.lr_warmup_steps

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if lr_scheduler is not UNSET:
            field_dict["lr_scheduler"] = lr_scheduler
        if learning_rate is not UNSET:
            field_dict["learning_rate"] = learning_rate
        if total_training_steps is not UNSET:
            field_dict["total_training_steps"] = total_training_steps
        if rank is not UNSET:
            field_dict["rank"] = rank
        if checkpoint_interval is not UNSET:
            field_dict["checkpoint_interval"] = checkpoint_interval
        if lr_warmup_steps is not UNSET:
            field_dict["lr_warmup_steps"] = lr_warmup_steps

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        _lr_scheduler = d.pop("lr_scheduler", UNSET)
        lr_scheduler: LearningRateScheduler | Unset
        if isinstance(_lr_scheduler, Unset):
            lr_scheduler = UNSET
        else:
            lr_scheduler = check_learning_rate_scheduler(_lr_scheduler)

        learning_rate = d.pop("learning_rate", UNSET)

        total_training_steps = d.pop("total_training_steps", UNSET)

        rank = d.pop("rank", UNSET)

        checkpoint_interval = d.pop("checkpoint_interval", UNSET)

        lr_warmup_steps = d.pop("lr_warmup_steps", UNSET)

        start_training = cls(
            lr_scheduler=lr_scheduler,
            learning_rate=learning_rate,
            total_training_steps=total_training_steps,
            rank=rank,
            checkpoint_interval=checkpoint_interval,
            lr_warmup_steps=lr_warmup_steps,
        )

        start_training.additional_properties = d
        return start_training

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
