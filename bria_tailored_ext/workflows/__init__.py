"""Workflows: coroutines over several calls, one file each."""

from bria_tailored_ext.rules.json_changes import Change
from bria_tailored_ext.values.preflight import Finding, PictureFacts, Severity
from bria_tailored_ext.workflows.audit_captions import (
    CaptionAudit,
    CaptionFinding,
    audit_captions,
)
from bria_tailored_ext.workflows.bulk_upload import (
    BulkReport,
    FailedFile,
    bulk_upload,
    wait_for_bulk_upload,
)
from bria_tailored_ext.workflows.captions import (
    CaptionProgress,
    CaptionReport,
    regenerate_captions,
    set_caption,
    wait_for_captions,
)
from bria_tailored_ext.workflows.check_images import CheckedPicture, ImageCheck, check_images
from bria_tailored_ext.workflows.choice import Choice, Chosen
from bria_tailored_ext.workflows.clone_dataset import clone_dataset
from bria_tailored_ext.workflows.complete_dataset import complete_dataset
from bria_tailored_ext.workflows.define_visual_identity import (
    Refinement,
    VisualIdentity,
    define_visual_identity,
)
from bria_tailored_ext.workflows.download import DatasetFiles, download_dataset, download_model
from bria_tailored_ext.workflows.folders import IgnoredFile
from bria_tailored_ext.workflows.generate_and_wait import generate_and_wait
from bria_tailored_ext.workflows.mend_images import MendedPicture, mend_images
from bria_tailored_ext.workflows.pictures import ImageSource, Picture, prepare
from bria_tailored_ext.workflows.refine_captions import (
    FailedCaption,
    RefinedCaption,
    RefinementProgress,
    RefinementReport,
    refine_captions,
)
from bria_tailored_ext.workflows.tailor import plan_tailoring, tailor
from bria_tailored_ext.workflows.tailoring import (
    PlannedStep,
    Tailored,
    Tailoring,
    TailoringPlan,
    TailoringProgress,
)
from bria_tailored_ext.workflows.train import stop_training, train
from bria_tailored_ext.workflows.train_and_wait import TrainingProgress, train_and_wait
from bria_tailored_ext.workflows.upload_images import (
    FailedUpload,
    SkippedUpload,
    UploadProgress,
    UploadReport,
    upload_images,
)

__all__ = [
    "BulkReport",
    "CaptionAudit",
    "CaptionFinding",
    "CaptionProgress",
    "CaptionReport",
    "Change",
    "CheckedPicture",
    "Choice",
    "Chosen",
    "DatasetFiles",
    "FailedCaption",
    "FailedFile",
    "FailedUpload",
    "Finding",
    "IgnoredFile",
    "ImageCheck",
    "ImageSource",
    "MendedPicture",
    "Picture",
    "PictureFacts",
    "PlannedStep",
    "RefinedCaption",
    "Refinement",
    "RefinementProgress",
    "RefinementReport",
    "Severity",
    "SkippedUpload",
    "Tailored",
    "Tailoring",
    "TailoringPlan",
    "TailoringProgress",
    "TrainingProgress",
    "UploadProgress",
    "UploadReport",
    "VisualIdentity",
    "audit_captions",
    "bulk_upload",
    "check_images",
    "clone_dataset",
    "complete_dataset",
    "define_visual_identity",
    "download_dataset",
    "download_model",
    "generate_and_wait",
    "mend_images",
    "plan_tailoring",
    "prepare",
    "refine_captions",
    "regenerate_captions",
    "set_caption",
    "stop_training",
    "tailor",
    "train",
    "train_and_wait",
    "upload_images",
    "wait_for_bulk_upload",
    "wait_for_captions",
]
