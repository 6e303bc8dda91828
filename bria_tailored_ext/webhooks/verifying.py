"""`verify_signature`: for whoever receives webhooks in a framework of his own."""

from __future__ import annotations

import time
from collections.abc import Iterable

from bria_tailored_ext.rules.signatures import (
    FRESHNESS,
    Headers,
    check_freshness,
    check_signature,
    keys_of,
    read_headers,
)
from bria_tailored_ext.values.errors import ConfigurationError


def verify_signature(
    headers: Headers,
    body: bytes,
    tokens: str | Iterable[str],
    *,
    now: float | None = None,
    freshness: float = FRESHNESS,
) -> str:
    """Check that Bria signed a delivery, with one of these tokens and just now.

    Source: https://docs.bria.ai/webhooks; the freshness window is ours.

    Args:
        headers: All headers of the request, as the framework has them; names in any case.
        body: The raw body, byte for byte as it came: parsed and written anew, it is another one.
        tokens: The organisation's token; several while they rotate.
        now: Unix seconds, in tests; else the machine's clock.
        freshness: How far the timestamp may be from now, in seconds, either way.

    Returns:
        The delivery's id, which is the request id of the job.

    Raises:
        WebhookSignatureError: It is not to be believed; `check` says which check it failed.
        ConfigurationError: There is no token to check with, or the window is none.
    """
    keys = keys_of(tokens)
    if not keys:
        raise ConfigurationError("There is no token to check a webhook with. Pass tokens=[...].")
    signed = read_headers(headers)
    check_signature(
        signed,
        body,
        keys,
        now=time.time() if now is None else now,
        freshness=check_freshness(freshness),
    )
    return signed.webhook_id
