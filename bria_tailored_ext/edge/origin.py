"""The configured origin: where the token goes, and what the plan counts."""

from __future__ import annotations

import httpx

ANONYMOUS = "anonymous"
"""The request extension that keeps the token back even from the configured origin."""


class Origin:
    """A scheme, a host and a port."""

    def __init__(self, base_url: str) -> None:
        self._parts = parts(httpx.URL(base_url))

    def is_api_call(self, request: httpx.Request) -> bool:
        """Whether a request goes to this origin and is not kept anonymous."""
        return parts(request.url) == self._parts and not request.extensions.get(ANONYMOUS)


def parts(url: httpx.URL) -> tuple[str, bytes]:
    """Scheme, and host with port: what makes an origin."""
    # httpx has lower-cased the host and left out the scheme's own port.
    return url.scheme, url.netloc
