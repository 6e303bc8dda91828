# Generated, do not edit: make generate
"""Generate Image - Tailored Model"""

from typing import Any, cast

import httpx

from ...client import AuthenticatedClient
from ...models.accepted_job import AcceptedJob
from ...models.error_body import ErrorBody
from ...models.image_answer import ImageAnswer
from ...models.image_request import ImageRequest
from ...types import Response, expect, read_answer


def _get_kwargs(
    *,
    body: ImageRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v2/image/generate/tailored",
        "extensions": {"route": "POST /v2/image/generate/tailored"},
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"
    _kwargs["headers"] = headers
    return _kwargs


def _parse(response: httpx.Response) -> AcceptedJob | ErrorBody | str | ImageAnswer:
    status = response.status_code
    if status == 200:
        data = expect(dict, response.json())
        response_200 = ImageAnswer.from_dict(data)

        return response_200

    if status == 202:
        data = expect(dict, response.json())
        response_202 = AcceptedJob.from_dict(data)

        return response_202

    if status >= 400:
        data = response.json()

        def _parse_response_400(data: object) -> ErrorBody | str:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                response_400_type_0 = ErrorBody.from_dict(data)

                return response_400_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ErrorBody | str, data)

        response_400 = _parse_response_400(data)

        return response_400

    raise ValueError(f"the status {status} is not documented")


async def asyncio_detailed(
    *,
    body: ImageRequest,
    client: AuthenticatedClient,
) -> Response[AcceptedJob | ErrorBody | str | ImageAnswer]:
    """Generate Image - Tailored Model: the answer as it came, errors included.

    Raises:
        httpx.HTTPError: No answer came.
    """
    request = _get_kwargs(
        body=body,
    )
    response = await client.get_async_httpx_client().request(**request)
    return read_answer(response, _parse)
