"""The pool: connections handed out in constant time, none lost, none too many."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import anyio
import httpx
import pytest

from bria_tailored_ext.edge import pool as pools
from bria_tailored_ext.edge.pool import Pool, flat

if TYPE_CHECKING:
    from tests.edge.conftest import Hostile

pytestmark = pytest.mark.anyio

CONTEXT = ssl.create_default_context()


class Pooled:
    """A transport over a pool, and what can be seen of it."""

    def __init__(self, connections: int, keep_alive: float = 5.0) -> None:
        limits = httpx.Limits(keepalive_expiry=keep_alive)
        transport = httpx.AsyncHTTPTransport(verify=CONTEXT, limits=limits)
        self.transport = flat(transport, connections)
        self.pool: Pool = vars(self.transport)["_pool"]

    @property
    def open(self) -> int:
        return len(self.pool._open)

    async def get(self, server: Hostile) -> int:
        request = httpx.Request("GET", server.url, extensions={"timeout": {"read": 5.0}})
        response = await self.transport.handle_async_request(request)
        await response.aread()
        return response.status_code


async def test_one_connection_serves_requests_that_follow_each_other(hostile: Hostile) -> None:
    """It is kept open in between."""
    hostile.script(hostile.json())
    pooled = Pooled(10)

    async with pooled.transport:
        assert [await pooled.get(hostile) for _ in range(5)] == [200] * 5
        assert pooled.open == 1

    assert pooled.open == 0


async def test_as_many_connections_as_requests_at_once(hostile: Hostile) -> None:
    """None waits for another; afterwards all of them serve again."""
    hostile.script(hostile.json())
    pooled = Pooled(8)

    async with pooled.transport:
        for _ in range(3):
            async with anyio.create_task_group() as group:
                for _ in range(8):
                    group.start_soon(pooled.get, hostile)
        assert 1 <= pooled.open <= 8


async def test_a_new_origin_takes_the_place_of_an_idle_connection(
    hostile: Hostile, stranger: Hostile
) -> None:
    """Idle ones count: there are never more than were allowed."""
    hostile.script(hostile.json())
    stranger.script(stranger.json())
    pooled = Pooled(2)

    async with pooled.transport:
        for server in (hostile, stranger, hostile, stranger):
            async with anyio.create_task_group() as group:
                group.start_soon(pooled.get, server)
                group.start_soon(pooled.get, server)
            assert pooled.open <= 2


async def test_a_connection_that_the_server_has_closed_is_not_used(hostile: Hostile) -> None:
    """A POST on it would break off, and nobody would know what became of it."""
    closes = hostile.says(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]")
    hostile.script(closes)
    pooled = Pooled(2)

    async with pooled.transport:
        for _ in range(4):
            assert await pooled.get(hostile) == 200
            # The server's end of the connection arrives.
            await anyio.sleep(0.02)


async def test_an_idle_connection_is_not_kept_for_ever(hostile: Hostile) -> None:
    """Those that were needed at once are closed in time, as others come back."""
    hostile.script(hostile.json())
    pooled = Pooled(8, keep_alive=0.01)

    async with pooled.transport:
        async with anyio.create_task_group() as group:
            for _ in range(8):
                group.start_soon(pooled.get, hostile)
        for _ in range(10):
            await anyio.sleep(0.011)
            await pooled.get(hostile)
        assert pooled.open <= 1


async def test_what_a_peak_has_opened_is_closed_in_time(
    hostile: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the one that came back last is enough for all that follows."""
    monkeypatch.setattr(pools, "_BETWEEN_LOOKS", 0.0)
    hostile.script(hostile.json())
    pooled = Pooled(8, keep_alive=0.1)

    async with pooled.transport:
        async with anyio.create_task_group() as group:
            for _ in range(8):
                group.start_soon(pooled.get, hostile)
        opened = pooled.open
        for _ in range(15):
            await anyio.sleep(0.01)
            await pooled.get(hostile)
        assert opened > 1
        assert pooled.open == 1


@pytest.mark.parametrize("first", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n["])
async def test_a_cancelled_request_leaves_no_connection(hostile: Hostile, first: bytes) -> None:
    """Its connection cannot be used again: half an answer may still come."""
    hostile.script(hostile.stalls(first))
    pooled = Pooled(4)

    async with pooled.transport:
        with anyio.move_on_after(0.05) as scope:
            await pooled.get(hostile)
        assert scope.cancelled_caught
        assert pooled.open == 0


async def test_a_connection_that_cannot_be_opened_is_forgotten(free_port: int) -> None:
    """The next request tries anew."""
    pooled = Pooled(1)

    async with pooled.transport:
        for _ in range(3):
            with pytest.raises(httpx.ConnectError):
                await pooled.transport.handle_async_request(
                    httpx.Request("GET", f"http://127.0.0.1:{free_port}")
                )
        assert pooled.open == 0


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/a", "//nowhere"])
async def test_a_scheme_that_is_not_http_is_refused(url: str) -> None:
    """As httpx's own pool refuses it."""
    async with Pooled(1).transport as transport:
        with pytest.raises(httpx.UnsupportedProtocol):
            await transport.handle_async_request(httpx.Request("GET", url))


async def test_a_proxy_serves_over_connections_that_are_kept(hostile: Hostile) -> None:
    """The pool keeps what httpcore opens, through a proxy too."""
    hostile.script(hostile.json())
    proxied = pools.flat(
        httpx.AsyncHTTPTransport(verify=CONTEXT, proxy=httpx.Proxy(hostile.url)), 4
    )

    async with proxied:
        for _ in range(3):
            answer = await proxied.handle_async_request(
                httpx.Request("GET", "http://bria.example/v1/a")
            )
            await answer.aread()
        assert len(vars(proxied)["_pool"]._open) == 1

    assert all(each.startswith(b"GET http://bria.example/v1/a ") for each in hostile.requests)
