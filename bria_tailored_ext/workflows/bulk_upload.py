"""Bulk upload: one zip into an advanced dataset, which gets one attempt and no other."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

import attrs

from bria_tailored.models import BulkUpload, BulkUploadImages
from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.client.waiting import Expired, wait_until
from bria_tailored_ext.rules.bulk import (
    ONE_ATTEMPT,
    SIGNATURE_BYTES,
    check_bulk,
    check_zip_answer,
    check_zip_url,
    is_final,
    without_query,
)
from bria_tailored_ext.rules.pace import BULK
from bria_tailored_ext.values.errors import (
    BriaError,
    BulkUploadFailed,
    DatasetIncomplete,
    InvalidInputError,
    NotFoundError,
    SubmitOutcomeUnknown,
)
from bria_tailored_ext.workflows.broken_off import look_for

log: logging.Logger = logging.getLogger("bria_tailored_ext")


@attrs.frozen(kw_only=True)
class FailedFile:
    """A file of the zip that did not become an image.

    Attributes:
        name: Its name in the zip.
        code: Bria's code, which reads like an HTTP status.
        reason: In Bria's words.
    """

    name: str
    code: int | None
    reason: str


@attrs.frozen(kw_only=True)
class BulkReport:
    """How a bulk upload stands, or how it ended.

    Attributes:
        dataset_id: The dataset.
        status: The wire's word.
        percent: How much of it is done.
        uploaded: How many files became images.
        failed: The files that did not, as far as Bria names them.
        failures: How many files did not.
    """

    dataset_id: int
    status: str
    percent: int = 0
    uploaded: int = 0
    failed: tuple[FailedFile, ...] = ()
    failures: int = 0

    def __str__(self) -> str:
        """A sentence, and a line for each file that failed."""
        told = f"{self.uploaded} uploaded, {self.failures} failed ({self.status})."
        return "\n".join([told, *(f"  {each.name}: {each.reason}" for each in self.failed)])


async def bulk_upload(
    bria: TailoredClient,
    dataset_id: int,
    zip_url: str,
    *,
    confirm: Callable[[str], bool] | None = None,
    check_url: bool = True,
    content_moderation: bool | None = None,
    on_progress: Callable[[BulkReport], None] | None = None,
    timeout: float | None = None,
) -> BulkReport:
    """Upload a zip into an empty dataset of the advanced upload type, and wait for it.

    A dataset has one bulk upload, ever, which is spent even if it fails. So all that can be known
    is checked first, that the URL gives a zip of 5 GB at most included; then the warning goes to
    `confirm`, or into the log where there is none; and only then the attempt is made. A start that
    breaks off is never repeated: the status shows whether it was made. Cancelling stops the
    waiting, not the upload: `wait_for_bulk_upload` takes it up again.

    Args:
        bria: The client.
        dataset_id: A draft of the advanced upload type, empty.
        zip_url: Where Bria fetches the zip, without a token.
        confirm: Called with the warning; unless it returns True, nothing is sent.
        check_url: Whether to ask the URL for its first bytes from here, without the token. Leave
            it out where Bria can reach it and this machine cannot.
        content_moderation: Bria's option.
        on_progress: Called after each look.
        timeout: Seconds to wait after the start; `None` waits for ever.

    Raises:
        InvalidInputError: It could not succeed, or was not confirmed. The attempt is not spent.
        BulkUploadFailed: It failed as a whole, and the attempt is spent.
        SubmitOutcomeUnknown: The start broke off, and the status shows none.
        DatasetIncomplete: It is still under way after that time: wait again.
        ApiError: Bria refused.

    Source: "General" and "Image Requirements" of bulk-upload-images.
    """
    check_zip_url(zip_url)
    await _check_attempt_is_left(bria, dataset_id)
    if check_url:
        await _check_zip(bria, zip_url)
    warning = f"{ONE_ATTEMPT} This is the one of dataset {dataset_id}: {without_query(zip_url)}"
    if confirm is None:
        log.warning("%s", warning)
    elif not confirm(warning):
        raise InvalidInputError(
            f"The bulk upload into dataset {dataset_id} was not confirmed. Its one attempt is not "
            "spent."
        )
    body = BulkUploadImages(zip_url=zip_url)
    if content_moderation is not None:
        body.content_moderation = content_moderation
    await _start(bria, dataset_id, body)
    return await wait_for_bulk_upload(bria, dataset_id, on_progress=on_progress, timeout=timeout)


async def wait_for_bulk_upload(
    bria: TailoredClient,
    dataset_id: int,
    *,
    on_progress: Callable[[BulkReport], None] | None = None,
    timeout: float | None = None,
) -> BulkReport:
    """Wait until a bulk upload has ended, also one that another process started.

    Files that failed are in the report. Nothing can be added to the dataset afterwards.

    Args:
        bria: The client.
        dataset_id: The dataset.
        on_progress: Called after each look.
        timeout: Seconds from this call; `None` waits for ever.

    Raises:
        BulkUploadFailed: It failed as a whole.
        DatasetIncomplete: It is still under way after that time: wait again.
        NotFoundError: The dataset had no bulk upload, or is not there.
        ApiError: Its status cannot be read.
    """

    async def look() -> BulkReport:
        report = _report(dataset_id, await bria.datasets.get_bulk_upload_status(dataset_id))
        if on_progress:
            on_progress(report)
        return report

    try:
        report = await wait_until(
            lambda seen: is_final(seen.status),
            look,
            pace=BULK,
            clock=bria.clock,
            timeout=timeout,
        )
    except Expired as expired:
        raise DatasetIncomplete(
            f"The bulk upload into dataset {dataset_id} is still under way after "
            f"{expired.seconds:.0f} s. It goes on at Bria: wait_for_bulk_upload waits again.",
            dataset_id=dataset_id,
            missing=("Its bulk upload is still under way: wait for it.",),
        ) from expired.last_failure
    if report.status.lower() == "failed":
        raise BulkUploadFailed(
            f"The bulk upload into dataset {dataset_id} failed: {report} {ONE_ATTEMPT} Mend the "
            "zip or its URL, create another dataset of the advanced type, and upload into that.",
            report=report,
        )
    return report


async def _check_attempt_is_left(bria: TailoredClient, dataset_id: int) -> None:
    dataset = await bria.datasets.get_dataset_by_id(dataset_id, max_images=1)
    check_bulk(
        dataset_id,
        status=dataset.status,
        upload_type=dataset.upload_type,
        images=dataset.images_count or len(dataset.images or ()),
        previous=await bulk_status_of(bria, dataset_id),
    )


async def bulk_status_of(bria: TailoredClient, dataset_id: int) -> str | None:
    """The wire's word for the bulk upload of a dataset; `None` where there was none."""
    try:
        return str((await bria.datasets.get_bulk_upload_status(dataset_id)).status)
    except NotFoundError:
        return None


async def _check_zip(bria: TailoredClient, zip_url: str) -> None:
    try:
        seen = await bria.first_bytes(zip_url, SIGNATURE_BYTES)
    except BriaError as error:
        raise InvalidInputError(
            f"{without_query(zip_url)} cannot be fetched from here. {error} Make it public, or "
            "pass check_url=False if only this machine may not fetch it."
        ) from error
    check_zip_answer(zip_url, status=seen.status, head=seen.head, size=seen.size)


async def _start(bria: TailoredClient, dataset_id: int, body: BulkUploadImages) -> None:
    try:
        await bria.datasets.bulk_upload_images(dataset_id, body=body)
    except SubmitOutcomeUnknown as error:
        if await look_for(partial(bulk_status_of, bria, dataset_id), bria.clock, error) is None:
            raise


def _report(dataset_id: int, seen: BulkUpload) -> BulkReport:
    failed = tuple(
        FailedFile(
            name=each.filename or "a file without a name",
            code=each.error_code or None,
            reason=each.error_message or "Bria gives no reason.",
        )
        for each in seen.failed_images or ()
    )
    return BulkReport(
        dataset_id=dataset_id,
        status=str(seen.status),
        percent=seen.progress_percentage or 0,
        uploaded=seen.done or 0,
        failed=failed,
        failures=max(seen.failed or 0, len(failed)),
    )
