# Generated, do not edit: make generate
"""Generate Caption Prefix (Legacy)"""

from typing import Any, cast

import httpx

from ...client import AuthenticatedClient
from ...models.error_body import ErrorBody
from ...models.generate_prefix_request import GeneratePrefixRequest
from ...models.generated_prefix import GeneratedPrefix
from ...types import Response, expect, read_answer


def _get_kwargs(
    *,
    body: GeneratePrefixRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/tailored-gen/generate_prefix",
        "extensions": {"route": "POST /v1/tailored-gen/generate_prefix"},
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"
    _kwargs["headers"] = headers
    return _kwargs


def _parse(response: httpx.Response) -> ErrorBody | str | GeneratedPrefix:
    status = response.status_code
    if 200 <= status < 300:
        data = expect(dict, response.json())
        response_200 = GeneratedPrefix.from_dict(data)

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
    body: GeneratePrefixRequest,
    client: AuthenticatedClient,
) -> Response[ErrorBody | str | GeneratedPrefix]:
    """Generate Caption Prefix (Legacy): the answer as it came, errors included.

    Raises:
        httpx.HTTPError: No answer came.
    """
    request = _get_kwargs(
        body=body,
    )
    response = await client.get_async_httpx_client().request(**request)
    return read_answer(response, _parse)
