"""Under pytest, nothing leaves loopback unless a test says so: a test must never bill anybody.

The guard looks at each request, whenever its client was opened, and refuses it where httpcore
would touch the network, be it for the request's own host or for that of a proxy. Mocking libraries
have had their say by then: what they answer never comes so far.
`bria_tailored_ext.pytest_plugin` sets it: in this process, where a test may take the whole
environment away, and by a variable of the environment, so that it holds in the processes that a
test starts too. The generated package has a guard of its own, of the same kind.
"""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Mapping
from typing import Any

import attrs
import httpx

from bria_tailored_ext.values.errors import ConfigurationError

VARIABLE = "PYTEST_BRIA_LOOPBACK_ONLY"
_PLUGIN = "bria_tailored_ext.pytest_plugin"

_BEFORE_CONNECTING = "connect_tcp.started"
_BEFORE_SENDING = "send_request_headers.started"
"""What httpcore tells before it opens a connection, and before it uses one that is open."""


def is_set() -> bool:
    """Whether requests that leave now must stay on loopback."""
    # Not imported: only pytest does that.
    plugin = sys.modules.get(_PLUGIN)
    return VARIABLE in os.environ or bool(getattr(plugin, "loopback_only", False))


def check(host: str) -> None:
    """Let a request to a host pass, or refuse it.

    Raises:
        ConfigurationError: The guard is set and the host is not this machine.
    """
    if is_set() and not _is_loopback(host):
        raise ConfigurationError(
            f"A test wanted to reach {host}, where every call may be billed. Point it at the "
            "sandbox, mock it, or mark the test with @pytest.mark.bria_network."
        )


def watch(request: httpx.Request, transport: httpx.AsyncBaseTransport) -> None:
    """Have a request refused that would leave loopback, or go through a proxy that is elsewhere.

    httpcore tells its steps. aiohttp does not, and no mock sees it: its requests are refused here,
    by their host. Any other transport that opens connections has to `check` by itself.
    """
    if is_set():
        request.extensions["trace"] = _Watch(request.url.host)
        if any(kind.__module__.startswith("httpx_aiohttp") for kind in type(transport).__mro__):
            check(request.url.host)


@attrs.frozen
class _Watch:
    """A trace, as httpcore calls it at each of its steps."""

    host: str

    async def __call__(self, step: str, facts: Mapping[str, Any]) -> None:
        if step.endswith((_BEFORE_CONNECTING, _BEFORE_SENDING)):
            check(self.host)
        if step.endswith(_BEFORE_CONNECTING):
            check(str(facts["host"]))


def _is_loopback(host: str) -> bool:
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
