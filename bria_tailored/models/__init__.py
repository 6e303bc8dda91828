# Generated, do not edit: make generate
"""The bodies and answers of every operation. Each is imported on first use."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .accepted_job import AcceptedJob as AcceptedJob
    from .aspect_ratio import AspectRatio as AspectRatio
    from .bulk_upload import BulkUpload as BulkUpload
    from .bulk_upload_failure import BulkUploadFailure as BulkUploadFailure
    from .bulk_upload_images import BulkUploadImages as BulkUploadImages
    from .bulk_upload_status import BulkUploadStatus as BulkUploadStatus
    from .caption_source import CaptionSource as CaptionSource
    from .captions_update_status import CaptionsUpdateStatus as CaptionsUpdateStatus
    from .checkpoint import Checkpoint as Checkpoint
    from .checkpoint_list import CheckpointList as CheckpointList
    from .clone_dataset import CloneDataset as CloneDataset
    from .create_dataset import CreateDataset as CreateDataset
    from .create_model import CreateModel as CreateModel
    from .create_project import CreateProject as CreateProject
    from .dataset import Dataset as Dataset
    from .dataset_download import DatasetDownload as DatasetDownload
    from .dataset_image import DatasetImage as DatasetImage
    from .dataset_status import DatasetStatus as DatasetStatus
    from .error_body import ErrorBody as ErrorBody
    from .error_detail import ErrorDetail as ErrorDetail
    from .field_error import FieldError as FieldError
    from .generate_prefix_request import GeneratePrefixRequest as GeneratePrefixRequest
    from .generate_prefix_request_ip_type import (
        GeneratePrefixRequestIpType as GeneratePrefixRequestIpType,
    )
    from .generate_visual_schema import GenerateVisualSchema as GenerateVisualSchema
    from .generated_prefix import GeneratedPrefix as GeneratedPrefix
    from .guidance_method import GuidanceMethod as GuidanceMethod
    from .image_answer import ImageAnswer as ImageAnswer
    from .image_prompt_mode import ImagePromptMode as ImagePromptMode
    from .image_request import ImageRequest as ImageRequest
    from .ip_medium import IpMedium as IpMedium
    from .ip_type import IpType as IpType
    from .job_result import JobResult as JobResult
    from .job_status import JobStatus as JobStatus
    from .job_status_word import JobStatusWord as JobStatusWord
    from .learning_rate_scheduler import LearningRateScheduler as LearningRateScheduler
    from .legacy_aspect_ratio import LegacyAspectRatio as LegacyAspectRatio
    from .legacy_picture import LegacyPicture as LegacyPicture
    from .legacy_result import LegacyResult as LegacyResult
    from .model import Model as Model
    from .model_download import ModelDownload as ModelDownload
    from .model_status import ModelStatus as ModelStatus
    from .project import Project as Project
    from .project_status import ProjectStatus as ProjectStatus
    from .refine_structured_prompt import RefineStructuredPrompt as RefineStructuredPrompt
    from .refined_prompt import RefinedPrompt as RefinedPrompt
    from .reimagine_request import ReimagineRequest as ReimagineRequest
    from .restyle_portrait_request import RestylePortraitRequest as RestylePortraitRequest
    from .restyled_portrait import RestyledPortrait as RestyledPortrait
    from .start_training import StartTraining as StartTraining
    from .structured_prompt_answer import StructuredPromptAnswer as StructuredPromptAnswer
    from .structured_prompt_request import StructuredPromptRequest as StructuredPromptRequest
    from .text_to_image_request import TextToImageRequest as TextToImageRequest
    from .text_to_vector_request import TextToVectorRequest as TextToVectorRequest
    from .training_mode import TrainingMode as TrainingMode
    from .training_parameters import TrainingParameters as TrainingParameters
    from .update_dataset import UpdateDataset as UpdateDataset
    from .update_dataset_status import UpdateDatasetStatus as UpdateDatasetStatus
    from .update_image_caption import UpdateImageCaption as UpdateImageCaption
    from .update_model import UpdateModel as UpdateModel
    from .update_project import UpdateProject as UpdateProject
    from .upload_image import UploadImage as UploadImage
    from .upload_model import UploadModel as UploadModel
    from .upload_model_project_parameters import (
        UploadModelProjectParameters as UploadModelProjectParameters,
    )
    from .upload_type import UploadType as UploadType
    from .video_request import VideoRequest as VideoRequest
    from .visual_schema import VisualSchema as VisualSchema

_MODULES = {
    "AcceptedJob": ".accepted_job",
    "AspectRatio": ".aspect_ratio",
    "BulkUpload": ".bulk_upload",
    "BulkUploadFailure": ".bulk_upload_failure",
    "BulkUploadImages": ".bulk_upload_images",
    "BulkUploadStatus": ".bulk_upload_status",
    "CaptionSource": ".caption_source",
    "CaptionsUpdateStatus": ".captions_update_status",
    "Checkpoint": ".checkpoint",
    "CheckpointList": ".checkpoint_list",
    "CloneDataset": ".clone_dataset",
    "CreateDataset": ".create_dataset",
    "CreateModel": ".create_model",
    "CreateProject": ".create_project",
    "Dataset": ".dataset",
    "DatasetDownload": ".dataset_download",
    "DatasetImage": ".dataset_image",
    "DatasetStatus": ".dataset_status",
    "ErrorBody": ".error_body",
    "ErrorDetail": ".error_detail",
    "FieldError": ".field_error",
    "GeneratePrefixRequest": ".generate_prefix_request",
    "GeneratePrefixRequestIpType": ".generate_prefix_request_ip_type",
    "GenerateVisualSchema": ".generate_visual_schema",
    "GeneratedPrefix": ".generated_prefix",
    "GuidanceMethod": ".guidance_method",
    "ImageAnswer": ".image_answer",
    "ImagePromptMode": ".image_prompt_mode",
    "ImageRequest": ".image_request",
    "IpMedium": ".ip_medium",
    "IpType": ".ip_type",
    "JobResult": ".job_result",
    "JobStatus": ".job_status",
    "JobStatusWord": ".job_status_word",
    "LearningRateScheduler": ".learning_rate_scheduler",
    "LegacyAspectRatio": ".legacy_aspect_ratio",
    "LegacyPicture": ".legacy_picture",
    "LegacyResult": ".legacy_result",
    "Model": ".model",
    "ModelDownload": ".model_download",
    "ModelStatus": ".model_status",
    "Project": ".project",
    "ProjectStatus": ".project_status",
    "RefineStructuredPrompt": ".refine_structured_prompt",
    "RefinedPrompt": ".refined_prompt",
    "ReimagineRequest": ".reimagine_request",
    "RestylePortraitRequest": ".restyle_portrait_request",
    "RestyledPortrait": ".restyled_portrait",
    "StartTraining": ".start_training",
    "StructuredPromptAnswer": ".structured_prompt_answer",
    "StructuredPromptRequest": ".structured_prompt_request",
    "TextToImageRequest": ".text_to_image_request",
    "TextToVectorRequest": ".text_to_vector_request",
    "TrainingMode": ".training_mode",
    "TrainingParameters": ".training_parameters",
    "UpdateDataset": ".update_dataset",
    "UpdateDatasetStatus": ".update_dataset_status",
    "UpdateImageCaption": ".update_image_caption",
    "UpdateModel": ".update_model",
    "UpdateProject": ".update_project",
    "UploadImage": ".upload_image",
    "UploadModel": ".upload_model",
    "UploadModelProjectParameters": ".upload_model_project_parameters",
    "UploadType": ".upload_type",
    "VideoRequest": ".video_request",
    "VisualSchema": ".visual_schema",
}

__all__ = (
    "AcceptedJob",
    "AspectRatio",
    "BulkUpload",
    "BulkUploadFailure",
    "BulkUploadImages",
    "BulkUploadStatus",
    "CaptionSource",
    "CaptionsUpdateStatus",
    "Checkpoint",
    "CheckpointList",
    "CloneDataset",
    "CreateDataset",
    "CreateModel",
    "CreateProject",
    "Dataset",
    "DatasetDownload",
    "DatasetImage",
    "DatasetStatus",
    "ErrorBody",
    "ErrorDetail",
    "FieldError",
    "GeneratedPrefix",
    "GeneratePrefixRequest",
    "GeneratePrefixRequestIpType",
    "GenerateVisualSchema",
    "GuidanceMethod",
    "ImageAnswer",
    "ImagePromptMode",
    "ImageRequest",
    "IpMedium",
    "IpType",
    "JobResult",
    "JobStatus",
    "JobStatusWord",
    "LearningRateScheduler",
    "LegacyAspectRatio",
    "LegacyPicture",
    "LegacyResult",
    "Model",
    "ModelDownload",
    "ModelStatus",
    "Project",
    "ProjectStatus",
    "RefinedPrompt",
    "RefineStructuredPrompt",
    "ReimagineRequest",
    "RestyledPortrait",
    "RestylePortraitRequest",
    "StartTraining",
    "StructuredPromptAnswer",
    "StructuredPromptRequest",
    "TextToImageRequest",
    "TextToVectorRequest",
    "TrainingMode",
    "TrainingParameters",
    "UpdateDataset",
    "UpdateDatasetStatus",
    "UpdateImageCaption",
    "UpdateModel",
    "UpdateProject",
    "UploadImage",
    "UploadModel",
    "UploadModelProjectParameters",
    "UploadType",
    "VideoRequest",
    "VisualSchema",
)

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(_MODULES[name], __name__), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return [*globals(), *__all__]
