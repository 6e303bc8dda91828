"""The paths of single images."""

from urllib.parse import unquote, urlsplit

import attrs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bria_tailored_ext.sandbox import answers
from bria_tailored_ext.sandbox.bulk import BulkUploads, unpacked
from bria_tailored_ext.sandbox.dataset_rules import (
    ImageUpload,
    bulk_zip_url,
    caption_change,
    check_resolution,
    image_upload,
)
from bria_tailored_ext.sandbox.gate import Gate, JsonResponse, number_in_path, origin
from bria_tailored_ext.sandbox.images import Arrival, Images
from bria_tailored_ext.sandbox.intake import Intake, Unusable, checked_picture, decoded
from bria_tailored_ext.sandbox.records import DatasetImage
from bria_tailored_ext.sandbox.refusal import message
from bria_tailored_ext.sandbox.routes_files import FileRoutes
from bria_tailored_ext.sandbox.stored import is_stored_as_it_came
from bria_tailored_ext.sandbox.workers import in_worker

_ALL = "/tailored-gen/datasets/{dataset_id}/images"
_ONE = "/tailored-gen/datasets/{dataset_id}/images/{image_id}"


@attrs.frozen
class ImageRoutes:
    """The operations on the images of a dataset."""

    gate: Gate
    images: Images
    bulk: BulkUploads
    files: FileRoutes

    def routes(self) -> list[Route]:
        """List them."""
        return [
            self.gate.v1("POST", _ALL, self.upload),
            self.gate.v1("GET", _ALL, self.all),
            self.gate.v1("POST", f"{_ALL}/bulk-upload", self.bulk_upload),
            self.gate.v1("GET", f"{_ALL}/bulk-upload/status", self.bulk_status),
            self.gate.v1("GET", _ONE, self.get),
            self.gate.v1("PUT", _ONE, self.update),
            self.gate.v1("DELETE", _ONE, self.delete),
        ]

    async def upload(self, request: Request) -> Response:
        """upload-image."""
        dataset_id = _dataset_id(request)
        asked = image_upload(await self.gate.body(request))
        self.images.check_room(dataset_id)
        try:
            arrival = await in_worker(_arrived, self.files.intake(request), asked)
        except Unusable as reason:
            raise message(reason.status, reason.reason) from reason
        image = await in_worker(self.images.add, dataset_id, arrival)
        return self._image(request, image, 201)

    async def all(self, request: Request) -> Response:
        """get-images."""
        now = self.images.state.clock.now()
        images = self.images.all(_dataset_id(request))
        return JsonResponse([answers.image(image, now, origin(request)) for image in images])

    async def get(self, request: Request) -> Response:
        """get-image."""
        return self._image(request, self.images.get(_dataset_id(request), _image_id(request)), 200)

    async def update(self, request: Request) -> Response:
        """update-image-caption."""
        change = caption_change(await self.gate.body(request))
        dataset_id, image_id = _dataset_id(request), _image_id(request)
        return self._image(request, self.images.change_caption(dataset_id, image_id, change), 200)

    async def delete(self, request: Request) -> Response:
        """delete-image."""
        self.images.delete(_dataset_id(request), _image_id(request))
        return Response(status_code=204)

    async def bulk_upload(self, request: Request) -> Response:
        """bulk-upload-images, which answers without a body."""
        dataset_id = _dataset_id(request)
        zip_url = bulk_zip_url(await self.gate.body(request))
        self.bulk.check(dataset_id)
        content = await in_worker(unpacked, self.files.intake(request), zip_url)
        await in_worker(self.bulk.start, dataset_id, content)
        return Response(status_code=202)

    async def bulk_status(self, request: Request) -> Response:
        """get-bulk-upload-status."""
        upload = self.bulk.get(_dataset_id(request))
        return JsonResponse(answers.bulk_upload(upload, self.images.state.clock.now()))

    def _image(self, request: Request, image: DatasetImage, status: int) -> Response:
        told = answers.image(image, self.images.state.clock.now(), origin(request))
        return JsonResponse(told, status)


def _arrived(intake: Intake, asked: ImageUpload) -> Arrival:
    if asked.image_url is not None:
        data = intake.fetched(asked.image_url)
        name = unquote(urlsplit(asked.image_url).path).rsplit("/", 1)[-1]
    else:
        data, name = decoded(asked.file or ""), None
    picture = checked_picture(data)
    check_resolution(picture, increase_resolution=asked.increase_resolution)
    return Arrival(
        shelf_key=intake.files.state.shelf.put(data),
        as_it_came=is_stored_as_it_came(data),
        picture=picture,
        image_name=asked.image_name or name,
        upload_source_url=asked.image_url,
    )


def _dataset_id(request: Request) -> int:
    return number_in_path(request, "dataset_id", "Dataset")


def _image_id(request: Request) -> int:
    return number_in_path(request, "image_id", "Image")
