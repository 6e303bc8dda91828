"""What `tailor` is asked for, what it would do, and what it has done, as values."""

from __future__ import annotations

from typing import Any, Literal, get_args

import attrs

from bria_tailored.models import IpMedium, IpType, Model, StartTraining, TrainingMode
from bria_tailored_ext.rules.projects import check_project
from bria_tailored_ext.rules.texts import checked_instructions
from bria_tailored_ext.workflows.train import check_training, mode_for

Step = Literal[
    "project", "dataset", "identity", "upload", "captions", "completion", "model", "training"
]
STEPS: tuple[Step, ...] = get_args(Step)


@attrs.frozen(kw_only=True)
class Tailoring:
    """What a model is to be made of.

    Attributes:
        name: Of the project, the dataset and the model.
        ip_type: The type of the IP.
        ip_medium: Its medium.
        ip_name: The name of a `defined_character`, 1 to 3 words.
        ip_description: What sets a `defined_character` or `object_variants` apart, 1 to 6 words.
        instructions: Refinements of the visual schema, in order.
        parameters: Of the training; any of them makes it an expert's.

    Raises:
        InvalidInputError: One of them breaks a rule of Bria's. Source: create-project and
            start-training in Bria's document.
    """

    name: str
    ip_type: IpType
    ip_medium: IpMedium
    ip_name: str | None = None
    ip_description: str | None = None
    instructions: tuple[str, ...] = attrs.field(default=(), converter=checked_instructions)
    parameters: StartTraining = attrs.field(factory=StartTraining)

    def __attrs_post_init__(self) -> None:
        check_project(
            name=self.name,
            ip_type=self.ip_type,
            ip_medium=self.ip_medium,
            ip_name=self.ip_name,
            ip_description=self.ip_description,
            types=get_args(IpType),
            media=get_args(IpMedium),
        )
        check_training(self.training_mode, self.parameters)

    @property
    def training_mode(self) -> TrainingMode:
        """The mode that the parameters need."""
        return mode_for(self.parameters)

    def settings(self) -> dict[str, Any]:
        """All of it, as JSON has it."""
        return {**attrs.asdict(self, recurse=False), "parameters": self.parameters.to_dict()}


@attrs.frozen(kw_only=True)
class PlannedStep:
    """One step of the road.

    Attributes:
        step: Its name.
        told: What it does, in a sentence.
        billed: How many calls of it Bria bills, that are not made yet.
        is_done: Whether a former run has done it.
    """

    step: Step
    told: str
    billed: int = 0
    is_done: bool = False


@attrs.frozen(kw_only=True)
class TailoringPlan:
    """What `tailor` would do, and what of it costs money.

    Attributes:
        tailoring: What is asked for.
        pictures: How many there are.
        steps: In their order.
    """

    tailoring: Tailoring
    pictures: int
    steps: tuple[PlannedStep, ...]

    @property
    def billed(self) -> int:
        """Calls that Bria would bill."""
        return sum(each.billed for each in self.steps)


@attrs.frozen(kw_only=True)
class TailoringProgress:
    """Something that has happened on the road.

    Attributes:
        step: Where.
        told: What, in a sentence.
        done: How much of the step is done; `None` where it is not counted.
        total: Of how much.
        is_done: Whether the step is done.
    """

    step: Step
    told: str
    done: int | None = None
    total: int | None = None
    is_done: bool = False


@attrs.frozen(kw_only=True)
class Tailored:
    """A trained model and what it was made in.

    Attributes:
        project_id: The project.
        dataset_id: The dataset, which is frozen now.
        schema: Its visual schema, as the string that Bria has.
        model: The trained model.
    """

    project_id: int
    dataset_id: int
    schema: str
    model: Model

    @property
    def model_id(self) -> int:
        """What `ImageRequest(tailored_model_id=...)` takes, as text."""
        return self.model.id


def plan_steps(
    tailoring: Tailoring,
    pictures: int,
    done: frozenset[str],
    refined: int,
    *,
    is_training: bool = False,
) -> tuple[PlannedStep, ...]:
    """The steps of the road.

    Args:
        tailoring: What is asked for.
        pictures: How many there are.
        done: The steps that a former run has done.
        refined: How many paid calls of the identity it has done.
        is_training: Whether it has started the training.
    """
    wishes = len(tailoring.instructions)
    told: dict[Step, tuple[str, int]] = {
        "project": (f"Create the project “{tailoring.name}”.", 0),
        "dataset": ("Create its dataset.", 0),
        "identity": (
            "Generate its visual schema" + (f" and refine it {wishes} times." if wishes else "."),
            1 + wishes - refined,
        ),
        "upload": (f"Upload {pictures} pictures.", 0),
        "captions": ("Wait for the captions, and check them.", 0),
        "completion": ("Complete the dataset: it is frozen from then on.", 0),
        "model": (f"Create a model ({tailoring.training_mode}).", 0),
        "training": ("Train it: 2 to 6 hours at Bria.", 1),
    }
    if is_training:
        told["training"] = ("Wait for its training, which was started and is billed already.", 0)
    return tuple(
        PlannedStep(
            step=step,
            told=sentence,
            billed=0 if step in done else billed,
            is_done=step in done,
        )
        for step, (sentence, billed) in told.items()
    )
