"""One attempt of one request, as hooks and logs see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import attrs

__all__ = ["Attempt", "Hook"]


@attrs.frozen(kw_only=True)
class Attempt:
    """One attempt of one request: answered, failed or cancelled.

    Attributes:
        route: The endpoint, such as `GET /v2/status/{request_id}`.
        method: Of the request.
        path: Of the request, without host and query.
        number: 1 for the first.
        status: Of the answer; `None` where none came.
        failure: What broke, where no answer came. Neither: the attempt was cancelled.
        waited: Seconds that it waited for the plan or a pause before it left.
        seconds: How many seconds, from leaving to the answer or the failure.
    """

    route: str
    method: str
    path: str
    number: int
    status: int | None
    failure: Exception | None
    waited: float
    seconds: float


Hook: TypeAlias = Callable[[Attempt], None]
"""Called after every attempt, on the event loop: it should return at once.

What it raises is logged, and changes nothing for the request.
"""
