"""How an attempt failed, read from what httpx or its aiohttp backend raised."""

from __future__ import annotations

import httpx

from bria_tailored_ext.rules.retries import Failure

_NEVER_ARRIVED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)

# httpx-aiohttp reports "sent in full, then the server hung up" as `ConnectTimeout` too, so behind
# it only the cause tells. By name, so that aiohttp need not be installed.
_AIOHTTP_NEVER_ARRIVED = {
    "ClientConnectorError",
    "ConnectionTimeoutError",
    # A proxy's own refusal to open a tunnel.
    "ClientHttpProxyError",
}


def failure_of(error: Exception | None) -> Failure:
    """Whether a request certainly never arrived, or may have."""
    if isinstance(error, httpx.UnsupportedProtocol):
        return Failure.NOT_SENDABLE
    cause = error.__cause__ if error else None
    if cause is not None and type(cause).__module__.partition(".")[0] == "aiohttp":
        kinds = {kind.__name__ for kind in type(cause).__mro__}
        arrived = not kinds & _AIOHTTP_NEVER_ARRIVED
    else:
        arrived = not isinstance(error, _NEVER_ARRIVED)
    return Failure.MAY_HAVE_ARRIVED if arrived else Failure.NEVER_ARRIVED
