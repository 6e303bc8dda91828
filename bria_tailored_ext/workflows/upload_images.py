"""Upload pictures into a dataset, several at a time; one bad picture does not stop the rest."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Literal

import anyio
import attrs
from anyio import to_thread

from bria_tailored.models import DatasetImage, UploadImage
from bria_tailored.types import UNSET
from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.rules.datasets import check_takes_images
from bria_tailored_ext.rules.uploads import (
    Listed,
    Skip,
    Sorted,
    WantedPicture,
    check_room,
    name_for,
    sort_out,
    trace_of,
)
from bria_tailored_ext.values.errors import (
    ApiError,
    BriaError,
    InvalidInputError,
    NoAnswerError,
    ServerError,
    SubmitOutcomeUnknown,
)
from bria_tailored_ext.workflows.broken_off import LOOKS, look_for
from bria_tailored_ext.workflows.dataset_contents import Contents, read_contents
from bria_tailored_ext.workflows.pictures import ImageSource, Picture, as_list, name_of, prepare
from bria_tailored_ext.workflows.pixels import check_size
from bria_tailored_ext.workflows.together import READ_AT_ONCE, check_at_once, for_each
from bria_tailored_ext.workflows.upload_record import UploadRecord


@attrs.frozen(kw_only=True)
class FailedUpload:
    """A picture that is not in the dataset, or may not be, and why.

    Attributes:
        name: What it is called.
        error: Why.
        digest: The SHA-256 of its content, in hexadecimal; empty where it was not sent.
    """

    name: str
    error: BriaError
    digest: str = ""


@attrs.frozen(kw_only=True)
class SkippedUpload:
    """A picture that was not sent, and why.

    Attributes:
        name: What it is called.
        reason: In words.
        image_id: The image of the dataset that it is; `None` for a copy of one that was sent.
    """

    name: str
    reason: str
    image_id: int | None = None


@attrs.frozen(kw_only=True)
class UploadReport:
    """What became of each picture.

    Attributes:
        uploaded: The images as Bria has them, in the order of the pictures.
        skipped: The pictures that were not sent: already there, or given twice.
        failed: The pictures that are not there, with their errors.
    """

    uploaded: tuple[DatasetImage, ...] = ()
    skipped: tuple[SkippedUpload, ...] = ()
    failed: tuple[FailedUpload, ...] = ()

    def __str__(self) -> str:
        """A sentence, and a line for each picture that failed."""
        told = f"{len(self.uploaded)} uploaded, {len(self.skipped)} skipped, "
        lines = [f"  {each.name}: {each.error}" for each in self.failed]
        return "\n".join([f"{told}{len(self.failed)} failed.", *lines])


@attrs.frozen(kw_only=True)
class UploadProgress:
    """What just became of one picture.

    Attributes:
        name: What it is called.
        outcome: What became of it.
        done: How many pictures have an outcome by now, this one included.
        total: How many there are.
    """

    name: str
    outcome: Literal["uploaded", "skipped", "failed"]
    done: int
    total: int


async def upload_images(
    bria: TailoredClient,
    dataset_id: int,
    images: Iterable[ImageSource],
    *,
    at_once: int = 4,
    on_progress: Callable[[UploadProgress], None] | None = None,
    record: str | os.PathLike[str] | None = None,
    increase_resolution: bool | None = None,
    content_moderation: bool | None = None,
) -> UploadReport:
    """Upload the pictures that a dataset of the basic upload type does not have yet.

    Every picture is checked before the first one is sent, and exact copies are sent once. With a
    `record`, what was uploaded is known by its content: calling this again, after a crash too,
    sends only what is missing, and what was deleted at Bria is sent again. Where the record knows
    nothing, or without one, the dataset's own list has to do: an image of the same name, or from
    the same URL, counts as the picture, which the report says. Bytes without a name are named
    after their content. An upload that broke off is looked for in the list, and sent again, once,
    only if it is not there.

    Args:
        bria: The client.
        dataset_id: A dataset in draft.
        images: Pictures; with those already there, 200 at most.
        at_once: How many uploads are under way at once; the plan paces them.
        on_progress: Called as soon as it is known what became of a picture.
        record: A file for what was uploaded, made if it is not there. One for many datasets will
            do, but not for two calls at a time.
        increase_resolution: Bria's option: False refuses pictures below 1024×1024.
        content_moderation: Bria's option.

    Raises:
        InvalidInputError: More than 200 pictures, a dataset that takes none, or a record that
            cannot be used. Nothing was sent.
        ApiError: The dataset cannot be read, or no picture can get in: a wrong token, a quota used
            up. Errors of single pictures are in the report instead.
    """
    sources = as_list(images)
    check_at_once(at_once)
    contents = await read_contents(bria, dataset_id)
    check_takes_images(
        dataset_id, status=contents.dataset.status, upload_type=contents.dataset.upload_type
    )
    options = UploadImage(
        increase_resolution=UNSET if increase_resolution is None else increase_resolution,
        content_moderation=UNSET if content_moderation is None else content_moderation,
    )
    uploading = _Uploading(bria, contents, sources, options, on_progress)
    if record is None:
        return await uploading.run(None, at_once)
    origin = str(bria.api.get_async_httpx_client().base_url)
    kept = await to_thread.run_sync(UploadRecord.open, Path(record), origin, dataset_id)
    try:
        return await uploading.run(kept, at_once)
    finally:
        kept.close()


class _Uploading:
    """One call of `upload_images`, and what it knows by now."""

    def __init__(
        self,
        bria: TailoredClient,
        contents: Contents,
        sources: Sequence[ImageSource],
        options: UploadImage,
        on_progress: Callable[[UploadProgress], None] | None,
    ) -> None:
        self._bria = bria
        self._contents = contents
        self._dataset_id = contents.dataset.id
        self._sources = sources
        self._options = options
        self._on_progress = on_progress
        self._known: set[int] = set()
        self._names: set[str] = set()
        self._one_of_a_name: defaultdict[str, anyio.Lock] = defaultdict(anyio.Lock)
        self._pictures: dict[int, Picture] = {}
        self._uploaded: dict[int, DatasetImage] = {}
        self._skipped: dict[int, SkippedUpload] = {}
        self._failed: dict[int, FailedUpload] = {}
        self._told = 0

    async def run(self, record: UploadRecord | None, at_once: int) -> UploadReport:
        """Check all, sort out what is missing, and send that."""
        await for_each(self._sources, self._prepare, at_once=READ_AT_ONCE)
        wanted = [self._wanted(index) for index in sorted(self._pictures)]
        self._names = {each.name for each in wanted}
        found = await self._sorted(wanted, record)
        self._known = {image.id for image in self._contents.images}
        check_room(self._contents.count, len(found.missing))
        for index in sorted(self._failed):
            self._tell(self._failed[index].name, "failed")
        for skip in found.unclear:
            self._fail(skip.wanted, InvalidInputError(f"{skip.wanted.name}: {skip.reason}"))
        for skip in found.skipped:
            await self._skip(skip, record)

        async def upload(_place: int, wanted: WantedPicture) -> None:
            await self._upload(wanted, record)

        await for_each(found.missing, upload, at_once=at_once)
        return UploadReport(
            uploaded=tuple(self._uploaded[index] for index in sorted(self._uploaded)),
            skipped=tuple(self._skipped[index] for index in sorted(self._skipped)),
            failed=tuple(self._failed[index] for index in sorted(self._failed)),
        )

    async def _sorted(self, wanted: Sequence[WantedPicture], record: UploadRecord | None) -> Sorted:
        """Sort out what is missing; what an earlier run has begun gets time to arrive."""
        if record is None:
            return sort_out(wanted, listed(self._contents), {})
        found = sort_out(wanted, listed(self._contents), record.images, record.begun)
        for pause in LOOKS[1:]:
            if not any(each.digest in record.begun for each in found.missing):
                break
            await self._bria.clock.sleep(pause)
            self._contents = await read_contents(self._bria, self._dataset_id)
            found = sort_out(wanted, listed(self._contents), record.images, record.begun)
        return found

    async def _prepare(self, index: int, source: ImageSource) -> None:
        try:
            picture = await prepare(source, index)
            await check_size(
                source,
                picture.name,
                increase_resolution=self._options.increase_resolution is not False,
            )
            self._pictures[index] = picture
        except InvalidInputError as error:
            self._failed[index] = FailedUpload(name=name_of(source, index), error=error)

    def _wanted(self, index: int) -> WantedPicture:
        picture = self._pictures[index]
        return WantedPicture(
            index=index,
            name=name_for(picture.name, index, picture.digest),
            digest=picture.digest,
            url=picture.wire if picture.is_url else None,
        )

    async def _upload(self, wanted: WantedPicture, record: UploadRecord | None) -> None:
        try:
            # What breaks off is looked for by its name, of which no other may be on its way.
            async with self._one_of_a_name[wanted.name]:
                image = await self._remembered(wanted, record)
        except BriaError as error:
            if not _concerns_only_this_picture(error):
                raise
            self._fail(wanted, error)
            return
        self._uploaded[wanted.index] = image
        self._tell(self._pictures[wanted.index].name, "uploaded")

    async def _remembered(self, wanted: WantedPicture, record: UploadRecord | None) -> DatasetImage:
        """Send one picture, and remember that it is begun, and what came of it."""
        if record is None:
            return await self._send(wanted)
        await to_thread.run_sync(record.begin, wanted.digest, wanted.name)
        try:
            image = await self._send(wanted)
        except (ApiError, InvalidInputError, NoAnswerError):
            await to_thread.run_sync(record.end, wanted.digest, wanted.name)
            raise
        with anyio.CancelScope(shield=True):
            await to_thread.run_sync(record.add, wanted.digest, image.id, wanted.name)
        return image

    async def _send(self, wanted: WantedPicture) -> DatasetImage:
        body = attrs.evolve(self._options, image_name=wanted.name)
        if wanted.url:
            body.image_url = wanted.url
        else:
            body.file = self._pictures[wanted.index].wire
        try:
            image = await self._bria.datasets.upload_image(self._dataset_id, body=body)
        except SubmitOutcomeUnknown as error:
            image = await self._look_for(wanted, error) or await self._send_again(wanted, body)
        self._known.add(image.id)
        return image

    async def _send_again(self, wanted: WantedPicture, body: UploadImage) -> DatasetImage:
        """Send what certainly did not arrive the first time."""
        try:
            return await self._bria.datasets.upload_image(self._dataset_id, body=body)
        except SubmitOutcomeUnknown as error:
            found = await self._look_for(wanted, error)
            if found is None:
                raise
            return found

    async def _look_for(
        self, wanted: WantedPicture, error: SubmitOutcomeUnknown
    ) -> DatasetImage | None:
        """The image that an upload became although it broke off; `None` for certainly none.

        Raises:
            SubmitOutcomeUnknown: It cannot be told; the one that was given.
        """

        async def find() -> DatasetImage | None:
            contents = await read_contents(self._bria, self._dataset_id)
            trace = trace_of(
                wanted.name, listed(contents), known=self._known, under_way=self._names
            )
            if not trace.certain:
                raise error
            return next((each for each in contents.images if each.id == trace.image_id), None)

        return await look_for(find, self._bria.clock, error)

    async def _skip(self, skip: Skip, record: UploadRecord | None) -> None:
        wanted = skip.wanted
        if record and skip.image_id and wanted.digest in record.begun:
            await to_thread.run_sync(record.add, wanted.digest, skip.image_id, wanted.name)
        name = self._pictures[skip.wanted.index].name
        self._skipped[skip.wanted.index] = SkippedUpload(
            name=name, reason=skip.reason, image_id=skip.image_id
        )
        self._tell(name, "skipped")

    def _fail(self, wanted: WantedPicture, error: BriaError) -> None:
        name = self._pictures[wanted.index].name
        self._failed[wanted.index] = FailedUpload(name=name, error=error, digest=wanted.digest)
        self._tell(name, "failed")

    def _tell(self, name: str, outcome: Literal["uploaded", "skipped", "failed"]) -> None:
        self._told += 1
        if self._on_progress:
            self._on_progress(
                UploadProgress(
                    name=name, outcome=outcome, done=self._told, total=len(self._sources)
                )
            )


def listed(contents: Contents) -> list[Listed]:
    """The images of a dataset, as rules see them."""
    return [
        Listed(id=image.id, name=image.image_name or None, url=image.upload_source_url or None)
        for image in contents.images
    ]


def _concerns_only_this_picture(error: BriaError) -> bool:
    if isinstance(error, InvalidInputError | ServerError | SubmitOutcomeUnknown):
        return True
    everyone = (401, 403, 404, 409, 429)
    return isinstance(error, ApiError) and error.status not in everyone
