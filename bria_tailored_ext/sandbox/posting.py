"""Sending webhooks, beside the server and in its own event loop."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

import anyio
import attrs

from bria_tailored_ext.sandbox import answers
from bria_tailored_ext.sandbox.clock import SimulatedClock
from bria_tailored_ext.sandbox.gate import JsonResponse
from bria_tailored_ext.sandbox.webhook_signature import signature_headers
from bria_tailored_ext.sandbox.webhooks import Delivery, Webhooks

if TYPE_CHECKING:
    import httpx

# Source: https://docs.bria.ai/webhooks: answer 2xx within 10 seconds. They are real ones.
ANSWER_SECONDS: Final = 10.0
# httpx's pool gets slow when many wait for it.
_AT_ONCE: Final = 10
_LONGEST_SLEEP: Final = 3600.0


@attrs.frozen(kw_only=True)
class Post:
    """Sends webhooks as they become due, until it is cancelled.

    Args:
        webhooks: What is to be sent.
        clock: The sandbox's time.
        api_token: Signs them.
    """

    webhooks: Webhooks
    clock: SimulatedClock
    api_token: str

    async def run(self) -> None:
        """Send for ever."""
        woken = asyncio.Event()
        loop = asyncio.get_running_loop()
        self.webhooks.wake_by(lambda: _set(loop, woken))
        try:
            # Importing httpx and building a client take a while; most sandboxes never need them.
            await self._wait(woken)
            import httpx

            # Proxies of the environment are for the way out, and these stay here.
            async with httpx.AsyncClient(trust_env=False, timeout=ANSWER_SECONDS) as http:
                await self._send_all(http, woken)
        finally:
            self.webhooks.wake_by(None)

    async def _send_all(self, http: httpx.AsyncClient, woken: asyncio.Event) -> None:
        limiter = anyio.CapacityLimiter(_AT_ONCE)

        async def send(delivery: Delivery) -> None:
            async with limiter:
                self.webhooks.tried(delivery, await self._answered(http, delivery))

        async with anyio.create_task_group() as group:
            while True:
                for delivery in self.webhooks.due():
                    group.start_soon(send, delivery)
                await self._wait(woken)

    async def _wait(self, woken: asyncio.Event) -> None:
        while (seconds := self.webhooks.seconds_until_due()) > 0.0:
            woken.clear()
            with anyio.move_on_after(min(seconds, _LONGEST_SLEEP)):
                await woken.wait()

    async def _answered(self, http: httpx.AsyncClient, delivery: Delivery) -> int | None:
        """Send one, and give the status that it was answered with in time."""
        import httpx

        job = delivery.job
        told = answers.status(job, max(self.clock.now(), job.ready_at), delivery.origin)
        body = bytes(JsonResponse(told).body)
        headers = {
            "content-type": "application/json",
            "user-agent": "bria-tailored-sandbox",
            # The receiver compares it with its own clock, which knows nothing of our speed.
            **signature_headers(
                body,
                api_token=self.api_token,
                webhook_id=job.request_id,
                timestamp=int(time.time()),
            ),
        }
        try:
            with anyio.fail_after(ANSWER_SECONDS):
                request = http.build_request("POST", delivery.url, content=body, headers=headers)
                answer = await http.send(request, stream=True)
                await answer.aclose()
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError):
            return None
        return answer.status_code


def _set(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    try:
        loop.call_soon_threadsafe(event.set)
    except RuntimeError:
        return  # The loop has ended, and with it the sandbox.
