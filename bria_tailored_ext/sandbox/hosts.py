"""Under which names a sandbox may be asked for."""

from ipaddress import ip_address
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from bria_tailored_ext.sandbox.gate import JsonResponse

_MISDIRECTED: Final = 421


def under_own_names(app: ASGIApp, host: str) -> ASGIApp:
    """Refuse requests that were sent to another host's name.

    A page in the developer's browser may let its own name stand for this machine (DNS rebinding),
    and would then be allowed to read whatever the sandbox holds. Starlette's own middleware for
    trusted hosts takes an IPv6 address apart at its colons.

    Args:
        app: The application.
        host: Where it listens. Where that is not this machine alone, any name may lead there.
    """
    if not _is_this_machine(host):
        return app

    async def checked(scope: Scope, receive: Receive, send: Send) -> None:
        asked = Headers(scope=scope).get("host", "") if scope["type"] == "http" else ""
        if not asked or _is_this_machine(_without_port(asked)):
            await app(scope, receive, send)
            return
        told = f"This sandbox listens on {host} alone, and was asked for {asked}. Use its base_url."
        await JsonResponse({"message": told}, _MISDIRECTED)(scope, receive, send)

    return checked


def _without_port(asked: str) -> str:
    if asked.startswith("["):
        return asked[1:].partition("]")[0]
    return asked.partition(":")[0]


def _is_this_machine(host: str) -> bool:
    name = host.lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
