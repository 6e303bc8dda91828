"""The border to generated code: its answers become our errors here, and nowhere else."""

from __future__ import annotations

from typing import Any

import httpx

from bria_tailored.client import AuthenticatedClient
from bria_tailored.types import Response
from bria_tailored_ext.edge.explaining import answer_of
from bria_tailored_ext.rules.answers import error_for
from bria_tailored_ext.values.errors import ApiError


def generated_client(http: httpx.AsyncClient) -> AuthenticatedClient:
    """The generated client over our connections. It holds no token: the transport does."""
    client = AuthenticatedClient(base_url=str(http.base_url), token="", explain=explain)
    return client.set_async_httpx_client(http)


def explain(response: Response[Any]) -> ApiError:
    """The error for an answer that is not a documented success."""
    return error_for(answer_of(response.raw.request, response.raw), response.problem)
