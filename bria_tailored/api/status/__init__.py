# Generated, do not edit: make generate
"""The operations tagged Status."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from ...client import AuthenticatedClient
    from ...models.job_status import JobStatus


class Status:
    """The operations tagged Status, as methods that return the documented answer or raise."""

    def __init__(self, client: AuthenticatedClient) -> None:
        self._client = client

    async def get_status(
        self,
        request_id: str,
    ) -> JobStatus:
        """Get Request Status

        What has become of one job, v2 only.

        The answer is HTTP 200 whatever became of the job: the outcome is in `status`, and a failed
        job
        says why in `error`. An error answer speaks about the request for the status, never about
        the
        job. Status requests count against the account's requests per minute.

        Source: https://docs.bria.ai/status

        `GET /v2/status/{request_id}`

        Args:
            request_id: The id that the submit was answered with.
        """
        from . import get_status

        return cast(
            "JobStatus",
            self._client.unwrap(
                await get_status.asyncio_detailed(
                    request_id=request_id,
                    client=self._client,
                )
            ),
        )


__all__ = ["Status"]
