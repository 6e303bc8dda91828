# Generated, do not edit: make generate
"""Update Model"""

from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient
from ...models.error_body import ErrorBody
from ...models.model import Model
from ...models.update_model import UpdateModel
from ...types import Response, expect, read_answer


def _get_kwargs(
    model_id: int,
    *,
    body: UpdateModel,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/v1/tailored-gen/models/{model_id}".format(
            model_id=quote(str(model_id), safe=""),
        ),
        "extensions": {"route": "PUT /v1/tailored-gen/models/{model_id}"},
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"
    _kwargs["headers"] = headers
    return _kwargs


def _parse(response: httpx.Response) -> ErrorBody | str | Model:
    status = response.status_code
    if 200 <= status < 300:
        data = expect(dict, response.json())
        response_200 = Model.from_dict(data)

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
    model_id: int,
    *,
    body: UpdateModel,
    client: AuthenticatedClient,
) -> Response[ErrorBody | str | Model]:
    """Update Model: the answer as it came, errors included.

    Raises:
        httpx.HTTPError: No answer came.
    """
    request = _get_kwargs(
        model_id=model_id,
        body=body,
    )
    response = await client.get_async_httpx_client().request(**request)
    return read_answer(response, _parse)
