# Generated, do not edit: make generate
"""Get Models by Project"""

from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient
from ...models.error_body import ErrorBody
from ...models.model import Model
from ...types import UNSET, Response, Unset, expect, read_answer


def _get_kwargs(
    project_id: int,
    *,
    include_training_parameters: bool | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["include_training_parameters"] = include_training_parameters

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/tailored-gen/projects/{project_id}/models".format(
            project_id=quote(str(project_id), safe=""),
        ),
        "params": params,
        "extensions": {"route": "GET /v1/tailored-gen/projects/{project_id}/models"},
    }

    return _kwargs


def _parse(response: httpx.Response) -> ErrorBody | str | list[Model]:
    status = response.status_code
    if 200 <= status < 300:
        data = expect(list, response.json())
        response_200 = []
        _response_200 = data
        for response_200_item_data in _response_200:
            response_200_item = Model.from_dict(response_200_item_data)

            response_200.append(response_200_item)

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
    project_id: int,
    *,
    include_training_parameters: bool | Unset = UNSET,
    client: AuthenticatedClient,
) -> Response[ErrorBody | str | list[Model]]:
    """Get Models by Project: the answer as it came, errors included.

    Raises:
        httpx.HTTPError: No answer came.
    """
    request = _get_kwargs(
        project_id=project_id,
        include_training_parameters=include_training_parameters,
    )
    response = await client.get_async_httpx_client().request(**request)
    return read_answer(response, _parse)
