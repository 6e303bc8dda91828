# Generated, do not edit: make generate
"""The operations tagged Models."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ...types import UNSET, Unset

if TYPE_CHECKING:
    from ...client import AuthenticatedClient
    from ...models.checkpoint import Checkpoint
    from ...models.checkpoint_list import CheckpointList
    from ...models.create_model import CreateModel
    from ...models.model import Model
    from ...models.model_download import ModelDownload
    from ...models.start_training import StartTraining
    from ...models.update_model import UpdateModel
    from ...models.upload_model import UploadModel


class Models:
    """The operations tagged Models, as methods that return the documented answer or raise."""

    def __init__(self, client: AuthenticatedClient) -> None:
        self._client = client

    async def get_models(
        self,
        *,
        include_training_parameters: bool | Unset = UNSET,
    ) -> list[Model]:
        """Get Models

        Retrieve a list of models. If there are no models, an empty array is returned.

        `GET /v1/tailored-gen/models`

        Args:
            include_training_parameters: If true, includes detailed training parameters and checkpoint steps in the response.
                Bria's default: false.
        """
        from . import get_models

        return cast(
            "list[Model]",
            self._client.unwrap(
                await get_models.asyncio_detailed(
                    include_training_parameters=include_training_parameters,
                    client=self._client,
                )
            ),
        )

    async def create_model(
        self,
        *,
        body: CreateModel,
    ) -> Model:
        """Create Model

        Create a new model linked to a completed dataset.

        `POST /v1/tailored-gen/models`

        Args:
            body: A `CreateModel`.
        """
        from . import create_model

        return cast(
            "Model",
            self._client.unwrap(
                await create_model.asyncio_detailed(
                    body=body,
                    client=self._client,
                )
            ),
        )

    async def get_models_by_project(
        self,
        project_id: int,
        *,
        include_training_parameters: bool | Unset = UNSET,
    ) -> list[Model]:
        """Get Models by Project

        Retrieve all models for a project. If there are no models, an empty array is returned.

        `GET /v1/tailored-gen/projects/{project_id}/models`

        Args:
            project_id: Project ID
            include_training_parameters: If true, includes detailed training parameters and checkpoint steps in the response.
                Bria's default: false.
        """
        from . import get_models_by_project

        return cast(
            "list[Model]",
            self._client.unwrap(
                await get_models_by_project.asyncio_detailed(
                    project_id=project_id,
                    include_training_parameters=include_training_parameters,
                    client=self._client,
                )
            ),
        )

    async def get_model(
        self,
        model_id: int,
    ) -> Model:
        """Get Model by ID

        Retrieve full model information including name, description, status, training mode, project
        ID, dataset ID, and timestamps.

        `GET /v1/tailored-gen/models/{model_id}`

        Args:
            model_id: Model ID
        """
        from . import get_model

        return cast(
            "Model",
            self._client.unwrap(
                await get_model.asyncio_detailed(
                    model_id=model_id,
                    client=self._client,
                )
            ),
        )

    async def update_model(
        self,
        model_id: int,
        *,
        body: UpdateModel,
    ) -> Model:
        """Update Model

        Update a model's name and description. Other model attributes cannot be modified after
        creation.

        `PUT /v1/tailored-gen/models/{model_id}`

        Args:
            model_id: Model ID
            body: A `UpdateModel`.
        """
        from . import update_model

        return cast(
            "Model",
            self._client.unwrap(
                await update_model.asyncio_detailed(
                    model_id=model_id,
                    body=body,
                    client=self._client,
                )
            ),
        )

    async def delete_model(
        self,
        model_id: int,
    ) -> None:
        """Delete Model

        Delete a specific model. Changes status to Deleted.

        `DELETE /v1/tailored-gen/models/{model_id}`

        Args:
            model_id: Model ID
        """
        from . import delete_model

        return cast(
            "None",
            self._client.unwrap(
                await delete_model.asyncio_detailed(
                    model_id=model_id,
                    client=self._client,
                )
            ),
        )

    async def start_training(
        self,
        model_id: int,
        *,
        body: StartTraining,
    ) -> Model:
        """Start Training

        Start model training. Training duration is typically 2-4 hours.
        The associated dataset must have a status of 'completed' before training can begin.

        If parameters are not provided, optimal default values are automatically selected based on
        the dataset.

        **Default Training Parameters:**
        * `rank`: 128
        * `learning_rate`: 0.0001
        * `lr_scheduler`: "constant_with_warmup"
        * `total_training_steps`: 750
        * `checkpoint_interval`: 500

        **Constraints:**
        * Advanced training parameters are only supported when the model's `training_mode` is set to
        'expert'.

        `POST /v1/tailored-gen/models/{model_id}/start_training`

        Args:
            model_id: Model ID
            body: A `StartTraining`.
        """
        from . import start_training

        return cast(
            "Model",
            self._client.unwrap(
                await start_training.asyncio_detailed(
                    model_id=model_id,
                    body=body,
                    client=self._client,
                )
            ),
        )

    async def stop_training(
        self,
        model_id: int,
    ) -> None:
        """Stop Training

        Stop an ongoing model training process. Once stopped, training cannot be resumed - a new
        model would need to be created and trained.

        `POST /v1/tailored-gen/models/{model_id}/stop_training`

        Args:
            model_id: Model ID
        """
        from . import stop_training

        return cast(
            "None",
            self._client.unwrap(
                await stop_training.asyncio_detailed(
                    model_id=model_id,
                    client=self._client,
                )
            ),
        )

    async def list_checkpoints(
        self,
        model_id: int,
    ) -> CheckpointList:
        """List Checkpoints

        Retrieve a list of all available checkpoints for a model. This is only available for models
        trained in `expert` mode.

        `GET /v1/tailored-gen/models/{model_id}/checkpoints`

        Args:
            model_id: The ID of the model to list checkpoints for.
        """
        from . import list_checkpoints

        return cast(
            "CheckpointList",
            self._client.unwrap(
                await list_checkpoints.asyncio_detailed(
                    model_id=model_id,
                    client=self._client,
                )
            ),
        )

    async def get_checkpoint(
        self,
        model_id: int,
        checkpoint_step: int,
    ) -> Checkpoint:
        """Get Specific Checkpoint

        Retrieve details for a specific model checkpoint by its step number.

        `GET /v1/tailored-gen/models/{model_id}/checkpoints/{checkpoint_step}`

        Args:
            model_id: The ID of the model.
            checkpoint_step: The training step number of the checkpoint.
        """
        from . import get_checkpoint

        return cast(
            "Checkpoint",
            self._client.unwrap(
                await get_checkpoint.asyncio_detailed(
                    model_id=model_id,
                    checkpoint_step=checkpoint_step,
                    client=self._client,
                )
            ),
        )

    async def delete_checkpoint(
        self,
        model_id: int,
        checkpoint_step: int,
    ) -> None:
        """Delete Checkpoint

        Permanently delete a specific model checkpoint. Deletion is not allowed if the checkpoint is
        currently selected for inference.

        `DELETE /v1/tailored-gen/models/{model_id}/checkpoints/{checkpoint_step}`

        Args:
            model_id: The ID of the model.
            checkpoint_step: The training step number of the checkpoint to delete.
        """
        from . import delete_checkpoint

        return cast(
            "None",
            self._client.unwrap(
                await delete_checkpoint.asyncio_detailed(
                    model_id=model_id,
                    checkpoint_step=checkpoint_step,
                    client=self._client,
                )
            ),
        )

    async def download_tailored_model(
        self,
        model_id: int,
    ) -> ModelDownload:
        """Download Tailored Model

        Download a trained tailored generation model after completing the training process.
        The response includes a pre-signed URL for downloading the model and details about the base
        model used.

        To use the tailored model source code, access to the base model source code is required.
        The base model source code is exclusively available through Bria's **Source Code and
        Weights** product.
        For more information or to gain access, contact us at **info@bria.ai**.

        `GET /v1/tailored-gen/models/{model_id}/download`

        Args:
            model_id: The unique identifier of the tailored model.
        """
        from . import download_tailored_model

        return cast(
            "ModelDownload",
            self._client.unwrap(
                await download_tailored_model.asyncio_detailed(
                    model_id=model_id,
                    client=self._client,
                )
            ),
        )

    async def upload_model(
        self,
        *,
        body: UploadModel,
    ) -> Model:
        """Upload Model

        Upload a pre-trained tailored model to Bria's infrastructure and run it within Bria's
        ecosystem.

        Model must be in .safetensors format. Maximum model size supported is 3GB.

        You can check the model's status using the
        [`/tailored-gen/models/{model_id}`](https://docs.bria.ai/tailored-generation/endpoints/get-model)
        endpoint. Potential statuses are: "syncing" or "completed".

        `POST /v1/tailored-gen/models/upload_model`

        Args:
            body: A `UploadModel`.
        """
        from . import upload_model

        return cast(
            "Model",
            self._client.unwrap(
                await upload_model.asyncio_detailed(
                    body=body,
                    client=self._client,
                )
            ),
        )


__all__ = ["Models"]
