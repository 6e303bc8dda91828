"""httpx's client, with files in JSON bodies, and without what the API has no use for."""

from __future__ import annotations

from typing import Any

import httpx

from bria_tailored_ext.edge.bodies import JsonBody, encode


class _NoCookies(httpx.Cookies):
    """Keeps none: the token is all that Bria wants to know a caller by."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Leave them where they are. httpx would build a request of urllib's to read them."""


class HttpClient(httpx.AsyncClient):
    """An httpx client whose JSON bodies may hold files. It keeps no cookies."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._base = str(self.base_url).rstrip("/")
        # The setter would copy it into a jar of httpx's own.
        vars(self)["_cookies"] = _NoCookies()

    async def send(
        self, request: httpx.Request, *, stream: bool = False, **options: Any
    ) -> httpx.Response:
        """Send a request as httpx does, and leave no knot behind."""
        response = await super().send(request, stream=stream, **options)
        if not stream:
            # httpx's own refers back to its response: each request would be left for the garbage
            # collector: a seventh of all time, at a thousand in flight.
            response.stream = httpx.ByteStream(response.content)
        return response

    def build_request(self, method: str, url: httpx.URL | str, **options: Any) -> httpx.Request:
        """A request as httpx builds it, its body streamed where files are in it."""
        if isinstance(url, str) and url.startswith("/"):
            # httpx would parse it twice to lay it on its base.
            url = self._base + url
        body = options.get("json")
        if body is None or any(options.get(each) for each in ("content", "data", "files")):
            return super().build_request(method, url, **options)
        encoded = encode(body)
        headers = httpx.Headers(options.get("headers"))
        headers.setdefault("Content-Type", "application/json")
        if isinstance(encoded, JsonBody):
            # With the length known, nothing is sent in chunks.
            headers["Content-Length"] = str(encoded.size)
        options.update(json=None, content=encoded, headers=headers)
        request = super().build_request(method, url, **options)
        if isinstance(encoded, JsonBody):
            # httpx has wrapped it, and hides that it can be replayed.
            request.stream = encoded
        return request
