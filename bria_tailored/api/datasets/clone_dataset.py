# Generated, do not edit: make generate
"""Clone Dataset As Draft"""

from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient
from ...models.clone_dataset import CloneDataset
from ...models.dataset import Dataset
from ...models.error_body import ErrorBody
from ...types import UNSET, Response, Unset, expect, read_answer


def _get_kwargs(
    dataset_id: int,
    *,
    body: CloneDataset | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/tailored-gen/datasets/{dataset_id}/clone".format(
            dataset_id=quote(str(dataset_id), safe=""),
        ),
        "extensions": {"route": "POST /v1/tailored-gen/datasets/{dataset_id}/clone"},
    }

    if not isinstance(body, Unset):
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"
    _kwargs["headers"] = headers
    return _kwargs


def _parse(response: httpx.Response) -> Dataset | ErrorBody | str:
    status = response.status_code
    if 200 <= status < 300:
        data = expect(dict, response.json())
        response_201 = Dataset.from_dict(data)

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
    dataset_id: int,
    *,
    body: CloneDataset | Unset = UNSET,
    client: AuthenticatedClient,
) -> Response[Dataset | ErrorBody | str]:
    """Clone Dataset As Draft: the answer as it came, errors included.

    Raises:
        httpx.HTTPError: No answer came.
    """
    request = _get_kwargs(
        dataset_id=dataset_id,
        body=body,
    )
    response = await client.get_async_httpx_client().request(**request)
    return read_answer(response, _parse)
