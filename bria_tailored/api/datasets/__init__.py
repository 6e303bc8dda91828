# Generated, do not edit: make generate
"""The operations tagged Datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ...types import UNSET, Unset

if TYPE_CHECKING:
    from ...client import AuthenticatedClient
    from ...models.bulk_upload import BulkUpload
    from ...models.bulk_upload_images import BulkUploadImages
    from ...models.clone_dataset import CloneDataset
    from ...models.create_dataset import CreateDataset
    from ...models.dataset import Dataset
    from ...models.dataset_download import DatasetDownload
    from ...models.dataset_image import DatasetImage
    from ...models.generate_visual_schema import GenerateVisualSchema
    from ...models.refine_structured_prompt import RefineStructuredPrompt
    from ...models.refined_prompt import RefinedPrompt
    from ...models.update_dataset import UpdateDataset
    from ...models.update_image_caption import UpdateImageCaption
    from ...models.upload_image import UploadImage
    from ...models.visual_schema import VisualSchema


class Datasets:
    """The operations tagged Datasets, as methods that return the documented answer or raise."""

    def __init__(self, client: AuthenticatedClient) -> None:
        self._client = client

    async def get_datasets(
        self,
    ) -> list[Dataset]:
        """Get Datasets

        Retrieve a list of all datasets. If there are no datasets, returns an empty array.

        `GET /v1/tailored-gen/datasets`
        """
        from . import get_datasets

        return cast(
            "list[Dataset]",
            self._client.unwrap(
                await get_datasets.asyncio_detailed(
                    client=self._client,
                )
            ),
        )

    async def create_dataset(
        self,
        *,
        body: CreateDataset,
    ) -> Dataset:
        """Create Dataset

        Create a new dataset.

        Datasets use JSON structured data (`visual_schema`) for training. You must generate a visual
        schema via `/generate_visual_schema` before completing the dataset.

        **Completion Requirements:**
        Minimum 5 images required to mark as completed.

        **Upload types**:
        * **Basic upload type**: Supports up to 200 images, uploading image files
        * **Advanced upload type**: Supports up to 5000 images, uploading a zip file

        `POST /v1/tailored-gen/datasets`

        Args:
            body: A `CreateDataset`.
        """
        from . import create_dataset

        return cast(
            "Dataset",
            self._client.unwrap(
                await create_dataset.asyncio_detailed(
                    body=body,
                    client=self._client,
                )
            ),
        )

    async def get_datasets_by_project(
        self,
        project_id: int,
        *,
        include_models: bool | Unset = UNSET,
        include_models_ids: bool | Unset = UNSET,
    ) -> list[Dataset]:
        """Get Datasets by Project

        Retrieve all datasets for a specific project.

        `GET /v1/tailored-gen/projects/{project_id}/datasets`

        Args:
            project_id: The project's id.
            include_models: If true, include model objects using the dataset.
                Bria's default: false.
            include_models_ids: If true, include model IDs using the dataset.
                Bria's default: false.
        """
        from . import get_datasets_by_project

        return cast(
            "list[Dataset]",
            self._client.unwrap(
                await get_datasets_by_project.asyncio_detailed(
                    project_id=project_id,
                    include_models=include_models,
                    include_models_ids=include_models_ids,
                    client=self._client,
                )
            ),
        )

    async def get_dataset_by_id(
        self,
        dataset_id: int,
        *,
        max_images: int | Unset = UNSET,
    ) -> Dataset:
        """Get Dataset by ID

        Retrieve a specific dataset including its images.

        `GET /v1/tailored-gen/datasets/{dataset_id}`

        Args:
            dataset_id: The dataset's id.
            max_images: The maximum number of images to retrieve.
                Bria's default: 200.
        """
        from . import get_dataset_by_id

        return cast(
            "Dataset",
            self._client.unwrap(
                await get_dataset_by_id.asyncio_detailed(
                    dataset_id=dataset_id,
                    max_images=max_images,
                    client=self._client,
                )
            ),
        )

    async def update_dataset(
        self,
        dataset_id: int,
        *,
        body: UpdateDataset,
    ) -> Dataset:
        """Update Dataset

        Update a dataset.

        You can update `visual_schema` only when the dataset status is `draft`.

        **Completion Requirements:**
        To set `status` to `completed`, the dataset must have at least **5 images**.

        `PUT /v1/tailored-gen/datasets/{dataset_id}`

        Args:
            dataset_id: The dataset's id.
            body: A `UpdateDataset`.
        """
        from . import update_dataset

        return cast(
            "Dataset",
            self._client.unwrap(
                await update_dataset.asyncio_detailed(
                    dataset_id=dataset_id,
                    body=body,
                    client=self._client,
                )
            ),
        )

    async def delete_dataset(
        self,
        dataset_id: int,
    ) -> None:
        """Delete Dataset

        Delete a specific dataset. Deletes all associated images.

        `DELETE /v1/tailored-gen/datasets/{dataset_id}`

        Args:
            dataset_id: The dataset's id.
        """
        from . import delete_dataset

        return cast(
            "None",
            self._client.unwrap(
                await delete_dataset.asyncio_detailed(
                    dataset_id=dataset_id,
                    client=self._client,
                )
            ),
        )

    async def clone_dataset(
        self,
        dataset_id: int,
        *,
        body: CloneDataset | Unset = UNSET,
    ) -> Dataset:
        """Clone Dataset As Draft

        Create a new draft dataset based on an existing one. This is useful when you would like to
        use the same dataset again for another training, but with some modification (create a
        variation). The cloned dataset inherits the `visual_schema` from the source dataset.

        `POST /v1/tailored-gen/datasets/{dataset_id}/clone`

        Args:
            dataset_id: The dataset's id.
            body: A `CloneDataset`.
        """
        from . import clone_dataset

        return cast(
            "Dataset",
            self._client.unwrap(
                await clone_dataset.asyncio_detailed(
                    dataset_id=dataset_id,
                    body=body,
                    client=self._client,
                )
            ),
        )

    async def get_images(
        self,
        dataset_id: int,
    ) -> list[DatasetImage]:
        """Get Images

        Retrieve all images in a specific dataset.

        `GET /v1/tailored-gen/datasets/{dataset_id}/images`

        Args:
            dataset_id: The dataset's id.
        """
        from . import get_images

        return cast(
            "list[DatasetImage]",
            self._client.unwrap(
                await get_images.asyncio_detailed(
                    dataset_id=dataset_id,
                    client=self._client,
                )
            ),
        )

    async def regenerate_all_captions(
        self,
        dataset_id: int,
    ) -> Dataset:
        """Regenerate All Captions

        Regenerate captions for all images in a dataset. This is crucial after updating the visual
        schema, to ensure full compatibility with the new schema.

        This is an asynchronous operation. Once called, poll Get Dataset by ID until
        `captions_update_status` changes to 'completed'.

        `PUT /v1/tailored-gen/datasets/{dataset_id}/images`

        Args:
            dataset_id: The dataset's id.
        """
        from . import regenerate_all_captions

        return cast(
            "Dataset",
            self._client.unwrap(
                await regenerate_all_captions.asyncio_detailed(
                    dataset_id=dataset_id,
                    client=self._client,
                )
            ),
        )

    async def upload_image(
        self,
        dataset_id: int,
        *,
        body: UploadImage,
    ) -> DatasetImage:
        """Upload Image Files

        Upload a new image to a dataset.

        **Image Requirements:**
        - Recommended minimum resolution: 1024x1024 pixels for best quality
          - By default, smaller images (down to 256x256) will be automatically upscaled
        (`increase_resolution=true`)
          - To strictly enforce the 1024x1024 minimum, set `increase_resolution=false`
        - Supported formats: jpg, jpeg, png, webp
        - Preferably use original high-quality assets

        **Dataset Guidelines:**
        - Recommended: 5-50 images for optimal results
        - Maximum supported: 200 images
        - Ensure consistency in style, structure, and visual elements
        - Balance diversity in content while maintaining consistency in key elements

        **For optimal training (especially for characters/objects):**
        - Subject should occupy most of the image area
        - Minimize unnecessary margins around the subject
        - Transparent backgrounds will be converted to black
        - For character datasets: include diverse poses, environments, attires, and interactions

        **Constraints:**
        - Can only be used by "basic" upload type datasets. Use images/bulk-upload for advanced
        datasets.
        - Dataset must have at least 5 images
        - Dataset cannot exceed 200 images
        - Cannot upload to a completed dataset

        This API endpoint supports content moderation via an optional parameter.

        `POST /v1/tailored-gen/datasets/{dataset_id}/images`

        Args:
            dataset_id: The dataset's id.
            body: A `UploadImage`.
        """
        from . import upload_image

        return cast(
            "DatasetImage",
            self._client.unwrap(
                await upload_image.asyncio_detailed(
                    dataset_id=dataset_id,
                    body=body,
                    client=self._client,
                )
            ),
        )

    async def bulk_upload_images(
        self,
        dataset_id: int,
        *,
        body: BulkUploadImages,
    ) -> None:
        """Advanced Image Upload

        Efficiently upload a large volume of images (up to 5000) from a ZIP file to an advanced
        dataset.

        **Upload without Schema:** You can initiate a bulk upload even if `visual_schema` is null.
        Images will be uploaded but caption generation will be skipped. You must call **Regenerate
        All Captions** after defining the schema.

        **General:**
        * Asynchronous operation; status can be retrieved via
        `{dataset_id}/images/bulk-upload/status`.
        * Supported for 'advanced' upload type datasets only.
        * If the dataset is not empty, if another bulk upload is in progress, or if any previous
        bulk upload attempt took place, the request will fail.

        **Image Requirements:**
        * Supported formats: `jpg`, `jpeg`, `png`, `webp`.
        * Minimum dimensions: 1024 x 1024 pixels.
        * Total size limit: 5 GB zip file.

        `POST /v1/tailored-gen/datasets/{dataset_id}/images/bulk-upload`

        Args:
            dataset_id: The dataset's id.
            body: A `BulkUploadImages`.
        """
        from . import bulk_upload_images

        return cast(
            "None",
            self._client.unwrap(
                await bulk_upload_images.asyncio_detailed(
                    dataset_id=dataset_id,
                    body=body,
                    client=self._client,
                )
            ),
        )

    async def get_image(
        self,
        dataset_id: int,
        image_id: int,
    ) -> DatasetImage:
        """Get Image by ID

        Retrieve full image information.

        `GET /v1/tailored-gen/datasets/{dataset_id}/images/{image_id}`

        Args:
            dataset_id: The dataset's id.
            image_id: The image's id.
        """
        from . import get_image

        return cast(
            "DatasetImage",
            self._client.unwrap(
                await get_image.asyncio_detailed(
                    dataset_id=dataset_id,
                    image_id=image_id,
                    client=self._client,
                )
            ),
        )

    async def update_image_caption(
        self,
        dataset_id: int,
        image_id: int,
        *,
        body: UpdateImageCaption,
    ) -> DatasetImage:
        """Update Image Caption

        Update the caption of a specific image. Two mutually exclusive options:

        1. **Provide a new caption**: Use the `caption` parameter (sets `caption_source` to
        "manual"). The caption must be a string containing a **valid JSON structure**.
        2. **Regenerate automatically**: Set `regenerate_caption` to true (sets `caption_source` to
        "automatic").

        **Constraints:**
        * Cannot update captions in a completed dataset
        * Cannot provide both caption and regenerate_caption

        `PUT /v1/tailored-gen/datasets/{dataset_id}/images/{image_id}`

        Args:
            dataset_id: The dataset's id.
            image_id: The image's id.
            body: A `UpdateImageCaption`.
        """
        from . import update_image_caption

        return cast(
            "DatasetImage",
            self._client.unwrap(
                await update_image_caption.asyncio_detailed(
                    dataset_id=dataset_id,
                    image_id=image_id,
                    body=body,
                    client=self._client,
                )
            ),
        )

    async def delete_image(
        self,
        dataset_id: int,
        image_id: int,
    ) -> None:
        """Delete Image

        Permanently remove an image from a dataset. Cannot delete images from completed datasets.

        `DELETE /v1/tailored-gen/datasets/{dataset_id}/images/{image_id}`

        Args:
            dataset_id: The dataset's id.
            image_id: The image's id.
        """
        from . import delete_image

        return cast(
            "None",
            self._client.unwrap(
                await delete_image.asyncio_detailed(
                    dataset_id=dataset_id,
                    image_id=image_id,
                    client=self._client,
                )
            ),
        )

    async def get_bulk_upload_status(
        self,
        dataset_id: int,
    ) -> BulkUpload:
        """Get Bulk Upload Status

        Retrieve the status and progress of a bulk image upload job.

        `GET /v1/tailored-gen/datasets/{dataset_id}/images/bulk-upload/status`

        Args:
            dataset_id: The dataset's id.
        """
        from . import get_bulk_upload_status

        return cast(
            "BulkUpload",
            self._client.unwrap(
                await get_bulk_upload_status.asyncio_detailed(
                    dataset_id=dataset_id,
                    client=self._client,
                )
            ),
        )

    async def generate_visual_schema(
        self,
        *,
        body: GenerateVisualSchema,
    ) -> VisualSchema:
        """Generate Visual Schema

        Generates a structured JSON visual schema (backbone) based on the provided sample images.

        The visual schema represents mutual characteristics (style, IP, colors, etc.) across
        training images and is used for:
        1. Caption generation during image upload.
        2. Prompt translation (user text → structured prompt) during generation.

        **Usage:**
        - Provide 5-10 representative images of your style/IP.
        - The returned `visual_schema` string must be added to your dataset using `PUT
        /tailored-gen/datasets/{dataset_id}`.

        This endpoint supports content moderation via an optional parameter.

        `POST /v1/tailored-gen/generate_visual_schema`

        Args:
            body: A `GenerateVisualSchema`.
        """
        from . import generate_visual_schema

        return cast(
            "VisualSchema",
            self._client.unwrap(
                await generate_visual_schema.asyncio_detailed(
                    body=body,
                    client=self._client,
                )
            ),
        )

    async def refine_structured_prompt(
        self,
        *,
        body: RefineStructuredPrompt,
    ) -> RefinedPrompt:
        """Refine Structured Prompt

        Refines a Structured Prompt object (such as a Visual Schema or an Image Caption) based on
        user instructions.

        **Access Control & Validation:**
        * Requires a valid `dataset_id` to verify ownership.
        * The referenced dataset must be in `draft` mode.

        **Use Cases:**
        1. **Refine Visual Schema:** Input the initial schema and instructions like "Make the style
        description more detailed".
        2. **Refine Image Caption:** Input a specific image's caption and instructions like "Fix the
        description of the hair color".

        `POST /v1/tailored-gen/refine_structured_prompt`

        Args:
            body: A `RefineStructuredPrompt`.
        """
        from . import refine_structured_prompt

        return cast(
            "RefinedPrompt",
            self._client.unwrap(
                await refine_structured_prompt.asyncio_detailed(
                    body=body,
                    client=self._client,
                )
            ),
        )

    async def download_dataset(
        self,
        dataset_id: int,
    ) -> DatasetDownload:
        """Download Dataset

        Download an advanced dataset. Returns a pre-signed URL for downloading the dataset.

        `GET /v1/datasets/{dataset_id}/download`

        Args:
            dataset_id: The dataset's id.
        """
        from . import download_dataset

        return cast(
            "DatasetDownload",
            self._client.unwrap(
                await download_dataset.asyncio_detailed(
                    dataset_id=dataset_id,
                    client=self._client,
                )
            ),
        )


__all__ = ["Datasets"]
