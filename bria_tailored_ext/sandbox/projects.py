"""What can be done with projects."""

from collections.abc import Mapping
from typing import Any

import attrs

from bria_tailored_ext.sandbox import progress
from bria_tailored_ext.sandbox.datasets import Datasets
from bria_tailored_ext.sandbox.project_rules import NewProject
from bria_tailored_ext.sandbox.records import Project
from bria_tailored_ext.sandbox.refusal import message
from bria_tailored_ext.sandbox.state import State, locked


@attrs.frozen
class Projects:
    """The operations on projects."""

    state: State
    datasets: Datasets

    @locked
    def create(self, asked: NewProject) -> Project:
        """Make a project."""
        now = self.state.clock.now()
        project = Project(
            id=self.state.next_number("project"),
            **attrs.asdict(asked),
            created_at=now,
            updated_at=now,
        )
        self.state.projects[project.id] = project
        return project

    @locked
    def all(self) -> tuple[Project, ...]:
        """List every project."""
        return tuple(self.state.projects.values())

    @locked
    def get(self, project_id: int) -> Project:
        """Find one project; 404 otherwise."""
        return self.state.project(project_id)

    @locked
    def update(self, project_id: int, changes: Mapping[str, Any]) -> Project:
        """Change the texts of a project."""
        project = attrs.evolve(
            self.state.project(project_id), **changes, updated_at=self.state.clock.now()
        )
        self.state.projects[project_id] = project
        return project

    @locked
    def delete(self, project_id: int) -> None:
        """Delete a project with its datasets, images and models.

        Raises:
            Refusal: 409 while one of its models is in training.
        """
        self.state.project(project_id)
        now = self.state.clock.now()
        models = [m for m in self.state.models.values() if m.project_id == project_id]
        if any(progress.in_training(model, now) for model in models):
            raise message(409, "Cannot delete project while models are in training")
        for model in models:
            del self.state.models[model.id]
        for dataset in list(self.state.datasets.values()):
            if dataset.project_id == project_id:
                self.datasets.delete(dataset.id)
        del self.state.projects[project_id]
