"""The HTTP backend: what opens the sockets.

httpx is the interface. In asyncio, with the `aiohttp` extra installed, httpx-aiohttp carries it;
otherwise httpx does, over a pool of ours.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import TypeAlias

import attrs
import httpx

from bria_tailored_ext.edge import guard
from bria_tailored_ext.edge.pool import flat
from bria_tailored_ext.edge.proxies import ProxiedTransport
from bria_tailored_ext.edge.turn import is_asyncio_task
from bria_tailored_ext.values.configuration import HttpBackend
from bria_tailored_ext.values.errors import ConfigurationError

_OLDEST_AIOHTTP = (3, 14, 4)
"""3.14.0 and 3.14.1 hand out poisoned pooled connections."""

IN_FLIGHT = 100
"""Requests at once, unless told otherwise.

Over TLS a connection costs some 315 kB, and a few dozen serve thousands of jobs.
"""


_Open: TypeAlias = Callable[[ssl.SSLContext, int, httpx.Proxy | None], httpx.AsyncBaseTransport]


@attrs.frozen(kw_only=True)
class Network:
    """How to reach the network, as httpx has it.

    Attributes:
        verify: Whether, or by which context, certificates are checked.
        proxy: For every request; else the environment's, if `trust_env`.
        trust_env: Whether the environment may name proxies and certificates.
    """

    verify: ssl.SSLContext | str | bool = True
    proxy: httpx.URL | str | httpx.Proxy | None = attrs.field(default=None, repr=False)
    trust_env: bool = True


def choose(wanted: HttpBackend) -> str:
    """The backend to use here and now: `httpx` or `aiohttp`.

    Raises:
        ConfigurationError: The one that is wanted cannot be used here.
    """
    if wanted == "httpx" or (wanted == "auto" and guard.is_set()):
        return "httpx"
    obstacle = _obstacle_to_aiohttp()
    if wanted == "aiohttp" and obstacle:
        raise ConfigurationError(f"http_backend='aiohttp' cannot be used: {obstacle}")
    return "httpx" if obstacle else "aiohttp"


def open_backend(name: str, network: Network, connections: int) -> httpx.AsyncBaseTransport:
    """A transport that opens connections, at most so many.

    One TLS context serves all of its connections, proxied ones included.
    """
    context = _context(network)
    open_one = _over_aiohttp() if name == "aiohttp" else _httpx
    if network.proxy is not None:
        return _open_proxied(open_one, context, connections, network.proxy)
    if not network.trust_env:
        return open_one(context, connections, None)
    return ProxiedTransport(
        lambda proxy: (
            _open_proxied(open_one, context, connections, proxy)
            if proxy
            else open_one(context, connections, None)
        )
    )


def _open_proxied(
    open_one: _Open,
    context: ssl.SSLContext,
    connections: int,
    proxy: httpx.URL | str | httpx.Proxy,
) -> httpx.AsyncBaseTransport:
    try:
        known = proxy if isinstance(proxy, httpx.Proxy) else httpx.Proxy(proxy)
        return open_one(context, connections, known)
    except (httpx.InvalidURL, ImportError, ValueError) as error:
        # The URL is not repeated: it may hold a password.
        raise ConfigurationError(
            f"The proxy cannot be used ({type(error).__name__}). Give an URL such as "
            "http://proxy.example:3128; a SOCKS proxy needs http_backend='httpx' and httpx[socks]."
        ) from None


def _context(network: Network) -> ssl.SSLContext:
    if isinstance(network.verify, ssl.SSLContext):
        return network.verify
    if isinstance(network.verify, str):
        try:
            return ssl.create_default_context(cafile=network.verify)
        except OSError as error:
            raise ConfigurationError(
                f"verify={network.verify!r} is no bundle of certificates: {error}."
            ) from error
    return httpx.create_ssl_context(verify=network.verify, trust_env=network.trust_env)


def _httpx(
    context: ssl.SSLContext, connections: int, proxy: httpx.Proxy | None
) -> httpx.AsyncBaseTransport:
    transport = httpx.AsyncHTTPTransport(verify=context, proxy=proxy, trust_env=False)
    return flat(transport, connections)


def _over_aiohttp() -> _Open:
    # As the client is opened: it takes a while, in which the first requests would stand still.
    from bria_tailored_ext.edge.over_aiohttp import HonestAiohttpTransport

    return HonestAiohttpTransport


def _obstacle_to_aiohttp() -> str | None:
    if not is_asyncio_task():
        return "it runs on asyncio alone. Leave http_backend out, or choose 'httpx'."
    try:
        found, _ = version("aiohttp"), version("httpx-aiohttp")
    except PackageNotFoundError:
        return "it is not installed. Run: pip install 'bria-tailored[aiohttp]'"
    if tuple(map(int, re.findall(r"\d+", found)[:3])) < _OLDEST_AIOHTTP:
        return f"aiohttp {found} is too old. Run: pip install --upgrade 'bria-tailored[aiohttp]'"
    return None
