"""The border to generated code: its answers become our errors here, and nowhere else."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from bria_tailored.client import AuthenticatedClient
from bria_tailored.types import Response
from bria_tailored_ext.rules.answers import Answer, error_for
from bria_tailored_ext.values.errors import ApiError


def generated_client(http: httpx.AsyncClient) -> AuthenticatedClient:
    """The generated client over our connection. It holds no token: the transport does."""
    client = AuthenticatedClient(base_url=str(http.base_url), token="", explain=explain)
    return client.set_async_httpx_client(http)


def explain(response: Response[Any]) -> ApiError:
    """The error for an answer that is not a documented success."""
    return error_for(_answer(response.raw), response.problem)


def _answer(raw: httpx.Response) -> Answer:
    return Answer(
        method=raw.request.method,
        path=raw.request.url.path,
        status=raw.status_code,
        body=raw.content,
        content_type=raw.headers.get("content-type", "").lower(),
        retry_after=retry_after(raw.headers.get("retry-after"), datetime.now(UTC)),
    )


def retry_after(header: str | None, now: datetime) -> float | None:
    """Seconds to wait, from a `Retry-After` header in either of its forms, or None."""
    if header is None:
        return None
    try:
        seconds = float(header)
        return max(0.0, seconds) if math.isfinite(seconds) else None
    except ValueError:
        pass
    try:
        then = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return max(0.0, (then - now).total_seconds())
