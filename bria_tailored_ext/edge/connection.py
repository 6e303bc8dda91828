"""The one httpx client that everything goes through."""

from __future__ import annotations

import httpx

from bria_tailored_ext.edge.authentication import AuthenticatingTransport
from bria_tailored_ext.edge.outcomes import OutcomeTransport
from bria_tailored_ext.values.configuration import Account, Timeouts
from bria_tailored_ext.version import __version__

USER_AGENT = f"bria-tailored/{__version__} (python)"


def connect(
    account: Account, timeouts: Timeouts, transport: httpx.AsyncBaseTransport | None
) -> httpx.AsyncClient:
    """An httpx client whose requests pass authentication and have their failures explained.

    Args:
        account: Where the API is and who asks.
        timeouts: Of each request.
        transport: Replaces the network, in tests.
    """
    inner = transport or httpx.AsyncHTTPTransport()
    return httpx.AsyncClient(
        base_url=account.base_url,
        headers={"User-Agent": USER_AGENT},
        timeout=httpx.Timeout(
            connect=timeouts.connect,
            read=timeouts.read,
            write=timeouts.write,
            pool=timeouts.pool,
        ),
        transport=OutcomeTransport(AuthenticatingTransport(account, inner)),
        follow_redirects=False,
    )
