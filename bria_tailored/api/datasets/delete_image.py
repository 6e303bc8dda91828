# Generated, do not edit: make generate
"""Delete Image"""

from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient
from ...models.error_body import ErrorBody
from ...types import Response, read_answer


def _get_kwargs(
    dataset_id: int,
    image_id: int,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "delete",
        "url": "/v1/tailored-gen/datasets/{dataset_id}/images/{image_id}".format(
            dataset_id=quote(str(dataset_id), safe=""),
            image_id=quote(str(image_id), safe=""),
        ),
        "extensions": {"route": "DELETE /v1/tailored-gen/datasets/{dataset_id}/images/{image_id}"},
    }

    return _kwargs


def _parse(response: httpx.Response) -> Any | ErrorBody | str:
    status = response.status_code
    if 200 <= status < 300:
        return None

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
    image_id: int,
    *,
    client: AuthenticatedClient,
) -> Response[Any | ErrorBody | str]:
    """Delete Image: the answer as it came, errors included.

    Raises:
        httpx.HTTPError: No answer came.
    """
    request = _get_kwargs(
        dataset_id=dataset_id,
        image_id=image_id,
    )
    response = await client.get_async_httpx_client().request(**request)
    return read_answer(response, _parse)
