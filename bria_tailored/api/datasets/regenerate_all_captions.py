# Generated, do not edit: make generate
"""Regenerate All Captions"""

from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient
from ...models.dataset import Dataset
from ...models.error_body import ErrorBody
from ...types import Response, expect, read_answer


def _get_kwargs(
    dataset_id: int,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/v1/tailored-gen/datasets/{dataset_id}/images".format(
            dataset_id=quote(str(dataset_id), safe=""),
        ),
        "extensions": {"route": "PUT /v1/tailored-gen/datasets/{dataset_id}/images"},
    }

    return _kwargs


def _parse(response: httpx.Response) -> Dataset | ErrorBody | str:
    status = response.status_code
    if 200 <= status < 300:
        data = expect(dict, response.json())
        response_202 = Dataset.from_dict(data)

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
    dataset_id: int,
    *,
    client: AuthenticatedClient,
) -> Response[Dataset | ErrorBody | str]:
    """Regenerate All Captions: the answer as it came, errors included.

    Raises:
        httpx.HTTPError: No answer came.
    """
    request = _get_kwargs(
        dataset_id=dataset_id,
    )
    response = await client.get_async_httpx_client().request(**request)
    return read_answer(response, _parse)
