"""What a sweep compares, as values, and the file that it is read from."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast, get_args

import attrs

from bria_tailored.models import AspectRatio, StartTraining, TrainingMode
from bria_tailored_ext.batch.yaml_files import read_yaml
from bria_tailored_ext.rules.datasets import FEWEST_IMAGES
from bria_tailored_ext.rules.texts import checked_instructions, several
from bria_tailored_ext.values.errors import InvalidInputError
from bria_tailored_ext.workflows.train import check_training, mode_for

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _images(values: Iterable[str]) -> tuple[str, ...]:
    return several("images", values)


def _prompts(values: Iterable[str]) -> tuple[str, ...]:
    return several("prompts", values)


def _numbers(values: Iterable[int]) -> tuple[int, ...]:
    return tuple(values)


def _variants(values: Iterable[Variant]) -> tuple[Variant, ...]:
    return tuple(values)


@attrs.frozen(kw_only=True)
class Variant:
    """One way to train the model.

    Attributes:
        name: Letters, digits, `_`, `-` and `.`, 40 at most: it names files.
        parameters: Of the training; any of them makes it an expert's.
        instructions: Refinements of the visual schema, in order, in a clone of the dataset.
        images: The names of the dataset's images to train on, in a clone of it; empty for all.
    """

    name: str
    parameters: StartTraining = attrs.field(factory=StartTraining)
    instructions: tuple[str, ...] = attrs.field(default=(), converter=checked_instructions)
    images: tuple[str, ...] = attrs.field(default=(), converter=_images)

    def __attrs_post_init__(self) -> None:
        if not _is_text(self.name) or not _NAME.fullmatch(self.name):
            raise InvalidInputError(
                f"A variant's name is made of letters, digits, '_', '-' and '.', 40 at most; "
                f"{self.name!r} is not."
            )
        if self.images and len(set(self.images)) < FEWEST_IMAGES:
            raise InvalidInputError(
                f"Variant {self.name} names {len(set(self.images))} images; a training needs "
                f"{FEWEST_IMAGES} at least."
            )
        check_training(self.training_mode, self.parameters)

    @property
    def training_mode(self) -> TrainingMode:
        """The mode that the parameters need."""
        return mode_for(self.parameters)

    @property
    def needs_clone(self) -> bool:
        """Whether it changes the dataset, which is frozen."""
        return bool(self.instructions or self.images)


def picture_id(variant: Variant, prompt: str, seed: int) -> str:
    """What the picture of a variant, a prompt and a seed is called, in a journal and on disk."""
    return f"{variant.name}-{hashlib.sha256(prompt.encode()).hexdigest()[:8]}-s{seed}"


@attrs.frozen(kw_only=True)
class Sweep:
    """What is compared, and by which pictures.

    Attributes:
        name: What the page is called.
        dataset_id: A completed dataset.
        variants: Two or more.
        prompts: What each of them draws.
        seeds: With each of these.
        aspect_ratio: Of the pictures; Bria's own default if not given.
    """

    name: str
    dataset_id: int
    variants: tuple[Variant, ...] = attrs.field(converter=_variants)
    prompts: tuple[str, ...] = attrs.field(converter=_prompts)
    seeds: tuple[int, ...] = attrs.field(default=(1,), converter=_numbers)
    aspect_ratio: AspectRatio | None = None

    def __attrs_post_init__(self) -> None:
        names = [variant.name for variant in self.variants]
        # They name files, and not every disk tells A from a.
        if len(names) < 2 or len({name.casefold() for name in names}) < len(names):
            raise InvalidInputError(
                "A sweep compares two variants or more, each with a name of its own; it has "
                f"{', '.join(names) or 'none'}."
            )
        if not self.prompts or not all(_is_text(prompt) for prompt in self.prompts):
            raise InvalidInputError("A sweep needs prompts, each a text, and none of them empty.")
        if not self.seeds or any(type(seed) is not int for seed in self.seeds):
            raise InvalidInputError("A sweep's seeds are whole numbers, one at least.")
        for what, values in (("prompt", self.prompts), ("seed", self.seeds)):
            if len(set(values)) < len(values):
                raise InvalidInputError(f"The sweep has a {what} twice. Leave one of them out.")
        if type(self.dataset_id) is not int or not _is_text(self.name):
            raise InvalidInputError("A sweep's dataset_id is a whole number, and its name a text.")
        if self.aspect_ratio is not None and self.aspect_ratio not in get_args(AspectRatio):
            raise InvalidInputError(
                f"aspect_ratio must be one of {', '.join(get_args(AspectRatio))}; it is "
                f"{self.aspect_ratio!r}."
            )

    @property
    def pictures(self) -> int:
        """How many pictures are drawn."""
        return len(self.variants) * len(self.prompts) * len(self.seeds)

    def settings(self) -> dict[str, Any]:
        """What its trainings depend on, as JSON has it.

        Variants, prompts and seeds may be added to a sweep, and a variant that failed be replaced
        by one of another name.
        """
        variants = {
            f"variant {each.name}": {
                **attrs.asdict(each, recurse=False),
                "parameters": each.parameters.to_dict(),
            }
            for each in self.variants
        }
        return {"dataset_id": self.dataset_id, **variants}


def read_sweep(path: str | Path) -> Sweep:
    """A sweep from a YAML file with the fields of `Sweep`, variants with those of `Variant`.

    Raises:
        InvalidInputError: It cannot be read, or is no sweep; says where.
        ConfigurationError: What reads YAML is not installed.
    """
    try:
        read = read_yaml(Path(path), "A sweep")
    except OSError as error:
        raise InvalidInputError(f"{path} cannot be read: {error.strerror}.") from error
    return sweep_of(read, str(path))


def sweep_of(read: object, name: str) -> Sweep:
    """A sweep from plain data.

    Raises:
        InvalidInputError: It is none; says which field is wrong.
    """
    given = _fields(read, Sweep, name)
    listed = given.pop("variants", None)
    if not isinstance(listed, list):
        raise InvalidInputError(f"{name}: variants must be a list of variants.")
    variants = [
        _variant(each, f"{name}, variant {number}")
        for number, each in enumerate(cast("list[object]", listed), start=1)
    ]
    for field in ("prompts", "seeds"):
        if field in given and not isinstance(given[field], list):
            raise InvalidInputError(f"{name}: {field} must be a list.")
    try:
        return Sweep(variants=variants, **given)
    except TypeError as error:
        raise InvalidInputError(f"{name} lacks a field: {error}.") from error


def _variant(read: object, name: str) -> Variant:
    given = _fields(read, Variant, name)
    for field in ("instructions", "images"):
        if field in given:
            if not isinstance(given[field], list):
                raise InvalidInputError(f"{name}: {field} must be a list.")
            given[field] = [str(each) for each in cast("list[object]", given[field])]
    parameters: object = given.pop("parameters", None) or {}
    if not isinstance(parameters, dict):
        raise InvalidInputError(f"{name}: parameters must be a mapping.")
    known = {each.name for each in attrs.fields(StartTraining)} - {"additional_properties"}
    values = cast("dict[str, Any]", parameters)
    if unknown := sorted(map(str, set(values) - known)):
        raise InvalidInputError(
            f"{name}: there is no training parameter {', '.join(unknown)}. There are "
            f"{', '.join(sorted(known))}."
        )
    try:
        return Variant(parameters=StartTraining(**values), **given)
    except InvalidInputError as error:
        raise InvalidInputError(f"{name}: {error}") from error
    except TypeError as error:
        raise InvalidInputError(f"{name} lacks a field: {error}.") from error


def _fields(read: object, kind: type[attrs.AttrsInstance], name: str) -> dict[str, Any]:
    if not isinstance(read, Mapping):
        raise InvalidInputError(f"{name} must be a mapping.")
    given = dict(cast("Mapping[str, Any]", read))
    known = [each.name for each in attrs.fields(kind)]
    if unknown := sorted(map(str, set(given) - set(known))):
        raise InvalidInputError(
            f"{name} has {', '.join(unknown)} in it. It may have {', '.join(known)}."
        )
    return given
