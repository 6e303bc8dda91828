"""What the poller needs of a client: somebody who looks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from bria_tailored_ext.rules.scarcity import Supply


class Looking(Supply, Protocol):
    """Looks at jobs, and knows how many the plan still allows."""

    async def look(self, request_id: str) -> Mapping[str, Any]:
        """What the Status Service says of a job."""
        ...


class Lookings(Protocol):
    """A client's looks."""

    def __call__(self, *, patient: bool) -> Looking:
        """Those that are retried by its policy, or that are taken once each."""
        ...
