"""One look at a job: the shortest way through the whole stack.

A prebuilt request goes straight to the transport, which is where pacing, authentication, counting
and explaining happen; what httpx's client would add costs ten times as much.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import inf
from typing import Any, cast
from urllib.parse import quote

import httpx

from bria_tailored_ext.edge.attempting import ROUTE
from bria_tailored_ext.edge.explaining import answer_of
from bria_tailored_ext.edge.limiter import Limiter
from bria_tailored_ext.rules.answers import error_for
from bria_tailored_ext.rules.routes import Rates, canonical
from bria_tailored_ext.values.plan import Plan

STATUS_ROUTE = "GET /v2/status/{request_id}"
_LANE = canonical(STATUS_ROUTE)


class Looking:
    """Looks at jobs, and knows how many the plan still allows.

    Args:
        transport: The stack.
        origin: The API's.
        headers: Of every request.
        timeouts: Of every request, as httpx has them.
        limiter: What the account's clients share.
        plan: The account's rates; `None` for no pacing.
    """

    def __init__(
        self,
        transport: httpx.AsyncBaseTransport,
        *,
        origin: str,
        headers: Mapping[str, str],
        timeouts: Mapping[str, float | None],
        limiter: Limiter,
        plan: Plan | None,
    ) -> None:
        self._transport = transport
        self._origin = origin
        self._headers = {"Accept": "application/json", "Accept-Encoding": "gzip", **headers}
        self._timeouts = timeouts
        self._limiter = limiter
        self._rate = Rates(plan).of(_LANE)

    async def look(self, request_id: str) -> Mapping[str, Any]:
        """What the Status Service says of a job.

        Raises:
            NotFoundError: It knows no such job.
            ApiError: It answered with another error, or with what is no JSON object.
            NoAnswerError: It did not answer.
        """
        request = httpx.Request(
            "GET",
            f"{self._origin}/v2/status/{quote(request_id, safe='')}",
            headers=self._headers,
            extensions={ROUTE: STATUS_ROUTE, "timeout": self._timeouts},
        )
        response = await self._transport.handle_async_request(request)
        problem: Exception | None = None
        if response.status_code == 200:
            try:
                body: object = json.loads(response.content)
            except (ValueError, RecursionError) as error:
                problem = error
            else:
                if isinstance(body, dict):
                    return cast("dict[str, Any]", body)
                problem = TypeError(f"{type(body).__name__} in place of an object")
        raise error_for(answer_of(request, response), problem) from problem

    @property
    def rate(self) -> float:
        """Looks a minute; infinite with no plan."""
        return inf if self._rate is None else self._rate

    def free(self, ahead: float) -> float:
        """How many looks may start from now until so many seconds ahead; infinite with no plan."""
        return inf if self._rate is None else self._limiter.free(_LANE, self._rate, ahead)

    def delay(self) -> float:
        """Seconds until the next look may start; 0 for now."""
        return self._limiter.delay(_LANE, self._rate)
