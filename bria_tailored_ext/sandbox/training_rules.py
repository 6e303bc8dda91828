"""The rules for models and their training."""

from collections.abc import Mapping
from typing import Final

import attrs

from bria_tailored_ext.sandbox.fields import Fields
from bria_tailored_ext.sandbox.project_rules import NewProject, new_project
from bria_tailored_ext.sandbox.records import TrainingParameters
from bria_tailored_ext.sandbox.refusal import field_errors, message

PARAMETERS: Final = (
    "lr_scheduler",
    "learning_rate",
    "total_training_steps",
    "rank",
    "checkpoint_interval",
    "lr_warmup_steps",
)
# Source: `POST /tailored-gen/models/{model_id}/start_training`, word for word.
EXPERT_ONLY: Final = (
    "Advanced training parameters are only supported when training_mode is set to 'expert'."
)


@attrs.frozen(kw_only=True)
class NewModel:
    """A checked request for a model."""

    name: str
    dataset_id: int
    training_mode: str
    description: str


@attrs.frozen(kw_only=True)
class ModelUpload:
    """A checked request to take in a ready-made model."""

    model_url: str
    model_name: str
    project_id: int | None
    project: NewProject | None
    """The project to be made for it when no `project_id` is given."""


def new_model(body: Mapping[str, object]) -> NewModel:
    """Check the body of create-model.

    Raises:
        Refusal: 400 `{"errors": [...]}`.
    """
    fields = Fields(body)
    asked = NewModel(
        name=fields.filled("name"),
        dataset_id=fields.whole("dataset_id") or 0,
        training_mode=fields.text("training_mode") or "fully_automated",
        description=fields.text("description") or "",
    )
    if fields.problems:
        raise field_errors(fields.problems)
    return asked


def model_changes(body: Mapping[str, object]) -> dict[str, str]:
    """Check the body of update-model and give what it changes.

    Raises:
        Refusal: 400 `{"errors": [...]}`.
    """
    fields = Fields(body)
    if fields.has("name"):
        fields.filled("name")
    asked = {name: fields.text(name) for name in ("name", "description")}
    if fields.problems:
        raise field_errors(fields.problems)
    return {name: value for name, value in asked.items() if value is not None}


def training_parameters(
    body: Mapping[str, object], *, training_mode: str
) -> TrainingParameters | None:
    """Check the body of start_training and fill in Bria's defaults.

    Args:
        body: Any parameter in it needs the expert mode.
        training_mode: The model's.

    Returns:
        What an expert trains with; `None` in the fully automated mode.

    Raises:
        Refusal: 400 `{"message": ...}` for parameters outside the expert mode.
            Source: `POST /tailored-gen/models/{model_id}/start_training`.
    """
    fields = Fields(body)
    if training_mode != "expert":
        if any(fields.has(name) for name in PARAMETERS):
            raise message(400, EXPERT_ONLY)
        return None
    scheduler = fields.text("lr_scheduler") or "constant_with_warmup"
    warmup = fields.whole("lr_warmup_steps")
    rate = fields.number("learning_rate")
    warms_up = scheduler == "constant_with_warmup"
    return TrainingParameters(
        learning_rate=0.0001 if rate is None else rate,
        lr_scheduler=scheduler,
        rank=fields.whole("rank") or 128,
        total_training_steps=fields.whole("total_training_steps") or 750,
        checkpoint_interval=fields.whole("checkpoint_interval") or 500,
        lr_warmup_steps=(100 if warmup is None else warmup) if warms_up else None,
    )


def model_upload(body: Mapping[str, object]) -> ModelUpload:
    """Check the body of upload_model.

    Raises:
        Refusal: 400 `{"errors": [...]}`; 415 unless the URL names a .safetensors file.
            Source: `POST /tailored-gen/models/upload_model`.
    """
    fields = Fields(body)
    model_url = fields.filled("model_url")
    name = fields.text("model_name")
    project_id = fields.whole("project_id")
    parameters = fields.mapping("project_parameters")
    if project_id is None and not parameters and not fields.problems:
        fields.refuse("project_parameters", "Field required without project_id")
    if fields.problems:
        raise field_errors(fields.problems)
    if not model_url.split("?")[0].endswith(".safetensors"):
        raise message(415, "Model must be in .safetensors format")
    return ModelUpload(
        model_url=model_url,
        model_name=name or model_url.split("?")[0].rsplit("/", 1)[-1],
        project_id=project_id,
        project=None if project_id is not None else new_project({"ip_type": "other", **parameters}),
    )
