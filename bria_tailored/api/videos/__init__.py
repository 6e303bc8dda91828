# Generated, do not edit: make generate
"""The operations tagged Videos."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from ...client import AuthenticatedClient
    from ...models.accepted_job import AcceptedJob
    from ...models.video_request import VideoRequest


class Videos:
    """The operations tagged Videos, as methods that return the documented answer or raise."""

    def __init__(self, client: AuthenticatedClient) -> None:
        self._client = client

    async def generate_video(
        self,
        *,
        body: VideoRequest,
    ) -> AcceptedJob:
        """Generate Video from Tailored Image (Beta)

        (Beta)
        Initiates an asynchronous job to generate a 5-second MP4 video file animating a source image
        created by a tailored model.

        **Asynchronous Requests and the Status Service** Bria API endpoints process requests
        asynchronously by default. When you make an asynchronous request, the API immediately
        returns a `request_id` and a `status_url` instead of the final result. Use the Status
        Service to track the request's progress until it reaches a completed state.

        See the full guide at [Status Service Documentation](https://docs.bria.ai/status) for
        complete details and usage examples.

        On successful initiation, this endpoint returns a 202 Accepted response. Poll the
        `status_url` or use the Status Service with the `request_id` to check for job completion.
        Once 'Completed', the status response will contain the URL to the generated MP4 video.

        `POST /v2/video/generate/tailored/image-to-video`

        Args:
            body: A `VideoRequest`.
        """
        from . import generate_video

        return cast(
            "AcceptedJob",
            self._client.unwrap(
                await generate_video.asyncio_detailed(
                    body=body,
                    client=self._client,
                )
            ),
        )


__all__ = ["Videos"]
