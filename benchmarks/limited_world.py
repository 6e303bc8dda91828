"""Bria in virtual time, with limits for each endpoint: a transport that keeps books."""

from __future__ import annotations

import asyncio
import json
import math
import random
from collections import deque
from typing import Any

import httpx

from benchmarks.polling_world import LATENCY, PERIOD, duration


class _Window:
    """A true window: so many in any period, the refused ones not counted."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._taken: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Count a request and give 0, or the seconds until one is let through."""
        while self._taken and self._taken[0] <= now - PERIOD:
            self._taken.popleft()
        if len(self._taken) >= self._rate:
            return self._taken[0] + PERIOD - now
        self._taken.append(now)
        return 0.0


class LimitedBria(httpx.AsyncBaseTransport):
    """Takes jobs and tells of them, each within the plan's rate.

    Args:
        rate: Requests a minute, of submits and of looks.
        seed: Decides how long the jobs take.
    """

    def __init__(self, rate: int, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - no secret
        self._submits, self._looks = _Window(rate), _Window(rate)
        self.lengths: list[float] = []
        self.ready: list[float] = []
        self.looks = self.refused = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer after half of the latency, which arrives after the other half."""
        await request.aread()
        await asyncio.sleep(LATENCY / 2)
        now = asyncio.get_running_loop().time()
        is_submit = request.method == "POST"
        wait = (self._submits if is_submit else self._looks).wait(now)
        if wait:
            self.refused += 1
            answer = httpx.Response(
                429,
                headers={"retry-after": str(max(1, math.ceil(wait)))},
                json={"error": {"code": 429, "message": "Too many requests", "details": "-"}},
                request=request,
            )
        elif is_submit:
            answer = httpx.Response(202, json=self._submit(now), request=request)
        else:
            told = self._look(request.url.path.rsplit("/", 1)[-1], now)
            answer = httpx.Response(200, content=json.dumps(told), request=request)
        await asyncio.sleep(LATENCY / 2)
        return answer

    def _submit(self, now: float) -> dict[str, Any]:
        number = len(self.lengths)
        self.lengths.append(duration(self._chance))
        self.ready.append(now + self.lengths[-1])
        return {"request_id": str(number), "status_url": f"https://bria.test/v2/status/{number}"}

    def _look(self, request_id: str, now: float) -> dict[str, Any]:
        self.looks += 1
        told: dict[str, Any] = {"status": "IN_PROGRESS", "request_id": request_id}
        if self.ready[int(request_id)] <= now:
            result = {"image_url": f"https://cdn.test/{request_id}.png"}
            told |= {"status": "COMPLETED", "result": result}
        return told

    def judge(self, finished: dict[str, float]) -> dict[str, Any]:
        """What the books say of a run, by when each result was there."""
        return {
            "submits": len(self.lengths),
            "looks": self.looks,
            "refused": self.refused,
            "lags": [at - self.ready[int(number)] for number, at in finished.items()],
            "lengths": self.lengths,
        }
