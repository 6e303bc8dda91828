"""Bulk upload: many pictures in one zip, once per dataset."""

import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

import attrs

from bria_tailored_ext.sandbox.dataset_rules import (
    MAX_IMAGE_BYTES,
    MAX_ZIP_BYTES,
    MOST_BULK_IMAGES,
    check_bulk,
    check_resolution,
)
from bria_tailored_ext.sandbox.images import Arrival, kept_image
from bria_tailored_ext.sandbox.intake import Intake, Unusable, checked_picture
from bria_tailored_ext.sandbox.progress import BULK_PENDING_SECONDS
from bria_tailored_ext.sandbox.records import BulkUpload, FailedUpload
from bria_tailored_ext.sandbox.refusal import Refusal, message, not_found
from bria_tailored_ext.sandbox.shelf import Shelf
from bria_tailored_ext.sandbox.state import State, locked
from bria_tailored_ext.sandbox.stored import is_stored_as_it_came

# A password or a kind of zip that Python does not know raises RuntimeError, and a name that is not
# the text it says it is ValueError.
_CANNOT_UNPACK = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
)


@attrs.frozen(kw_only=True)
class Unpacked:
    """What a zip held; a zip that could not be fetched or read holds nothing."""

    arrivals: tuple[Arrival, ...] = ()
    failed: tuple[FailedUpload, ...] = ()
    unreadable: bool = False


@attrs.frozen
class BulkUploads:
    """The operations on bulk uploads."""

    state: State

    @locked
    def check(self, dataset_id: int) -> None:
        """Refuse a bulk upload that may not be.

        Raises:
            Refusal: 404, or 400 as `dataset_rules.check_bulk` says.
        """
        check_bulk(self.state.dataset(dataset_id), len(self.state.images_of(dataset_id)))

    @locked
    def start(self, dataset_id: int, content: Unpacked) -> None:
        """Take in what a zip held, one image after the other in simulated time."""
        self.check(dataset_id)
        dataset = self.state.dataset(dataset_id)
        now = self.state.clock.now()
        pace = self.state.durations.seconds("bulk_file", "bulk", dataset_id)
        begins = now + BULK_PENDING_SECONDS
        images = [
            kept_image(self.state, dataset, arrival, begins + pace * (place + 1))
            for place, arrival in enumerate(content.arrivals)
        ]
        self.state.images[dataset_id].update({image.id: image for image in images})
        upload = BulkUpload(
            started_at=now,
            ends_at=begins + pace * max(1, len(images) + len(content.failed)),
            image_ids=tuple(image.id for image in images),
            failed_images=content.failed,
            unreadable=content.unreadable,
        )
        self.state.datasets[dataset_id] = attrs.evolve(dataset, bulk_upload=upload, updated_at=now)

    @locked
    def get(self, dataset_id: int) -> BulkUpload:
        """Find the bulk upload of a dataset; 404 if there is none."""
        upload = self.state.dataset(dataset_id).bulk_upload
        if upload is None:
            raise not_found("Bulk upload")
        return upload


def unpacked(intake: Intake, zip_url: str) -> Unpacked:
    """Fetch and read a zip.

    One file after the other is taken from the shelf, and what is good goes back there: never
    more than one is in memory. What is wrong with a file counts against that file; what is
    wrong with the zip makes the upload fail later, as it would at Bria, which answers 202
    before it fetches.

    Raises:
        Refusal: 413 above 5 GB.
    """
    try:
        file = intake.opened(zip_url)
    except Unusable:
        return Unpacked(unreadable=True)
    with file:
        if file.seek(0, os.SEEK_END) > MAX_ZIP_BYTES:
            raise message(413, "The ZIP file exceeds the 5GB limit")
        try:
            archive = zipfile.ZipFile(file)
        except _CANNOT_UNPACK:
            return Unpacked(unreadable=True)
        with archive:
            return _sorted(archive, intake.files.state.shelf)


def _pictures(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    """Every file but folders and what operating systems leave behind."""
    for info in archive.infolist():
        path = PurePosixPath(info.filename)
        if not info.is_dir() and "__MACOSX" not in path.parts and not path.name.startswith("."):
            yield info


def _sorted(archive: zipfile.ZipFile, shelf: Shelf) -> Unpacked:
    arrivals: list[Arrival] = []
    failed: list[FailedUpload] = []
    for place, info in enumerate(_pictures(archive)):
        try:
            arrivals.append(_arrival(archive, info, place, shelf))
        except Unusable as reason:
            told = FailedUpload(
                filename=info.filename, error_code=reason.status, error_message=reason.reason
            )
            failed.append(told)
    return Unpacked(arrivals=tuple(arrivals), failed=tuple(failed))


def _arrival(archive: zipfile.ZipFile, info: zipfile.ZipInfo, place: int, shelf: Shelf) -> Arrival:
    if place >= MOST_BULK_IMAGES:
        raise Unusable(409, f"Dataset cannot exceed {MOST_BULK_IMAGES} images")
    if info.file_size > MAX_IMAGE_BYTES:
        raise Unusable(413, f"The image has {info.file_size} bytes; {MAX_IMAGE_BYTES} are the most")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # Python unpacks the others whole, whatever size the zip tells.
        raise Unusable(415, "The file is neither stored nor deflated")
    try:
        with archive.open(info) as packed:
            data = packed.read(info.file_size)
    except _CANNOT_UNPACK as error:
        raise Unusable(415, f"The file cannot be unpacked: {error}") from error
    picture = checked_picture(data)
    try:
        # The document asks 1024×1024 of bulk uploads, with no upscaling to ask for.
        check_resolution(picture, increase_resolution=False)
    except Refusal as refusal:
        raise Unusable(412, f"{picture.width}x{picture.height} is below 1024x1024") from refusal
    name = PurePosixPath(info.filename).name
    return Arrival(
        shelf_key=shelf.put(data),
        as_it_came=is_stored_as_it_came(data),
        picture=picture,
        image_name=name,
        upload_source_url=None,
    )
