"""The account's plan as the sandbox enforces it: requests a minute, and requests in all.

Source: Bria's page on rate limits: 10, 60 and 1000 requests a minute for its plans, per
organisation and endpoint, status calls included, and 1,000 requests in all for free
accounts. Other pages give other figures, so all of them can be chosen.
"""

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from email.utils import formatdate
from typing import Final, Literal, TypeAlias, get_args

import attrs

from bria_tailored_ext.sandbox.clock import SimulatedClock
from bria_tailored_ext.sandbox.operations import operation_ids
from bria_tailored_ext.sandbox.refusal import Refusal, envelope, message, sentence

PlanName: TypeAlias = Literal["free", "pay_as_you_go", "enterprise"]
LimitsClock: TypeAlias = Literal["simulated", "real"]

WINDOW_SECONDS: Final = 60.0
# Source: `GET /tailored-gen/projects`, the example of its 403, word for word.
QUOTA_EXCEEDED: Final = (
    "Quota exceeded: Free users can make up to 1000 requests in total. Please upgrade your plan"
    " to continue using the service."
)


def _is_rate(_plan: object, attribute: "attrs.Attribute[int]", value: object) -> None:
    _check_whole(attribute.name, value)


def _are_rates(
    _plan: object, attribute: "attrs.Attribute[Mapping[str, int]]", value: Mapping[str, int]
) -> None:
    for route, rate in value.items():
        if route not in operation_ids():
            raise ValueError(
                f"{attribute.name} names {route!r}, which is no operation. Write a method and a"
                " path template of Bria's document, such as 'GET /v2/status/{request_id}'."
            )
        _check_whole(route, rate)


def _is_quota(_plan: object, attribute: "attrs.Attribute[int | None]", value: object) -> None:
    if value is not None:
        _check_whole(attribute.name, value)


def _check_whole(name: str, value: object) -> None:
    # bool is an int, and True would be one request.
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"{name} must be a whole number, 1 at least; it is {value!r}.")


@attrs.frozen(kw_only=True)
class SandboxPlan:
    """What the sandbox lets through before it answers 429 or 403.

    Attributes:
        requests_per_minute: For every operation that `overrides` does not name, each by
            itself. Never more than that many in any 60 seconds.
        overrides: Other rates, by method and path template, such as
            `{"GET /v2/status/{request_id}": 30}`.
        quota: Requests in all, over all operations; then 403. `None` for no end.
        retry_after: Whether a 429 has the header `Retry-After`: as seconds, not at all, or
            as a "date".
        count_rejected: Whether a request that was answered 429 counts as well. Bria does
            not say what it does.
    """

    requests_per_minute: int = attrs.field(default=60, validator=_is_rate)
    overrides: Mapping[str, int] = attrs.field(
        factory=dict[str, int], validator=_are_rates, hash=False
    )
    quota: int | None = attrs.field(default=None, validator=_is_quota)
    retry_after: bool | Literal["date"] = attrs.field(
        default=True, validator=attrs.validators.in_((True, False, "date"))
    )
    count_rejected: bool = False


PLANS: Final[Mapping[PlanName, SandboxPlan]] = {
    "free": SandboxPlan(requests_per_minute=10, quota=1000),
    "pay_as_you_go": SandboxPlan(requests_per_minute=60),
    "enterprise": SandboxPlan(requests_per_minute=1000),
}


def resolved_plan(plan: PlanName | SandboxPlan | None) -> SandboxPlan | None:
    """Give a plan by its name, or as it is; `None` is no limit at all.

    Raises:
        ValueError: There is no plan of that name.
    """
    if plan is None or isinstance(plan, SandboxPlan):
        return plan
    if plan not in get_args(PlanName):
        raise ValueError(
            f"There is no plan {plan!r}. Choose one of {', '.join(get_args(PlanName))}, or pass"
            " SandboxPlan(requests_per_minute=...), or None for no limits."
        )
    return PLANS[plan]


class Limits:
    """Counts what is let through; safe to use from any thread.

    Args:
        plan: What is allowed; `None` for everything.
        clock: The sandbox's time.
        measured_by: The clock that a minute is measured by. By the "simulated" one a minute
            passes as fast as everything else does, and `advance` opens a window; by the
            "real" one a minute is a minute at any speed.
        real: A monotonic clock in real seconds.
    """

    def __init__(
        self,
        plan: PlanName | SandboxPlan | None,
        *,
        clock: SimulatedClock,
        measured_by: LimitsClock = "simulated",
        real: Callable[[], float] = time.monotonic,
    ) -> None:
        if measured_by not in get_args(LimitsClock):
            raise ValueError(f"limits_clock must be 'simulated' or 'real', not {measured_by!r}.")
        self.plan: SandboxPlan | None = resolved_plan(plan)
        self._now = clock.now if measured_by == "simulated" else real
        self._speed = clock.speed if measured_by == "simulated" else 1.0
        self._lock = threading.Lock()
        self._counted: dict[str, deque[float]] = {}
        self._total = 0

    def admit(self, route: str, *, enveloped: bool) -> None:
        """Count a request, or refuse it.

        Args:
            route: The method and path template, versions included.
            enveloped: Whether its errors come in the v2 envelope.

        Raises:
            Refusal: 403 with a bare string when the quota is used up; 429 when the
                operation had its requests in the last 60 seconds.
        """
        plan = self.plan
        if plan is None:
            return
        rate = plan.overrides.get(route, plan.requests_per_minute)
        with self._lock:
            if plan.quota is not None and self._total >= plan.quota:
                raise sentence(403, QUOTA_EXCEEDED)
            wait = self._wait(route, rate)
            if wait is None or plan.count_rejected:
                self._total += 1
                self._counted[route].append(self._now())
            if wait is not None and plan.count_rejected:
                wait = self._wait(route, rate)
        if wait is not None:
            raise _too_many(rate, self._told(plan, wait), enveloped=enveloped)

    def _wait(self, route: str, rate: int) -> float | None:
        """How long until another one is let through; `None` if one is now."""
        now = self._now()
        counted = self._counted.setdefault(route, deque())
        while counted and counted[0] <= now - WINDOW_SECONDS:
            counted.popleft()
        return None if len(counted) < rate else counted[-rate] + WINDOW_SECONDS - now

    def _told(self, plan: SandboxPlan, wait: float) -> dict[str, str]:
        """Say when to come again, in the client's own seconds, whatever the speed here."""
        # At speed 0 nobody knows; a second there is then told as a second here.
        seconds = max(1, math.ceil(wait / (self._speed or 1.0)))
        if plan.retry_after == "date":
            # A date has no fractions: rounded down, it would come too early.
            return {"retry-after": formatdate(math.ceil(time.time()) + seconds, usegmt=True)}
        return {"retry-after": str(seconds)} if plan.retry_after else {}


def _too_many(rate: int, headers: dict[str, str], *, enveloped: bool) -> Refusal:
    details = f"The plan allows {rate} requests a minute for this endpoint."
    if enveloped:
        refusal = envelope(429, "Too many requests", details)
    else:
        refusal = message(429, f"Too many requests. {details}")
    return Refusal(refusal.status, refusal.body, headers)
