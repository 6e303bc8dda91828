"""Submit one job and wait for what it makes."""

from __future__ import annotations

from typing import Any, cast, overload

from bria_tailored.models import ImageRequest, StructuredPromptRequest, VideoRequest
from bria_tailored_ext.client.job import Job
from bria_tailored_ext.client.tailored_client import TailoredClient
from bria_tailored_ext.values.jobs import ImageResult, StructuredPromptResult, VideoResult


@overload
async def generate_and_wait(
    bria: TailoredClient, request: ImageRequest, *, timeout: float | None = ...
) -> ImageResult: ...
@overload
async def generate_and_wait(
    bria: TailoredClient, request: StructuredPromptRequest, *, timeout: float | None = ...
) -> StructuredPromptResult: ...
@overload
async def generate_and_wait(
    bria: TailoredClient, request: VideoRequest, *, timeout: float | None = ...
) -> VideoResult: ...
async def generate_and_wait(
    bria: TailoredClient, request: Any, *, timeout: float | None = 600.0
) -> Any:
    """Submit one job, which is billed, and return its result.

    Args:
        bria: The client.
        request: An `ImageRequest`, a `StructuredPromptRequest` or a `VideoRequest`.
        timeout: Seconds to wait after the submit; `None` waits for ever.

    Raises:
        InvalidInputError: The request breaks a rule; nothing was sent.
        SubmitOutcomeUnknown: The submit broke off; it may have been billed.
        JobFailed: The job ended without a result.
        WaitTimeout: Still open; its `request_id` takes it up again.
    """
    # One of the three overloads stands for all of them here.
    job: Job[Any] = await bria.submit(cast("ImageRequest", request))
    return await job.result(timeout=timeout)
