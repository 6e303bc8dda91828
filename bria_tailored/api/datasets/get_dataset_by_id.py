# Generated, do not edit: make generate
"""Get Dataset by ID"""

from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient
from ...models.dataset import Dataset
from ...models.error_body import ErrorBody
from ...types import UNSET, Response, Unset, expect, read_answer


def _get_kwargs(
    dataset_id: int,
    *,
    max_images: int | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["max_images"] = max_images

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/tailored-gen/datasets/{dataset_id}".format(
            dataset_id=quote(str(dataset_id), safe=""),
        ),
        "params": params,
        "extensions": {"route": "GET /v1/tailored-gen/datasets/{dataset_id}"},
    }

    return _kwargs


def _parse(response: httpx.Response) -> Dataset | ErrorBody | str:
    status = response.status_code
    if 200 <= status < 300:
        data = expect(dict, response.json())
        response_200 = Dataset.from_dict(data)

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
    dataset_id: int,
    *,
    max_images: int | Unset = UNSET,
    client: AuthenticatedClient,
) -> Response[Dataset | ErrorBody | str]:
    """Get Dataset by ID: the answer as it came, errors included.

    Raises:
        httpx.HTTPError: No answer came.
    """
    request = _get_kwargs(
        dataset_id=dataset_id,
        max_images=max_images,
    )
    response = await client.get_async_httpx_client().request(**request)
    return read_answer(response, _parse)
