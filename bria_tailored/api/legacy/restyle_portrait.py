# Generated, do not edit: make generate
"""Reimagine, Portrait Reference (Legacy)"""

from typing import Any, cast

import httpx

from ...client import AuthenticatedClient
from ...models.error_body import ErrorBody
from ...models.restyle_portrait_request import RestylePortraitRequest
from ...models.restyled_portrait import RestyledPortrait
from ...types import Response, expect, read_answer


def _get_kwargs(
    *,
    body: RestylePortraitRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/tailored-gen/restyle_portrait",
        "extensions": {"route": "POST /v1/tailored-gen/restyle_portrait"},
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"
    _kwargs["headers"] = headers
    return _kwargs


def _parse(response: httpx.Response) -> ErrorBody | str | RestyledPortrait:
    status = response.status_code
    if 200 <= status < 300:
        data = expect(dict, response.json())
        response_200 = RestyledPortrait.from_dict(data)

        return response_200

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
    body: RestylePortraitRequest,
    client: AuthenticatedClient,
) -> Response[ErrorBody | str | RestyledPortrait]:
    """Reimagine, Portrait Reference (Legacy): the answer as it came, errors included.

    Raises:
        httpx.HTTPError: No answer came.
    """
    request = _get_kwargs(
        body=body,
    )
    response = await client.get_async_httpx_client().request(**request)
    return read_answer(response, _parse)
