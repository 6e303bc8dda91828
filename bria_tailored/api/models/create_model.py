# Generated, do not edit: make generate
"""Create Model"""

from typing import Any, cast

import httpx

from ...client import AuthenticatedClient
from ...models.create_model import CreateModel
from ...models.error_body import ErrorBody
from ...models.model import Model
from ...types import Response, expect, read_answer


def _get_kwargs(
    *,
    body: CreateModel,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/tailored-gen/models",
        "extensions": {"route": "POST /v1/tailored-gen/models"},
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"
    _kwargs["headers"] = headers
    return _kwargs


def _parse(response: httpx.Response) -> ErrorBody | str | Model:
    status = response.status_code
    if 200 <= status < 300:
        data = expect(dict, response.json())
        response_201 = Model.from_dict(data)

        return response_201

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
    body: CreateModel,
    client: AuthenticatedClient,
) -> Response[ErrorBody | str | Model]:
    """Create Model: the answer as it came, errors included.

    Raises:
        httpx.HTTPError: No answer came.
    """
    request = _get_kwargs(
        body=body,
    )
    response = await client.get_async_httpx_client().request(**request)
    return read_answer(response, _parse)
