# Generated, do not edit: make generate
"""Get Images"""

from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient
from ...models.dataset_image import DatasetImage
from ...models.error_body import ErrorBody
from ...types import Response, expect, read_answer


def _get_kwargs(
    dataset_id: int,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/tailored-gen/datasets/{dataset_id}/images".format(
            dataset_id=quote(str(dataset_id), safe=""),
        ),
        "extensions": {"route": "GET /v1/tailored-gen/datasets/{dataset_id}/images"},
    }

    return _kwargs


def _parse(response: httpx.Response) -> ErrorBody | str | list[DatasetImage]:
    status = response.status_code
    if 200 <= status < 300:
        data = expect(list, response.json())
        response_200 = []
        _response_200 = data
        for response_200_item_data in _response_200:
            response_200_item = DatasetImage.from_dict(response_200_item_data)

            response_200.append(response_200_item)

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
    dataset_id: int,
    *,
    client: AuthenticatedClient,
) -> Response[ErrorBody | str | list[DatasetImage]]:
    """Get Images: the answer as it came, errors included.

    Raises:
        httpx.HTTPError: No answer came.
    """
    request = _get_kwargs(
        dataset_id=dataset_id,
    )
    response = await client.get_async_httpx_client().request(**request)
    return read_answer(response, _parse)
