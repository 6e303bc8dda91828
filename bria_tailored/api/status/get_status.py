# Generated, do not edit: make generate
"""Get Request Status"""

from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient
from ...models.error_body import ErrorBody
from ...models.job_status import JobStatus
from ...types import Response, expect, read_answer


def _get_kwargs(
    request_id: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v2/status/{request_id}".format(
            request_id=quote(str(request_id), safe=""),
        ),
        "extensions": {"route": "GET /v2/status/{request_id}"},
    }

    return _kwargs


def _parse(response: httpx.Response) -> ErrorBody | str | JobStatus:
    status = response.status_code
    if 200 <= status < 300:
        data = expect(dict, response.json())
        response_200 = JobStatus.from_dict(data)

        return response_200

    if status >= 400:
        data = response.json()

        def _parse_response_401(data: object) -> ErrorBody | str:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                response_401_type_0 = ErrorBody.from_dict(data)

                return response_401_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ErrorBody | str, data)

        response_401 = _parse_response_401(data)

        return response_401

    raise ValueError(f"the status {status} is not documented")


async def asyncio_detailed(
    request_id: str,
    *,
    client: AuthenticatedClient,
) -> Response[ErrorBody | str | JobStatus]:
    """Get Request Status: the answer as it came, errors included.

    Raises:
        httpx.HTTPError: No answer came.
    """
    request = _get_kwargs(
        request_id=request_id,
    )
    response = await client.get_async_httpx_client().request(**request)
    return read_answer(response, _parse)
