"""A program that tailors a model and kills itself at a certain change: run by the drill."""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import UTC, datetime

import anyio
import httpx

from bria_tailored_ext import TailoredClient
from bria_tailored_ext.workflows import Tailoring, tailor


class Hurried:
    """Real time in which sleeping takes a twentieth."""

    def monotonic(self) -> float:
        return time.monotonic() * 20

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await anyio.sleep(seconds / 20)


class Killing(httpx.AsyncBaseTransport):
    def __init__(self, change: int, when: str) -> None:
        self._inner = httpx.AsyncHTTPTransport()
        self._change, self._when, self._changes = change, when, 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return await self._inner.handle_async_request(request)
        self._changes += 1
        due = self._changes == self._change
        if due and self._when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        response = await self._inner.handle_async_request(request)
        if due:
            await response.aread()
            os.kill(os.getpid(), signal.SIGKILL)
        return response


async def main(url: str, token: str, folder: str, state: str, change: int, when: str) -> None:
    """Tailor, or die."""
    brand = Tailoring(
        name=os.path.basename(state),  # noqa: PTH119 - a name, not a file
        ip_type="stylized_scene",
        ip_medium="photography",
        instructions=["Make the light warmer"],
    )
    async with TailoredClient(
        base_url=url,
        api_token=token,
        plan=None,
        clock=Hurried(),
        transport=Killing(change, when),
    ) as bria:
        await tailor(bria, folder, brand, state=state)


if __name__ == "__main__":
    url, token, folder, state, change, when = sys.argv[1:]
    anyio.run(main, url, token, folder, state, int(change), when)
