"""The stack that everything passes on its way out, and back.

    explaining      failures become our errors
    attempting      pacing by the plan, retries, counts, logs, hooks
    authenticating  the token, for the configured origin only
    gated           so many in flight; under pytest, to loopback alone
    backend         httpx over a pool of ours, aiohttp, or a caller's transport

The lower three are opened once and shared by every client made `with_options`; the upper two are
each client's own.
"""

from __future__ import annotations

import anyio
import attrs
import httpx

from bria_tailored_ext.edge.attempting import AttemptingTransport, Pacing
from bria_tailored_ext.edge.authentication import AuthenticatingTransport
from bria_tailored_ext.edge.backends import IN_FLIGHT, Network, choose, open_backend
from bria_tailored_ext.edge.downloads import Downloads
from bria_tailored_ext.edge.explaining import ExplainingTransport
from bria_tailored_ext.edge.fetching import Fetcher
from bria_tailored_ext.edge.gate import GatedTransport
from bria_tailored_ext.edge.http_client import HttpClient
from bria_tailored_ext.edge.limiter import limiter_for
from bria_tailored_ext.edge.looking import Looking
from bria_tailored_ext.edge.origin import Origin
from bria_tailored_ext.edge.tally import Tally
from bria_tailored_ext.values.attempts import Hook
from bria_tailored_ext.values.clock import Clock
from bria_tailored_ext.values.configuration import Account, HttpBackend, Timeouts
from bria_tailored_ext.values.plan import Plan
from bria_tailored_ext.values.retry_policy import RetryPolicy
from bria_tailored_ext.version import __version__

USER_AGENT = f"bria-tailored/{__version__} (python)"


@attrs.frozen(kw_only=True)
class Options:
    """What may differ between clients over the same connections; see `TailoredClient`."""

    timeouts: Timeouts
    retry: RetryPolicy
    plan: Plan | None
    hooks: tuple[Hook, ...] = ()


class Connections:
    """The shared part of the stack.

    Args:
        account: Where the API is and who asks.
        network: How to reach the network.
        http_backend: What opens the sockets.
        max_in_flight: Requests at once; `None` for what suits the backend.
        transport: Replaces the backend.
        clock: Tells and passes the time.

    Raises:
        ConfigurationError: The backend that is wanted cannot be used here.
    """

    def __init__(
        self,
        account: Account,
        *,
        network: Network,
        http_backend: HttpBackend,
        max_in_flight: int | None,
        transport: httpx.AsyncBaseTransport | None,
        clock: Clock,
    ) -> None:
        self._account = account
        self._clock = clock
        self._origin = Origin(account.base_url)
        self._limiter = limiter_for(account, clock)
        at_once = max_in_flight or IN_FLIGHT
        backend = transport or open_backend(choose(http_backend), network, connections=at_once)
        gated = GatedTransport(backend, at_once)
        self._shared = AuthenticatingTransport(gated, self._origin, account)

    def client(self, options: Options, tally: Tally) -> httpx.AsyncClient:
        """An httpx client with options of its own over the shared connections.

        It need not be closed: it holds nothing.
        """
        return HttpClient(
            base_url=self._account.base_url,
            headers={"User-Agent": USER_AGENT},
            timeout=_per_piece(options.timeouts),
            transport=self._transport(options, tally),
            follow_redirects=False,
            # The backend has read the environment; httpx would lay proxies over our transport.
            trust_env=False,
        )

    def downloads(self, options: Options, tally: Tally) -> Downloads:
        """Downloads with options of their own over the shared connections."""
        fetcher = Fetcher(
            transport=self._transport(options, tally),
            headers={"User-Agent": USER_AGENT},
            timeouts=_per_piece(options.timeouts).as_dict(),
        )
        return Downloads(fetcher=fetcher, retry=options.retry, clock=self._clock)

    def looking(self, options: Options, tally: Tally) -> Looking:
        """Looks at jobs with options of their own over the shared connections."""
        return Looking(
            self._transport(options, tally),
            origin=self._account.base_url,
            headers={"User-Agent": USER_AGENT},
            timeouts=_per_piece(options.timeouts).as_dict(),
            limiter=self._limiter,
            plan=options.plan,
        )

    def _transport(self, options: Options, tally: Tally) -> ExplainingTransport:
        pacing = Pacing(
            limiter=self._limiter, plan=options.plan, retry=options.retry, clock=self._clock
        )
        attempting = AttemptingTransport(
            self._shared,
            origin=self._origin,
            pacing=pacing,
            tally=tally,
            hooks=options.hooks,
            whole=options.timeouts.whole,
        )
        return ExplainingTransport(attempting, self._origin)

    async def aclose(self) -> None:
        """Close every connection, be the caller cancelled or not."""
        with anyio.CancelScope(shield=True):
            await self._shared.aclose()


def _per_piece(timeouts: Timeouts) -> httpx.Timeout:
    # Nothing waits in a pool: the gate lets no more through than there are connections.
    return httpx.Timeout(
        connect=timeouts.connect, read=timeouts.read, write=timeouts.write, pool=None
    )
