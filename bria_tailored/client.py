# Generated, do not edit: make generate
"""The client that every generated function takes."""

from __future__ import annotations

import ipaddress
import os
import ssl
import sys
from collections.abc import Callable
from typing import Any, Self

import httpx
from attrs import define, evolve, field

from .errors import explain
from .types import Response

# As the pytest plugin of bria-tailored sets it: a test must never bill anybody.
_LOOPBACK_ONLY = "PYTEST_BRIA_LOOPBACK_ONLY"
_PLUGIN = "bria_tailored_ext.pytest_plugin"
_BEFORE_CONNECTING = "connect_tcp.started"
_BEFORE_SENDING = "send_request_headers.started"


def _default_timeout() -> httpx.Timeout:
    # List calls have been seen to take over 8 s.
    return httpx.Timeout(60.0, connect=10.0)


@define
class AuthenticatedClient:
    """Where the API is, and how to reach it. Use it as an async context manager.

    Attributes:
        base_url: The API's origin; the versions are part of the paths.
        token: The organisation's token, sent as `api_token`. In no repr.
        headers: Further headers. In no repr.
        timeout: Of one request; 60 s, and 10 s to connect, unless given.
        verify_ssl: As httpx takes it.
        follow_redirects: Off by default: the token would travel along.
        httpx_args: Anything else for `httpx.AsyncClient`. In no repr.
        explain: What to raise for an answer that is not a documented success.
    """

    base_url: str
    token: str = field(repr=False)
    headers: dict[str, str] = field(factory=dict, kw_only=True, repr=False)
    timeout: httpx.Timeout = field(factory=_default_timeout, kw_only=True)
    verify_ssl: str | bool | ssl.SSLContext = field(default=True, kw_only=True)
    follow_redirects: bool = field(default=False, kw_only=True)
    httpx_args: dict[str, Any] = field(factory=dict, kw_only=True, repr=False)
    explain: Callable[[Response[Any]], Exception] = field(default=explain, kw_only=True, repr=False)
    _async_client: httpx.AsyncClient | None = field(default=None, init=False, repr=False)

    def with_headers(self, headers: dict[str, str]) -> Self:
        """Another client like this one, with additional headers and connections of its own."""
        return evolve(self, headers={**self.headers, **headers})

    def with_timeout(self, timeout: httpx.Timeout) -> Self:
        """Another client like this one, with another timeout and connections of its own."""
        return evolve(self, timeout=timeout)

    def set_async_httpx_client(self, async_client: httpx.AsyncClient) -> Self:
        """Use this httpx client, with its own settings in place of this object's.

        It gets one more hook for requests, which under pytest keeps them on loopback.
        """
        hook = _check if _is_over_aiohttp(async_client) else _watch
        hooks = async_client.event_hooks["request"]
        if hook not in hooks:
            hooks.append(hook)
        self._async_client = async_client
        return self

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        """The httpx client, made on first use."""
        if self._async_client is None:
            self._async_client = httpx.AsyncClient(
                base_url=self.base_url,
                headers={**self.headers, "api_token": self.token},
                timeout=self.timeout,
                verify=self.verify_ssl,
                follow_redirects=self.follow_redirects,
                **self.httpx_args,
            )
        # Each time: whoever set hooks of their own since has taken ours away.
        self.set_async_httpx_client(self._async_client)
        return self._async_client

    def unwrap(self, response: Response[Any]) -> Any:
        """The parsed body of a documented success; anything else is raised, by `explain`."""
        if response.is_success:
            return response.parsed
        error = self.explain(response)
        raise error from error.__cause__ or response.problem

    async def __aenter__(self) -> Self:
        """Open the httpx client."""
        await self.get_async_httpx_client().__aenter__()
        return self

    async def __aexit__(self, *exc_info: Any) -> None:
        """Close the httpx client."""
        await self.get_async_httpx_client().__aexit__(*exc_info)


def _is_over_aiohttp(async_client: httpx.AsyncClient) -> bool:
    """Whether no mock sees its requests, and no trace tells its steps."""
    transport = type(getattr(async_client, "_transport", None))
    return any(kind.__module__.startswith("httpx_aiohttp") for kind in transport.__mro__)


async def _check(request: httpx.Request) -> None:
    """Refuse a request that would leave loopback."""
    _refuse_beyond_loopback(request.url.host)


async def _watch(request: httpx.Request) -> None:
    """Have a request refused that would leave loopback, or go through a proxy that is elsewhere."""
    if not _is_guarded():
        return

    async def refuse(step: str, facts: Any) -> None:
        if step.endswith((_BEFORE_CONNECTING, _BEFORE_SENDING)):
            _refuse_beyond_loopback(request.url.host)
        if step.endswith(_BEFORE_CONNECTING):
            _refuse_beyond_loopback(str(facts["host"]))

    # httpcore tells it each step before it is taken; what a mock answers never comes so far.
    request.extensions["trace"] = refuse


def _refuse_beyond_loopback(host: str) -> None:
    if _is_guarded() and not _is_loopback(host):
        raise RuntimeError(
            f"A test wanted to reach {host}, where every call may be billed. Point it at the "
            "sandbox, mock it, or mark the test with @pytest.mark.bria_network."
        )


def _is_guarded() -> bool:
    # The plugin is not imported: only pytest does that. A test may take the environment away.
    plugin = sys.modules.get(_PLUGIN)
    return _LOOPBACK_ONLY in os.environ or bool(getattr(plugin, "loopback_only", False))


def _is_loopback(host: str) -> bool:
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


__all__ = ["AuthenticatedClient"]
