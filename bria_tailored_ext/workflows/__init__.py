"""Workflows: coroutines over several calls, one file each."""

from bria_tailored_ext.workflows.captions import CaptionReport, wait_for_captions
from bria_tailored_ext.workflows.complete_dataset import complete_dataset
from bria_tailored_ext.workflows.define_visual_identity import (
    VisualIdentity,
    define_visual_identity,
)
from bria_tailored_ext.workflows.generate_and_wait import generate_and_wait
from bria_tailored_ext.workflows.pictures import ImageSource
from bria_tailored_ext.workflows.train_and_wait import TrainingProgress, train, train_and_wait
from bria_tailored_ext.workflows.upload_images import FailedUpload, UploadReport, upload_images

__all__ = [
    "CaptionReport",
    "FailedUpload",
    "ImageSource",
    "TrainingProgress",
    "UploadReport",
    "VisualIdentity",
    "complete_dataset",
    "define_visual_identity",
    "generate_and_wait",
    "train",
    "train_and_wait",
    "upload_images",
    "wait_for_captions",
]
