"""What is put into the sandbox without the long way through its operations."""

import json
from collections.abc import Mapping
from typing import Any

import attrs

from bria_tailored_ext.sandbox.dataset_rules import NewDataset
from bria_tailored_ext.sandbox.datasets import Datasets
from bria_tailored_ext.sandbox.models import Models
from bria_tailored_ext.sandbox.project_rules import new_project
from bria_tailored_ext.sandbox.projects import Projects
from bria_tailored_ext.sandbox.records import Training
from bria_tailored_ext.sandbox.state import State
from bria_tailored_ext.sandbox.training_rules import NewModel


def furnish_model(state: State, *, name: str, visual_schema: Mapping[str, Any]) -> int:
    """Put in a trained model with its project and its dataset, and give its id."""
    with state.lock:
        datasets = Datasets(state)
        projects = Projects(state, datasets)
        project = projects.create(
            new_project(
                {"project_name": name, "ip_medium": "illustration", "ip_type": "stylized_scene"}
            )
        )
        dataset = datasets.create(
            NewDataset(project_id=project.id, name=name, upload_type="basic")
        ).dataset
        state.datasets[dataset.id] = attrs.evolve(
            dataset, completed=True, visual_schema=json.dumps(dict(visual_schema))
        )
        model = Models(state, projects).create(
            NewModel(
                name=name, dataset_id=dataset.id, training_mode="fully_automated", description=""
            )
        )
        now = state.clock.now()
        trained = Training(
            job_id=state.next_number("training"), parameters=None, started_at=now, ends_at=now
        )
        state.models[model.id] = attrs.evolve(model, visual_schema=visual_schema, training=trained)
        return model.id
