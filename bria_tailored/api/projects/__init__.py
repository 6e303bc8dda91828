# Generated, do not edit: make generate
"""The operations tagged Projects."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from ...client import AuthenticatedClient
    from ...models.create_project import CreateProject
    from ...models.project import Project
    from ...models.update_project import UpdateProject


class Projects:
    """The operations tagged Projects, as methods that return the documented answer or raise."""

    def __init__(self, client: AuthenticatedClient) -> None:
        self._client = client

    async def get_projects(
        self,
    ) -> list[Project]:
        """Get Projects

        Retrieve all projects within the organization. If there are no projects, returns an empty
        array.

        `GET /v1/tailored-gen/projects`
        """
        from . import get_projects

        return cast(
            "list[Project]",
            self._client.unwrap(
                await get_projects.asyncio_detailed(
                    client=self._client,
                )
            ),
        )

    async def create_project(
        self,
        *,
        body: CreateProject,
    ) -> Project:
        """Create Project

        Create a new project within the organization.

        The following IP types are supported:

        **Defined Character**
        A specific character that maintains consistent identity and unique traits while being
        reproduced in different poses, situations, and actions.

        Medium: Photography

        <img
        src="https://bria-datasets.s3.us-east-1.amazonaws.com/api_doc/tailored_gen/photogrpahy_dog.png"
        alt="Example of defined character in different poses, photography medium" />

        Medium: Illustration

        <img
        src="https://bria-datasets.s3.us-east-1.amazonaws.com/api_doc/tailored_gen/defined_character.png"
        alt="Example of defined character in different poses, illustrative medium" />

        **Stylized Scene**
        Complete environments or scenes created with a consistent visual style, look, and feel.

        Medium: Photography

        <img
        src="https://bria-datasets.s3.us-east-1.amazonaws.com/api_doc/tailored_gen/photogrpahy_scene.png"
        alt="Example of stylized scene, photography medium" />

        Medium: Illustration

        <img
        src="https://bria-datasets.s3.us-east-1.amazonaws.com/api_doc/tailored_gen/stylized_scene.png"
        alt="Example of stylized scene, illustrative medium" />

        **Multi-Object Set**
        A collection of different objects sharing a common style, design language, or color scheme.
        Objects are typically isolated on solid backgrounds.
        <img
        src="https://bria-datasets.s3.us-east-1.amazonaws.com/api_doc/tailored_gen/multi_object_set.png"
        alt="Example of multi-object set" />

        **Object Variants**
        Multiple variations of the same object type, maintaining consistent style and structure
        while showing different interpretations. Objects are typically isolated on solid
        backgrounds.
        <img
        src="https://bria-datasets.s3.us-east-1.amazonaws.com/api_doc/tailored_gen/object_variants.png"
        alt="Example of object variants" />

        **Icons**
        A collection of cohesive, small-scale illustrations or symbols designed to represent
        concepts, actions, or objects in interfaces and applications.
        <img src="https://bria-datasets.s3.us-east-1.amazonaws.com/api_doc/tailored_gen/icons.png"
        alt="Example of icon set" />

        **Character Variants**
        Multiple characters sharing the same fundamental structure, style, and color palette,
        allowing creation of new characters that fit within the established design system.
        <img
        src="https://bria-datasets.s3.us-east-1.amazonaws.com/api_doc/tailored_gen/character_variants.png"
        alt="Example of character variants" />

        `POST /v1/tailored-gen/projects`

        Args:
            body: A `CreateProject`.
        """
        from . import create_project

        return cast(
            "Project",
            self._client.unwrap(
                await create_project.asyncio_detailed(
                    body=body,
                    client=self._client,
                )
            ),
        )

    async def get_project_by_id(
        self,
        project_id: int,
    ) -> Project:
        """Get Project by ID

        Retrieve full project information.

        `GET /v1/tailored-gen/projects/{project_id}`

        Args:
            project_id: The project's id.
        """
        from . import get_project_by_id

        return cast(
            "Project",
            self._client.unwrap(
                await get_project_by_id.asyncio_detailed(
                    project_id=project_id,
                    client=self._client,
                )
            ),
        )

    async def update_project(
        self,
        project_id: int,
        *,
        body: UpdateProject,
    ) -> Project:
        """Update Project

        Update a specific project.

        `PUT /v1/tailored-gen/projects/{project_id}`

        Args:
            project_id: The project's id.
            body: A `UpdateProject`.
        """
        from . import update_project

        return cast(
            "Project",
            self._client.unwrap(
                await update_project.asyncio_detailed(
                    project_id=project_id,
                    body=body,
                    client=self._client,
                )
            ),
        )

    async def delete_project(
        self,
        project_id: int,
    ) -> None:
        """Delete Project

        Permanently delete a project and all its associated resources, including all datasets,
        images, and models. This action cannot be undone. Training models must be stopped before
        deletion.

        `DELETE /v1/tailored-gen/projects/{project_id}`

        Args:
            project_id: The project's id.
        """
        from . import delete_project

        return cast(
            "None",
            self._client.unwrap(
                await delete_project.asyncio_detailed(
                    project_id=project_id,
                    client=self._client,
                )
            ),
        )


__all__ = ["Projects"]
