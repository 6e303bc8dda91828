"""The border to generated code: its answers become our errors here, and nowhere else."""

from __future__ import annotations

from typing import Any

import httpx

from bria_tailored.client import AuthenticatedClient
from bria_tailored.types import Response
from bria_tailored_ext.edge.attempting import ROUTE
from bria_tailored_ext.edge.explaining import answer_of, outcome_unknown
from bria_tailored_ext.rules.answers import error_for
from bria_tailored_ext.rules.retries import is_repeatable
from bria_tailored_ext.values.errors import ApiError, SubmitOutcomeUnknown


def generated_client(http: httpx.AsyncClient) -> AuthenticatedClient:
    """The generated client over our connections. It holds no token: the transport does."""
    client = AuthenticatedClient(base_url=str(http.base_url), token="", explain=explain)
    return client.set_async_httpx_client(http)


def explain(response: Response[Any]) -> ApiError | SubmitOutcomeUnknown:
    """The error for an answer that is not a documented success."""
    request = response.raw.request
    answer = answer_of(request, response.raw)
    said = error_for(answer, response.problem)
    said.__cause__ = response.problem
    route = request.extensions.get(ROUTE)
    if not 200 <= answer.status < 300 or is_repeatable(answer.method, route):
        return said
    # It was carried out, it seems, but what came of it cannot be read.
    return outcome_unknown(answer, said, str(said))
